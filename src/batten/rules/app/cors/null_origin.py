"""The origin `null` may read the app's answers.

`null` is what browsers send for pages without an origin of their own: a local file, a
redirect, and every frame that its page put into a sandbox. So any website can have
it, with one attribute: `<iframe sandbox="allow-scripts" src="data:…">`. The entry lets
everybody in, and looks as if it let nobody in.

High with credentials (the answers to logged-in visitors), medium without.

Silent when `null` is not in the list. Where every origin is allowed anyway, the other
rules of this topic tell it.

Fix: take `null` out of the list; serve a page that needs the app from a host of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.app.cors._origins import grants, is_any
from batten.rules.app.cors._seen import WITH_COOKIES, told
from batten.rules.form import one_per_place
from batten.rules.samples import shown
from batten.understand.answers.crossing import crossings
from batten.understand.answers.site import Site
from batten.understand.subjects import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, origins=["https://shop.example.com", "null"], supports_credentials=True)  # <- here
"""


@rule(
    id="cors/null-origin",
    severity=Severity.HIGH,
    cwe=942,
    over=CorsPolicy,
    sources=[
        "HTML standard, ASCII serialization of an origin",
        "Flask-CORS 6.0 flask_cors.core.get_cors_origins",
        "OWASP A02:2025",
    ],
    bad=[Bad("beside the right one", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"})],
    good=[
        Good("without it", {"app.py": APP.replace(', "null"', ""), "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def null_allowed(policy: CorsPolicy) -> Iterator[Finding]:
    """Yield a finding when the list of origins holds `null`."""
    yield from one_per_place(
        Finding(
            at=policy.at,
            says="the origin 'null', which any website can have, may read the answers",
            evidence=(*policy.evidence, *grant.origins.evidence),
            confidence=grant.confidence,
            severity=Severity.HIGH if grant.credentials else Severity.MEDIUM,
            fix=Fix("Take 'null' out of the list."),
            symbol="null",
        )
        for grant in grants(policy)
        if not policy.reflects
        and any(allowed.lower() == "null" for allowed in grant.allowed)
        and not any(is_any(policy, allowed) for allowed in grant.allowed)
    )


NULL = "Access-Control-Allow-Origin: null"


@live(
    over=Site,
    bad=[
        Bad("allowed", answers={"GET / # <- here": shown("", NULL)}),
        Bad("with cookies", answers={"GET / # <- here": shown("", NULL, "Access-Control-Allow-Credentials: true")}),
    ],
    good=[
        Good("everybody is let in anyway", answers={"GET /": shown("", *WITH_COOKIES)}),
        Good("one origin", answers={"GET /": shown("", "Access-Control-Allow-Origin: https://a.example")}),
    ],
)
def null_was_let_in(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first address that lets the origin `null` read, and not everybody."""
    for crossing in crossings(site):
        one = crossing.null
        if one is not None and not crossing.is_open:
            says = "the origin 'null', which any website can have, may read the answers"
            severity = Severity.HIGH if one.with_credentials else Severity.MEDIUM
            yield from told([one], says, "Take 'null' out of the list.", "null", severity)
            return
