"""One whole report, as an audit of a small shop would give it, for the machine formats."""

from __future__ import annotations

import pytest

from batten.model import (
    AppSummary,
    Confidence,
    Edit,
    Entry,
    Evidence,
    Finding,
    Fix,
    FixKind,
    Gain,
    Gate,
    Location,
    NotDeployed,
    Points,
    Report,
    Score,
    Severity,
    State,
    Suppressed,
    Unsure,
    Value,
)

SECRET = "s3cr3t-0f-the-sh0p"
STARTED = Entry(
    "python app.py",
    Location("Procfile", 1),
    unit="web",
    origin=(Evidence(Location("Procfile", 1), "started by the Procfile process web"),),
)
ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32 + "-2"


def _debug() -> Finding:
    return Finding(
        at=Location("web/app.py", 9, 1, 9, 20),
        says="debug is True under Flask's own server",
        evidence=(
            Evidence(Location("web/config.py", 3), "set here", "True", source="DEBUG = True"),
            Evidence(Location(variable="FLASK_DEBUG"), "given as", "'1'"),
            Evidence(Location("Procfile", 1), "started by"),
        ),
        severity=Severity.CRITICAL,
        fix=Fix(
            "delete debug=True",
            FixKind.SAFE,
            (Edit(Location("web/app.py", 9, 9, 9, 19), ""), Edit(Location("web/config.py", 3, 9, 3, 13), "False")),
        ),
        rule="debug-mode/flask",
        topic="debug-mode",
        layer="app",
        app="shop",
        cwe=489,
        tags=("A02:2025", "A05:2021", "v5.0.0-13.4.2"),
        fingerprint=ONE,
    )


def _key() -> Finding:
    return Finding(
        at=Location("web/config.py", 4),
        says="SECRET_KEY is written in the source",
        evidence=(Evidence(Location("web/config.py", 4), "set here", repr(SECRET), secret=True),),
        confidence=Confidence.LIKELY,
        severity=Severity.HIGH,
        fix=Fix('SECRET_KEY = os.environ["SECRET_KEY"]'),
        proof=SECRET,
        secret=True,
        rule="secret-key/hardcoded",
        topic="secret-key",
        layer="app",
        app="shop",
        cwe=321,
        tags=("A02:2025",),
        fingerprint=TWO,
        note="suppression expired on 2026-01-01 (web/config.py:3)",
    )


def _open_port() -> Finding:
    return Finding(
        at=Location(port=6379),
        says="redis answers anybody",
        confidence=Confidence.CONFIRMED,
        severity=Severity.MEDIUM,
        rule="datastore-auth/redis",
        topic="datastore-auth",
        layer="ports",
        app="shop",
        cwe=306,
        fingerprint=THREE,
    )


def _settings() -> dict[str, Value]:
    key = Evidence(Location("web/config.py", 4), "set here", repr(SECRET))
    return {
        "DEBUG": Value(State.KNOWN, value=True, evidence=(Evidence(Location("web/config.py", 3), "set here", "True"),)),
        "SECRET_KEY": Value(State.KNOWN, SECRET, evidence=(key,), secret=True),
        "JWT_SECRET_KEY": Value(
            State.ONE_OF,
            cases_=(Value(State.KNOWN, SECRET), Value(State.KNOWN, None), Value(State.UNSET)),
            confidence=Confidence.POSSIBLE,
            secret=True,
        ),
        "NAME": Value(State.KNOWN, "Sjökafé \U0001f980"),
        "TESTING": Value(State.UNSET),
        "SALT": Value(State.RUNTIME, why="secrets.token_hex() is random"),
        "PORT": Value(State.ERROR, why="int('http') fails"),
        "run.host": Value(State.UNKNOWN, why="read from a database"),
    }


@pytest.fixture
def secret() -> str:
    """Return the text that no format may show."""
    return SECRET


@pytest.fixture
def report() -> Report:
    """Return a report in which every part is filled."""
    return Report(
        target="shop",
        score=Score(
            points=44,
            letter="F",
            evaluated=41,
            applicable=58,
            table=(Points(ONE, "debug-mode/flask", 40.0), Points(TWO, "secret-key/hardcoded", 12.0)),
            cap="at most F: debug-mode/flask is critical and certain",
            next=(Gain(ONE, "debug-mode/flask", 25), Gain(TWO, "secret-key/hardcoded", 18)),
        ),
        gate=Gate(passed=False, why=("2 findings are high or worse",), code=1),
        layers={"app": "evaluated", "container": "nothing found", "host": "permission denied", "http": "not asked"},
        apps=(
            AppSummary("shop", "flask", "web", STARTED, _settings()),
            AppSummary("tool", "flask", ".", Entry("python tool.py", None, assumed=True), {}),
        ),
        findings=(_debug(), _key(), _open_port()),
        unsure=(
            Unsure("web/old.py", "it is Python 2", Location("web/old.py", 1)),
            Unsure("a rule", "it failed", detail="Traceback\n  boom"),
            Unsure("/proc", "permission denied", layer="host"),
        ),
        suppressed=(
            Suppressed(_debug(), "the lab is open on purpose", Location("web/app.py", 8), "2027-03-01", "ana"),
        ),
        not_deployed=(NotDeployed("debug is True", "only in tests", Location("tests/conftest.py", 5)),),
        notes=("web/app.py:1: suppression of cors is not needed: nothing was found there",),
        inputs=("Procfile", "pyproject.toml", "web/app.py", "web/config.py"),
        http=({"url": "http://127.0.0.1:5000/", "grade": "B+", "score": 80, "requests": 101},),
        listeners=({"address": "0.0.0.0", "port": 6379, "process": "redis", "service": "redis", "auth": "none"},),
    )


@pytest.fixture
def empty() -> Report:
    """Return the report on a directory with nothing in it."""
    return Report(
        target=".",
        score=Score(points=0, letter="F", evaluated=0, applicable=0, cap="at most F: no check had evidence"),
        gate=Gate(passed=False, why=("there is nothing here to audit",), code=3),
        layers={"app": "nothing found"},
    )
