"""A database is served.

All that the app keeps is one download: accounts, password hashes, personal data.

Silent when the answer has neither SQLite's first bytes nor a dump's statements.

Fix: keep the database outside of the served folder, and tell the people whose data it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.http.exposed_path._given import given
from batten.rules.samples import served
from batten.understand.answers.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding


@rule(
    id="exposed-path/database",
    severity=Severity.CRITICAL,
    cwe=530,
    over=Site,
    sources=["SQLite, Database File Format, section 1.3", "CWE-530"],
    bad=[
        Bad(
            "served",
            answers={"GET /db.sqlite3 # <- here": served("SQLite format 3\0....", "application/octet-stream")},
        )
    ],
    good=[
        Good(
            "a page about SQLite",
            answers={"GET /db.sqlite3": served("<html>SQLite format 3", "text/html")},
        ),
    ],
)
def database_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a database file."""
    yield from given(
        site, "database", "whoever asks downloads all that the app keeps", "Keep it outside of the served folder."
    )
