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

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.headers import pages, said, wrong
from batten.rules.samples import shown
from batten.understand.answers.crossing import again
from batten.understand.answers.facts import Where
from batten.understand.answers.openings import openings, openings_of
from batten.understand.answers.page import tags
from batten.understand.answers.policies import SCRIPT, read
from batten.understand.answers.site import Site, seen
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

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
                _FIX,
                "content-security-policy",
            )


def _weakness(policy: str, *, pages: bool) -> str:
    """Return why an injected script would run under the policy, or nothing; what it leaves out counts for pages."""
    held = read(policy, Where("", "Content-Security-Policy"))
    if held is None or (not pages and held.sources(SCRIPT) is None):
        return ""
    return " and ".join(openings((held,)))


_FIX = "Name the hosts of scripts, and give inline scripts a nonce."


def _sent(policy: str) -> str:
    return shown("", f"Content-Security-Policy: {policy}")


@live(
    over=Site,
    bad=[
        Bad("inline scripts run", answers={"GET / # <- here": _sent("default-src 'self' 'unsafe-inline'")}),
        Bad("scripts as data", answers={"GET / # <- here": _sent("script-src 'self' data:; object-src 'none'")}),
        Bad(
            "a script tag may name any host", answers={"GET / # <- here": _sent("script-src 'nonce-x1y2z3a4b5' https:")}
        ),
        Bad(
            "handlers in attributes",
            answers={"GET / # <- here": _sent("default-src 'self'; script-src-attr 'unsafe-inline'")},
        ),
        Bad(
            "anybody publishes there", answers={"GET / # <- here": _sent("script-src 'self' https://cdn.jsdelivr.net")}
        ),
        Bad("the same nonce each time", answers={"GET / # <- here": _sent("script-src 'nonce-x1y2z3a4b5'")}),
    ],
    good=[
        Good("own scripts only", answers={"GET /": _sent("default-src 'self'")}),
        Good("a second policy forbids it", answers={"GET /": _sent("script-src 'unsafe-inline', script-src 'self'")}),
        Good(
            "scripts vouch for each other", answers={"GET /": _sent("script-src 'sha256-abc=' 'strict-dynamic' https:")}
        ),
        Good("one folder of the host", answers={"GET /": _sent("script-src https://cdn.jsdelivr.net/npm/vue@3.5.13/")}),
        Good(
            "inline styles are another matter",
            answers={"GET /": _sent("default-src 'self'; style-src 'unsafe-inline'")},
        ),
    ],
)
def scripts_get_past(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first page whose policies let an injected script run."""
    for page in pages(site):
        ways = tuple(openings_of(page.answer, tags(page.answer.text), again(site, page.answer)))
        if ways:
            value = page.answer.joined("content-security-policy")
            yield Finding(
                at=page.at,
                says=f"the Content-Security-Policy {ways[0]}",
                evidence=(
                    seen(
                        page.answer,
                        f"answered {page.answer.status} with Content-Security-Policy:",
                        (value or "in a meta tag")[:300],
                    ),
                    *(seen(page.answer, f"it also {way}") for way in ways[1:4]),
                ),
                fix=Fix(_FIX),
                symbol="content-security-policy",
            )
            return
