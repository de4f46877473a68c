"""The Content-Security-Policy stands in the page only.

In a meta tag, `frame-ancestors`, `sandbox` and reports do not count; what comes before the tag is loaded without it;
and an answer that is no page of the template (a picture with a script, an error) has none.

Shown to auditors only. Silent when a header holds a policy as well.

Fix: send the policy as a header, and add `frame-ancestors 'none'`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules import advice
from batten.rules.headers import pages
from batten.rules.samples import shown
from batten.understand.answers.page import tags
from batten.understand.answers.policies import of_header, of_page
from batten.understand.answers.site import Site, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

META = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


@rule(
    id="security-headers/csp-in-page",
    severity=Severity.INFO,
    cwe=693,
    over=Site,
    persona="auditor",
    sources=["CSP Level 3 section 3.3"],
    bad=[Bad("a tag alone", answers={"GET / # <- here": shown(META)})],
    good=[
        Good("a header too", answers={"GET /": shown(META, "Content-Security-Policy: frame-ancestors 'none'")}),
        Good("a tag that browsers pass over, in the body", answers={"GET /": shown(f"<p>hello{META}")}),
    ],
)
def policy_in_page(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first page that has a policy in a meta tag and none in a header."""
    for page in pages(site):
        if not of_header(page.answer) and of_page(page.answer, tags(page.answer.text)):
            yield Finding(
                at=page.at,
                says="the Content-Security-Policy stands in the page only, where frame-ancestors does not count",
                evidence=(seen(page.answer, f"answered {page.answer.status} with the policy in a meta tag"),),
                fix=Fix(advice.header(site, "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'")),
                symbol="content-security-policy",
            )
            return
