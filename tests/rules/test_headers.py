"""Headers are judged by what browsers make of them, and silence is kept where one may be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import UNSET, Location, State, Value
from batten.understand.subjects import App, Headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

AT = Location(file="app.py", line=7)


def said(text: object) -> Value:
    return Value(State.KNOWN, text, at=AT)


def headers(values: dict[str, Value] | None = None, **more: object) -> Headers:
    return Headers(values or {}, Location(file="app.py", line=3), **more)  # type: ignore[arg-type]


ABSENT = [
    ("security-headers/csp-missing", "content-security-policy", "default-src 'self'"),
    ("security-headers/framing", "x-frame-options", "DENY"),
    ("security-headers/nosniff", "x-content-type-options", "nosniff"),
    ("security-headers/referrer", "referrer-policy", "no-referrer"),
    ("security-headers/permissions", "permissions-policy", "camera=()"),
    ("security-headers/permissions", "feature-policy", "camera 'none'"),
    ("https/hsts-missing", "strict-transport-security", "max-age=63072000"),
]


@pytest.mark.parametrize(("rule", "name", "text"), ABSENT)
def test_an_absent_header_is_told_once(
    rule: str, name: str, text: str, app: Callable[..., App], ask: Callable[..., list[Finding]]
) -> None:
    (finding,) = ask(rule, app(headers=(headers(), headers())))
    assert finding.at == Location(file="app.py", line=3)
    assert ask(rule, app(headers=(headers({name: said("")}),)))
    assert ask(rule, app(headers=(headers({name: UNSET}),)))
    assert not ask(rule, app(headers=(headers({name: said(text)}),)))


@pytest.mark.parametrize(("rule", "name", "text"), ABSENT)
def test_what_may_be_set_is_not_missing(
    rule: str, name: str, text: str, app: Callable[..., App], ask: Callable[..., list[Finding]]
) -> None:
    either = Value(State.ONE_OF, cases_=(said(text), said("")))
    for values in ({name: Value(State.UNKNOWN, why="a helper")}, {name: either}):
        assert not ask(rule, app(headers=(headers(values),)))
    assert not ask(rule, app(headers=(headers(unsure="a hook that could not be followed"),)))
    assert not ask(rule, app())


def test_programs_need_no_page_headers(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    api = app(headers=(headers(serves_pages=False),))
    for rule in ("csp-missing", "framing", "referrer", "permissions", "isolation"):
        assert grades(f"security-headers/{rule}", api) == []
    assert grades("security-headers/nosniff", api) == ["low"]
    assert grades("https/hsts-missing", api) == ["low"]


def test_a_policy_that_reports_is_told_as_such(app: Callable[..., App], ask: Callable[..., list[Finding]]) -> None:
    subject = app(headers=(headers({"content-security-policy-report-only": said("default-src 'self'")}),))
    (finding,) = ask("security-headers/csp-missing", subject)
    assert finding.says == "Content-Security-Policy only reports, and blocks nothing"


@pytest.mark.parametrize(
    ("policy", "why"),
    [
        ("default-src 'self' 'unsafe-inline'", "allows scripts from 'unsafe-inline'"),
        ("script-src https: data:", "allows scripts from https:, data:"),
        ("script-src *; default-src 'none'", "allows scripts from *"),
        ("frame-ancestors 'none'", "says nothing about scripts"),
        ("script-src 'self'; script-src *", ""),
        ("default-src 'self'; style-src 'unsafe-inline'", ""),
        ("default-src 'unsafe-inline' 'nonce-4AEemGb0xJptoIGFP3Nd'", ""),
        ("script-src 'unsafe-inline' https: 'strict-dynamic'", ""),
        ("default-src 'none';;", ""),
    ],
)
def test_weak_policies(policy: str, why: str, app: Callable[..., App], ask: Callable[..., list[Finding]]) -> None:
    subject = app(headers=(headers({"content-security-policy": said(policy)}),))
    found = [finding.says for finding in ask("security-headers/csp-weak", subject)]
    assert found == ([f"the Content-Security-Policy {why}"] if why else [])
    programs = app(headers=(headers({"content-security-policy": said(policy)}, serves_pages=False),))
    told = bool(why) and not why.startswith("says nothing")  # wide words are told of any policy that somebody wrote
    assert bool(ask("security-headers/csp-weak", programs)) is told


@pytest.mark.parametrize(
    ("values", "framing", "ignored"),
    [
        ({"content-security-policy": said("frame-ancestors 'none'")}, [], []),
        ({"content-security-policy": said("frame-ancestors *")}, ["low"], []),
        ({"content-security-policy": said("default-src 'self'")}, ["low"], []),
        ({"content-security-policy": Value(State.UNKNOWN)}, [], []),
        ({"content-security-policy": UNSET}, ["low"], []),
        ({"x-frame-options": said("sameorigin")}, [], []),
        ({"x-frame-options": said("ALLOWALL")}, [], ["low"]),
        ({"x-frame-options": said("ALLOWALL"), "content-security-policy": said("frame-ancestors a.example")}, [], []),
        ({"x-frame-options": said(5)}, [], []),
    ],
)
def test_framing_is_told_by_one_rule(
    values: dict[str, Value],
    framing: list[str],
    ignored: list[str],
    app: Callable[..., App],
    grades: Callable[..., list[str]],
) -> None:
    subject = app(headers=(headers(values),))
    assert grades("security-headers/framing", subject) == framing
    assert grades("no-effect/frame-options", subject) == ignored


@pytest.mark.parametrize(
    ("rule", "name", "good", "bad"),
    [
        ("security-headers/nosniff", "x-content-type-options", "NoSniff", "no-sniff"),
        ("security-headers/nosniff", "x-content-type-options", "nosniff, nosniff", "sniff, nosniff"),
        ("security-headers/referrer", "referrer-policy", "unsafe-url, same-origin", "same-origin, unsafe-url"),
        ("https/hsts-short", "strict-transport-security", "Max-Age=31536000", "max-age=31535999"),
        ("https/hsts-short", "strict-transport-security", 'includeSubDomains; max-age="31536000"', "max-age=0"),
        ("https/hsts-short", "strict-transport-security", "max-age=99999999", "includeSubDomains"),
    ],
)
def test_values(
    rule: str, name: str, good: str, bad: str, app: Callable[..., App], grades: Callable[..., list[str]]
) -> None:
    assert grades(rule, app(headers=(headers({name: said(good)}),))) == []
    assert grades(rule, app(headers=(headers({name: said(bad)}),))) == ["low"]


def test_isolation_names_what_is_missing(app: Callable[..., App], ask: Callable[..., list[Finding]]) -> None:
    (finding,) = ask("security-headers/isolation", app(headers=(headers(),)))
    assert finding.says == "no Cross-Origin-Opener-Policy and Cross-Origin-Resource-Policy on any response"
    subject = app(headers=(headers({"cross-origin-opener-policy": said("same-origin")}),))
    (finding,) = ask("security-headers/isolation", subject)
    assert finding.says == "no Cross-Origin-Resource-Policy on any response"


@pytest.mark.parametrize(("redirect", "expected"), [(said(False), ["low"]), (said(True), []), (UNSET, [])])  # noqa: FBT003 - the value itself
def test_redirect(
    redirect: Value, expected: list[str], app: Callable[..., App], grades: Callable[..., list[str]]
) -> None:
    assert grades("https/redirect-off", app(headers=(headers(redirect=redirect),))) == expected
    either = Value(State.ONE_OF, cases_=(said(False), said(False)))  # noqa: FBT003 - the value itself
    assert grades("https/redirect-off", app(headers=(headers(redirect=either),))) == ["low"]
