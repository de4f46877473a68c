"""The answers name what the site is made with.

`X-Powered-By`, `X-AspNet-Version` and a page's generator tag tell a program that looks for one hole in one version of
one framework whether this is such a site.

Low with a version, info for a name alone. Silent for generators of static pages (Sphinx, Docutils, MkDocs, Hugo,
Jekyll, Pelican): nothing of them runs on the server.

Fix: take the header out of the app, or `proxy_hide_header X-Powered-By;` in nginx before it; take the tag out of the
template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import shown
from batten.understand.answers.banners import made_by, versioned
from batten.understand.answers.site import Site, seen

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    id="version-banner/powered-by",
    severity=Severity.LOW,
    cwe=497,
    over=Site,
    sources=["OWASP WSTG-INFO-08, Fingerprint Web Application Framework", "OWASP Secure Headers Project"],
    bad=[
        Bad("a header", answers={"GET / # <- here": shown("", "X-Powered-By: PHP/8.1.2")}),
        Bad("a name alone", answers={"GET / # <- here": shown("", "X-Powered-By: Express")}),
        Bad("a tag", answers={"GET / # <- here": shown('<meta name="generator" content="WordPress 6.4.2">')}),
    ],
    good=[
        Good(
            "made before it came to the server",
            answers={"GET /": shown('<meta name="generator" content="Hugo 0.120">')},
        ),
        Good("a tag without a version", answers={"GET /": shown('<meta name="generator" content="WordPress">')}),
        Good("not said", answers={"GET /": shown()}),
    ],
)
def framework_tells_version(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first page that says what it is made with, that with a version first."""
    told = [(page, name, value) for page in site.pages for name, value in made_by(page.answer)]
    told.sort(key=lambda one: not versioned(one[2]))
    for page, name, value in told[:1]:
        yield Finding(
            at=page.at,
            says=f"{name} is {value[:80]!r}",
            evidence=(seen(page.answer, f"answered {page.answer.status} with {name}:", value[:80]),),
            severity=Severity.LOW if versioned(value) else Severity.INFO,
            fix=Fix(f"Take {name} out of the answers, in the app or in the proxy before it."),
            symbol=name.lower(),
        )
