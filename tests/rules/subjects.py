"""Hand-made subjects: an app of the parts that a test names."""

from __future__ import annotations

from typing import Any

from batten.model import UNSET, Confidence, Finding, Location, Rule, State, Value
from batten.rules import find
from batten.understand.stack import Reach, Start, Unit
from batten.understand.subjects import App, CorsPolicy, Server

AT = Location(file="app.py", line=3, column=1, end_line=3, end_column=10)
UNIT = Unit(name="web", kind="procfile", start=Start("gunicorn"), command="gunicorn app:app", at=None)


def known(value: object, file: str = "app.py", line: int = 5, **more: Any) -> Value:
    return Value(State.KNOWN, value, at=Location(file=file, line=line), **more)


def either(*values: object) -> Value:
    cases = tuple(known(value, confidence=Confidence.POSSIBLE) for value in values)
    return Value(State.ONE_OF, cases_=cases)


def app(**parts: Any) -> App:
    given = {"name": "shop", "framework": "flask", "root": ".", "unit": UNIT, "at": AT, "settings": {}, **parts}
    return App(**given)


def server(**parts: Any) -> Server:
    given = {
        "name": "Flask's own server",
        "kind": "werkzeug",
        "development": True,
        "at": AT,
        "host": known("127.0.0.1"),
        "port": known(5000),
        "debug": known(value=False),
        "debugger": known(value=False),
        "reload": known(value=False),
        "reach": Reach.WORLD,
        **parts,
    }
    return Server(**given)


def cors(origins: object, **parts: Any) -> CorsPolicy:
    given = {"origins": known(origins), "credentials": UNSET, "at": AT, **parts}
    return CorsPolicy(**given)


def only(name: str) -> Rule:
    (rule,) = find(name)
    return rule


def ask(name: str, subject: object) -> list[Finding]:
    return list(only(name).check(subject))


def grades(name: str, subject: object) -> list[str]:
    rule = only(name)
    return [(finding.severity or rule.severity).value for finding in rule.check(subject)]
