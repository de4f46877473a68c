"""PostgreSQL lets other machines log in without TLS.

A line `host` takes encrypted and plain connections alike; by default clients fall back to the plain one when
somebody on the way says that there is no other. Rows, and with `password` passwords, can be read there and changed.

Told once for a file, at the first such line. Silent for loopback and sockets, for `hostssl`, behind a line that refuses
plain connections (`hostnossl all all all reject`), and in containers that only their neighbours reach.

Fix: `hostssl` in place of `host`, with `ssl = on`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import DataStore
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

HBA = "host shop shop 10.1.2.0/24 scram-sha-256  # <- here\n"
_ANSWERED = ("trust", "reject", "gss")


@rule(
    id="datastore-tls/plain",
    severity=Severity.MEDIUM,
    cwe=319,
    over=DataStore,
    sources=["PostgreSQL 17 docs, 20.1 The pg_hba.conf File", "CIS PostgreSQL 17 Benchmark 5.8"],
    bad=[
        Bad("either", {"pg_hba.conf": HBA}),
        Bad("plain only", {"pg_hba.conf": HBA.replace("host ", "hostnossl ")}),
    ],
    good=[
        Good("TLS only", {"pg_hba.conf": HBA.replace("host ", "hostssl ")}),
        Good("loopback", {"pg_hba.conf": HBA.replace("10.1.2.0/24", "::1/128")}),
        Good("plain ones are refused before", {"pg_hba.conf": "hostnossl all all all reject\n" + HBA}),
        Good("TLS is off altogether: told there", {"pg_hba.conf": HBA, "postgresql.conf": "ssl = off\n"}),
    ],
)
def plain_logins(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for the first line that plain connections from other machines meet."""
    tls = store.settings.get("ssl")
    if (store.contained and store.reach is not Reach.WORLD) or (store.listen is not None and store.listen.is_local):
        return
    if tls is not None and tls.says("off", "false", "no", "0"):
        return
    lines = [
        one
        for one in store.entrances
        if one.is_plain and one.width not in ("socket", "loopback") and one.method not in _ANSWERED
    ]
    if lines and lines[0].at.file in store.config:
        more = f", and {len(lines) - 1} more lines" if len(lines) > 1 else ""
        yield Finding(
            lines[0].at,
            f"{store.name} lets {lines[0].shown} log in without TLS{more}",
            store.evidence,
            store.confidence,
            fix=Fix("write `hostssl` in place of `host`"),
            symbol="host",
        )
