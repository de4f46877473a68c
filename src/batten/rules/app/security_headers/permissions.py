"""Pages do not say which of the browser's powers they need.

`Permissions-Policy` switches camera, microphone, location and the like off for the page
and for what it embeds, so that an injected script or a frame cannot ask for them.

Shown to auditors only: browsers ask the visitor anyway.

Silent when the header (or its old name Feature-Policy) is set, and for an app that serves
no pages.

Fix: `Permissions-Policy: camera=(), microphone=(), geolocation=()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import absent, lacking, not_sent
from batten.rules.samples import shown
from batten.understand.answers.site import Site
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
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    return response
"""


@rule(
    id="security-headers/permissions",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    persona="auditor",
    sources=["Permissions Policy, W3C", "OWASP A02:2025"],
    bad=[Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"})],
)
def powers_not_limited(app: App) -> Iterator[Finding]:
    """Yield a finding when pages keep all of the browser's powers."""
    headers = lacking(app, "permissions-policy", "feature-policy")
    if headers is not None:
        yield absent(
            app,
            headers,
            "no Permissions-Policy on any response",
            advice.header(app, "Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
            "permissions-policy",
        )


@live(
    over=Site,
    bad=[Bad("not sent", answers={"GET / # <- here": shown()})],
    good=[Good("by its old name", answers={"GET /": shown("", "Feature-Policy: camera 'none'")})],
)
def powers_not_limited_by(site: Site) -> Iterator[Finding]:
    """Yield a finding when pages that were seen keep all of the browser's powers."""
    fix = advice.header(site, "Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    yield from not_sent(site, "Permissions-Policy", fix, instead=("Feature-Policy",))
