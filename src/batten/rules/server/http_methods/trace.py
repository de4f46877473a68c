"""TRACE sends the visitor's request back.

The answer to TRACE holds every header that arrived, those too that a proxy added on the way: internal addresses,
tokens, names of users. No page and no program needs it. Browsers no longer send it from scripts, so a script cannot
use it to read cookies.

Batten sends one with a header of its own and looks for that in the answer; only on this machine, or with `--active`.

Silent when the answer is anything else than the request itself.

Fix: nginx refuses TRACE by itself; in Apache `TraceEnable off`; in an app, delete the route that takes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, parts_of, seen
from batten.understand.infrastructure.web import TraceAnswered

if TYPE_CHECKING:
    from collections.abc import Iterator

ECHO = served("TRACE / HTTP/1.1\nX-Batten: 4003caff1d6c\n", "message/http")
"""With the header that Batten makes up for this site."""


@rule(
    id="http-methods/trace",
    severity=Severity.LOW,
    cwe=749,
    over=TraceAnswered,
    sources=["RFC 9110 section 9.3.8", "OWASP WSTG-CONF-06, Test HTTP Methods"],
    bad=[Bad("Apache told to", {"apache/security.conf": "TraceEnable On  # <- here\n"})],
    good=[Good("off", {"apache/security.conf": "TraceEnable Off\n"})],
)
def sends_back(server: TraceAnswered) -> Iterator[Finding]:
    """Yield a finding for a server whose file lets it answer TRACE."""
    yield Finding(
        at=server.at,
        says=server.says,
        evidence=server.evidence,
        fix=Fix("Write `TraceEnable off`."),
        symbol="TRACE",
    )


@live(
    over=Site,
    bad=[Bad("the request comes back", answers={"GET /": shown(), "TRACE / # <- here": ECHO})],
    good=[
        Good("a page for every method", answers={"GET /": shown(), "TRACE /": shown()}),
        Good("another request comes back", answers={"GET /": shown(), "TRACE /": ECHO.replace("4003caff1d6c", "x")}),
        Good("refused", answers={"GET /": shown(), "TRACE /": served("", status="405 Method Not Allowed")}),
    ],
)
def request_sent_back(site: Site) -> Iterator[Finding]:
    """Yield a finding when TRACE sent the request back."""
    from batten.understand.answers.methods import SeenTrace  # noqa: PLC0415 - only a probe reads them

    for part in parts_of(site, SeenTrace):
        yield Finding(
            at=Location(url=part.answer.url),
            says="TRACE sends the request back, with every header that arrived",
            evidence=(seen(part.answer, "answered TRACE with the header that was sent, as message/http"),),
            fix=Fix("Refuse TRACE: in Apache `TraceEnable off`."),
            symbol="TRACE",
        )
