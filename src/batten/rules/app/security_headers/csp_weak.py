"""The Content-Security-Policy lets any script through.

A policy that allows `'unsafe-inline'` for scripts without a nonce or a hash, or scripts
from `*`, `https:` or `data:`, runs what an attacker writes into the page: the one thing
that it is for. The same holds when it names no `script-src` and no `default-src`, where pages are served.

What it says about styles and images is not judged.

Silent for `'self'` and named hosts, and where a nonce, a hash or `'strict-dynamic'` makes
browsers ignore the wide words.

Fix: move inline scripts into files, or give them a nonce (Flask-Talisman:
`content_security_policy_nonce_in=["script-src"]`), and name hosts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.headers import said, wrong
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/")
def index():
    return render_template("index.html")


@app.after_request
def headers(response):
    response.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"  # <- here
    return response
"""
API = """\
from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.middleware("http")
async def headers(request, call_next):
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response
"""


@rule(
    id="security-headers/csp-weak",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    sources=["CSP Level 3 section 6.7", "OWASP A02:2025"],
    bad=[
        Bad("inline scripts run", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "scripts of any host",
            {"app.py": APP.replace("'self' 'unsafe-inline'", "*"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad(
            "nothing said about scripts",
            {
                "app.py": APP.replace("default-src 'self' 'unsafe-inline'", "frame-ancestors 'none'"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "own scripts only",
            {"app.py": APP.replace(" 'unsafe-inline'", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good("an API whose answers nobody shall frame", {"app.py": API, "Procfile": "web: uvicorn app:app\n"}),
        Good(
            "inline styles are another matter",
            {
                "app.py": APP.replace("'self' 'unsafe-inline'", "'self'; style-src 'self' 'unsafe-inline'"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def policy_lets_scripts_in(app: App) -> Iterator[Finding]:
    """Yield a finding for a policy under which an injected script runs."""
    for headers, case, policy in said(app, "content-security-policy"):
        why = _weakness(policy, pages=headers.serves_pages)
        if why:
            yield wrong(
                app,
                headers,
                case,
                f"the Content-Security-Policy {why}",
                "Name the hosts of scripts, and give inline scripts a nonce.",
                "content-security-policy",
            )


def _weakness(policy: str, *, pages: bool) -> str:
    """Return why an injected script would run under the policy, or nothing; what it leaves out counts for pages."""
    directives: dict[str, list[str]] = {}
    for part in policy.lower().split(";"):
        name, *values = part.split() or [""]
        directives.setdefault(name, values)  # CSP Level 3: a repeated directive is ignored
    sources = directives.get("script-src", directives.get("default-src"))
    if sources is None:
        return "says nothing about scripts" if pages else ""
    if any(source.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for source in sources):
        return ""  # browsers then ignore 'unsafe-inline'; wide hosts need a tag in the page
    if "'strict-dynamic'" in sources:
        return ""
    wide = [source for source in sources if source in _WIDE]
    return f"allows scripts from {', '.join(wide)}" if wide else ""


_WIDE = frozenset({"'unsafe-inline'", "*", "http:", "https:", "data:", "http://*", "https://*"})
