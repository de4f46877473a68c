"""Stylesheets of another site are used without a hash that holds them.

A stylesheet can hide and move what the visitor sees, and read what stands in the page letter by letter, by selectors
that load pictures. With `integrity`, browsers use the file only while it is what the author of the page saw.

Shown to auditors only. Asked for files whose address names a whole version; silent for fonts that are made for each
browser, for the site's own hosts, and where a hash stands.

Fix: serve the file yourself, or add `integrity="sha384-…" crossorigin="anonymous"` to its tag.
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

URL = "https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/css/bootstrap.min.css"


@rule(
    id="subresource-integrity/stylesheet",
    severity=Severity.LOW,
    cwe=353,
    over=Site,
    persona="auditor",
    sources=["W3C Subresource Integrity"],
    bad=[Bad("a library's", answers={"GET / # <- here": shown(f'<link rel="stylesheet" href="{URL}">')})],
    good=[
        Good(
            "held", answers={"GET /": shown(f'<link rel="stylesheet" href="{URL}" integrity="sha384-ab" crossorigin>')}
        ),
        Good(
            "made for each browser",
            answers={"GET /": shown('<link rel="stylesheet" href="https://fonts.googleapis.com/css2?family=Inter">')},
        ),
    ],
)
def styles_unheld(site: Site) -> Iterator[Finding]:
    """Yield a finding for the stylesheets of other sites that no hash holds."""
    yield from unheld(site, (LoadKind.STYLE,), "is used without a hash that holds it")
