"""Forms are accepted from every site: nothing checks for CSRF.

The app knows its visitors by a session cookie, takes requests that change something,
and neither a guard for the whole app, nor tokens in its forms, nor the cookie's
`SameSite` stops a page elsewhere from sending such a request in the visitor's name.
Chrome and Edge hold the cookie back by themselves; Firefox and Safari do not.

Silent when the session cookie is Lax or Strict, with a guard (Flask-WTF, Flask-SeaSurf,
Django's CsrfViewMiddleware, Tornado's `xsrf_cookies`) or a check by hand, for an app without
session or without such routes, and whenever one of these could not be told.

Fix: `CSRFProtect(app)` of Flask-WTF, `CsrfViewMiddleware` of Django, `xsrf_cookies=True` in
Tornado; the token in every form, and SameSite=Lax on the session cookie.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.rules import advice
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask, redirect, request, session

app = Flask(__name__)  # <- here
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]


@app.post("/address")
def address():
    session["address"] = request.form["address"]
    return redirect("/")
"""

RUN = "web: python app.py\n"

HANDLERS = """\
import os

import tornado.ioloop
import tornado.web


class Address(tornado.web.RequestHandler):
    def get(self):
        self.set_signed_cookie("user", "…", secure=True, httponly=True)

    def post(self):
        if self.get_signed_cookie("user"):
            self.application.address = self.get_argument("address")


if __name__ == "__main__":
    app = tornado.web.Application([("/", Address)], cookie_secret=os.environ["KEY"])  # <- here
    app.listen(8000, address="127.0.0.1")
    tornado.ioloop.IOLoop.current().start()
"""
"""What to do, in the framework's own words."""


@rule(
    id="csrf/missing",
    severity=Severity.MEDIUM,
    cwe=352,
    over=App,
    sources=["OWASP CSRF Prevention Cheat Sheet", "OWASP A02:2025"],
    bad=[
        Bad("a form without a guard", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("a signed cookie of Tornado's is a session", {"app.py": HANDLERS, "Procfile": RUN}),
    ],
    good=[
        Good(
            "guarded",
            {
                "app.py": APP.replace("\n\napp =", "\nfrom flask_wtf import CSRFProtect\n\napp =").replace(
                    "\n\n\n@app", "\nCSRFProtect(app)\n\n\n@app"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "the cookie stays out of other sites' requests",
            {
                "app.py": APP.replace("\n\n\n@app", '\napp.config["SESSION_COOKIE_SAMESITE"] = "Lax"\n\n\n@app'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "Tornado's token",
            {"app.py": HANDLERS.replace("cookie_secret", "xsrf_cookies=True, cookie_secret"), "Procfile": RUN},
        ),
        Good(
            "Tornado's cookie stays out of them too",
            {"app.py": HANDLERS.replace("secure=True", 'secure=True, samesite="Lax"'), "Procfile": RUN},
        ),
        Good(
            "nothing to change",
            {"app.py": APP.replace("@app.post", "@app.get"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def no_guard(app: App) -> Iterator[Finding]:
    """Yield a finding for an app that takes changes from every site."""
    wide = [case for c in app.cookies if c.role == "session" or c.signed for case in c.samesite.cases()]
    if (
        app.uses_session.is_true()
        and app.changes_state.is_true()
        and app.form_tokens.is_false()
        and not app.csrf
        and wide
        and all(not case.value or str(case.value).lower() == "none" for case in wide)
    ):
        yield Finding(
            at=app.at,
            says="requests that change something are accepted from every site",
            evidence=app.changes_state.evidence,
            confidence=Confidence.LIKELY,
            fix=Fix(advice.forms(app)),
            symbol="csrf",
        )
