"""A secret stands in the environment that an image is built with.

`docker inspect` and `docker history` print it to everyone who can pull the image, each
process of each container inherits it, and a new one needs a new image.

What is judged is the value, beside a name that says what it is for: a literal that is no
place for one (`changeme`, `dummy`, empty), no path, number or switch. A token of a
known maker and a URL with a password count under every name.

Silent in a stage that only builds, for what is handed over when the container starts, and where
the app signs or logs in with it: `secret-key/published` and `secrets-in-repo` tell that.

Fix: take it out; hand it over when the container starts, from the platform's secrets; make a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM python:3.13-slim
ENV PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2  # <- here
USER app
CMD ["gunicorn", "app:app"]
"""


@rule(
    id="container-secret/env",
    severity=Severity.HIGH,
    cwe=526,
    over=Image,
    sources=["Docker docs, Build checks, SecretsUsedInArgOrEnv", "CIS Docker Benchmark 1.6, 4.10"],
    bad=[
        Bad("a key", {"Dockerfile": PLAIN}),
        Bad(
            "a password in a URL", {"Dockerfile": PLAIN.replace("PAYMENT_API_KEY=", "BROKER=amqp://shop:v7nN2hX9@mq/")}
        ),
        Bad(
            "of an earlier stage that is shipped", {"Dockerfile": f"{PLAIN.replace('slim', 'slim AS base')}FROM base\n"}
        ),
        Bad("overwritten later", {"Dockerfile": PLAIN.replace("USER", "ENV PAYMENT_API_KEY=\nUSER")}),
    ],
    good=[
        Good("a place for one", {"Dockerfile": PLAIN.replace("q8ZtV3mN0pRcYw5LxKd2", "changeme")}),
        Good("nothing yet", {"Dockerfile": PLAIN.replace("q8ZtV3mN0pRcYw5LxKd2", '""')}),
        Good("where it lies", {"Dockerfile": PLAIN.replace("KEY=q8ZtV3mN0pRcYw5LxKd2", "KEY_FILE=/run/secrets/key")}),
        Good("a fingerprint", {"Dockerfile": PLAIN.replace("PAYMENT_API_KEY", "GPG_KEY")}),
        Good(
            "a stage that builds", {"Dockerfile": f"{PLAIN}FROM debian:12-slim\nUSER app\n".replace("  # <- here", "")}
        ),
    ],
)
def secret_in_environment(image: Image) -> Iterator[Finding]:
    """Yield a finding for each secret that `ENV` holds."""
    for setting in image.settings:
        if setting.kind == "ENV" and setting.ships and setting.is_secret and not setting.told and not setting.source:
            yield Finding(
                setting.at,
                f"{setting.name} stands in {image.name}: whoever pulls the image reads it",
                image.evidence,
                fix=Fix("take it out; hand it over when the container starts, and make a new one: this one is known"),
                symbol=setting.name,
                proof=setting.value or "",
                secret=True,
            )
