"""Rules over single calls: templates, clients, tokens, error answers, settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import UNSET, Location, State, Value
from batten.understand.subjects import App, ClientCall, ErrorAnswer, NoEffect, TemplateEnvironment, TokenDecode

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

AT = Location(file="app.py", line=7)


def said(value: object, **more: object) -> Value:
    return Value(State.KNOWN, value, at=AT, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "value", "expected"),
    [
        ("jinja2.Environment", said(value=False), ["medium"]),
        ("app.jinja_env", said(value=False), ["high"]),
        ("jinja2.Environment", said("foobar"), []),
        ("jinja2.Environment", Value(State.UNKNOWN), []),
    ],
)
def test_templates(what: str, value: Value, expected: list[str], grades: Callable[..., list[str]]) -> None:
    assert grades("autoescape/jinja", TemplateEnvironment(value, AT, what)) == expected


@pytest.mark.parametrize(
    ("value", "is_off"),
    [
        (False, True),
        (0, True),
        ("", True),
        ("CERT_NONE", True),
        ("ssl.CERT_NONE", True),
        (None, False),
        (True, False),
        ("/etc/ssl/our-ca.pem", False),
        ("CERT_REQUIRED", False),
    ],
)
def test_clients(value: object, *, is_off: bool, ask: Callable[..., list[Finding]]) -> None:
    found = ask("tls-verify/off", ClientCall("requests.get", said(value), AT))
    assert bool(found) is is_off


@pytest.mark.parametrize(
    ("option", "value", "edits"),
    [
        ("verify", False, ["True"]),
        ("verify", "CERT_NONE", []),
        ("verify_mode", False, []),
        ("check_hostname", False, []),
    ],
)
def test_only_a_switch_is_switched(
    option: str, value: object, edits: list[str], ask: Callable[..., list[Finding]]
) -> None:
    at = Location(file="app.py", line=7, column=1, end_line=7, end_column=6)
    (finding,) = ask("tls-verify/off", ClientCall("f", Value(State.KNOWN, value, at=at, plain=True), at, option))
    assert finding.fix is not None
    assert [edit.text for edit in finding.fix.edits] == edits
    assert ("any host" in finding.says) is (option == "check_hostname")


def token(*, verifies: object = True, algorithms: object = ("HS256",), writes: bool = False) -> TokenDecode:
    return TokenDecode("jwt.decode", AT, said(verifies), said(algorithms), UNSET, writes=writes)


@pytest.mark.parametrize(
    ("subject", "signature", "none", "mixed"),
    [
        (token(), [], [], []),
        (token(verifies=False), ["high"], [], []),
        (token(verifies=False, writes=True), [], [], []),
        (token(algorithms=("HS256", "NONE")), [], ["low"], []),
        (token(algorithms="none", writes=True), [], ["high"], []),
        (token(algorithms=None), [], [], []),
        (token(algorithms=("HS256", "RS256")), [], [], ["medium"]),
        (token(algorithms=["HS256", "EdDSA"]), [], [], ["medium"]),
        (token(algorithms=("HS256", "HS512")), [], [], []),
        (token(algorithms=("HS256", "RS256"), writes=True), [], [], []),
    ],
)
def test_tokens(
    subject: TokenDecode, signature: list[str], none: list[str], mixed: list[str], grades: Callable[..., list[str]]
) -> None:
    assert grades("jwt-verify/signature-off", subject) == signature
    assert grades("jwt-verify/none-algorithm", subject) == none
    assert grades("jwt-verify/mixed-algorithms", subject) == mixed


@pytest.mark.parametrize(
    ("what", "handler", "expected"),
    [
        ("traceback", False, ("medium", "failed answers with the traceback")),
        ("traceback", True, ("medium", "failed answers with the traceback of every error")),
        ("exception text", True, ("medium", "failed answers with the exception text of every error")),
        ("exception text", False, ("low", "failed answers with the exception text")),
    ],
)
def test_error_answers(
    what: str,
    handler: bool,  # noqa: FBT001 - a column
    expected: tuple[str, str],
    ask: Callable[..., list[Finding]],
) -> None:
    (finding,) = ask("verbose-errors/returned", ErrorAnswer(what, "failed", AT, handler))
    assert (finding.graded.value, finding.says) == expected


def test_a_handler_that_may_be_there_is_not_missing(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    unknown = Value(State.UNKNOWN, why="a registration that could not be followed")
    for value, expected in ((said(value=False), ["low"]), (UNSET, ["low"]), (said(value=True), []), (unknown, [])):
        assert grades("verbose-errors/no-handler", app(handles_errors=value)) == expected


@pytest.mark.parametrize(
    ("rule", "name", "expected"),
    [
        ("debug-mode/testing", "TESTING", ["medium"]),
        ("verbose-errors/propagated", "PROPAGATE_EXCEPTIONS", ["low"]),
        ("debug-mode/login-off", "LOGIN_DISABLED", ["critical"]),
    ],
)
def test_switches(
    rule: str, name: str, expected: list[str], app: Callable[..., App], grades: Callable[..., list[str]]
) -> None:
    extensions = {"flask_login.LoginManager": AT}
    assert grades(rule, app(settings={name: said("no")}, extensions=extensions)) == expected
    assert grades(rule, app(settings={name: said("")}, extensions=extensions)) == []
    assert grades(rule, app(extensions=extensions)) == []


def test_login_off_needs_flask_login(app: Callable[..., App], grades: Callable[..., list[str]]) -> None:
    assert grades("debug-mode/login-off", app(settings={"LOGIN_DISABLED": said(value=True)})) == []


def test_a_line_without_effect_is_told_with_the_one_that_works(ask: Callable[..., list[Finding]]) -> None:
    line = NoEffect("FLASK_ENV=production is ignored", AT, "FLASK_DEBUG", "FLASK_ENV")
    (finding,) = ask("no-effect/setting", line)
    assert (finding.says, finding.symbol) == ("FLASK_ENV=production is ignored", "FLASK_ENV")
    assert finding.fix is not None
    assert finding.fix.says == "FLASK_DEBUG"
