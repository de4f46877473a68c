"""Browsers are not told to come back over HTTPS only.

A visitor who types the name, or follows an old link, starts over plain HTTP, and whoever
shares the network can answer in the app's place: no redirect ever comes. With
`Strict-Transport-Security` the browser remembers, for as long as the header says, to
use HTTPS from the first byte.

Silent when the app, an extension or the proxy sets it, and when a hook could not be followed.

Fix: `response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"`
in `after_request`, or Flask-Talisman; in Django `SECURE_HSTS_SECONDS = 31536000` with SecurityMiddleware.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules import advice
from batten.rules.headers import absent, lacking
from batten.rules.samples import django
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from flask import Flask

app = Flask(__name__)  # <- here


@app.get("/")
def index():
    return "hello"
"""

HOOK = """\


@app.after_request
def headers(response):
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
"""


@rule(
    id="https/hsts-missing",
    severity=Severity.LOW,
    cwe=319,
    over=App,
    sources=["RFC 6797", "OWASP A02:2025"],
    bad=[Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("Django's setting", django("SECURE_HSTS_SECONDS = 31536000")),
        Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Talisman",
            {
                "app.py": APP.replace("\n\napp =", "\nfrom flask_talisman import Talisman\n\napp =").replace(
                    "\n\n\n@app", "\nTalisman(app)\n\n\n@app"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def no_hsts(app: App) -> Iterator[Finding]:
    """Yield a finding when nothing sets the header."""
    headers = lacking(app, "strict-transport-security", pages=False)
    if headers is not None:
        yield absent(
            app,
            headers,
            "no Strict-Transport-Security on any response",
            advice.header(app, "Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
            "strict-transport-security",
        )
