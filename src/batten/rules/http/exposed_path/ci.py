"""The CI configuration is served.

It names the steps, images and secrets of the pipeline, and shows that the served folder is the checkout.

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
    id="exposed-path/ci",
    severity=Severity.LOW,
    cwe=538,
    over=Site,
    sources=["OWASP ASVS 5.0, 13.4.7"],
    bad=[
        Bad(
            "served",
            answers={"GET /.gitlab-ci.yml # <- here": served("stages:\n  - test\n")},
        )
    ],
    good=[
        Good(
            "YAML of something else",
            answers={"GET /.gitlab-ci.yml": served("title: shop\n")},
        ),
    ],
)
def ci_served(site: Site) -> Iterator[Finding]:
    """Yield a finding when the site gives away a ci file."""
    yield from given(site, "ci", "the served folder is the checkout", "Serve a folder of static files only.")
