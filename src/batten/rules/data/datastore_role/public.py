"""SQL gives everybody who may log in to the database everything.

`PUBLIC` is every role, those that are made later included: the one for reports, the one of a monitor, whoever
gets any password. `ALL` on tables is reading, changing and emptying them.

Silent for `REVOKE … FROM PUBLIC`, and for `USAGE`, `EXECUTE` and other single rights.

Fix: name the role in place of `PUBLIC`, and what it needs in place of `ALL`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.stores.rights import Right

if TYPE_CHECKING:
    from collections.abc import Iterator

SQL = "GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;  # <- here\n"


@rule(
    id="datastore-role/public",
    severity=Severity.MEDIUM,
    cwe=732,
    over=Right,
    sources=["PostgreSQL 17 docs, 5.8 Privileges", "CIS PostgreSQL 17 Benchmark 4.4"],
    bad=[
        Bad("all tables", {"init.sql": SQL}),
        Bad("a database", {"init.sql": SQL.replace("ALL TABLES IN SCHEMA public", "DATABASE shop")}),
    ],
    good=[
        Good("taken away", {"init.sql": SQL.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")}),
        Good("one right", {"init.sql": SQL.replace("GRANT ALL", "GRANT SELECT")}),
        Good("a role of that name in quotes", {"init.sql": SQL.replace("TO PUBLIC", 'TO "PUBLIC"')}),
    ],
)
def everybody(right: Right) -> Iterator[Finding]:
    """Yield a finding for what everybody may do."""
    if right.kind == "public":
        yield Finding(
            right.at,
            f"every role {right.says}",
            confidence=right.confidence,
            fix=Fix("name the role in place of `PUBLIC`, and what it needs in place of `ALL`"),
            symbol=right.says,
        )
