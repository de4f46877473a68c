"""Comments in the pages tell what is not for visitors.

A comment is sent to every visitor. Some name the version of what made the page, some a host or an address of the inner
network, some say where a password stands or what is still to be done.

Shown to auditors only. Silent for comments that address browsers (`[if IE]`) and for generators of static pages.

Fix: write comments in the template's own way, `{# … #}` in Jinja and Django, which stays on the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.samples import shown
from batten.understand.answers.page import comments
from batten.understand.answers.remarks import telling
from batten.understand.answers.site import Site, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.site import Page


@rule(
    id="footprint/comments",
    severity=Severity.INFO,
    cwe=615,
    over=Site,
    persona="auditor",
    sources=["OWASP WSTG-INFO-05, Review Webpage Content for Information Leakage"],
    bad=[
        Bad("of a generator", answers={"GET / # <- here": shown("<!-- Powered by ShopSuite 4.2.1 -->")}),
        Bad("of the inner network", answers={"GET / # <- here": shown("<!-- rendered by web3.internal -->")}),
        Bad("of what is to be done", answers={"GET / # <- here": shown("<!-- TODO: check the role here -->")}),
    ],
    good=[
        Good("of a part of the page", answers={"GET /": shown("<!-- footer -->")}),
        Good(
            "for old browsers", answers={"GET /": shown("<!--[if lt IE 9]><script src=a-1.2.js></script><![endif]-->")}
        ),
        Good("made before it came to the server", answers={"GET /": shown("<!-- Generated with Sphinx 7.2.6 -->")}),
        Good("in a script", answers={"GET /": shown("<script>'<!-- TODO -->'</script>")}),
    ],
)
def comments_tell(site: Site) -> Iterator[Finding]:
    """Yield one finding for all comments that tell something, at the first page that has one."""
    found: dict[str, tuple[Page, int, str]] = {}
    for page in site.pages:
        for line, text in comments(page.answer.text) if page.is_html else ():
            what = telling(text)
            if what:
                found.setdefault(text, (page, line, what))
    if found:
        (page, _, what), *others = found.values()
        more = f", and {len(others)} more" if others else ""
        shown_ones = list(found.values())[:_SHOWN]
        yield Finding(
            at=page.at,
            says=f"a comment tells {what}{more}",
            evidence=tuple(seen(page.answer, f"line {line} tells {what}") for page, line, what in shown_ones),
            fix=Fix("Write it in the template's own way, `{# … #}`, or take it out."),
            symbol="comments",
        )


_SHOWN = 5
