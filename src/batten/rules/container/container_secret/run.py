"""A step of the build holds a secret as text.

A token in a URL, a password behind an option, a variable set for one command: each stands in the
Dockerfile and in `docker history`, for everyone with the repository or the image.
A later step that deletes the file it wrote does not help: the layer keeps it.

Severity: high; medium in a stage that only builds, whose layers are not shipped.

Silent for expansions (`$TOKEN`, `$(cat /run/secrets/token)`) and for places to fill in (`dummy`).

Fix: `RUN --mount=type=secret,id=token …`, and a new secret: this one is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = """\
FROM python:3.13-slim
RUN git clone https://ci:v7nN2hX9sT4w@git.example.org/shop.git  # <- here
USER app
"""

SET = """\
FROM python:3.13-slim
RUN pip install wheel && \\
    export PAYMENT_API_KEY=q8ZtV3mN0pRcYw5LxKd2 && \\  # <- here
    python manage.py collectstatic
USER app
"""
URL = "clone https://ci:v7nN2hX9sT4w@git.example.org/shop.git"


@rule(
    id="container-secret/run",
    severity=Severity.HIGH,
    cwe=798,
    over=Image,
    sources=["Docker docs, Build secrets", "CWE-798"],
    bad=[
        Bad("in a URL", {"Dockerfile": CLONE}),
        Bad("a variable", {"Dockerfile": SET}),
        Bad("behind an option", {"Dockerfile": CLONE.replace(URL, "login --password v7nN2hX9sT4w")}),
        Bad("a stage that builds", {"Dockerfile": CLONE + "FROM debian:12-slim\nCOPY --from=0 /shop /shop\n"}),
    ],
    good=[
        Good("an expansion", {"Dockerfile": CLONE.replace("v7nN2hX9sT4w", "${TOKEN}")}),
        Good(
            "one for the build only",
            {"Dockerfile": SET.replace("q8ZtV3mN0pRcYw5LxKd2", "dummy").replace("  # <- here", "")},
        ),
        Good("a user without a password", {"Dockerfile": CLONE.replace("ci:v7nN2hX9sT4w", "ci")}),
    ],
)
def secret_in_step(image: Image) -> Iterator[Finding]:
    """Yield a finding for each step that holds a secret."""
    for leak in image.leaks:
        if leak.kind == "text":
            yield Finding(
                leak.at,
                f"{leak.says} in a step of {image.name}",
                image.evidence,
                severity=Severity.HIGH if leak.ships else Severity.MEDIUM,
                fix=Fix("`RUN --mount=type=secret,id=token …`, and a new secret: this one is known"),
                symbol=leak.says,
                proof=leak.text,
                secret=True,
            )
