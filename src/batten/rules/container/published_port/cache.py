"""A cache's port is open to every machine that reaches the host.

Sessions, tokens and jobs lie in it. Redis and memcached of the official images ask for no password,
and with Redis a stranger writes files and gets code to run within minutes of being found.

Severity: critical when it asks for no password, or for one that everybody knows; high
otherwise; one step milder on an address of a private network.

Silent for ports on 127.0.0.1, for `expose`, on networks that are `internal`, for files and services
that only development starts, and where the address is a variable without a default.

Fix: take `ports` away, other containers reach it by its name; for yourself write
`127.0.0.1:6379:6379`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, host, rule
from batten.rules.container.published_port._published import answered, published
from batten.understand.host import Listener
from batten.understand.infrastructure.nouns import DataStore, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  cache:
    image: redis:8
    ports:
      - "6379:6379"  # <- here
"""

SHARED = """\
services:
  vpn:
    image: qmcgaw/gluetun:v3
    ports: ["6379:6379"]  # <- here
  cache:
    image: redis:8
    network_mode: service:vpn
"""


@rule(
    id="published-port/cache",
    severity=Severity.HIGH,
    cwe=668,
    over=DataStore,
    sources=["Docker docs, Packet filtering and firewalls", "OWASP Docker Security Cheat Sheet, rule 5a"],
    bad=[
        Bad("on every interface", {"compose.yaml": COMPOSE}),
        Bad(
            "with a password too",
            {"compose.yaml": COMPOSE + "    command: redis-server --requirepass ${REDIS_PASSWORD:?}\n"},
        ),
        Bad("through the network of another", {"compose.yaml": SHARED}),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"6379:', '"127.0.0.1:6379:')}),
        Good("another port of that network", {"compose.yaml": SHARED.replace("6379:6379", "8080:8080")}),
        Good("its own loopback", {"compose.yaml": COMPOSE + "    command: redis-server --bind 127.0.0.1\n"}),
    ],
)
def cache_published(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a cache whose port is open to other machines."""
    yield from published(store, Role.CACHE)


@host(
    over=Listener,
    bad=[Bad("it answers", listeners="0.0.0.0:6379 docker-proxy: redis 7.2, required named compose.yaml  # <- here\n")],
    good=[
        Good("on this host only", listeners="127.0.0.1:6379 docker-proxy: redis 7.2, required named compose.yaml\n"),
        Good(
            "something else has the number", listeners="0.0.0.0:6379 docker-proxy: http, unknown named compose.yaml\n"
        ),
    ],
)
def cache_answers(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a container's cache that answers other machines."""
    yield from answered(listener, Role.CACHE)
