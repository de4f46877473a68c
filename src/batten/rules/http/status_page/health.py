"""The health page tells about the inside of the server.

Whoever asks learns the machine's name, the versions and how full memory and disk are: which hole fits, and when the
server is about to give way. A load balancer only needs the status.

Low. Silent for pages that say in a word, or for each part, whether it is well.

Fix: answer 200 or 503 with a word; show the details behind a login or on a port of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.exposures.panels import found

if TYPE_CHECKING:
    from collections.abc import Iterator

DETAILS = '{"status": "ok", "hostname": "web-7f9c", "python_version": "3.12.4", "memory": {"percent": 71}}'


@rule(
    id="status-page/health",
    severity=Severity.LOW,
    cwe=497,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.5", "CWE-497"],
    bad=[
        Bad(
            "machine, version and memory",
            answers={"GET /": shown(), "GET /health # <- here": served(DETAILS, "application/json")},
        )
    ],
    good=[
        Good(
            "whether each part is well",
            answers={
                "GET /": shown(),
                "GET /health": served('{"status": "ok", "database": "ok", "cache": "ok"}', "application/json"),
            },
        ),
        Good(
            "the same for every name",
            answers={"GET *": served(DETAILS, "application/json"), "GET /": shown()},
        ),
        Good("refused", answers={"GET /": shown(), "GET /health": served("{}", status="401 Unauthorized")}),
    ],
)
def health_told(site: Site) -> Iterator[Finding]:
    """Yield a finding when the health page tells strangers about the inside."""
    for what, parts in found(site, "status"):
        if what == "the health page":
            yield Finding(
                at=Location(url=parts[0].answer.url),
                says="the health page tells every visitor about machine, versions and resources",
                evidence=tuple(seen(part.answer, f"answered 200: {part.line}") for part in parts),
                fix=Fix("Answer with a word; show the details to your own network only."),
                symbol="the health page",
            )
