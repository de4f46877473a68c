"""The session cookie also travels over plain HTTP.

Without `Secure` a browser adds the cookie to every request for the site, the
unencrypted ones too: an old link, a typed address, an image that somebody
placed in another page with `http://`. Whoever shares the network reads it and is
logged in as the visitor.

It is off by default in Flask, Django and Starlette. Silent when it is on, when an
extension puts it on at the first request (Flask-Talisman 1.1 with
`session_cookie_secure`, its default), and when the app has no session.

Fix: `SESSION_COOKIE_SECURE = True` in Flask and Django, `https_only=True` for
SessionMiddleware; browsers take a host called localhost for secure, so that
development goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.cookie_flags._flags import off
from batten.rules.app.cookie_flags._seen import Role, cookies, first_of_each
from batten.rules.samples import django, fastapi, shown
from batten.understand.answers.site import Site
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
import os

from flask import Flask, session

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_COOKIE_SECURE"] = False  # <- here


@app.get("/")
def index():
    session["seen"] = True
    return "hello"
"""

SESSIONS = "import os\n\nfrom starlette.middleware.sessions import SessionMiddleware\n"

UNSET = APP.replace('app.config["SESSION_COOKIE_SECURE"] = False  # <- here\n', "")


@rule(
    id="cookie-flags/session-secure",
    severity=Severity.MEDIUM,
    cwe=614,
    over=App,
    sources=[
        "Flask 3.1 docs, Configuration Handling, SESSION_COOKIE_SECURE",
        "RFC 6265 section 4.1.2.5",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "switched off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "never set",
            {
                "app.py": UNSET.replace("Flask(__name__)", "Flask(__name__)  # <- here"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "Talisman is told not to",
            {
                "app.py": UNSET.replace("flask import", "flask_talisman import Talisman\nfrom flask import").replace(
                    "\n\n\n@app", "\nTalisman(app, session_cookie_secure=False)  # <- here\n\n\n@app"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "Starlette's default",
            fastapi(
                "app = FastAPI()",
                'app.add_middleware(SessionMiddleware, secret_key=os.environ["KEY"])  # <- here',
                imports=SESSIONS,
            ),
        ),
        Bad(
            "Django's, switched off",
            django("SESSION_COOKIE_SECURE = False  # <- here"),
            fixed=django("SESSION_COOKIE_SECURE = True"),
        ),
    ],
    good=[
        Good("on, in Django", django("SESSION_COOKIE_SECURE = True")),
        Good(
            "on, in Starlette",
            fastapi(
                "app = FastAPI()",
                'app.add_middleware(SessionMiddleware, secret_key=os.environ["KEY"], https_only=True)',
                imports=SESSIONS,
            ),
        ),
        Good("on", {"app.py": APP.replace("False", "True"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Talisman puts it on",
            {
                "app.py": UNSET.replace(
                    "import Flask, session", "import Flask, session\nfrom flask_talisman import Talisman"
                ).replace("\n\n\n@app", "\nTalisman(app)\n\n\n@app"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "a key that every start makes anew, for an extension that asks for one",
            {
                "app.py": "import secrets\n\n"
                + UNSET.replace("import Flask, session", "import Flask")
                .replace('os.environ["SECRET_KEY"]', "secrets.token_hex(16)")
                .replace('    session["seen"] = True\n', ""),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "no session",
            {
                "app.py": 'from flask import Flask\n\napp = Flask(__name__)\n\n\n@app.get("/")\ndef index():\n'
                '    return "hello"\n',
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def session_not_secure(app: App) -> Iterator[Finding]:
    """Yield a finding when the session cookie may lack Secure."""
    yield from off(app, "session", "secure", Severity.MEDIUM, "the session cookie also travels over plain HTTP")


@live(
    over=Site,
    bad=[
        Bad("Flask's", answers={"GET / # <- here": shown("", "Set-Cookie: session=e30.aZ; HttpOnly; Path=/")}),
        Bad(
            "PHP's, at the page of the login",
            answers={
                "GET /": shown('<a href="/login">log in</a>'),
                "GET /login # <- here": shown("", "Set-Cookie: PHPSESSID=1f; path=/; HttpOnly; SameSite=Lax"),
            },
        ),
    ],
    good=[
        Good("sent with it", answers={"GET /": shown("", "Set-Cookie: session=e30.aZ; Secure; HttpOnly; Path=/")}),
        Good("it is taken away", answers={"GET /": shown("", "Set-Cookie: session=; Max-Age=0; Path=/")}),
        Good("it only counts pages", answers={"GET /": shown("", "Set-Cookie: session_count=3; Path=/")}),
        Good(
            "over plain HTTP, where browsers would not take it",
            answers={"GET http://127.0.0.1:5000/": shown("", "Set-Cookie: session=e30.aZ; HttpOnly; Path=/")},
        ),
    ],
)
def session_sent_bare(site: Site) -> Iterator[Finding]:
    """Yield a finding for each session cookie that an https site set without Secure."""
    effect = "also travels over plain HTTP"
    yield from first_of_each(
        one.lacks("secure", f"the session cookie {one.cookie.name!r} is set without Secure: it {effect}", "True")
        for one in cookies(site, Role.SESSION)
        if site.is_https and not one.cookie.secure
    )
