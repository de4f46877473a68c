"""PostgreSQL keeps no record of who logs in.

After an incident the first question is who was in the database, and from where. Without `log_connections` the log
does not say.

For auditors. Silent where it is on, and for servers whose `postgresql.conf` is not in the repository.

Fix: `log_connections = on`, and `log_disconnections = on`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.understand.infrastructure.nouns import DataStore

if TYPE_CHECKING:
    from collections.abc import Iterator

CONF = """\
listen_addresses = 'localhost'  # <- here
ssl = on
"""


@rule(
    id="datastore-auth/unlogged",
    severity=Severity.INFO,
    cwe=778,
    over=DataStore,
    persona="auditor",
    sources=["CIS PostgreSQL 17 Benchmark 3.1.20, 3.1.21", "ASVS 5.0, 16.3.1"],
    bad=[
        Bad("it is not said", {"postgresql.conf": CONF}),
        Bad(
            "switched off", {"postgresql.conf": CONF.replace("  # <- here", "") + "log_connections = off  # <- here\n"}
        ),
    ],
    good=[
        Good("switched on", {"postgresql.conf": CONF + "log_connections = on\n"}),
        Good(
            "some of it, in PostgreSQL 18", {"postgresql.conf": CONF + "log_connections = 'receipt,authentication'\n"}
        ),
        Good("only who may come is in the repository", {"pg_hba.conf": "local all all peer\n"}),
    ],
)
def no_record(store: DataStore) -> Iterator[Finding]:
    """Yield a finding for a server that does not log logins."""
    told = store.settings.get("log_connections")
    if (
        store.product != "postgres"
        or not store.settings
        or (told is not None and not told.says("off", "false", "no", "0"))
    ):
        return
    places = [one.at for one in store.settings.values() if one.at.file in store.config]
    if told is None and not places:
        return
    at = told.at if told is not None else Location(file=places[0].file, line=1)
    yield Finding(
        at,
        f"{store.name} does not log who logs in",
        store.evidence,
        store.confidence,
        fix=Fix("set `log_connections = on`"),
        symbol="log_connections",
    )
