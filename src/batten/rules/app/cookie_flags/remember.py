"""The remember-me cookie lacks a flag.

Flask-Login's remember token logs its bearer in for a year, without a password.
It is worth more than the session, and has settings of its own: what stands in
`SESSION_COOKIE_…` does not protect it. Without `Secure` it travels over plain
HTTP, without `HttpOnly` a script reads it, without `SameSite` other sites make
requests with it.

Silent when the app never remembers anybody, and for flags that are on. Flask-Login's
own defaults are Secure off, HttpOnly on, SameSite not set.

Fix: `REMEMBER_COOKIE_SECURE = True`, `REMEMBER_COOKIE_SAMESITE = "Lax"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.app.cookie_flags._flags import flags, off, setting
from batten.rules.app.cookie_flags._seen import Role, cookies, first_of_each
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import shown
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask
from flask_login import LoginManager, login_user

from accounts import find

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["REMEMBER_COOKIE_SAMESITE"] = "Lax"
app.config["REMEMBER_COOKIE_SECURE"] = False  # <- here
login = LoginManager(app)


@app.post("/login")
def sign_in():
    login_user(find(), remember=True)
    return "welcome"
"""


@rule(
    id="cookie-flags/remember",
    severity=Severity.MEDIUM,
    cwe=614,
    over=App,
    sources=["Flask-Login 0.6 docs, Cookie Settings", "OWASP A02:2025"],
    bad=[
        Bad(
            "the token over plain HTTP",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "readable by scripts",
            {
                "app.py": APP.replace("_SECURE", "_HTTPONLY").replace(
                    "login = ", 'app.config["REMEMBER_COOKIE_SECURE"] = True\nlogin = '
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
            fixed={
                "app.py": APP.replace("_SECURE", "_HTTPONLY")
                .replace("login = ", 'app.config["REMEMBER_COOKIE_SECURE"] = True\nlogin = ')
                .replace("False", "True")
            },
        ),
    ],
    good=[
        Good("all three", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def remember_cookie(app: App) -> Iterator[Finding]:
    """Yield a finding for each flag that the remember-me cookie may lack."""
    yield from off(app, "remember", "secure", Severity.MEDIUM, "the remember-me token also travels over plain HTTP")
    yield from off(app, "remember", "httponly", Severity.MEDIUM, "scripts can read the remember-me token")
    yield from one_per_place(
        Finding(
            at=first(case.at, cookie.at, app.at),
            says=f"{setting(cookie, 'samesite')} is {_said(case.value)}: other sites' requests carry the token",
            evidence=case.evidence,
            confidence=case.confidence,
            severity=Severity.MEDIUM if case.value else Severity.LOW,
            fix=replaced(case, '"Lax"', advice.setting(setting(cookie, "samesite"), '"Lax"')),
            symbol=setting(cookie, "samesite"),
        )
        for cookie, case in flags(app, "remember", "samesite")
        if not case.value or str(case.value).lower() == "none"
    )


def _said(value: object) -> str:
    return "'None'" if value else "not set"


@live(
    over=Site,
    bad=[
        Bad("readable", answers={"GET / # <- here": shown("", "Set-Cookie: remember_me=1; Secure; SameSite=Lax")}),
        Bad(
            "Flask-Login's defaults",
            answers={"GET / # <- here": shown("", "Set-Cookie: remember_token=1|9c; HttpOnly; Path=/")},
        ),
    ],
    good=[
        Good(
            "all three",
            answers={"GET /": shown("", "Set-Cookie: remember_token=1|9c; Secure; HttpOnly; SameSite=Lax")},
        ),
        Good("taken away", answers={"GET /": shown("", "Set-Cookie: remember_token=; Max-Age=0")}),
    ],
)
def remember_cookie_sent(site: Site) -> Iterator[Finding]:
    """Yield a finding for each flag that a remember-me cookie was set without."""
    yield from first_of_each(_not_sent(site))


def _not_sent(site: Site) -> Iterator[Finding]:
    for one in cookies(site, Role.REMEMBER):
        what = f"the remember-me cookie {one.cookie.name!r}"
        if site.is_https and not one.cookie.secure:
            yield one.lacks("secure", f"{what} also travels over plain HTTP", "True")
        if not one.cookie.http_only:
            yield one.lacks("httponly", f"scripts can read {what}", "True")
        if one.cookie.known_same_site in {None, "none"}:
            severity = Severity.MEDIUM if one.cookie.known_same_site else Severity.LOW
            says = f"SameSite of {what} is {_said(one.cookie.known_same_site)}: other sites' requests carry the token"
            yield one.lacks("samesite", says, '"Lax"', severity)
