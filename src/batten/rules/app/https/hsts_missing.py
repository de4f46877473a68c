"""Browsers are not told to come back over HTTPS only.

A visitor who types the name, or follows an old link, starts over plain HTTP, and whoever
shares the network can answer in the app's place: no redirect ever comes. With
`Strict-Transport-Security` the browser remembers, for as long as the header says, to
use HTTPS from the first byte.

Silent when the app, an extension or the proxy sets it, and when a hook could not be followed. A server of nginx's that
ends TLS is told where no app of the repository stands behind it.

Fix: `response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"`
in `after_request`, or Flask-Talisman; in Django `SECURE_HSTS_SECONDS = 31536000` with SecurityMiddleware.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, around, live, rule
from batten.rules import advice
from batten.rules.headers import absent, lacking
from batten.rules.samples import django, nginx, shown
from batten.understand.answers.http import host_of
from batten.understand.answers.site import Site, parts_of, seen
from batten.understand.answers.strict_transport import HEADER, read
from batten.understand.answers.visit import Visit
from batten.understand.nginx.nouns import NoHsts
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)  # <- here


@app.get("/")
def index():
    return "hello"
"""

HOOK = """\


@app.after_request
def headers(response):
    response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
"""


@rule(
    id="https/hsts-missing",
    severity=Severity.LOW,
    cwe=319,
    over=App,
    sources=["RFC 6797", "OWASP A02:2025"],
    bad=[Bad("nothing sets it", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("Django's setting", django("SECURE_HSTS_SECONDS = 31536000")),
        Good("after every request", {"app.py": APP + HOOK, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Talisman",
            {
                "app.py": APP.replace("\n\napp =", "\nfrom flask_talisman import Talisman\n\napp =").replace(
                    "\n\n\n@app", "\nTalisman(app)\n\n\n@app"
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def no_hsts(app: App) -> Iterator[Finding]:
    """Yield a finding when nothing sets the header."""
    headers = lacking(app, "strict-transport-security", pages=False)
    if headers is not None:
        yield absent(
            app,
            headers,
            "no Strict-Transport-Security on any response",
            advice.header(app, HEADER, _YEAR),
            "strict-transport-security",
        )


FILES = "root /srv/www;"
SET = f'add_header {HEADER} "max-age=31536000" always;'
SERVER = {path: text.replace("server {", "server {  # <- here") for path, text in nginx(FILES).items()}


@around(
    over=NoHsts,
    layer="server",
    bad=[Bad("nginx serves files over TLS", SERVER)],
    good=[
        Good("nginx sets it", nginx(SET, FILES)),
        Good("nginx sends browsers elsewhere", nginx("return 301 https://www.shop.example.com$request_uri;")),
        Good(
            "nginx in the clear",
            {path: text.replace("443 ssl", "80") for path, text in nginx(FILES).items()},
        ),
    ],
)
def served_without(server: NoHsts) -> Iterator[Finding]:
    """Yield a finding for a server over TLS that never sets the header."""
    yield Finding(
        at=server.at,
        says=f"no {HEADER} on any answer of {' '.join(server.names) or 'this server'}",
        evidence=server.evidence,
        confidence=server.confidence,
        fix=Fix(f'Write `add_header {HEADER} "{_YEAR}" always;` in the server.'),
        symbol=" ".join(server.names),
    )


_YEAR = "max-age=31536000; includeSubDomains"


@live(
    over=Site,
    bad=[
        Bad("not sent", answers={"GET / # <- here": shown()}),
        Bad("max-age is no number", answers={"GET / # <- here": shown("", f"{HEADER}: max-age=1y")}),
    ],
    good=[
        Good("sent", answers={"GET /": shown("", f"{HEADER}: max-age=31536000")}),
        Good(
            "sent with the redirect of the address that visitors type",
            answers={
                "GET /": f"HTTP/1.1 302 Found\nLocation: /home\n{HEADER}: max-age=31536000\n\n",
                "GET /home": shown(),
            },
        ),
    ],
)
def hsts_not_sent(site: Site) -> Iterator[Finding]:
    """Yield a finding when no answer of the https site that was named tells browsers to keep to https.

    A site on plain HTTP is not asked: browsers pass the header over there.
    """
    visit = next(parts_of(site, Visit), None)
    chain = visit.https if visit is not None else None
    if visit is None or chain is None or chain.last is None:
        return
    own = [hop for hop in chain.hops if hop.is_https and host_of(hop.url) == visit.host]
    values = [value for hop in own for value in hop.all(HEADER)[:1]]
    if not own or any(read(value) is not None for value in values):
        return
    says = f"{HEADER} is {values[0]!r}, which browsers pass over" if values else f"{HEADER} is not sent"
    told = seen(own[0], f"answered {own[0].status} without a valid {HEADER}")
    fix = Fix(advice.header(site, HEADER, _YEAR))
    yield Finding(at=Location(url=own[0].url), says=says, evidence=(told,), fix=fix, symbol=HEADER.lower())
