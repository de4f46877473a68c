"""The history of the repository is copied into the image.

`.git` holds each version of each file: what was committed by mistake and deleted later,
names and addresses of authors, and often the token that the build cloned with.

Told to auditors. Silent where `.dockerignore` keeps it out, and in a stage that only builds.

Fix: a line `.git` in `.dockerignore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = """\
FROM python:3.13-slim
COPY . /srv  # <- here
USER app
"""


@rule(
    id="container-secret/history",
    severity=Severity.LOW,
    cwe=527,
    over=Image,
    persona="auditor",
    sources=["Docker docs, Build context, .dockerignore files", "CWE-527"],
    bad=[Bad("all that lies there", {"Dockerfile": ALL, ".git/HEAD": "ref: refs/heads/main\n"})],
    good=[
        Good("kept out", {"Dockerfile": ALL, ".git/HEAD": "", ".dockerignore": ".git\n"}),
        Good("only the code", {"Dockerfile": ALL.replace(". /srv", "shop /srv"), ".git/HEAD": "", "shop/app.py": ""}),
        Good("no repository", {"Dockerfile": ALL}),
    ],
)
def copies_history(image: Image) -> Iterator[Finding]:
    """Yield a finding for each copy that takes the history along."""
    for taken in image.taken:
        if taken.ships and any(one.kind == "history" for one in taken.held):
            yield Finding(
                taken.at,
                f"{taken.text} puts the history of the repository into the image",
                image.evidence,
                fix=Fix("a line `.git` in `.dockerignore`"),
                symbol=f"{taken.at.file} {taken.text}",
            )
