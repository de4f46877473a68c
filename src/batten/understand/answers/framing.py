"""Who may put a page into a frame, as browsers decide it (CSP Level 3 6.4.2; HTML 7.6, X-Frame-Options)."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from batten.understand.answers.facts import Fact, FactKind, Where, fact
from batten.understand.answers.policies import Sources, meta_tags, of_header, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.page import Tag

_TEST = "x-frame-options"
_OPEN = frozenset("* *:* http: https: http://* https://* http://*:* https://*:*".split())
_WORDS = frozenset({"deny", "sameorigin", "allowall"})


class Framing(IntEnum):
    """Who may frame a page; the lower, the fewer."""

    NOBODY = 0
    ITSELF = 1
    LISTED = 2
    ANYONE = 3


def framing(answer: Answer) -> Framing:
    """Return who may frame an answer: frame-ancestors of its headers decide, X-Frame-Options where there is none."""
    ancestors = _ancestors(answer)
    return min(map(_of_sources, ancestors)) if ancestors else _of_options(answer)


def _ancestors(answer: Answer) -> list[Sources]:
    return [one.directives["frame-ancestors"] for one in of_header(answer) if "frame-ancestors" in one.directives]


def _of_sources(sources: Sources) -> Framing:
    lower = {source.lower() for source in sources}
    lower = lower - {"'none'"} if len(lower) > 1 else lower
    if not lower.isdisjoint(_OPEN):
        return Framing.ANYONE
    if lower <= {"'none'"}:
        return Framing.NOBODY
    return Framing.ITSELF if lower == {"'self'"} else Framing.LISTED


def _of_options(answer: Answer) -> Framing:
    """Return what X-Frame-Options says; values that differ forbid all framing."""
    values = _options(answer)
    distinct = set(values)
    if len(distinct) > 1:
        return Framing.NOBODY if distinct & _WORDS else Framing.ANYONE
    if distinct == {"deny"}:
        return Framing.NOBODY
    return Framing.ITSELF if distinct == {"sameorigin"} else Framing.ANYONE


def _options(answer: Answer) -> list[str]:
    return [part.strip().lower() for value in answer.all(_TEST) for part in value.split(",")]


def framing_facts(answer: Answer, tags: tuple[Tag, ...]) -> Iterator[Fact]:
    """Yield what is so of framing where the grade says another thing."""
    ancestors = _ancestors(answer)
    values = _options(answer)
    if ancestors and framing(answer) is Framing.ANYONE:
        over = " It counts before X-Frame-Options." if values else ""
        shown = "frame-ancestors " + " ".join(ancestors[0])
        why = "any site may put the page into a frame." + over
        yield fact(FactKind.ANCESTORS_ANY, _TEST, Where(answer.url, "Content-Security-Policy"), shown, why)
    policy = next((one for one in of_header(answer) if "default-src" in one.directives), None)
    if policy is not None and not ancestors and not values:
        why = "frame-ancestors does not fall back to default-src: any site may put the page into a frame"
        yield fact(FactKind.ANCESTORS_FREE, _TEST, policy.at, "frame-ancestors", why)
    for tag in meta_tags(tags):
        at = Where(answer.url, "meta", tag.line)
        in_meta = read(tag.get("content") or "", at)
        if in_meta is not None and "frame-ancestors" in in_meta.directives:
            shown = " ".join(("frame-ancestors", *in_meta.directives["frame-ancestors"]))
            why = "browsers ignore frame-ancestors in a meta tag"
            yield fact(FactKind.ANCESTORS_IN_META, _TEST, at, shown, why)
    at = Where(answer.url, "X-Frame-Options")
    if not ancestors and any(value.startswith("allow-from") for value in values) and len(set(values)) == 1:
        why = "no browser knows ALLOW-FROM any more: any site may put the page into a frame"
        yield fact(FactKind.ALLOW_FROM, _TEST, at, values[0], why)
    if not ancestors and len(values) > 1 and _of_options(answer) is not Framing.ANYONE:
        same = "browsers take the value once" if len(set(values)) == 1 else "browsers then forbid all framing"
        yield fact(FactKind.DOUBLED, _TEST, at, ", ".join(values), f"the value came twice: {same}", milder=True)
