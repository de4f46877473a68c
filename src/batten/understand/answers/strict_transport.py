"""Strict-Transport-Security as browsers read it (RFC 6797 sections 6.1 and 8.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.facts import Fact, FactKind, Where, fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.visit import Visit

HEADER = "Strict-Transport-Security"
_TEST = "strict-transport-security"
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_AGE = re.compile(r"[0-9]+")
_MOST_S = 10**10
"""Three hundred years; a longer age says no more."""


@dataclass(frozen=True, slots=True)
class Hsts:
    """What a browser remembers of a host."""

    max_age_s: int
    subdomains: bool = False
    preload: bool = False


def read(value: str) -> Hsts | None:
    """Return what a header's value says; None where a browser passes it over."""
    told: dict[str, str] = {}
    for part in value.split(";"):
        name, equals, rest = part.partition("=")
        name, rest = name.strip(" \t").lower(), rest.strip(" \t")
        if not name and not equals:
            continue
        if not _NAME.fullmatch(name) or name in told:
            return None
        told[name] = rest[1:-1] if len(rest) > 1 and rest[0] == rest[-1] == '"' else rest
    age = told.get("max-age", "")
    if not _AGE.fullmatch(age):
        return None
    digits = age.lstrip("0")
    age_s = int(digits or 0) if len(digits) <= len(str(_MOST_S)) else _MOST_S
    return Hsts(min(age_s, _MOST_S), "includesubdomains" in told, "preload" in told)


def hsts(answer: Answer) -> Hsts | None:
    """Return what a browser remembers after an answer: its first header, over TLS that it trusts."""
    value = answer.first(HEADER)
    return read(value) if value is not None and answer.is_https and answer.verified is not False else None


def hsts_facts(visit: Visit) -> Iterator[Fact]:
    """Yield what is so of HSTS where the grade says another thing."""
    chain = visit.https
    if chain is not None and chain.last is not None:
        yield from _of_last(chain.last)
        yield from _of_first(chain.hops)
    else:
        for answer in visit.http.hops if visit.http is not None else ():
            value = answer.first(HEADER)
            if value is not None and not answer.is_https:
                why = "browsers pass the header over where it comes without TLS"
                yield fact(FactKind.HSTS_OVER_HTTP, _TEST, Where(answer.url, HEADER), value, why)


def _of_last(answer: Answer) -> Iterator[Fact]:
    values = answer.all(HEADER)
    if not values or not answer.is_https:
        return
    at = Where(answer.url, HEADER)
    first = read(values[0])
    joined = ", ".join(values)
    passes = "," not in joined and any(part.strip().startswith("max-age=") for part in joined.lower().split(";"))
    if len(values) > 1 and first is not None:
        why = "the header came twice: browsers go by the first, which is valid"
        yield fact(FactKind.DOUBLED, _TEST, at, joined, why, milder=True)
    elif passes and first is None:
        why = "browsers pass the header over: max-age is no plain number, or a directive stands twice"
        yield fact(FactKind.HSTS_INVALID, _TEST, at, joined, why)
    elif first is not None and not passes:
        why = f"the value is valid: browsers hold to https for {first.max_age_s} seconds"
        yield fact(FactKind.HSTS_VALID, _TEST, at, joined, why, milder=True)


def _of_first(hops: tuple[Answer, ...]) -> Iterator[Fact]:
    """Yield what the first hop over https says otherwise than the last: the host that was typed is the first one's."""
    first, last = hops[0], hops[-1]
    if first is last or not first.is_https:
        return
    at = Where(first.url, HEADER)
    if hsts(first) is None and hsts(last) is not None:
        why = "the address that visitors type answers without the header, and its redirect alone has it"
        yield fact(FactKind.HSTS_FIRST_HOP, _TEST, at, "", why)
    elif hsts(first) is not None and last.first(HEADER) is None:
        why = "the redirect has the header, so that browsers hold to https for the address that visitors type"
        yield fact(FactKind.HSTS_FIRST_HOP, _TEST, at, first.first(HEADER) or "", why, milder=True)
