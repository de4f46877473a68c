"""A step of the image uses sudo.

In a container nobody logs in and asks to become root: `USER` and the entrypoint say
who runs. What sudo adds is a program with the set-user-id bit, often with a rule
that asks for no password, by which an intruder becomes root again.

Told to auditors. Silent in stages that only build.

Fix: `USER root` before the step that needs it and `USER app` after it; no sudo in the image.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

USED = """\
FROM python:3.13-slim
USER app
RUN sudo apt-get install --yes curl  # <- here
"""


@rule(
    id="container-user/sudo",
    severity=Severity.LOW,
    cwe=250,
    over=Image,
    persona="auditor",
    sources=["Docker docs, Building best practices, USER", "CWE-250"],
    bad=[
        Bad("a step", {"Dockerfile": USED}),
        Bad("among others", {"Dockerfile": USED.replace("sudo", "date && sudo")}),
    ],
    good=[
        Good("root does it", {"Dockerfile": USED.replace("USER app", "USER root").replace("sudo ", "")}),
        Good("a stage that builds", {"Dockerfile": USED.replace("slim", "slim AS tools") + "FROM debian:12-slim\n"}),
        Good("a word", {"Dockerfile": USED.replace("sudo apt-get install --yes curl", "echo sudo")}),
    ],
)
def sudo(image: Image) -> Iterator[Finding]:
    """Yield a finding for the first use of sudo in what is shipped."""
    for command in image.commands:
        if command.ships and "sudo" in command.wrappers:
            yield Finding(
                command.at,
                f"a step of {image.name} uses sudo",
                image.evidence,
                fix=Fix("`USER root` before the step that needs it and `USER app` after it; no sudo in the image"),
                symbol=image.name,
            )
            return
