"""Other sites may put the app's pages into a frame.

A page elsewhere lays the app, made invisible, over a game or a prize, and the visitor's
click lands on a button of the app, with the visitor's session (clickjacking).

`frame-ancestors` of the Content-Security-Policy decides; `X-Frame-Options` does for
browsers from before 2017.

Silent when one of the two names who may, for an app that serves no pages, and when a hook
could not be followed.

Fix: `Content-Security-Policy: frame-ancestors 'none'`, or `X-Frame-Options: DENY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import WITHOUT, absent, bare, lacking, pages, policy_decides
from batten.rules.samples import django, served, shown
from batten.understand.answers.framing import Framing, framing
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
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
"""


@rule(
    id="security-headers/framing",
    severity=Severity.LOW,
    cwe=1021,
    over=App,
    sources=["CSP Level 3 section 6.4.2", "RFC 7034", "OWASP A02:2025"],
    bad=[Bad("nothing says who may", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("Django's middleware", django()),
        Good("own pages only", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "in the policy",
            {
                "app.py": APP
                + HOOK.replace(
                    '"X-Frame-Options"] = "SAMEORIGIN"', '"Content-Security-Policy"] = "frame-ancestors \'none\'"'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def frames_allowed(app: App) -> Iterator[Finding]:
    """Yield a finding when every site may frame the pages."""
    # A value that browsers do not understand is told by no-effect/frame-options.
    headers = lacking(app, "x-frame-options")
    if headers is not None and not policy_decides(headers):
        yield absent(
            app,
            headers,
            "every site may put the pages into a frame",
            _fix(app),
            "frame-ancestors",
        )


def _fix(app: advice.Made) -> str:
    return (
        f"{advice.header(app, 'X-Frame-Options', 'DENY')} Or `frame-ancestors 'none'` in the Content-Security-Policy."
    )


@live(
    over=Site,
    bad=[
        Bad("nothing says who may", answers={"GET / # <- here": shown()}),
        Bad("a word that no browser knows", answers={"GET / # <- here": shown("", "X-Frame-Options: ALLOWALL")}),
        Bad(
            "the policy counts before the option",
            answers={
                "GET / # <- here": shown("", "X-Frame-Options: DENY", "Content-Security-Policy: frame-ancestors *"),
            },
        ),
    ],
    good=[
        Good("nobody", answers={"GET /": shown("", "X-Frame-Options: deny")}),
        Good(
            "by app and by proxy", answers={"GET /": shown("", "X-Frame-Options: DENY", "X-Frame-Options: SAMEORIGIN")}
        ),
        Good("those named", answers={"GET /": shown("", "Content-Security-Policy: frame-ancestors https://a.example")}),
        Good("data is not shown", answers={"GET /": served("{}", "application/json")}),
    ],
)
def framed(site: Site) -> Iterator[Finding]:
    """Yield a finding when every site may frame a page that was seen."""
    judged = pages(site)
    open_ones = [page for page in judged if framing(page.answer) is Framing.ANYONE]
    value = open_ones[0].answer.joined("x-frame-options") if open_ones else None
    sees = f"with X-Frame-Options: {value[:80]}, which does not count" if value else WITHOUT
    yield from bare(open_ones, judged, "every site may put the pages into a frame", sees, _fix(site), "frame-ancestors")
