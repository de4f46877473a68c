r"""Apache's status page is open.

It lists who asks for what just now: the addresses of visitors and the paths they ask for, tokens in a query
included, besides versions and load.

Silent when the page is refused to visitors. Asked from the server's own machine it is low: Debian's configuration lets
that in alone (`Require local`), and from there nobody can tell what others are answered.

Fix: `<Location "/server-status"> Require local </Location>`; behind a proxy on the same machine that is everybody, so
switch `mod_status` off there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import served, shown
from batten.rules.server.status_page._opened import opened
from batten.understand.answers.site import Site, seen
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator


LOCATION = """\
<Location /server-status>
    SetHandler server-status  # <- here
</Location>
"""
PAGE = shown(
    "<h1>Apache Server Status for shop.example.com</h1><dl><dt>Server Version: Apache/2.4.62 (Debian)</dt></dl>"
)


@rule(
    id="status-page/apache",
    severity=Severity.MEDIUM,
    cwe=497,
    over=StatusPage,
    sources=["Apache 2.4 docs, mod_status", "OWASP ASVS 5.0, 13.4.5"],
    bad=[Bad("for everybody", {"apache/status.conf": LOCATION})],
    good=[
        Good("for itself", {"apache/status.conf": LOCATION.replace("</L", "    Require local\n</L")}),
        Good(
            "for a network, as Apache 2.2 had it",
            {
                "apache/status.conf": LOCATION.replace(
                    "</L", "    Order deny,allow\n    Deny from all\n    Allow from 10.0.0.0/8\n</L"
                )
            },
        ),
    ],
)
def shown_by_apache(page: StatusPage) -> Iterator[Finding]:
    """Yield a finding for a status page of Apache's that a stranger reads."""
    if page.kind == "apache":
        yield opened(page)


@live(
    over=Site,
    bad=[Bad("open", answers={"GET /": shown(), "GET /server-status # <- here": PAGE})],
    good=[
        Good("refused", answers={"GET /": shown(), "GET /server-status": served("no", status="403 Forbidden")}),
        Good("a page for every address", answers={"GET *": PAGE, "GET /": shown()}),
    ],
)
def apache_status(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor can read the server's status."""
    from batten.understand.exposures.panels import found  # noqa: PLC0415 - only a probe reads them

    for what, parts in found(site, "status"):
        if what == "Apache's status page":
            note = " (this machine asks, which many servers let in alone)" if site.is_loopback else ""
            yield Finding(
                at=Location(url=parts[0].answer.url),
                says="Apache's status page is open: it lists who asks for what",
                evidence=tuple(seen(part.answer, f"answered 200: {part.line}{note}") for part in parts),
                severity=Severity.LOW if site.is_loopback else None,
                fix=Fix("Refuse /server-status to all but your own network."),
                symbol="Apache's status page",
            )
