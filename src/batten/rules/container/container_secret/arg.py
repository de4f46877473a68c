"""A secret is handed to the build as an argument.

`docker history` shows the arguments that a stage was built with to everyone who can pull
the image; where `ENV` takes it over, each container has it as well. Arguments also stay in
the cache of the builder.

Severity: high for a value that stands in the file and for one that `ENV` keeps, medium for one
that whoever builds hands over.

Silent in a stage that only builds (nothing of its history is shipped) unless the value stands in the
file, for a default that is none (`dummy`), and for names of what a browser is handed (`VITE_API_KEY`).

Fix: `RUN --mount=type=secret,id=token …`, and `docker build --secret id=token`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.images.nouns import Setting

PLAIN = """\
FROM python:3.13-slim
ARG PIP_TOKEN  # <- here
RUN pip install --index-url "https://ci:${PIP_TOKEN}@pypi.example.org/simple" shop
USER app
"""

LITERAL = PLAIN.replace("TOKEN  #", "TOKEN=q8ZtV3mN0pRcYw5LxKd2  #")
NEXT = "FROM debian:12-slim\nCOPY --from=0 /srv /srv\nUSER app\n"

KEPT = """\
FROM python:3.13-slim
ARG MAIL_PASSWORD  # <- here
ENV MAIL_PASSWORD=$MAIL_PASSWORD
USER app
"""

MOUNTED = """\
# syntax=docker/dockerfile:1
FROM python:3.13-slim
RUN --mount=type=secret,id=pip_token PIP_TOKEN=$(cat /run/secrets/pip_token) pip install shop
USER app
"""


@rule(
    id="container-secret/arg",
    severity=Severity.MEDIUM,
    cwe=526,
    over=Image,
    sources=["Docker docs, Build checks, SecretsUsedInArgOrEnv", "Docker docs, Build secrets"],
    bad=[
        Bad("handed over", {"Dockerfile": PLAIN}),
        Bad("kept by the image", {"Dockerfile": KEPT}),
        Bad("written into the file", {"Dockerfile": LITERAL}),
        Bad("written into the file, in a stage that builds", {"Dockerfile": LITERAL + NEXT}),
    ],
    good=[
        Good("a secret of the build", {"Dockerfile": MOUNTED}),
        Good("a stage that builds", {"Dockerfile": PLAIN + NEXT}),
        Good("a default for the build only", {"Dockerfile": PLAIN.replace("TOKEN  # <- here", "TOKEN=dummy")}),
        Good(
            "what a browser is handed",
            {"Dockerfile": KEPT.replace("MAIL_PASSWORD", "VITE_API_KEY")},
        ),
    ],
)
def secret_argument(image: Image) -> Iterator[Finding]:
    """Yield a finding for each argument that is there to hold a secret."""
    kept = {setting.source for setting in image.settings if setting.kind == "ENV" and setting.ships}
    for setting in image.settings:
        if setting.kind == "ARG" and not setting.told and (setting.is_secret or _is_given(setting)):
            stays = setting.ships and setting.name in kept
            yield Finding(
                setting.at,
                f"the build argument {setting.name} {_what(setting, stays=stays)}",
                image.evidence,
                _confidence(setting),
                Severity.HIGH if setting.ships and (setting.is_secret or stays) else Severity.MEDIUM,
                Fix("`RUN --mount=type=secret,id=token …`, and `docker build --secret id=token`"),
                setting.name,
                setting.value or "",
                secret=True,
            )


def _is_given(setting: Setting) -> bool:
    return setting.ships and setting.names_secret and not setting.value


def _confidence(setting: Setting) -> Confidence:
    if setting.is_secret:
        return Confidence.CERTAIN
    return Confidence.LIKELY if setting.value is None else Confidence.POSSIBLE  # `ARG TOKEN=`: it may stay empty


def _what(setting: Setting, *, stays: bool) -> str:
    if stays:
        return "stays in the image's environment: whoever pulls the image reads it"
    if not setting.is_secret:
        return "stays in the image's history: whoever pulls the image reads it"
    return "holds a secret" + (" that stays in the image's history" if setting.ships else " for everyone with the file")
