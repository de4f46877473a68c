"""Browsers may guess what a response is.

Without `X-Content-Type-Options: nosniff` a browser may take an upload that was stored as a
picture for a script or a page, because its bytes look like one, and run it with the
rights of the site.

Silent when the header is there, and when a hook could not be followed.

Fix: `response.headers["X-Content-Type-Options"] = "nosniff"` in `after_request`, or
Flask-Talisman; in Django `SECURE_CONTENT_TYPE_NOSNIFF = True` with SecurityMiddleware.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import absent, lacking, not_sent, said, sent, sent_wrong, wrong
from batten.rules.samples import django, served, shown
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
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
"""

BLUEPRINT = """\
from flask import Blueprint

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin")
def admin():
    return "admin"


@blueprint.after_request
def headers(response):  # <- here
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
"""

PARTED = """\
from flask import Flask

from admin import blueprint

app = Flask(__name__)
app.register_blueprint(blueprint)
"""

PAGE = "HTTP/1.1 200 OK\nContent-Type: text/html\n{}\n<p>hello"

INDEX = """\


@app.get("/")
def index():
    return "hello"
"""


@rule(
    id="security-headers/nosniff",
    severity=Severity.LOW,
    cwe=693,
    over=App,
    sources=["Fetch standard, X-Content-Type-Options header", "OWASP A02:2025"],
    bad=[
        Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a blueprint sets it for its own routes only",
            {"app.py": PARTED + INDEX, "admin.py": BLUEPRINT, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad("Django's setting, off", django("SECURE_CONTENT_TYPE_NOSNIFF = False  # <- here")),
        Bad(
            "another word",
            {
                "app.py": APP.replace("  # <- here", "") + HOOK.replace('"nosniff"', '"no-sniff"  # <- here'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good("Django's default", django()),
        Good(
            "a blueprint sets it for the whole app",
            {
                "app.py": PARTED + INDEX,
                "admin.py": BLUEPRINT.replace("after_request", "after_app_request"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "the blueprint has all routes that there are",
            {"app.py": PARTED, "admin.py": BLUEPRINT, "Procfile": "web: gunicorn app:app\n"},
        ),
        Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def types_guessed(app: App) -> Iterator[Finding]:
    """Yield a finding when browsers may guess the type of a response."""
    fix = advice.header(app, "X-Content-Type-Options", "nosniff")
    headers = lacking(app, "x-content-type-options", pages=False)
    if headers is not None:
        yield absent(app, headers, "no X-Content-Type-Options on any response", fix, "x-content-type-options")
    for where, case, text in said(app, "x-content-type-options"):
        if not _is_nosniff(text):
            says = f"X-Content-Type-Options is {case}, which browsers ignore"
            yield wrong(app, where, case, says, fix, "x-content-type-options")


@live(
    over=Site,
    bad=[
        Bad("not sent", answers={"GET / # <- here": PAGE.format("")}),
        Bad("not sent with data", answers={"GET / # <- here": served("{}", "application/json")}),
        Bad("another word", answers={"GET / # <- here": PAGE.format("X-Content-Type-Options: no-sniff\n")}),
    ],
    good=[
        Good("sent", answers={"GET /": PAGE.format("X-Content-Type-Options: NoSniff\n")}),
        Good("sent by app and proxy", answers={"GET /": PAGE.format("X-Content-Type-Options: nosniff\n" * 2)}),
        Good("the server's own word that the app is away", answers={"GET /": shown(status="502 Bad Gateway")}),
    ],
)
def types_guessed_of(site: Site) -> Iterator[Finding]:
    """Yield a finding when a browser may guess the type of a page that was seen."""
    fix = advice.header(site, "X-Content-Type-Options", "nosniff")
    yield from not_sent(site, "X-Content-Type-Options", fix, data=True)
    for page, value in sent(site, "X-Content-Type-Options"):
        if not _is_nosniff(value):
            yield sent_wrong(page, "X-Content-Type-Options", value, "which browsers ignore", fix)
            return


def _is_nosniff(text: str) -> bool:
    """Return whether browsers obey (Fetch standard, determine nosniff: the first value of the list, in any case)."""
    return text.split(",", maxsplit=1)[0].strip().lower() == "nosniff"
