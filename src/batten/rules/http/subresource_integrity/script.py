"""Scripts of another site run without a hash that holds them.

A script from a delivery network runs with all rights of the page. Who takes over the network, or the package on it,
then owns every visitor's session; it has happened. With `integrity`, browsers run the file only while it is what the
author of the page saw.

Asked for files that do not change: those whose address names a whole version. Silent for services that hand out another
script each day (payment, analytics, captchas), for the site's own hosts, and where a hash stands.

Fix: serve the file yourself, or add `integrity="sha384-…" crossorigin="anonymous"`: `openssl dgst -sha384 -binary
FILE | openssl base64 -A`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.http.subresource_integrity._unheld import unheld
from batten.rules.samples import shown
from batten.understand.answers.integrity import LoadKind
from batten.understand.answers.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

URL = "https://cdn.jsdelivr.net/npm/vue@3.5.13/dist/vue.global.js"


@rule(
    id="subresource-integrity/script",
    severity=Severity.LOW,
    cwe=353,
    over=Site,
    sources=["W3C Subresource Integrity", "OWASP Third Party JavaScript Management Cheat Sheet"],
    bad=[
        Bad("a library", answers={"GET / # <- here": shown(f'<script src="{URL}"></script>')}),
        Bad(
            "no hash that browsers know",
            answers={"GET / # <- here": shown(f'<script src="{URL}" integrity="x"></script>')},
        ),
    ],
    good=[
        Good("held", answers={"GET /": shown(f'<script src="{URL}" integrity="sha384-ab" crossorigin></script>')}),
        Good("a service", answers={"GET /": shown('<script src="https://js.stripe.com/v3/"></script>')}),
        Good(
            "the newest of each day", answers={"GET /": shown('<script src="https://unpkg.com/htmx.org@2"></script>')}
        ),
        Good("its own", answers={"GET /": shown('<script src="https://static.example.com/vue-3.5.13.js"></script>')}),
    ],
)
def scripts_unheld(site: Site) -> Iterator[Finding]:
    """Yield a finding for the scripts and modules of other sites that no hash holds."""
    yield from unheld(site, (LoadKind.SCRIPT, LoadKind.MODULE), "is run without a hash that holds it")
