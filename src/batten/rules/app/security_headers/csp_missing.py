"""Pages come without a Content-Security-Policy.

The policy tells browsers from where scripts may come. Without it, one unescaped value
in one template is a script with the visitor's rights; with it, the browser refuses to
run what the page's author did not name. It is the second lock behind escaping.

A policy that only reports (`…-Report-Only`) blocks nothing.

Silent when the app, an extension or the proxy sets one, for an app that serves no pages,
and when a hook could not be followed.

Fix: `response.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'none';
base-uri 'none'; frame-ancestors 'none'"` in `after_request`, or Flask-Talisman; django-csp in Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules import advice
from batten.rules.headers import absent, lacking, may_say
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from flask import Flask, render_template

app = Flask(__name__)  # <- here


@app.get("/")
def index():
    return render_template("index.html")
"""

HOOK = """\


@app.after_request
def headers(response):
    response.headers["Content-Security-Policy"] = "default-src 'self'; object-src 'none'"
    return response
"""


@rule(
    id="security-headers/csp-missing",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    sources=["CSP Level 3", "OWASP A02:2025"],
    bad=[Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
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
def no_policy(app: App) -> Iterator[Finding]:
    """Yield a finding when pages have no policy that blocks anything."""
    headers = lacking(app, "content-security-policy")
    if headers is not None:
        reports = may_say(headers, "content-security-policy-report-only")
        yield absent(
            app,
            headers,
            "Content-Security-Policy only reports, and blocks nothing"
            if reports
            else "no Content-Security-Policy on any response",
            advice.header(app, "Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'"),
            "content-security-policy",
        )
