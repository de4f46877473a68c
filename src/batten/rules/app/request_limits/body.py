"""A visitor may send as much as he likes.

The app reads a request's body into memory or onto the disk before anything looks at it. A few
uploads without end fill either, and the app is down for everybody; it costs the sender
nothing.

Shown to auditors only: a proxy before the app usually has a limit (nginx: one megabyte).

Silent when a limit is set, and when a proxy of the repository stands before the app; an nginx that switches its own
limit off is told.

Fix: `MAX_CONTENT_LENGTH = 16 * 1024 * 1024` in Flask, a limit in the proxy elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, around, rule
from batten.rules import advice
from batten.rules.form import first
from batten.rules.samples import django, nginx
from batten.understand.nginx.nouns import OpenBody
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.subjects import BodyLimit

APP = """\
from flask import Flask, request

app = Flask(__name__)  # <- here


@app.post("/upload")
def upload():
    request.files["picture"].save("/srv/pictures/new")
    return "thanks"
"""

WRITTEN = APP.replace("  # <- here", '\napp.config["MAX_CONTENT_LENGTH"] = None  # <- here')

COMPOSE = """\
services:
  web:
    build: .
  front:
    image: nginx:1.27
    ports:
      - "443:443"
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""


@rule(
    id="request-limits/body",
    severity=Severity.LOW,
    cwe=770,
    over=App,
    persona="auditor",
    sources=["Flask 3.1 docs, Configuration Handling, MAX_CONTENT_LENGTH", "OWASP A02:2025"],
    bad=[
        Bad("Flask's default is no limit", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad("Django's switched off", django("DATA_UPLOAD_MAX_MEMORY_SIZE = None  # <- here")),
        Bad("written down", {"app.py": WRITTEN, "Procfile": "web: gunicorn app:app\n"}),
    ],
    good=[
        Good("Django's own 2.5 megabytes", django()),
        Good(
            "sixteen megabytes",
            {"app.py": WRITTEN.replace("None", "16 * 1024 * 1024"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good("nginx stands before it", {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE}),
    ],
)
def no_limit(app: App) -> Iterator[Finding]:
    """Yield a finding where nothing limits the size of a request."""
    if app.proxied and app.unit.reach is not Reach.WORLD:
        return
    for limit in app.body_limits:
        if _is_open(limit):
            yield Finding(
                at=first(limit.size_bytes.at, limit.at),
                says=f"{limit.setting} sets no limit to a request's body",
                evidence=limit.size_bytes.evidence,
                confidence=limit.size_bytes.confidence,
                fix=Fix(advice.bodies(app)),
                symbol=limit.setting,
            )


HANDS_ON = "location / { proxy_pass http://web:8000; }"


@around(
    over=OpenBody,
    layer="server",
    bad=[Bad("nginx's own limit switched off", nginx("client_max_body_size 0;  # <- here", HANDS_ON))],
    good=[
        Good("nginx's own limit", nginx(HANDS_ON)),
        Good(
            "another limit in force",
            nginx("client_max_body_size 0;", HANDS_ON.replace("{ ", "{ client_max_body_size 9m; ")),
        ),
    ],
)
def limit_off(body: OpenBody) -> Iterator[Finding]:
    """Yield a finding for an nginx that takes bodies of any size."""
    yield Finding(
        at=body.at,
        says="client_max_body_size 0 sets no limit to a request's body",
        evidence=body.evidence,
        confidence=body.confidence,
        fix=Fix("Write a limit: `client_max_body_size 16m;`."),
        symbol="client_max_body_size",
    )


def _is_open(limit: BodyLimit) -> bool:
    return limit.size_bytes.state is State.UNSET or any(case.value is None for case in limit.size_bytes.cases())
