"""The folder above the static files is served.

nginx puts what follows the location's name behind the path of `alias`. Without a slash at the end of the location,
`/static../settings.py` becomes `…/static/../settings.py`: whoever asks reads one folder further up, where the source,
the settings and the database of the app are.

High. Where neither has the slash, what lies beside the folder and begins with its name is served (`/static_private/`),
which is low. On a running site confirmed by a file that the site links to and that also comes by `/static../static/…`;
silent when it does not, and when a name that cannot be there is answered alike. In nginx's files silent for `=`, for
`internal` locations, and where strangers are refused.

Fix: the same slash on both sides: `location /static/ { alias /srv/shop/static/; }`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.samples import nginx, served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.nginx.nouns import LooseAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = shown('<link rel="stylesheet" href="/static/site.css">')
CSS = served("body { color: #222 }", "text/css")


STATIC = "location /static { alias /srv/shop/static/; }  # <- here\n"
FIX = "End both the location and the alias with a slash."


@rule(
    id="served-files/alias-traversal",
    severity=Severity.HIGH,
    cwe=22,
    over=LooseAlias,
    sources=["nginx docs, ngx_http_core_module, alias", "CWE-22"],
    bad=[
        Bad("nginx, the slash on one side only", nginx(STATIC)),
        Bad("nginx, on neither side", nginx(STATIC.replace("static/;", "static;"))),
        Bad(
            "nginx, a pattern that takes all that follows",
            nginx(STATIC.replace("/static {", "~ ^/s(.*)$ {").replace("/;", "/$1;")),
        ),
    ],
    good=[
        Good("nginx, on both sides", nginx(STATIC.replace("/static {", "/static/ {"))),
        Good("nginx, one file", nginx(STATIC.replace("/static {", "= /static {").replace("/;", "/site.css;"))),
        Good("nginx, for the app alone", nginx(STATIC.replace("alias", "internal; alias"))),
    ],
)
def slash_missing(loose: LooseAlias) -> Iterator[Finding]:
    """Yield a finding for an alias that is left by the path."""
    gives = "the folder above it is served" if loose.leads_up else f"what begins like {loose.alias} is served too"
    yield Finding(
        at=loose.at,
        says=f"location {loose.location} has no slash at its end: {gives}",
        evidence=loose.evidence,
        confidence=loose.confidence,
        severity=None if loose.leads_up else Severity.LOW,
        fix=Fix(FIX),
        symbol=loose.location,
    )


@live(
    over=Site,
    bad=[
        Bad(
            "the file comes by the folder above",
            answers={"GET /": PAGE, "GET /static/site.css": CSS, "GET /static../static/site.css # <- here": CSS},
        )
    ],
    good=[
        Good("it does not", answers={"GET /": PAGE, "GET /static/site.css": CSS}),
        Good(
            "only the name of the file is looked at",
            answers={"GET /": PAGE, "GET /static/site.css": CSS, "GET *": CSS},
        ),
        Good(
            "another file comes",
            answers={"GET /": PAGE, "GET /static/site.css": CSS, "GET /static../static/site.css": served("other")},
        ),
    ],
)
def above_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when a served file also comes through the folder above its own."""
    from batten.understand.exposures.served import SeenTraversal  # noqa: PLC0415 - only a probe reads them

    for part in site.parts:
        if isinstance(part, SeenTraversal):
            yield Finding(
                at=Location(url=part.answer.url),
                says="the folder above the static files is served: the location has no slash at its end",
                evidence=(
                    seen(part.answer, "answered 200 with the very file"),
                    seen(part.asset, "the file by its own address"),
                ),
                fix=Fix(FIX),
                symbol="alias",
            )
