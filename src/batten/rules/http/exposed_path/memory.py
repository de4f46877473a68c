"""A core dump is served.

When a process dies, the system can write down its memory: keys, passwords, requests and answers of the moment, all in
clear text.

Silent when the answer is no dump: a program, a page, a text.

Fix: take it away, change every secret that the process knew, and keep dumps out of served folders
(`kernel.core_pattern`, `ulimit -c 0`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.http.exposed_path._given import given
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

DUMP = "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00>\x00"


@rule(
    id="exposed-path/memory",
    severity=Severity.CRITICAL,
    cwe=528,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7", "CWE-528", "core(5)"],
    bad=[Bad("served", answers={"GET /": shown(), "GET /core # <- here": served(DUMP, "application/octet-stream")})],
    good=[
        Good(
            "a program of that name",
            answers={"GET /": shown(), "GET /core": served(DUMP.replace("\x04", "\x02"), "application/octet-stream")},
        ),
        Good("a page of that name", answers={"GET /": shown(), "GET /core": shown("<h1>Core")}),
    ],
)
def memory_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away the memory of a process."""
    yield from given(
        site,
        "memory",
        "every secret that the process knew stands in it",
        "Take it away, and keep dumps out of served folders.",
    )
