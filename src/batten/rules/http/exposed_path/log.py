"""A log is served.

Logs hold the addresses of visitors, tracebacks with paths and values, and now and then a token.

Silent when fewer than two lines look like a log's.

Fix: write logs outside of the served folder, or to standard output.
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
    id="exposed-path/log",
    severity=Severity.MEDIUM,
    cwe=532,
    over=Site,
    sources=["CWE-532", "OWASP ASVS 5.0, 13.4.7"],
    bad=[
        Bad(
            "served",
            answers={
                "GET /debug.log # <- here": served(
                    "2026-11-02 10:00:01,113 INFO shop started\n2026-11-02 10:00:03,201 ERROR payment failed\n"
                )
            },
        )
    ],
    good=[
        Good(
            "one line that is none",
            answers={"GET /debug.log": served("ERROR: no such page\n")},
        ),
    ],
)
def log_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a log file."""
    yield from given(
        site, "log", "whoever asks reads what the app wrote down", "Write logs outside of the served folder."
    )
