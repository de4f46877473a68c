"""A signing key stands in a deployment file of the repository.

The code does the right thing and reads the key from the environment; but the
compose file, the Dockerfile, the unit, the Procfile or a committed `.env` holds
the text. Everyone with the repository, the image (`docker history`) or a backup
can sign a session as any user, and nobody sees a login.

Silent when the file only names the variable (`${SECRET_KEY:?}`, a secret of the
platform), when `.gitignore` keeps the file out of the repository, or production
does not read it.

Fix: take the value out, hand it over at run time (the platform's secrets, an
uncommitted file), and make a new key: the history keeps the old one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, around, rule
from batten.rules.app.secret_key._known import Kind, known
from batten.understand.infrastructure.handed import Handed
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
"""

COMPOSE = """\
services:
  web:
    image: shop
    build: .
    command: gunicorn --bind 0.0.0.0:8000 app:app
    environment:
      SECRET_KEY: "Vq7nN2hX9sT4wK8bR3mZ"  # <- here
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
ENV SECRET_KEY=Vq7nN2hX9sT4wK8bR3mZ  # <- here
CMD ["gunicorn", "--bind=0.0.0.0:8000", "app:app"]
"""

PLAIN = "FROM python:3.13-slim\nWORKDIR /srv\nCOPY app.py .\n"


@rule(
    id="secret-key/published",
    severity=Severity.CRITICAL,
    cwe=798,
    over=App,
    sources=["Docker docs, Build secrets", "OWASP A02:2025"],
    bad=[
        Bad("in compose", {"app.py": APP, "Dockerfile": PLAIN, "compose.yaml": COMPOSE}),
        Bad("in the image", {"app.py": APP, "Dockerfile": DOCKERFILE}),
    ],
    good=[
        Good(
            "compose only hands it on",
            {
                "app.py": APP,
                "Dockerfile": PLAIN,
                "compose.yaml": COMPOSE.replace('"Vq7nN2hX9sT4wK8bR3mZ"', "${SECRET_KEY:?}"),
            },
        ),
        Good(
            "the image does not hold it",
            {"app.py": APP, "Dockerfile": DOCKERFILE.replace("ENV SECRET_KEY=Vq7nN2hX9sT4wK8bR3mZ  # <- here\n", "")},
        ),
        Good(
            "git does not know the file",
            {
                "app.py": APP,
                ".gitignore": "web.env\n",
                "web.env": "SECRET_KEY=Vq7nN2hX9sT4wK8bR3mZ\n",
                "Dockerfile": PLAIN,
                "compose.yaml": COMPOSE.replace(
                    'environment:\n      SECRET_KEY: "Vq7nN2hX9sT4wK8bR3mZ"', "env_file: web.env"
                ),
            },
        ),
    ],
)
def key_in_deployment(app: App) -> Iterator[Finding]:
    """Yield a finding for each signing key that a deployment file holds."""
    for key in known(app, Kind.PUBLISHED):
        yield key.finding(
            f"{key.names} stands in {key.at.file}: who reads the repository can forge {key.forges}",
            "Hand it over at run time, from the platform's secrets, and make a new key: this one is known.",
            Severity.CRITICAL,
        )


ELSEWHERE = """\
services:
  board:
    image: ghcr.io/shop/board:3
    environment:
      JWT_SECRET: Vq7nN2hX9sT4wK8bR3mZ  # <- here
"""


@around(
    over=Handed,
    layer="container",
    bad=[Bad("of a service whose code is elsewhere", {"compose.yaml": ELSEWHERE})],
    good=[
        Good("it has to be set", {"compose.yaml": ELSEWHERE.replace("Vq7nN2hX9sT4wK8bR3mZ", "${JWT_SECRET:?}")}),
        Good("how long it holds", {"compose.yaml": ELSEWHERE.replace("SECRET: Vq7nN2hX9sT4wK8bR3mZ", "EXPIRY: 24h")}),
        Good("it signs nothing", {"compose.yaml": ELSEWHERE.replace("JWT_SECRET", "MAIL_PASSWORD")}),
    ],
)
def key_handed_over(handed: Handed) -> Iterator[Finding]:
    """Yield the finding about a signing key that a deployment file holds for a service whose code is elsewhere."""
    if handed.signs:
        yield Finding(
            handed.at,
            f"{handed.name} of {handed.to} stands in {handed.at.file}: who reads the repository can sign with it",
            (*handed.evidence, *(Evidence(place, "the same again") for place in handed.places)),
            confidence=Confidence.LIKELY if handed.default else Confidence.CERTAIN,
            severity=Severity.HIGH,
            fix=Fix("hand it over from outside, `${NAME:?}` or a secret, and make a new one: this one is known"),
            symbol=handed.name,
            proof=handed.text,
            secret=True,
        )
