"""Every website may read the app's answers.

With `Access-Control-Allow-Origin: *`, a page anywhere can fetch from the app in its
visitor's browser and read what comes back. For a public, read-only interface that is
its purpose. It is a hole where the browser stands inside: an app that trusts its
network (an intranet, localhost) answers the visitor's browser, and the page carries
the answer out.

Browsers send no cookies with such a request, so this is low. A policy that also allows
credentials and names the caller is told by `cors/reflects-origin`.

Silent for a list of origins.

Fix: name the origins that need it: `CORS(app, origins=["https://shop.example.com"])`, or
only the paths that are public: `resources={r"/api/public/*": {"origins": "*"}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, live, rule
from batten.rules.app.cors._origins import grants, is_any
from batten.rules.app.cors._seen import ANY, WITH_COOKIES, told
from batten.rules.form import first, one_per_place
from batten.rules.samples import served, shown
from batten.understand.answers.crossing import crossings
from batten.understand.answers.site import Site
from batten.understand.subjects import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app)  # <- here
"""


@rule(
    id="cors/any-origin",
    severity=Severity.LOW,
    cwe=942,
    over=CorsPolicy,
    sources=["Flask-CORS 6.0 flask_cors.core.DEFAULT_OPTIONS", "Fetch standard, CORS protocol", "OWASP A02:2025"],
    bad=[
        Bad("Flask-CORS as it comes", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "written out",
            {"app.py": APP.replace("CORS(app)", 'CORS(app, origins="*")'), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
    good=[
        Good(
            "one origin",
            {
                "app.py": APP.replace("CORS(app)", 'CORS(app, origins=["https://shop.example.com"])'),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def anyone_reads(policy: CorsPolicy) -> Iterator[Finding]:
    """Yield a finding when every origin may read answers, without the visitor's cookies."""
    if policy.reflects:
        return  # cors/reflects-origin tells it
    yield from one_per_place(
        Finding(
            at=first(policy.at, grant.origins.at),
            says=f"every website may read the answers{_of(policy.paths)}" + _note(credentials=grant.credentials),
            evidence=(*policy.evidence, *grant.origins.evidence),
            confidence=grant.confidence,
            severity=Severity.LOW,
            fix=Fix("Name the origins that need it."),
            symbol=f"origins{_of(policy.paths)}",
        )
        for grant in grants(policy)
        if not (grant.credentials and (policy.wildcard_echoes or "*" not in grant.allowed))
        and any(is_any(policy, allowed) for allowed in grant.allowed)
    )


def _of(paths: str) -> str:
    return f" of {paths}" if paths else ""


def _note(*, credentials: bool) -> str:
    # Fetch standard, CORS check: `*` does not pass when credentials are included.
    return "; with credentials browsers refuse `*`" if credentials else ""


@live(
    over=Site,
    bad=[
        Bad("the star", answers={"GET / # <- here": shown("", "Access-Control-Allow-Origin: *")}),
        Bad("Flask-CORS sends back who asks", answers={"GET / # <- here": shown("", *ANY)}),
        Bad(
            "for programs only",
            answers={"GET /": shown(), "GET /api/ # <- here": served("{}", "application/json", *ANY)},
        ),
    ],
    good=[
        Good("one origin", answers={"GET /": shown("", "Access-Control-Allow-Origin: https://shop.example.com")}),
        Good("with cookies, which is another matter", answers={"GET /": shown("", *WITH_COOKIES)}),
    ],
)
def anyone_was_let_in(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first address that lets every origin read, without the visitor's cookies."""
    for crossing in crossings(site):
        found = crossing.starred or crossing.reflected
        if found and not any(one.with_credentials for one in found):
            says = "every website may read the answers" + _note(credentials=any(one.credentials for one in found))
            yield from told(found, says, "Name the origins that need it.", "origins", Severity.LOW)
            return
