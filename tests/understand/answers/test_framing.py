"""Who may frame a page."""

from __future__ import annotations

import pytest

from batten.understand.answers.facts import FactKind
from batten.understand.answers.framing import Framing, framing, framing_facts
from batten.understand.answers.http import Answer, Request
from batten.understand.answers.page import tags


def answer(*headers: tuple[str, str], body: str = "") -> Answer:
    return Answer(Request("GET", "https://site.example/"), 200, headers=headers, body=body.encode())


def ancestors(*lists: str) -> tuple[tuple[str, str], ...]:
    return tuple(("Content-Security-Policy", f"frame-ancestors {sources}") for sources in lists)


def options(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple(("X-Frame-Options", value) for value in values)


@pytest.mark.parametrize(
    ("headers", "who"),
    [
        ((), Framing.ANYONE),
        (ancestors("'none'"), Framing.NOBODY),
        (ancestors(""), Framing.NOBODY),
        (ancestors("'SELF'"), Framing.ITSELF),
        (ancestors("'self' https://partner.example"), Framing.LISTED),
        (ancestors("'none' 'self'"), Framing.ITSELF),
        (ancestors("*"), Framing.ANYONE),
        (ancestors("https:"), Framing.ANYONE),
        (ancestors("*", "'self'"), Framing.ITSELF),
        (ancestors("*") + options("DENY"), Framing.ANYONE),
        (ancestors("'self'") + options("ALLOWALL"), Framing.ITSELF),
        (options("DENY"), Framing.NOBODY),
        (options("sameorigin"), Framing.ITSELF),
        (options("DENY", "deny"), Framing.NOBODY),
        (options("SAMEORIGIN, SAMEORIGIN"), Framing.ITSELF),
        (options("DENY", "SAMEORIGIN"), Framing.NOBODY),
        (options("DENY, nonsense"), Framing.NOBODY),
        (options("nonsense", "more"), Framing.ANYONE),
        (options("ALLOW-FROM https://a.example"), Framing.ANYONE),
        (options(""), Framing.ANYONE),
    ],
)
def test_who_may_frame(headers: tuple[tuple[str, str], ...], who: Framing) -> None:
    assert framing(answer(*headers)) is who


@pytest.mark.parametrize(
    ("headers", "kinds"),
    [
        (ancestors("*"), [FactKind.ANCESTORS_ANY]),
        (ancestors("*", "'self'"), []),
        (options("ALLOW-FROM a"), [FactKind.ALLOW_FROM]),
        (options("ALLOW-FROM a", "DENY"), [FactKind.DOUBLED]),
        (options("ALLOW-FROM a") + ancestors("'self'"), []),
        (options("DENY", "DENY"), [FactKind.DOUBLED]),
        (options("a", "b"), []),
        (options("DENY"), []),
        ((("Content-Security-Policy", "default-src 'none'"),), [FactKind.ANCESTORS_FREE]),
        ((("Content-Security-Policy", "default-src 'none'"), *options("DENY")), []),
        ((("Content-Security-Policy", "img-src 'none'"),), []),
    ],
)
def test_where_browsers_differ(headers: tuple[tuple[str, str], ...], kinds: list[FactKind]) -> None:
    assert [one.kind for one in framing_facts(answer(*headers), ())] == kinds


def test_a_meta_tag_does_not_hold_frames_off() -> None:
    meta = '<meta http-equiv=Content-Security-Policy content="{}">'
    seen = answer(body=meta.format("frame-ancestors 'none'") + meta.format("img-src a") + meta.format(""))
    assert framing(seen) is Framing.ANYONE
    (only,) = framing_facts(seen, tags(seen.text))
    assert (only.kind, only.shown, only.at.part) == (FactKind.ANCESTORS_IN_META, "frame-ancestors 'none'", "meta")
