"""The CSRF cookie also travels over plain HTTP.

The cookie carries half of the proof that a request comes from the app's own page.
Who reads it on the network, or sets one from a plain-HTTP answer, can forge that
proof. Scripts of the app have to read it, so `HttpOnly` is not asked for.

Silent when Secure is on, and for libraries that keep the token in the session
(Flask-WTF; Django with `CSRF_USE_SESSIONS`).

Fix: set the framework's or library's Secure setting: `CSRF_COOKIE_SECURE = True`
(Django, Flask-SeaSurf), `JWT_COOKIE_SECURE = True` (Flask-JWT-Extended).
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

from flask import Flask
from flask_seasurf import SeaSurf

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["CSRF_COOKIE_SECURE"] = False  # <- here
csrf = SeaSurf(app)
"""


@rule(
    id="cookie-flags/csrf",
    severity=Severity.LOW,
    cwe=614,
    over=App,
    sources=["Flask-SeaSurf 2.0 docs, Configuration", "OWASP CSRF Prevention Cheat Sheet", "OWASP A02:2025"],
    bad=[
        Bad(
            "switched off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "switched off in Django",
            django("CSRF_COOKIE_SECURE = False  # <- here"),
            fixed=django("CSRF_COOKIE_SECURE = True"),
        ),
    ],
    good=[
        Good("in the session, in Django", django("CSRF_USE_SESSIONS = True")),
        Good("on", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def csrf_cookie_not_secure(app: App) -> Iterator[Finding]:
    """Yield a finding when a CSRF cookie may lack Secure."""
    yield from off(app, "csrf", "secure", Severity.LOW, "the CSRF cookie also travels over plain HTTP")


@live(
    over=Site,
    bad=[
        Bad(
            "Django's default", answers={"GET / # <- here": shown("", "Set-Cookie: csrftoken=x9; Path=/; SameSite=Lax")}
        )
    ],
    good=[
        Good("sent with it, scripts have to read it", answers={"GET /": shown("", "Set-Cookie: csrftoken=x9; Secure")}),
        Good(
            "over plain HTTP",
            answers={"GET http://127.0.0.1:8000/": shown("", "Set-Cookie: csrftoken=x9; Path=/; SameSite=Lax")},
        ),
    ],
)
def csrf_cookie_sent_bare(site: Site) -> Iterator[Finding]:
    """Yield a finding for each cookie against CSRF that an https site set without Secure."""
    yield from first_of_each(
        one.lacks("secure", f"the CSRF cookie {one.cookie.name!r} is set without Secure", "True")
        for one in cookies(site, Role.AGAINST_CSRF)
        if site.is_https and not one.cookie.secure
    )
