"""Why a script that was put into a page would run in spite of its policies (CSP Level 3, section 6.7)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.answers.facts import FactKind
from batten.understand.answers.policies import (
    HANDLER,
    SCRIPT,
    all_allow,
    allows_inline,
    of_header,
    of_page,
    trusts_loaded,
)
from batten.understand.answers.policy_facts import policy_facts, repeated_nonces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.page import Tag
    from batten.understand.answers.policies import Policy, Sources

_WIDE = ("*", "http:", "https:", "data:", "http://*", "https://*")
_STEPPED_PAST = frozenset({FactKind.SCRIPT_BYPASS, FactKind.NONCE_SHORT})


def openings(policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield each way in that all of the policies leave, as the end of a sentence about them."""
    if all(policy.sources(SCRIPT) is None for policy in policies):
        yield "says nothing about scripts"
        return
    wide = [source for source in _WIDE if all_allow(policies, SCRIPT, partial(_takes, source))]
    if all_allow(policies, SCRIPT, allows_inline):
        wide = ["'unsafe-inline'", *wide]
    elif all_allow(policies, HANDLER, allows_inline):
        yield "allows inline event handlers"
    if wide:
        yield f"allows scripts from {', '.join(wide)}"


def openings_of(answer: Answer, tags: tuple[Tag, ...], again: Answer | None = None) -> Iterator[str]:
    """Yield each way past the policies of an answer and its page; `again` is a second answer."""
    policies = of_header(answer) + of_page(answer, tags)
    if not policies:
        return
    yield from openings(policies)
    yield from (f"has {one.shown}: {one.why}" for one in policy_facts(answer, tags) if one.kind in _STEPPED_PAST)
    if again is not None:
        yield from (one.why for one in repeated_nonces(answer, again))


def _takes(wanted: str, sources: Sources | None) -> bool:
    if sources is None:
        return True
    lower = [source.lower() for source in sources]
    return wanted in lower and not trusts_loaded(sources)
