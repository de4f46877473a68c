"""The list of packages is served.

The names and versions of all packages say which published weakness fits.

Silent when the answer is not such a file.

Fix: serve a folder of static files only.
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
    id="exposed-path/manifest",
    severity=Severity.LOW,
    cwe=538,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.6"],
    bad=[
        Bad(
            "served",
            answers={"GET /requirements.txt # <- here": served("flask==3.1.0\ngunicorn==23.0.0\n")},
        )
    ],
    good=[
        Good(
            "words",
            answers={"GET /requirements.txt": served("Flask is required.\n")},
        ),
    ],
)
def manifest_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a manifest file."""
    yield from given(site, "manifest", "it says which published weakness fits", "Serve a folder of static files only.")
