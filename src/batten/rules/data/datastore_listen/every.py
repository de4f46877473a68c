"""A database on a host listens on every interface.

Each network that the machine is in then has a door to it, the internet among them when the firewall has a hole. The app
needs one: loopback, a socket, or the address of one inner network.

Severity: medium, for it still asks for a password. When it does not, `datastore-auth` tells that and is silent here.

Silent in containers, where the published ports decide, for addresses of one network, for sockets, and for
brokers, whose clients are elsewhere.

Fix: `127.0.0.1`, or the address of the network that the app is in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, host, rule
from batten.rules.listening import finding, is_published, is_store
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import DataStore, Role
from batten.understand.services.talk import Auth

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTGRES = "listen_addresses = '*'  # <- here\n"

REDIS = """\
bind 0.0.0.0  # <- here
requirepass qB7vX2mN9kL4tR8wZ3yP6sD1
"""

MYSQL = """\
[mysqld]
bind-address = 0.0.0.0  # <- here
"""

_EVERY = frozenset(("*", "0.0.0.0", "::", "[::]", "_global_"))  # noqa: S104 - read, not bound to


@rule(
    id="datastore-listen/every",
    severity=Severity.MEDIUM,
    cwe=1327,
    over=DataStore,
    sources=["CIS PostgreSQL 17 Benchmark 5.2", "MySQL 8.4, bind_address", "Redis docs, Security"],
    bad=[
        Bad("PostgreSQL", {"postgresql.conf": POSTGRES}),
        Bad("Redis", {"redis.conf": REDIS}),
        Bad("MySQL", {"my.cnf": MYSQL}),
    ],
    good=[
        Good("loopback", {"postgresql.conf": POSTGRES.replace("*", "localhost")}),
        Good("the last line counts", {"postgresql.conf": POSTGRES + "listen_addresses = '10.1.2.3'\n"}),
        Good("a broker", {"mosquitto.conf": "listener 8883 0.0.0.0\npassword_file /etc/mosquitto/users\n"}),
        Good("no network at all", {"my.cnf": MYSQL + "skip-networking\n"}),
        Good("another program's part of the file", {"my.cnf": MYSQL.replace("mysqld", "client")}),
        Good(
            "in a container",
            {
                "compose.yaml": "services:\n  cache:\n    image: redis:8\n    command: redis-server /redis.conf\n"
                "    volumes: ['./redis.conf:/redis.conf']\n",
                "redis.conf": REDIS,
            },
        ),
    ],
)
def every_interface(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a server on a host that listens everywhere."""
    listen = store.listen
    if store.contained or store.is_open or listen is None or listen.at is None or listen.is_local:
        return
    if store.role is Role.BROKER:
        return
    if any(address.lower() in _EVERY for address in listen.addresses):
        yield Finding(
            listen.at,
            f"{store.name} ({store.product}) listens on every interface",
            store.evidence,
            store.confidence,
            fix=Fix("name 127.0.0.1, or the address of the network that the app is in"),
            symbol="listen",
        )


@host(
    over=Listener,
    bad=[Bad("a store of the host answers", listeners="0.0.0.0:5432 postgres: postgres, required  # <- here\n")],
    good=[
        Good("on loopback", listeners="127.0.0.1:5432 postgres: postgres, required\n"),
        Good("a firewall keeps others out", listeners="0.0.0.0:5432 postgres: postgres, required filtered\n"),
        Good("it asks for no password: that is told", listeners="0.0.0.0:5432 postgres: postgres, none as postgres\n"),
        Good("a container's port is `published-port`", listeners="0.0.0.0:5432 docker-proxy: postgres, required\n"),
    ],
)
def store_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a store of the host itself that answers other machines."""
    if listener.spoken is None or not is_store(listener) or not listener.is_exposed or is_published(listener):
        return
    if listener.spoken.auth not in {Auth.NONE, Auth.DEFAULT}:
        yield finding(
            listener,
            f"{listener.name} answers every machine that reaches this one",
            Severity.MEDIUM,
            Fix("listen on 127.0.0.1, or on the address of the network that the app is in"),
        )
