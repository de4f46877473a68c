"""All that Batten says beside the Observatory's grade of a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.answers.cookie_facts import cookie_facts
from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.framing import framing_facts
from batten.understand.answers.http import FOLLOWED
from batten.understand.answers.integrity import integrity_facts
from batten.understand.answers.observatory.subject import LONGEST_HEAD_BYTES, head_bytes
from batten.understand.answers.page import tags
from batten.understand.answers.policy_facts import policy_facts
from batten.understand.answers.sharing import sharing_facts
from batten.understand.answers.shown import HTML, is_page
from batten.understand.answers.strict_transport import hsts_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.visit import Visit

_PAGES_ONLY = frozenset({"content-security-policy", "x-frame-options", "referrer-policy", "subresource-integrity"})
"""Tests of what a browser does with a document."""
_MOST = 200
"""Facts of one visit; a hostile page has millions."""


def matters(test: str, answer: Answer) -> bool:
    """Return whether one of the Observatory's tests says something of an answer: JSON frames and runs nothing."""
    return test not in _PAGES_ONLY or is_page(answer) or answer.media_type is None


def beside(visit: Visit) -> tuple[Fact, ...]:
    """Return what is so, and the grade does not say, each thing once; of a hostile page the first 200."""
    found: dict[Fact, None] = {}
    for one in _facts(visit):
        found[one] = None
        if len(found) == _MOST:
            break
    return tuple(found)


def _facts(visit: Visit) -> Iterator[Fact]:
    page = visit.page
    yield from sharing_facts(visit)
    yield from hsts_facts(visit)
    yield from cookie_facts(visit)
    if page is None:
        return
    yield from _of_answer(page)
    if is_page(page):
        seen = tags(page.text)
        yield from policy_facts(page, seen)
        yield from framing_facts(page, seen)
        yield from integrity_facts(page, seen)


def _of_answer(page: Answer) -> Iterator[Fact]:
    for defect in page.defects:
        shown = defect.line.decode("latin-1")
        why = f"{defect.kind.value}: to a strict parser, the Observatory's too, the site is down"
        yield fact(FactKind.STRICT_PARSER, "", Where(page.url, "answer"), shown, why)
    if head_bytes(page) >= LONGEST_HEAD_BYTES:
        why = "the head is longer than the 16 KiB that Node reads: to the Observatory, the site is down"
        yield fact(FactKind.STRICT_PARSER, "", Where(page.url, "answer"), f"{head_bytes(page)} bytes", why)
    at = Where(page.url, "Content-Type")
    label = (page.first("content-type") or "").partition(";")[0].strip()
    if page.media_type in HTML and label != page.media_type:
        why = "media types have no case: browsers read this as a page, with its scripts and meta tags"
        yield fact(FactKind.TYPE_IN_CAPITALS, "subresource-integrity", at, label, why)
    if not is_page(page) and page.media_type is not None and page.body:
        why = f"{label} is no page: {', '.join(sorted(_PAGES_ONLY))} say nothing of it"
        yield fact(FactKind.ANSWER_IS_NO_PAGE, "content-security-policy", at, label, why, milder=True)
    if page.status >= 400 and page.status not in {401, 403} and is_page(page):  # noqa: PLR2004 - statuses of errors
        why = "the Observatory grades no error page, but browsers run its scripts and frame it as any other"
        yield fact(FactKind.ERROR_PAGE, "", Where(page.url, "status"), str(page.status), why)
    names = ("x-content-type-options",) if page.status not in FOLLOWED else ()
    for name in names:
        values = [part.strip() for value in page.all(name) for part in value.split(",")]
        if len(values) > 1 and values[0].lower() == "nosniff":
            why = "the value came twice: browsers go by the first, which is nosniff"
            yield fact(
                FactKind.DOUBLED, name, Where(page.url, "X-Content-Type-Options"), ", ".join(values), why, milder=True
            )
