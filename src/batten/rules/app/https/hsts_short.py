"""Browsers forget too soon to come back over HTTPS only.

The protection of `Strict-Transport-Security` ends `max-age` seconds after the last
visit; a visitor who comes back later starts over plain HTTP. ASVS 5.0 asks for a year,
and so do the lists that browsers ship. `max-age=0` makes them forget at once, and without
a `max-age` the header counts for nothing.

Silent for a year or more, and when the header is not set: `https/hsts-missing` tells it.

Fix: `max-age=31536000; includeSubDomains`; in Django `SECURE_HSTS_SECONDS = 31536000`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules import advice
from batten.rules.headers import said, wrong
from batten.rules.samples import django, shown
from batten.understand.answers.http import host_of
from batten.understand.answers.site import Site, parts_of, seen
from batten.understand.answers.strict_transport import HEADER, read
from batten.understand.answers.visit import Visit
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

YEAR_S = 365 * 24 * 3600
"""ASVS 5.0, v5.0.0-3.4.1: at least one year."""

APP = """\
from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "hello"


@app.after_request
def headers(response):
    response.headers["Strict-Transport-Security"] = "max-age=3600"  # <- here
    return response
"""


@rule(
    id="https/hsts-short",
    severity=Severity.LOW,
    cwe=319,
    over=App,
    sources=["RFC 6797 section 6.1.1", "OWASP A02:2025"],
    bad=[
        Bad("an hour", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "forgotten at once",
            {"app.py": APP.replace("3600", "0"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad("an hour, in Django", django("SECURE_HSTS_SECONDS = 3600  # <- here")),
    ],
    good=[
        Good("a year, in Django", django("SECURE_HSTS_SECONDS = 31536000")),
        Good("a year", {"app.py": APP.replace("3600", "31536000"), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def short_hsts(app: App) -> Iterator[Finding]:
    """Yield a finding when browsers keep the promise for less than a year."""
    for headers, case, text in said(app, "strict-transport-security"):
        age = re.search(r"(?:^|;)\s*max-age\s*=\s*\"?(\d+)", text, re.IGNORECASE)
        if age is None or int(age[1]) < YEAR_S:
            says = f"for {int(age[1])} seconds only" if age else "without a max-age, which counts for nothing"
            yield wrong(
                app,
                headers,
                case,
                f"Strict-Transport-Security is set {says}",
                "Set `max-age=31536000; includeSubDomains`.",
                "strict-transport-security",
            )


@live(
    over=Site,
    bad=[
        Bad("an hour", answers={"GET / # <- here": shown("", f"{HEADER}: max-age=3600")}),
        Bad(
            "the first counts",
            answers={"GET / # <- here": shown("", f"{HEADER}: max-age=0", f"{HEADER}: max-age=99999999")},
        ),
    ],
    good=[
        Good("a year", answers={"GET /": shown("", f"{HEADER}: max-age=31536000")}),
        Good("not sent, which is another matter", answers={"GET /": shown()}),
    ],
)
def forgotten_soon(site: Site) -> Iterator[Finding]:
    """Yield a finding when the https site that was named is remembered for less than a year."""
    visit = next(parts_of(site, Visit), None)
    for hop in visit.https.hops if visit is not None and visit.https is not None else ():
        value = hop.first(HEADER) if hop.is_https and host_of(hop.url) == host_of(site.url) else None
        held = read(value) if value is not None else None
        if value is not None and held is not None and held.max_age_s < YEAR_S:
            yield Finding(
                at=Location(url=hop.url),
                says=f"{HEADER} is set for {held.max_age_s} seconds only",
                evidence=(seen(hop, f"answered {hop.status} with {HEADER}:", value),),
                fix=Fix(advice.header(site, HEADER, "max-age=31536000; includeSubDomains")),
                symbol="strict-transport-security",
            )
            return
