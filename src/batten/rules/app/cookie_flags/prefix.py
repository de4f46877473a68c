"""The session cookie's name does not bind it to the host.

A sister host (`blog.example.com`) or anybody who can answer a plain-HTTP request may
set a cookie of the same name for the app, and so log the visitor in as somebody
else or fix the session. Browsers refuse that for names that start with
`__Host-`: such a cookie must be Secure, come from the host itself, and hold for
its whole path.

Shown to auditors only: it needs HTTPS everywhere, at the developer's desk too.

Silent for names that start with `__Host-` or `__Secure-`.

Fix: `SESSION_COOKIE_NAME = "__Host-session"` in Flask and Django, with Secure on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.app.cookie_flags._seen import Role, cookies
from batten.rules.form import first
from batten.rules.samples import shown
from batten.understand.answers.site import Site, seen
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = '"__Host-session"'
"""The name as it is written in Python."""

APP = """\
import os

from flask import Flask, session

app = Flask(__name__)  # <- here
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SECURE"] = True


@app.get("/")
def index():
    session["seen"] = True
    return "hello"
"""


@rule(
    id="cookie-flags/prefix",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    persona="auditor",
    sources=["draft-ietf-httpbis-rfc6265bis section 4.1.3", "OWASP A02:2025"],
    bad=[Bad("Flask's own name", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good(
            "bound to the host",
            {
                "app.py": APP.replace(
                    'app.config["SESSION_COOKIE_SECURE"]',
                    'app.config["SESSION_COOKIE_NAME"] = "__Host-session"\napp.config["SESSION_COOKIE_SECURE"]',
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        )
    ],
)
def name_without_prefix(app: App) -> Iterator[Finding]:
    """Yield a finding for a session cookie whose name any host of the domain may use."""
    for cookie in app.cookies:
        if cookie.role == "session" and cookie.used and cookie.name:
            if cookie.name.startswith(("__Host-", "__Secure-")):
                continue
            name = cookie.settings.get("name", "SESSION_COOKIE_NAME")
            yield Finding(
                at=first(cookie.at, app.at),
                says=f"the session cookie is called {cookie.name!r}: other hosts of the domain can set it",
                fix=Fix(f"{advice.setting(name, _HOST)[:-1]}, with Secure on."),
                symbol=f"name of {cookie.name}",
            )


@live(
    over=Site,
    bad=[Bad("Flask's own name", answers={"GET / # <- here": shown("", "Set-Cookie: session=e30.aZ; Secure; Path=/")})],
    good=[
        Good("bound to the host", answers={"GET /": shown("", "Set-Cookie: __Host-session=e30.aZ; Secure; Path=/")}),
        Good("plain HTTP", answers={"GET http://127.0.0.1:5000/": shown("", "Set-Cookie: session=e30.aZ; Path=/")}),
    ],
)
def name_sent_without_prefix(site: Site) -> Iterator[Finding]:
    """Yield a finding for each session cookie of an https site whose name any host of the domain may use."""
    told: set[str] = set()
    for one in cookies(site, Role.SESSION):
        name = one.cookie.name
        if site.is_https and name not in told and not name.startswith(("__Host-", "__Secure-")):
            told.add(name)
            yield Finding(
                at=one.at,
                says=f"the session cookie is called {name!r}: other hosts of the domain can set it",
                evidence=(seen(one.answer, f"answered {one.answer.status} with the cookie {name!r}"),),
                fix=Fix(f"Call it {_HOST}, with Secure on."),
                symbol=f"name of {name}",
            )
