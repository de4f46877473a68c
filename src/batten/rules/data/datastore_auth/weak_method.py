"""A database takes passwords in a way that gives them away.

`password` sends it as it is. `md5` and `mysql_native_password` store what is enough to log in: who reads the
table of users (a backup, an injection) needs no password. `ident` believes what the other machine says
of its user. `scram-sha-256` and `caching_sha2_password` have none of these faults.

Severity: medium when other machines meet it, low otherwise; low for `md5` where the server is known to be
PostgreSQL 14 or newer, which stores SCRAM unless it is told otherwise, and then asks for it.

Silent for `local` lines and loopback, for `ident` on a socket (which is `peer`), and with certificates.

Fix: `scram-sha-256` in pg_hba.conf; take `default_authentication_plugin` away; new passwords afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.data.datastore_auth._weighed import INSIDE, is_far
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.nouns import Entrance

HBA = "hostssl shop shop 10.1.2.0/24 md5  # <- here\n"

COMPOSE = """\
services:
  db:
    image: mysql:8.0
    command: --default-authentication-plugin=mysql_native_password  # <- here
    environment:
      MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root
"""

POOL = """\
[pgbouncer]
listen_addr = 10.1.2.3
auth_type = md5  # <- here
"""

_WHY = {
    "password": "sends passwords as they are",
    "md5": "takes md5 hashes, which are enough to log in",
    "ident": "believes what the other machine says of its user",
}
_STORES_SCRAM = 14


@rule(
    id="datastore-auth/weak-method",
    severity=Severity.MEDIUM,
    cwe=1390,
    over=DataStore,
    sources=[
        "PostgreSQL 17 docs, 20.5 Password Authentication",
        "CIS PostgreSQL 17 Benchmark 5.12",
        "MySQL 8.4, 8.4.1.1",
    ],
    bad=[
        Bad("md5", {"pg_hba.conf": HBA}),
        Bad("as it is", {"pg_hba.conf": HBA.replace("md5", "password")}),
        Bad("ident", {"pg_hba.conf": HBA.replace("md5", "ident")}),
        Bad("MySQL's old plugin", {"compose.yaml": COMPOSE}),
        Bad("a pool", {"pgbouncer.ini": POOL}),
    ],
    good=[
        Good("SCRAM", {"pg_hba.conf": HBA.replace("md5", "scram-sha-256")}),
        Good("on loopback", {"pg_hba.conf": HBA.replace("10.1.2.0/24", "127.0.0.1/32")}),
        Good("ident on a socket", {"pg_hba.conf": "local all all ident\n"}),
        Good("MySQL's new plugin", {"compose.yaml": COMPOSE.replace("mysql_native", "caching_sha2")}),
        Good("MariaDB's own", {"compose.yaml": COMPOSE.replace("mysql:8.0", "mariadb:11")}),
        Good("a pool with SCRAM", {"pgbouncer.ini": POOL.replace("md5", "scram-sha-256")}),
    ],
)
def weak_methods(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for each line or setting that takes passwords in such a way."""
    for entrance in store.entrances:
        if entrance.method in _WHY and entrance.width not in INSIDE and not entrance.demands_certificate:
            yield Finding(
                entrance.at,
                f"{store.name} {_WHY[entrance.method]}: {entrance.method} for {entrance.shown}",
                store.evidence,
                store.confidence,
                severity=_severity(store, entrance),
                fix=Fix(f"write `scram-sha-256` in place of `{entrance.method}`, and set the passwords anew"),
                symbol=f"{entrance.kind} {entrance.address}",
                proof=entrance.method,
            )
    for name in ("default_authentication_plugin", "authentication_policy", "auth_type"):
        told = store.settings.get(name)
        if told is None or not told.known or not _is_weak(store, name, told.value):
            continue
        yield Finding(
            told.at,
            f"{store.name} takes passwords by {told.value.split(',')[0]}, whose hashes are enough to log in",
            store.evidence,
            store.confidence,
            severity=Severity.LOW if store.reach in (Reach.INTERNAL, Reach.LOOPBACK) else Severity.MEDIUM,
            fix=Fix(
                f"take `{name}` away, or name {_BETTER.get(store.product, 'scram-sha-256')}; set the passwords anew"
            ),
            symbol=name,
            proof=told.value,
        )


_BETTER = {"mysql": "caching_sha2_password"}


def _is_weak(store: DataStore, name: str, value: str) -> bool:
    if store.product == "pgbouncer":
        return name == "auth_type" and value.lower() in ("md5", "plain")
    return store.product == "mysql" and value.lower().startswith("mysql_native_password")


def _severity(store: DataStore, entrance: Entrance) -> Severity:
    if not is_far(store, entrance) or (entrance.method == "password" and not entrance.is_plain):
        return Severity.LOW
    new = store.version is not None and store.version >= _STORES_SCRAM and "password_encryption" not in store.settings
    return Severity.LOW if entrance.method == "md5" and new else Severity.MEDIUM
