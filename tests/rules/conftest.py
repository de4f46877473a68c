"""Hand-made subjects for what the examples of the rules do not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import Location, State, Value
from batten.rules import find
from batten.understand.stack import Reach, Start, Unit
from batten.understand.subjects import App, Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Finding

AT = Location(file="app.py", line=3, column=1, end_line=3, end_column=10)


@pytest.fixture
def ask() -> Callable[..., list[Finding]]:
    """Ask one rule about a subject."""

    def asked(name: str, subject: object) -> list[Finding]:
        (rule,) = find(name)
        return list(rule.check(subject))

    return asked


@pytest.fixture
def grades(ask: Callable[..., list[Finding]]) -> Callable[..., list[str]]:
    """Ask one rule about a subject for the severities only."""

    def graded(name: str, subject: object) -> list[str]:
        (rule,) = find(name)
        return [(finding.severity or rule.severity).value for finding in ask(name, subject)]

    return graded


@pytest.fixture
def known() -> Callable[..., Value]:
    """Make a known value, written in line 5 of a file."""

    def made(value: object, file: str | None = "app.py", **more: object) -> Value:
        at = Location(file=file, line=5) if file else Location(variable="GIVEN")
        return Value(State.KNOWN, value, at=at, **more)  # type: ignore[arg-type]

    return made


@pytest.fixture
def app() -> Callable[..., App]:
    """Make an app of the parts given."""

    def made(**parts: object) -> App:
        unit = Unit(name="web", kind="procfile", start=Start("gunicorn"), command="gunicorn app:app", at=None)
        given = {"name": "shop", "framework": "flask", "root": ".", "unit": unit, "at": AT, "settings": {}, **parts}
        return App(**given)  # type: ignore[arg-type]

    return made


@pytest.fixture
def server(known: Callable[..., Value]) -> Callable[..., Server]:
    """Make Flask's own server on every network, changed as given."""

    def made(**parts: object) -> Server:
        given = {
            "name": "Flask's own server",
            "kind": "werkzeug",
            "development": True,
            "at": AT,
            "host": known("0.0.0.0"),
            "port": known(5000),
            "debug": known(value=False),
            "debugger": known(value=False),
            "reload": known(value=False),
            "reach": Reach.WORLD,
            **parts,
        }
        return Server(**given)  # type: ignore[arg-type]

    return made
