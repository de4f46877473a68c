"""The redirect to HTTPS is switched off.

Flask-Talisman and Django's SecurityMiddleware send visitors who come over plain HTTP to
HTTPS, when they are told to: `force_https=False` and `SECURE_SSL_REDIRECT = False` say not to.
Where nothing before the app does it either, whole visits stay readable, and forgeable, for
the network between.

So does an nginx that hands requests on at port 80 as it does at port 443: medium. Where it has no TLS
at all, port 80 is published to everybody and the app is told `X-Forwarded-Proto $scheme`, that is possible:
something outside the repository may end TLS.

Silent when the redirect is on, when the app has nothing that does it (a proxy usually
does), and when the value is not known; and for an nginx without TLS that hands on the scheme of something before it.

Fix: delete `force_https=False`, or set `SECURE_SSL_REDIRECT = True`; behind a proxy that ends
TLS tell the app that the visitor came over HTTPS (`ProxyFix`, `SECURE_PROXY_SSL_HEADER`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, around, live, rule
from batten.rules import advice
from batten.rules.form import first, replaced
from batten.rules.samples import COMPOSE, django, nginx, shown
from batten.understand.answers.http import host_of, is_https
from batten.understand.answers.site import Site, parts_of, seen
from batten.understand.answers.suffixes import registrable
from batten.understand.answers.visit import Visit
from batten.understand.nginx.nouns import PlainDoor
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from flask_talisman import Talisman

app = Flask(__name__)
Talisman(app, force_https=False)  # <- here
"""


@rule(
    id="https/redirect-off",
    severity=Severity.LOW,
    cwe=319,
    over=App,
    sources=["Flask-Talisman 1.1 docs, Options", "OWASP A02:2025"],
    bad=[
        Bad(
            "told not to",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("False", "True")},
        ),
        Bad(
            "Django's switch",
            django("SECURE_SSL_REDIRECT = False  # <- here"),
            fixed=django("SECURE_SSL_REDIRECT = True"),
        ),
    ],
    good=[
        Good("Django's switch, on", django("SECURE_SSL_REDIRECT = True")),
        Good(
            "Talisman's default",
            {"app.py": APP.replace(", force_https=False", ""), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def redirect_off(app: App) -> Iterator[Finding]:
    """Yield a finding when an extension was told not to redirect."""
    for headers in app.headers:
        for case in headers.redirect.cases():
            if not case.value and not (case.default and _is_behind_a_proxy(app)):
                yield Finding(
                    at=first(case.at, headers.at, app.at),
                    says="plain HTTP is not redirected to HTTPS",
                    evidence=case.evidence,
                    confidence=case.confidence,
                    fix=replaced(case, "True", advice.redirect(app)),
                    symbol="https redirect",
                )
                return


def _is_behind_a_proxy(app: App) -> bool:
    """Return whether something stands before the app that usually redirects; nobody then writes the setting."""
    return bool(app.proxied) or app.unit.reach in {Reach.INTERNAL, Reach.LOOPBACK}


HANDS_ON = "location / { proxy_pass http://web:8000; }"
PLAIN = f"server {{\n    listen 80;\n    {HANDS_ON}  # <- here\n}}\n"
TWO = nginx(HANDS_ON)["nginx.conf"]
FRONT = PLAIN.replace("    location", "    proxy_set_header X-Forwarded-Proto $scheme;\n    location")
IN_FRONT = COMPOSE.replace("443:443", "80:80")
ALONE = {"compose.yaml": IN_FRONT, "nginx.conf": FRONT}


@around(
    over=PlainDoor,
    layer="server",
    bad=[
        Bad("nginx hands on in the clear too", {**nginx(), "nginx.conf": TWO + PLAIN}),
        Bad("nothing ends TLS", ALONE),
    ],
    good=[
        Good(
            "it redirects",
            {**nginx(), "nginx.conf": TWO + PLAIN.replace(HANDS_ON, "return 301 https://$host$request_uri;")},
        ),
        Good("TLS ends before it", {**nginx(), "nginx.conf": PLAIN}),
        Good("it believes what ends TLS before it", {**ALONE, "nginx.conf": FRONT.replace("$scheme", "$proto")}),
        Good("nobody is told the scheme", {**ALONE, "nginx.conf": PLAIN}),
        Good("on this machine only", {**ALONE, "compose.yaml": IN_FRONT.replace("80:80", "127.0.0.1:80:80")}),
        Good("at a port that no browser asks", {**ALONE, "compose.yaml": IN_FRONT.replace("80:80", "8080:80")}),
        Good("TLS is still to come", {**ALONE, "compose.yaml": IN_FRONT.replace('"80:80"', '"80:80", "443:443"')}),
        Good(
            "only for the authority that signs certificates",
            {**nginx(), "nginx.conf": TWO + PLAIN.replace("location /", "location /.well-known/acme-challenge/")},
        ),
    ],
)
def handed_on_in_the_clear(door: PlainDoor) -> Iterator[Finding]:
    """Yield a finding for a server that takes in the clear what another takes over TLS, or nothing does."""
    names = " ".join(door.names) or "any name"
    yield Finding(
        at=door.at,
        says=f"{'nothing ends TLS' if door.is_alone else 'plain HTTP is not redirected to HTTPS'} for {names}",
        evidence=door.evidence,
        confidence=door.confidence,
        severity=Severity.LOW if door.reach is Reach.INTERNAL else Severity.MEDIUM,
        fix=Fix(
            "Add a server with `listen 443 ssl` and a certificate; or where TLS ends before it, hand on its scheme."
            if door.is_alone
            else "Write `return 301 https://$host$request_uri;` in the server that listens on port 80."
        ),
        symbol="https redirect",
    )


@live(
    over=Site,
    bad=[
        Bad(
            "plain HTTP is answered",
            answers={"GET http://shop.example.com/ # <- here": shown()},
        ),
    ],
    good=[
        Good(
            "it leads to https",
            answers={
                "GET http://shop.example.com/": "HTTP/1.1 301 Moved\nLocation: https://shop.example.com/\n\n",
                "GET https://shop.example.com/": shown(),
            },
        ),
        Good(
            "a server on this machine, before which a proxy stands later",
            answers={"GET http://127.0.0.1:5000/": shown()},
        ),
    ],
)
def served_in_the_clear(site: Site) -> Iterator[Finding]:
    """Yield a finding when plain HTTP was asked and answers itself: of an https site, or of a name that people type."""
    visit = next(parts_of(site, Visit), None)
    chain = visit.http if visit is not None else None
    if chain is None or chain.last is None or any(is_https(url) for url in chain.route):
        return
    if chain.last.status < _FAILED and (site.is_https or registrable(host_of(site.url)) is not None):
        told = seen(chain.last, f"answered {chain.last.status} over plain HTTP")
        yield Finding(
            at=Location(url=chain.last.url),
            says="plain HTTP is not redirected to HTTPS",
            evidence=(told,),
            fix=Fix(advice.redirect(site)),
            symbol="https redirect",
        )


_FAILED = 400
