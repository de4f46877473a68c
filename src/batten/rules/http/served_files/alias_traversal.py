"""The folder above the static files is served.

nginx puts what follows the location's name behind the path of `alias`. Without a slash at the end of the location,
`/static../settings.py` becomes `…/static/../settings.py`: whoever asks reads one folder further up, where the source,
the settings and the database of the app are.

Confirmed by a file that the site links to and that also comes by `/static../static/…`; silent when it does not, and
when a name that cannot be there is answered alike.

Fix: the same slash on both sides: `location /static/ { alias /srv/shop/static/; }`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, rule
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.exposures.served import SeenTraversal

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = shown('<link rel="stylesheet" href="/static/site.css">')
CSS = served("body { color: #222 }", "text/css")


@rule(
    id="served-files/alias-traversal",
    severity=Severity.HIGH,
    cwe=22,
    over=Site,
    sources=["nginx docs, ngx_http_core_module, alias", "CWE-22"],
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
    for part in site.parts:
        if isinstance(part, SeenTraversal):
            yield Finding(
                at=Location(url=part.answer.url),
                says="the folder above the static files is served: the location has no slash at its end",
                evidence=(
                    seen(part.answer, "answered 200 with the very file"),
                    seen(part.asset, "the file by its own address"),
                ),
                fix=Fix("End both the location and the alias with a slash."),
                symbol="alias",
            )
