"""Scripts on the page can read the session cookie.

One hole for a script, in a page, a dependency or an advertisement, then takes
the session of every visitor away with it: `document.cookie` is sent elsewhere, and
the thief is logged in until the session ends.

It is on by default in Flask and Django; somebody switched it off. Silent when it
is on.

Fix: delete the line, or `SESSION_COOKIE_HTTPONLY = True`; a script that needs to
know who is logged in asks the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.cookie_flags._flags import off
from batten.rules.app.cookie_flags._seen import Role, cookies, first_of_each
from batten.rules.samples import django, shown
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
import os

from flask import Flask, session

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_HTTPONLY"] = False  # <- here


@app.get("/")
def index():
    session["seen"] = True
    return "hello"
"""


@rule(
    id="cookie-flags/session-httponly",
    severity=Severity.MEDIUM,
    cwe=1004,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, SESSION_COOKIE_HTTPONLY",
        "RFC 6265 section 4.1.2.6",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "switched off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "switched off in Django",
            django("SESSION_COOKIE_HTTPONLY = False  # <- here"),
            fixed=django("SESSION_COOKIE_HTTPONLY = True"),
        ),
    ],
    good=[
        Good("Django's default", django()),
        Good("on", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Flask's default",
            {
                "app.py": APP.replace('app.config["SESSION_COOKIE_HTTPONLY"] = False  # <- here\n', ""),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def session_readable(app: App) -> Iterator[Finding]:
    """Yield a finding when the session cookie may lack HttpOnly."""
    yield from off(app, "session", "httponly", Severity.MEDIUM, "scripts can read the session cookie")


@live(
    over=Site,
    bad=[
        Bad("set without it", answers={"GET / # <- here": shown("", "Set-Cookie: sessionid=1f; Secure; SameSite=Lax")})
    ],
    good=[
        Good("set with it", answers={"GET /": shown("", "Set-Cookie: sessionid=1f; Secure; HttpOnly")}),
        Good("analytics", answers={"GET /": shown("", "Set-Cookie: _ga=GA1.2.3; Path=/")}),
    ],
)
def session_sent_readable(site: Site) -> Iterator[Finding]:
    """Yield a finding for each session cookie that was set without HttpOnly."""
    yield from first_of_each(
        one.lacks("httponly", f"scripts can read the session cookie {one.cookie.name!r}", "True")
        for one in cookies(site, Role.SESSION)
        if not one.cookie.http_only
    )
