"""Patterns for origins are tried, and every way to let strangers in is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import UNSET, Confidence, Location, State, Value
from batten.rules.app.cors._origins import hole, is_any, is_pattern
from batten.understand.subjects import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

AT = Location(file="app.py", line=3)


def policy(origins: object, *, credentials: Value = UNSET, **more: bool) -> CorsPolicy:
    return CorsPolicy(Value(State.KNOWN, origins, at=AT), credentials, AT, **more)  # type: ignore[arg-type]


def flask_cors(origins: object, *, credentials: bool = True) -> CorsPolicy:
    """A policy as Flask-CORS 6.0 understands it."""
    return policy(origins, credentials=Value(State.KNOWN, credentials, at=AT), pattern=True, wildcard_echoes=True)


# What Flask-CORS 6.0.5 let in when it was asked.
HOLES = [
    (r"https://.*\.example\.com", "https://1.example.com.evil.test"),
    (r"https://.*example\.com$", "https://evil1example.com"),
    ("https://*.example.com", "https://xexample.com"),
    ("https://(www.)?example.com$", "https://wwwxexample.com"),
    ("http://localhost.*", "http://localhost1.evil.test"),
    (r"https://a\.com|https://b\.com$", "https://a.com.evil.test"),
    (r".*example\.com$", "https://evil1example.com"),
    (r"^https://(?:shop|blog)-[0-9]{2}\.example\.com", "https://shop-11.example.com.evil.test"),
]
CLOSED = [
    r"https://.*\.example\.com$",
    r"^https://(www\.)?example\.com$",
    r"https://([a-z0-9-]+\.)?example\.com$",
    r"https://[^.]+\.example\.co\.uk$",
    r"http://localhost:\d+",
    r"http://192.168.0.\d+$",
    r"^https?:\/\/(.+\.)?example\.com(:\d{1,5})?$",
    "(https://(.+)+)+$",  # could take for ever to try
    "https://[",  # does not compile
    "x" * 300 + "$",
]


@pytest.mark.parametrize(("pattern", "stranger"), HOLES)
def test_a_hole_is_shown_with_a_stranger(pattern: str, stranger: str) -> None:
    assert is_pattern(flask_cors(pattern), pattern)
    assert hole(flask_cors(pattern), pattern) == stranger


@pytest.mark.parametrize("pattern", CLOSED)
def test_a_tight_or_unreadable_pattern_is_left_alone(pattern: str) -> None:
    assert hole(flask_cors(pattern), pattern) == ""


def test_a_library_that_matches_the_whole_origin_has_no_open_end() -> None:
    whole = policy(r"https://.*\.example\.com", pattern=True, whole=True)
    assert hole(whole, r"https://.*\.example\.com") == ""
    assert hole(whole, "https://www.example.com") == "https://wwwxexample.com"


def test_plain_text_is_no_pattern_for_flask_cors() -> None:
    assert not is_pattern(flask_cors("https://www.example.com"), "https://www.example.com")
    assert not is_pattern(policy("https://.*"), "https://.*")


@pytest.mark.parametrize(
    ("allowed", "expected"), [("*", True), (".*", True), (r"https?://.*", True), (r".*\.org", False)]
)
def test_any_origin_is_recognised(allowed: str, *, expected: bool) -> None:
    assert is_any(flask_cors(allowed), allowed) is expected


@pytest.mark.parametrize(
    ("name", "subject", "expected"),
    [
        ("cors/any-origin", flask_cors("*", credentials=False), ["low"]),
        ("cors/any-origin", flask_cors(("https://a.example", "*"), credentials=False), ["low"]),
        ("cors/any-origin", flask_cors("*"), []),
        ("cors/any-origin", policy("*", credentials=Value(State.KNOWN, value=True)), ["low"]),
        ("cors/any-origin", policy("*", reflects=True), []),
        ("cors/any-origin", policy(None), []),
        ("cors/reflects-origin", flask_cors("*"), ["critical"]),
        ("cors/reflects-origin", flask_cors(r"https?://.*"), ["critical"]),
        ("cors/reflects-origin", flask_cors("*", credentials=False), []),
        ("cors/reflects-origin", flask_cors("https://shop.example"), []),
        ("cors/reflects-origin", policy("*", credentials=Value(State.KNOWN, value=True)), []),
        ("cors/reflects-origin", policy(None, reflects=True), ["medium"]),
        (
            "cors/reflects-origin",
            policy(None, reflects=True, credentials=Value(State.KNOWN, value=True)),
            ["critical"],
        ),
        ("cors/null-origin", flask_cors(["https://shop.example", "null"]), ["high"]),
        ("cors/null-origin", flask_cors("null", credentials=False), ["medium"]),
        ("cors/null-origin", flask_cors(["*", "null"]), []),
        ("cors/null-origin", policy("null", reflects=True), []),
        ("cors/weak-pattern", flask_cors(r"https://.*\.example\.com"), ["high"]),
        ("cors/weak-pattern", flask_cors(r"https://.*\.example\.com", credentials=False), ["medium"]),
        ("cors/weak-pattern", flask_cors([r"https://.*\.example\.com", "*"]), []),
    ],
)
def test_what_a_policy_opens(
    name: str, subject: CorsPolicy, expected: list[str], grades: Callable[..., list[str]]
) -> None:
    assert grades(name, subject) == expected


def test_the_worst_of_several_values_is_told_once(ask: Callable[..., list[Finding]]) -> None:
    cases = tuple(Value(State.KNOWN, flag, at=AT, confidence=Confidence.POSSIBLE) for flag in (False, True))
    either = Value(State.ONE_OF, cases_=cases)
    (finding,) = ask("cors/reflects-origin", policy(None, reflects=True, credentials=either))
    assert finding.graded.value == "critical"
    assert finding.confidence is Confidence.POSSIBLE


def test_paths_are_named(ask: Callable[..., list[Finding]]) -> None:
    subject = CorsPolicy(
        Value(State.KNOWN, "*", at=AT), Value(State.KNOWN, value=True), AT, paths="/api/*", wildcard_echoes=False
    )
    (finding,) = ask("cors/any-origin", subject)
    assert finding.says == ("every website may read the answers of /api/*; with credentials browsers refuse `*`")
    (finding,) = ask("cors/reflects-origin", CorsPolicy(UNSET, UNSET, AT, reflects=True, paths="/api/*"))
    assert finding.symbol == "origins of /api/*"
