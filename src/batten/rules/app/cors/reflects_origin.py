"""Every website may read the answers that logged-in visitors get.

The app sends the caller's own `Origin` back as the one that it allows, and allows
credentials. A page anywhere then fetches from the app in the visitor's browser,
cookies included, and reads the answer: his data, his CSRF token, whatever he may
see. One visit to the page is enough, and what the token allows can be done in
his name.

Flask-CORS does it by itself for `origins="*"` (its default) with
`supports_credentials=True`, and for a pattern that everything matches.

Without credentials it is the same as `*`, and medium where it was written by hand,
because the next change of that line tends to allow them.

Silent for a list of origins, and when the origin is looked up in one first.

Fix: name the origins: `CORS(app, origins=["https://shop.example.com"],
supports_credentials=True)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, around, live, rule
from batten.rules.app.cors._origins import Grant, grants, is_any
from batten.rules.app.cors._seen import ANY, WITH_COOKIES, told
from batten.rules.form import one_per_place
from batten.rules.samples import nginx, served, shown
from batten.understand.answers.crossing import crossings
from batten.understand.answers.site import Site
from batten.understand.nginx.nouns import OriginEchoed
from batten.understand.subjects import CorsPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Confidence, Evidence

LIBRARY = """\
from flask import Flask
from flask_cors import CORS

app = Flask(__name__)
CORS(app, supports_credentials=True)  # <- here
"""

BY_HAND = """\
from flask import Flask, request

app = Flask(__name__)


@app.after_request
def allow(response):
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "")  # <- here
    response.headers["Access-Control-Allow-Credentials"] = "true"
    return response
"""

ORIGIN = BY_HAND.replace(
    'response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "")',
    'response.headers.add("Access-Control-Allow-Origin", request.origin or "*")',
)

LISTED = """\
from flask import Flask, request

SHOPS = ["https://shop.example.com", "https://m.example.com"]

app = Flask(__name__)


def may_ask(origin):
    return origin in SHOPS


@app.after_request
def allow(response):
    origin = request.headers.get("Origin")
    response.headers["Access-Control-Allow-Credentials"] = "true"
    send
    return response
"""
_SENT = 'response.headers["Access-Control-Allow-Origin"] ='
LOOKED_UP = {
    "looked up in a list": f"    if origin in SHOPS:\n        {_SENT} origin",
    "looked up, and the first of the list for all others": f"    {_SENT} origin if origin in SHOPS else SHOPS[0]",
    "the others get nothing": f"    if origin not in SHOPS:\n        return response\n    {_SENT} origin",
    "compared with one": f"    if origin and not origin != SHOPS[0]:\n        {_SENT} origin",
    "a helper is asked": f'    if may_ask(origin):\n        {_SENT} request.headers["Origin"]',
    "asked about where it stands": f'    if request.headers.get("Origin") in SHOPS:\n        {_SENT} request.origin',
}
ASKED_FOR_NOTHING = f'    if origin and origin != "" and len(origin) < 99:\n        {_SENT} origin  # <- here'


@rule(
    id="cors/reflects-origin",
    severity=Severity.CRITICAL,
    cwe=942,
    over=CorsPolicy,
    sources=[
        "Flask-CORS 6.0 flask_cors.core.get_cors_origins",
        "PortSwigger, Exploiting CORS misconfigurations for bitcoins and bounties",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("Flask-CORS echoes the caller", {"app.py": LIBRARY, "Procfile": "web: gunicorn app:app\n"}),
        Bad("by hand", {"app.py": BY_HAND, "Procfile": "web: gunicorn app:app\n"}),
        Bad("by hand, with a star for the others", {"app.py": ORIGIN, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a list that is not asked",
            {
                "app.py": LISTED.replace("    send", ASKED_FOR_NOTHING),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "a pattern that everything matches",
            {
                "app.py": LIBRARY.replace("(app, ", '(app, origins=r"https?://.*", '),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "one origin",
            {
                "app.py": LIBRARY.replace("(app, ", '(app, origins=["https://shop.example.com"], '),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        *(
            Good(title, {"app.py": LISTED.replace("    send", body), "Procfile": "web: gunicorn app:app\n"})
            for title, body in LOOKED_UP.items()
        ),
        Good(
            "without credentials it is the star",
            {
                "app.py": LIBRARY.replace(", supports_credentials=True", ""),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def origin_echoed(policy: CorsPolicy) -> Iterator[Finding]:
    """Yield a finding when the app allows whichever origin asks."""
    yield from one_per_place(
        Finding(
            at=policy.at,
            says=_says(policy, credentials=credentials),
            evidence=(*policy.evidence, *evidence),
            confidence=confidence,
            severity=Severity.CRITICAL if credentials else Severity.MEDIUM,
            fix=Fix("Name the origins that need it, and compare the caller's with the list."),
            symbol=f"origins of {policy.paths}" if policy.paths else "origins",
        )
        for credentials, confidence, evidence in (_by_hand(policy) if policy.reflects else _by_library(policy))
    )


def _by_hand(policy: CorsPolicy) -> Iterator[tuple[bool, Confidence, tuple[Evidence, ...]]]:
    known = [(bool(case.value), case.confidence, case.evidence) for case in policy.credentials.cases()]
    yield from known or [(False, policy.origins.confidence, policy.origins.evidence)]


def _by_library(policy: CorsPolicy) -> Iterator[tuple[bool, Confidence, tuple[Evidence, ...]]]:
    for grant in grants(policy):
        if grant.credentials and _echoes(policy, grant):
            yield True, grant.confidence, grant.origins.evidence


def _echoes(policy: CorsPolicy, grant: Grant) -> bool:
    return any(is_any(policy, allowed) and (allowed != "*" or policy.wildcard_echoes) for allowed in grant.allowed)


def _says(policy: CorsPolicy, *, credentials: bool) -> str:
    paths = f" of {policy.paths}" if policy.paths else ""
    if credentials:
        return f"every website may read the answers{paths} that logged-in visitors get"
    return f"every website may read the answers{paths}: its own origin is sent back"


COOKIES = "add_header Access-Control-Allow-Credentials true;"
ECHO = "add_header Access-Control-Allow-Origin $http_origin;  # <- here"
HANDS_ON = "location / { proxy_pass http://web:8000; }"
MAP = 'map $http_origin $allowed { default ""; "~^https://shop\\.example$" $http_origin; }\n'
MAPPED = nginx(ECHO.replace("$http_origin", "$allowed"), COOKIES, HANDS_ON)


@around(
    over=OriginEchoed,
    layer="server",
    bad=[Bad("nginx sends it back", nginx(ECHO, COOKIES, HANDS_ON))],
    good=[
        Good("nginx, without cookies", nginx(ECHO, HANDS_ON)),
        Good("nginx, looked up in a list", {**MAPPED, "nginx.conf": MAP + MAPPED["nginx.conf"]}),
        Good(
            "nginx, under a condition",
            nginx(f"location / {{ if ($http_origin ~ ^https://shop\\.example$) {{ {ECHO[:-10]} {COOKIES} }} }}"),
        ),
    ],
)
def echoed_by_nginx(echoed: OriginEchoed) -> Iterator[Finding]:
    """Yield a finding for an nginx that allows whichever origin asks."""
    yield Finding(
        at=echoed.at,
        says=f"every website may read the answers of {echoed.where} that logged-in visitors get",
        evidence=echoed.evidence,
        confidence=echoed.confidence,
        fix=Fix("Choose among the origins that need it by a `map`."),
        symbol=echoed.where,
    )


@live(
    over=Site,
    bad=[
        Bad("with the visitor's cookies", answers={"GET / # <- here": shown("", *WITH_COOKIES)}),
        Bad(
            "data that the site links to",
            answers={
                "GET /": shown('<a href="/me">me</a>'),
                "GET /me # <- here": served("{}", "application/json", *WITH_COOKIES),
            },
        ),
    ],
    good=[
        Good("without cookies it is the star", answers={"GET /": shown("", *ANY)}),
        Good("`True` is no `true`", answers={"GET /": shown("", *ANY, "Access-Control-Allow-Credentials: True")}),
        Good(
            "one origin, whoever asks",
            answers={
                "GET /": shown(
                    "", "Access-Control-Allow-Origin: https://a.example", "Access-Control-Allow-Credentials: true"
                )
            },
        ),
    ],
)
def origin_was_echoed(site: Site) -> Iterator[Finding]:
    """Yield a finding for the first address that sent two strangers' origins back, and allows credentials."""
    for crossing in crossings(site):
        found = [one for one in crossing.reflected if one.with_credentials]
        if found:
            says = "every website may read the answers that logged-in visitors get"
            fix = "Name the origins that need it, and compare the caller's with the list."
            yield from told(found, says, fix, "origins", Severity.CRITICAL)
            return
