"""PostgreSQL stores passwords as MD5.

An MD5 hash is tried by the billion a second, and with the `md5` method it is enough to log in. PostgreSQL 14
and newer store SCRAM unless they are told otherwise; 18 warns of MD5.

Severity: medium, low in a container that only its neighbours reach.

Silent for `scram-sha-256`, and when a later line or ALTER SYSTEM says so.

Fix: `password_encryption = scram-sha-256`, and set every password anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = "password_encryption = md5  # <- here\n"


@rule(
    id="datastore-tls/password-hash",
    severity=Severity.MEDIUM,
    cwe=916,
    over=DataStore,
    sources=["PostgreSQL 17 docs, password_encryption", "CIS PostgreSQL 17 Benchmark 5.12"],
    bad=[
        Bad("MD5", {"postgresql.conf": CONF}),
        Bad(
            "by the command",
            {
                "compose.yaml": "services:\n  db:\n    image: postgres:13\n"
                "    command: postgres -c password_encryption=md5  # <- here\n"
            },
        ),
    ],
    good=[
        Good("SCRAM", {"postgresql.conf": CONF.replace("md5", "scram-sha-256")}),
        Good(
            "ALTER SYSTEM", {"postgresql.conf": CONF, "postgresql.auto.conf": "password_encryption = 'scram-sha-256'\n"}
        ),
    ],
)
def md5_hashes(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a server that stores MD5 hashes."""
    told = store.settings.get("password_encryption")
    if told is not None and told.says("md5") and store.product == "postgres":
        inside = store.contained and store.reach is not Reach.WORLD
        yield Finding(
            told.at,
            f"{store.name} stores passwords as MD5",
            store.evidence,
            store.confidence,
            severity=Severity.LOW if inside else Severity.MEDIUM,
            fix=Fix("set `password_encryption = scram-sha-256`, and the passwords anew"),
            symbol="password_encryption",
        )
