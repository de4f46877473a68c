"""Cookies are judged by their flags as production sets them, and where the app sets them at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import UNSET, Confidence, Location, State, Value
from batten.understand.subjects import App, Cookie, CsrfGuard

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

AT = Location(file="app.py", line=7, column=5, end_line=7, end_column=10)
SETTINGS = {
    "secure": "SESSION_COOKIE_SECURE",
    "httponly": "SESSION_COOKIE_HTTPONLY",
    "samesite": "SESSION_COOKIE_SAMESITE",
}


def flag(value: object, **more: object) -> Value:
    return Value(State.KNOWN, value, at=AT, **more)  # type: ignore[arg-type]


def by_default(value: object) -> Value:
    return flag(value, default=True)


def cookie(role: str = "session", name: str = "session", **parts: object) -> Cookie:
    given = {
        "secure": by_default(value=False),
        "httponly": by_default(value=True),
        "samesite": by_default(None),
        "at": AT,
        "settings": SETTINGS if role != "set" else {},
        **parts,
    }
    return Cookie(role=role, name=name, **given)  # type: ignore[arg-type]


def test_defaults_count_when_the_app_has_a_session(app: Callable[..., App], ask: Callable[..., list[Finding]]) -> None:
    (finding,) = ask("cookie-flags/session-secure", app(cookies=(cookie(),)))
    assert finding.says == (
        "SESSION_COOKIE_SECURE is not set, False by default: the session cookie also travels over plain HTTP"
    )
    (finding,) = ask("cookie-flags/session-samesite", app(cookies=(cookie(),)))
    assert finding.graded.value == "low"
    assert not ask("cookie-flags/session-httponly", app(cookies=(cookie(),)))
    unused = app(cookies=(cookie(used=False),))
    assert not ask("cookie-flags/session-secure", unused)
    assert not ask("cookie-flags/session-samesite", unused)


def test_what_somebody_wrote_always_counts(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    subject = app(cookies=(cookie(used=False, httponly=flag(0)),))
    assert grades("cookie-flags/session-httponly", subject) == ["medium"]
    assert grades("cookie-flags/session-secure", subject) == ["medium"]  # somebody thought of cookies


@pytest.mark.parametrize(
    ("value", "expected"), [("None", ["medium"]), ("none", ["medium"]), ("Lax", []), ("strict", []), (None, ["low"])]
)
def test_samesite(
    value: object, expected: list[str], app: Callable[..., App], grades: Callable[..., list[str]]
) -> None:
    assert grades("cookie-flags/session-samesite", app(cookies=(cookie(samesite=flag(value)),))) == expected
    remember = cookie("remember", "remember_token", samesite=flag(value), secure=flag(value=True))
    assert grades("cookie-flags/remember", app(cookies=(remember,))) == expected


def test_a_text_that_is_true_is_on(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    assert grades("cookie-flags/session-secure", app(cookies=(cookie(secure=flag("0")),))) == []


def test_flags_without_a_setting_are_named_by_cookie(
    app: Callable[..., App], ask: Callable[..., list[Finding]]
) -> None:
    (finding,) = ask("cookie-flags/csrf", app(cookies=(cookie("csrf", "csrf_token", settings={}),)))
    assert finding.says.startswith("secure of the cookie 'csrf_token' is not set")


def test_only_a_literal_of_python_is_rewritten(app: Callable[..., App], ask: Callable[..., list[Finding]]) -> None:
    written = cookie(httponly=flag(value=False, plain=True))
    (finding,) = ask("cookie-flags/session-httponly", app(cookies=(written,)))
    assert finding.fix is not None
    assert [(edit.at, edit.text) for edit in finding.fix.edits] == [(AT, "True")]
    elsewhere = Value(State.KNOWN, value=False, at=Location(file="web.env", line=1), plain=True)
    (finding,) = ask("cookie-flags/session-httponly", app(cookies=(cookie(httponly=elsewhere),)))
    assert finding.fix is not None
    assert finding.fix.edits == ()


@pytest.mark.parametrize(
    ("name", "secure", "httponly", "samesite", "expected"),
    [
        ("access_token", False, False, None, ("medium", "'access_token' is set without Secure, HttpOnly and SameSite")),
        ("access_token", True, False, "Lax", ("medium", "'access_token' is set without HttpOnly")),
        ("access_token", True, True, "None", ("medium", "'access_token' is set without SameSite")),
        ("access_token", True, True, "Lax", None),
        ("theme", False, False, None, ("low", "'theme' is set without Secure")),
        ("theme", True, False, None, None),
        ("theme", True, False, "None", ("low", "'theme' is set without SameSite")),
        ("csrf_token", True, False, "Strict", None),
        ("", False, True, None, ("low", "a cookie is set without Secure")),
    ],
)
def test_cookies_set_by_hand(
    name: str,
    secure: bool,  # noqa: FBT001 - a column
    httponly: bool,  # noqa: FBT001 - a column
    samesite: str | None,
    expected: tuple[str, str] | None,
    ask: Callable[..., list[Finding]],
) -> None:
    flags = {"secure": flag(secure), "httponly": flag(httponly), "samesite": flag(samesite)}
    found = ask("cookie-flags/set-cookie", cookie("set", name, **flags))
    assert [(finding.graded.value, finding.says) for finding in found] == ([expected] if expected else [])


def test_flags_that_are_not_known_are_not_missing(ask: Callable[..., list[Finding]]) -> None:
    unknown = Value(State.UNKNOWN, why="a keyword argument")
    subject = cookie("set", "token", secure=unknown, httponly=unknown, samesite=unknown)
    assert not ask("cookie-flags/set-cookie", subject)
    maybe = flag(value=False, confidence=Confidence.POSSIBLE)
    subject = cookie("set", "token", secure=maybe, httponly=flag(value=False), samesite=unknown)
    assert [finding.confidence for finding in ask("cookie-flags/set-cookie", subject)] == [Confidence.POSSIBLE]
    either = Value(State.UNKNOWN, cases_=(flag(value=None),), why="settings.SECURE or None")
    assert not ask("cookie-flags/set-cookie", cookie("set", "token", secure=either, httponly=either, samesite=either))


def test_names_bound_to_the_host(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    for name, used, expected in (("session", True, ["low"]), ("__Host-s", True, []), ("session", False, [])):
        assert grades("cookie-flags/prefix", app(cookies=(cookie(name=name, used=used),))) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (flag(43200), []),
        (flag(7776000.0), ["a session stays valid for 90 days"]),
        (Value(State.KNOWN, None, at=AT, default=True), ["a session stays valid for 31 days"]),
        (flag(value=True), []),
        (UNSET, ["a session stays valid for 31 days"]),
        (Value(State.UNKNOWN), []),
    ],
)
def test_lifetime(
    value: Value, expected: list[str], app: Callable[..., App], ask: Callable[..., list[Finding]]
) -> None:
    settings = {"PERMANENT_SESSION_LIFETIME": value}
    subject = app(cookies=(cookie(),), settings=settings)
    assert [finding.says for finding in ask("cookie-flags/lifetime", subject)] == expected
    assert not ask("cookie-flags/lifetime", app(settings=settings))
    assert not ask("cookie-flags/lifetime", app(cookies=(cookie(),), settings=settings, framework="sanic"))


@pytest.mark.parametrize(("seconds", "expected"), [(None, []), (1209600, []), (7776000, ["SESSION_COOKIE_AGE"])])
def test_lifetime_of_djangos_sessions(
    seconds: int | None, expected: list[str], app: Callable[..., App], ask: Callable[..., list[Finding]]
) -> None:
    settings = {} if seconds is None else {"SESSION_COOKIE_AGE": flag(seconds)}
    found = ask("cookie-flags/lifetime", app(cookies=(cookie(),), settings=settings, framework="django"))
    assert [finding.symbol for finding in found] == expected


def test_csrf_guard_switched_off(ask: Callable[..., list[Finding]]) -> None:
    off = CsrfGuard(flag(value=False), AT, check_default=Value(State.KNOWN, value=False))
    assert [finding.symbol for finding in ask("csrf/off", off)] == ["WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT"]
    assert not ask("csrf/off", CsrfGuard(flag(value=True), AT))


def test_csrf_exemptions(grades: Callable[..., list[str]]) -> None:
    names = ("address", "account", "api", "shop.stripe_webhook", "notify", "capital")
    guard = CsrfGuard(flag(value=True), AT, exempt=tuple((name, AT) for name in names))
    assert grades("csrf/exempt", guard) == ["medium", "medium", "low", "low", "low", "medium"]
    many = CsrfGuard(flag(value=True), AT, exempt=tuple((f"view{i}", AT) for i in range(40)))
    assert grades("csrf/exempt", many) == ["medium"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ["medium"]),
        ({"uses_session": UNSET}, []),
        ({"changes_state": flag(value=False)}, []),
        ({"form_tokens": UNSET}, []),
        ({"form_tokens": flag(value=True)}, []),
        ({"csrf": (CsrfGuard(flag(value=True), AT),)}, []),
        ({"cookies": (cookie(samesite=flag("Lax")),)}, []),
        ({"cookies": (cookie(samesite=flag("None")),)}, ["medium"]),
        ({"cookies": ()}, []),
    ],
)
def test_csrf_missing_needs_every_fact(
    change: dict[str, object], expected: list[str], app: Callable[..., App], grades: Callable[..., list[str]]
) -> None:
    facts = {
        "uses_session": flag(value=True),
        "changes_state": flag(value=True),
        "form_tokens": flag(value=False),
        "cookies": (cookie(),),
        **change,
    }
    assert grades("csrf/missing", app(**facts)) == expected
