"""nginx's status page is open.

It counts connections and requests: competitors read along how the site does, attackers how far they got.

Silent when the page is refused to visitors, and for anything but the lines of `stub_status`.

Fix: `location = /nginx_status { stub_status; allow 127.0.0.1; deny all; }`, or a server of its own on 127.0.0.1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import nginx, served, shown
from batten.rules.server.status_page._opened import opened
from batten.understand.answers.site import Site, seen
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = served("Active connections: 2 \nserver accepts handled requests\n 9 9 12 \nReading: 0 Writing: 1 Waiting: 1 \n")


STATUS = "location = /nginx_status { stub_status; }  # <- here\n"


@rule(
    id="status-page/nginx",
    severity=Severity.LOW,
    cwe=497,
    over=StatusPage,
    sources=["nginx docs, ngx_http_stub_status_module", "OWASP ASVS 5.0, 13.4.5"],
    bad=[Bad("nobody is refused", nginx(STATUS))],
    good=[
        Good("for itself", nginx(STATUS.replace("stub_status;", "stub_status; allow 127.0.0.1; deny all;"))),
        Good(
            "on the loopback",
            {**nginx(STATUS), "nginx.conf": nginx(STATUS)["nginx.conf"].replace("443 ssl", "127.0.0.1:8081")},
        ),
    ],
)
def shown_by_nginx(page: StatusPage) -> Iterator[Finding]:
    """Yield a finding for a status page of nginx's that a stranger reads."""
    if page.kind == "nginx":
        yield replace(opened(page), severity=None)


@live(
    over=Site,
    bad=[Bad("open", answers={"GET /": shown(), "GET /nginx_status # <- here": PAGE})],
    good=[
        Good("refused", answers={"GET /": shown(), "GET /nginx_status": served("no", status="403 Forbidden")}),
        Good("a text for every address", answers={"GET *": PAGE, "GET /": shown()}),
    ],
)
def nginx_status(site: Site) -> Iterator[Finding]:
    """Yield a finding when a visitor can read the server's status."""
    from batten.understand.exposures.panels import found  # noqa: PLC0415 - only a probe reads them

    for what, parts in found(site, "status"):
        if what == "nginx's status page":
            note = " (this machine asks, which many servers let in alone)" if site.is_loopback else ""
            yield Finding(
                at=Location(url=parts[0].answer.url),
                says="nginx's status page is open: it counts connections and requests",
                evidence=tuple(seen(part.answer, f"answered 200: {part.line}{note}") for part in parts),
                severity=Severity.LOW if site.is_loopback else None,
                fix=Fix("Allow it to your own network only."),
                symbol="nginx's status page",
            )
