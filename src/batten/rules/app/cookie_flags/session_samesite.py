"""The session cookie goes along with requests that other sites make.

A page anywhere can send the visitor's browser to the app with a form or an image;
if the cookie goes along, the app takes the request for the visitor's own wish.
`SameSite=Lax` keeps it out of all but plain links.

Flask's default is to say nothing (Django and Starlette say Lax). Chrome and Edge
then treat the cookie as Lax; Firefox and Safari do not. The finding is low when
nothing is said, and medium for `"None"`, which asks every browser to send it.

Silent for Lax and Strict, and when the app has no session.

Fix: `SESSION_COOKIE_SAMESITE = "Lax"`, `same_site="lax"` in Starlette; `"None"` only for an app that
other sites embed, together with a CSRF token on every form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.app.cookie_flags._flags import flags, setting
from batten.rules.app.cookie_flags._seen import Role, cookies, first_of_each
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import django, shown
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask, session

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SAMESITE"] = "None"  # <- here


@app.get("/")
def index():
    session["seen"] = True
    return "hello"
"""

UNSET = APP.replace('app.config["SESSION_COOKIE_SAMESITE"] = "None"  # <- here\n', "")


@rule(
    id="cookie-flags/session-samesite",
    severity=Severity.MEDIUM,
    cwe=1275,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, SESSION_COOKIE_SAMESITE",
        "draft-ietf-httpbis-rfc6265bis section 5.6.7",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "asked for on every request",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace('"None"', '"Lax"')},
        ),
        Bad(
            "never set",
            {
                "app.py": UNSET.replace("Flask(__name__)", "Flask(__name__)  # <- here"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "Django told to send it everywhere",
            django('SESSION_COOKIE_SAMESITE = "None"  # <- here'),
            fixed=django('SESSION_COOKIE_SAMESITE = "Lax"'),
        ),
    ],
    good=[
        Good("Django's default", django()),
        Good("Lax", {"app.py": APP.replace('"None"', '"Lax"'), "Procfile": "web: gunicorn app:app\n"}),
        Good("Strict", {"app.py": APP.replace('"None"', '"strict"'), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def session_cross_site(app: App) -> Iterator[Finding]:
    """Yield a finding when the session cookie may be sent with other sites' requests."""
    yield from one_per_place(
        Finding(
            at=first(case.at, cookie.at, app.at),
            says=f"{setting(cookie, 'samesite')} is {_said(case.value)}",
            evidence=case.evidence,
            confidence=case.confidence,
            severity=Severity.MEDIUM if case.value else Severity.LOW,
            fix=replaced(case, '"Lax"', advice.setting(setting(cookie, "samesite"), '"Lax"')),
            symbol=setting(cookie, "samesite"),
        )
        for cookie, case in flags(app, "session", "samesite")
        if not case.value or str(case.value).lower() == "none"
    )


def _said(value: object) -> str:
    if value:
        return "'None': the session cookie goes along with every site's requests"
    return "not set: Firefox and Safari send the session cookie along with other sites' requests"


@live(
    over=Site,
    bad=[
        Bad("never set", answers={"GET / # <- here": shown("", "Set-Cookie: session=e30.aZ; Secure; HttpOnly")}),
        Bad("everywhere", answers={"GET / # <- here": shown("", "Set-Cookie: sid=1f; Secure; SameSite=None")}),
        Bad(
            "a word that browsers pass over", answers={"GET / # <- here": shown("", "Set-Cookie: sid=1f; SameSite=Low")}
        ),
    ],
    good=[
        Good("Lax", answers={"GET /": shown("", "Set-Cookie: session=e30.aZ; Secure; HttpOnly; SameSite=Lax")}),
        Good("the country", answers={"GET /": shown("", "Set-Cookie: country=de; Secure; SameSite=None")}),
    ],
)
def session_sent_cross_site(site: Site) -> Iterator[Finding]:
    """Yield a finding for each session cookie that may be sent with other sites' requests."""
    yield from first_of_each(
        one.lacks(
            "samesite",
            f"SameSite of the session cookie {one.cookie.name!r} is {_said(one.cookie.known_same_site and 'None')}",
            '"Lax"',
            Severity.MEDIUM if one.cookie.known_same_site else Severity.LOW,
        )
        for one in cookies(site, Role.SESSION)
        if one.cookie.known_same_site in {None, "none"}
    )
