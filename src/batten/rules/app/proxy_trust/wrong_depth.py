"""More proxies are believed than stand before the app.

Each proxy adds the address of whoever it talks to at the end of `X-Forwarded-For`, and
`ProxyFix(x_for=2)` takes the last but one. With one proxy that entry is the visitor's
own: he chooses the address that limits, lists and logs see.

Shown as `possible`, and only where the repository has exactly one proxy and the app is
reached through it: a load balancer or a content network before it is not in the repository.

Silent for one proxy, where no proxy or several are in the repository, and on platforms.

Fix: `ProxyFix(app.wsgi_app, x_for=1)`: the number of proxies that you run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Good, Severity, rule
from batten.rules.form import one_per_place, replaced
from batten.understand.stack import Reach
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app, x_for=2)  # <- here
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
"""

COMPOSE = """\
services:
  web:
    build: .
  front:
    image: nginx:1.27
    ports:
      - "443:443"
"""


@rule(
    id="proxy-trust/wrong-depth",
    severity=Severity.MEDIUM,
    cwe=348,
    over=App,
    sources=["Werkzeug 3.1 docs, X-Forwarded-For Proxy Fix", "OWASP A02:2025"],
    bad=[
        Bad(
            "two, and nginx is the only one",
            {"app.py": APP, "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE},
            fixed={"app.py": APP.replace("x_for=2", "x_for=1")},
        )
    ],
    good=[
        Good(
            "one",
            {"app.py": APP.replace("x_for=2", "x_for=1"), "Dockerfile": DOCKERFILE, "compose.yaml": COMPOSE},
        ),
        Good("nothing says how many stand before it", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Good(
            "two of them",
            {
                "app.py": APP,
                "Dockerfile": DOCKERFILE,
                "compose.yaml": COMPOSE + "  edge:\n    image: traefik:v3\n",
            },
        ),
    ],
)
def too_many_believed(app: App) -> Iterator[Finding]:
    """Yield a finding where two or more proxies are believed and one is known."""
    if app.unit.reach is not Reach.INTERNAL or len(app.proxied) != 1:
        return
    yield from one_per_place(
        Finding(
            at=trust.at,
            says=f"{trust.what} believes {case.value} proxies, and one stands before the app",
            evidence=(*case.evidence, *app.proxied),
            confidence=Confidence.POSSIBLE,
            fix=replaced(case, "1", "Set it to the number of proxies that you run."),
            symbol=trust.what,
        )
        for trust in app.proxies
        for case in trust.trusted.cases()
        if isinstance(case.value, int) and case.value > 1
    )
