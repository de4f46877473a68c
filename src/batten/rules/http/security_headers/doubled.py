"""A security header came twice.

App and proxy, or an app and its extension, each set it. Where both say the same, nothing is lost yet; the day that one
of them is changed, browsers go by a rule that few know: of `X-Content-Type-Options` and
`Strict-Transport-Security` by the first, of `Referrer-Policy` by the last; `X-Frame-Options` with two values forbids
all framing; `Access-Control-Allow-Origin` with two values is refused altogether.

Low where the values differ, info where they are the same. Silent for two Content-Security-Policies: both hold, which is
how they are meant.

Fix: set it in one place; in nginx, `proxy_hide_header NAME;` beside `add_header`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.headers import answers
from batten.rules.samples import shown
from batten.understand.answers.policies import of_header
from batten.understand.answers.site import Site, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.site import Page

EFFECTS = {
    "X-Frame-Options": "browsers forbid all framing, or none where they know neither word",
    "X-Content-Type-Options": "browsers go by the first",
    "Strict-Transport-Security": "browsers go by the first",
    "Referrer-Policy": "browsers go by the last",
    "Cross-Origin-Opener-Policy": "browsers pass both over",
    "Access-Control-Allow-Origin": "browsers refuse both",
}
"""Header to what browsers make of two values that differ (HTML 7.6; Fetch 3.7 and 4.9; RFC 6797 section 8.1; Referrer
Policy section 8.1; HTML 7.1.3, a structured field with two items)."""
REFUSED = frozenset({"Access-Control-Allow-Origin", "Cross-Origin-Opener-Policy"})
"""Of these, two that are equal are refused as well."""


@rule(
    id="security-headers/doubled",
    severity=Severity.LOW,
    cwe=693,
    over=Site,
    sources=["RFC 9110 section 5.3", "Fetch standard, section 2.2.2, get, decode, and split"],
    bad=[
        Bad(
            "two minds, of which the policy asks neither",
            answers={
                "GET / # <- here": shown(
                    "",
                    "X-Frame-Options: DENY",
                    "X-Frame-Options: SAMEORIGIN",
                    "Content-Security-Policy: frame-ancestors 'none'",
                )
            },
        ),
        Bad(
            "two minds", answers={"GET / # <- here": shown("", "X-Frame-Options: DENY", "X-Frame-Options: SAMEORIGIN")}
        ),
        Bad("the same twice", answers={"GET / # <- here": shown("", *["X-Content-Type-Options: nosniff"] * 2)}),
        Bad("no origin is allowed", answers={"GET / # <- here": shown("", *["Access-Control-Allow-Origin: *"] * 2)}),
    ],
    good=[
        Good("once", answers={"GET /": shown("", "X-Frame-Options: DENY")}),
        Good("a list in one header, for old and new browsers", answers={"GET /": shown("", "Referrer-Policy: a, b")}),
        Good("two policies", answers={"GET /": shown("", *["Content-Security-Policy: default-src 'self'"] * 2)}),
    ],
)
def header_came_twice(site: Site) -> Iterator[Finding]:
    """Yield a finding for each header that one answer had twice, at the first such answer."""
    judged = answers(site)
    for name, effect in EFFECTS.items():
        page = next((page for page in judged if len(page.answer.all(name)) > 1), None)
        if page is not None:
            yield _finding(page, name, effect)


def _finding(page: Page, name: str, effect: str) -> Finding:
    values = page.answer.all(name)
    is_same = len({value.lower() for value in values}) == 1
    says = f"{name} came twice, and {'both say the same' if is_same else 'the values differ'}"
    is_void = name == "X-Frame-Options" and _has_ancestors(page)
    if is_void:
        says += "; frame-ancestors of the policy counts"
    elif not is_same or name in REFUSED:
        says += f": {effect}"
    return Finding(
        at=page.at,
        says=says,
        evidence=(seen(page.answer, f"answered {page.answer.status} with {name}:", " and ".join(values)[:200]),),
        severity=Severity.INFO if is_void or (is_same and name not in REFUSED) else Severity.LOW,
        fix=Fix(f"Set {name} in one place, in the app or in the proxy."),
        symbol=f"two of {name.lower()}",
    )


def _has_ancestors(page: Page) -> bool:
    """Return whether a policy says who may frame the page, so that X-Frame-Options is not asked."""
    return any("frame-ancestors" in policy.directives for policy in of_header(page.answer))
