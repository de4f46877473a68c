"""A session stays valid for a month or more.

Flask accepts a session cookie for `PERMANENT_SESSION_LIFETIME` after it was last
written, 31 days by default, also one that the browser forgot at its end: the
signature carries the time, and nothing on the server ends it. Django keeps a session for
`SESSION_COOKIE_AGE` seconds, two weeks by default, and so does Starlette's
SessionMiddleware, unless `max_age=None` tells it never to look. A stolen cookie is a
login for all that time.

Shown to auditors only. Silent when the lifetime is 30 days or less, and when the
app has no session.

Fix: `PERMANENT_SESSION_LIFETIME = timedelta(hours=12)`, in Django `SESSION_COOKIE_AGE =
43200`, or less for what is worth more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, Value, rule
from batten.rules.form import first
from batten.rules.samples import django
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_S = 30 * 24 * 3600
"""NIST SP 800-63B section 4.1.3: log in anew at least every 30 days, at the lowest level."""

FLASK_DEFAULT_S = 31 * 24 * 3600
"""Flask 3.1 `Flask.default_config["PERMANENT_SESSION_LIFETIME"]`."""
MAX_AGE = "session.max_age"
"""Of Starlette 1.10 `SessionMiddleware`; None is for ever."""
SETTINGS = {
    "flask": ("PERMANENT_SESSION_LIFETIME", FLASK_DEFAULT_S),
    "quart": ("PERMANENT_SESSION_LIFETIME", FLASK_DEFAULT_S),
    "django": ("SESSION_COOKIE_AGE", 14 * 24 * 3600),
    "fastapi": (MAX_AGE, 14 * 24 * 3600),
    "starlette": (MAX_AGE, 14 * 24 * 3600),
}
"""Framework to the setting, and its default in seconds (Django 5.2 `django.conf.global_settings`)."""

APP = """\
import os

from flask import Flask, session

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["PERMANENT_SESSION_LIFETIME"] = 7776000  # <- here


@app.get("/")
def index():
    session["seen"] = True
    return "hello"
"""

STARLETTE = """\
import os

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

sessions = Middleware(SessionMiddleware, secret_key=os.environ["SECRET_KEY"], max_age=None)  # <- here
app = Starlette(middleware=[sessions])
"""


@rule(
    id="cookie-flags/lifetime",
    severity=Severity.LOW,
    cwe=613,
    over=App,
    persona="auditor",
    sources=["Flask 3.1 SecureCookieSessionInterface.open_session", "NIST SP 800-63B section 4.1.3", "OWASP A02:2025"],
    bad=[
        Bad("90 days", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("90 days, in Django", django("SESSION_COOKIE_AGE = 7776000  # <- here")),
        Bad(
            "Flask's own 31 days",
            {
                "app.py": APP.replace('app.config["PERMANENT_SESSION_LIFETIME"] = 7776000  # <- here\n', "").replace(
                    "Flask(__name__)", "Flask(__name__)  # <- here"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad("nobody looks at its age", {"app.py": STARLETTE, "Procfile": "web: uvicorn app:app\n"}),
    ],
    good=[
        Good(
            "two weeks, as SessionMiddleware has it",
            {"app.py": STARLETTE.replace(", max_age=None", ""), "Procfile": "web: uvicorn app:app\n"},
        ),
        Good("Django's own two weeks", django()),
        Good("12 hours", {"app.py": APP.replace("7776000", "43200"), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def long_session(app: App) -> Iterator[Finding]:
    """Yield a finding when sessions last longer than a login should."""
    session = next((c for c in app.cookies if c.role == "session" and c.used), None)
    if session is None or app.framework not in SETTINGS:
        return
    name, default_s = SETTINGS[app.framework]
    written = app.setting(name)
    unset = Value(State.KNOWN, default_s, at=app.at)
    for case in (unset,) if written.state is State.UNSET else written.cases():
        seconds = _seconds(case)
        if seconds is None and case.default:
            seconds = default_s
        endless = name == MAX_AGE and case.value is None
        if endless or (seconds is not None and seconds > LONGEST_S):
            yield Finding(
                at=first(case.at, session.at, app.at),
                says="a session stays valid for " + ("ever" if endless else f"{(seconds or 0) // (24 * 3600)} days"),
                evidence=case.evidence,
                confidence=case.confidence,
                fix=Fix(f"Set `{'max_age' if name == MAX_AGE else name}` to twelve hours."),
                symbol=name,
            )


def _seconds(case: Value) -> int | None:
    if isinstance(case.value, (int, float)) and not isinstance(case.value, bool):
        return int(case.value)
    return None
