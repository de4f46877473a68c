"""An image is taken without a version.

Without a tag Docker takes `latest`: what that is changes when its makers say so. Tomorrow's build
has another Python or another system than the one that was tested, and nobody can say which one runs.

Silent for an earlier stage of the same file, `scratch`, a digest, and a name that depends on an argument
without a default.

Fix: a version, `FROM python:3.13-slim`; with its digest the build is the same for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, around, rule
from batten.rules.container.image_pin._pod import POD, runs
from batten.understand.infrastructure.images.nouns import Image
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = """\
FROM python  # <- here
USER app
"""

TOOL = """\
FROM python:3.13-slim
COPY --from=ghcr.io/astral-sh/uv /uv /bin/uv  # <- here
USER app
"""


@rule(
    id="image-pin/untagged",
    severity=Severity.LOW,
    cwe=1357,
    over=Image,
    sources=["Docker docs, Building best practices, Pin base image versions", "hadolint DL3006"],
    bad=[
        Bad("the base", {"Dockerfile": PLAIN}),
        Bad(
            "a stage that builds",
            {"Dockerfile": PLAIN.replace("python", "node AS site") + "FROM scratch\nCOPY --from=site / /\n"},
        ),
        Bad("what a file is taken from", {"Dockerfile": TOOL}),
        Bad("a registry's port is no tag", {"Dockerfile": PLAIN.replace("python", "hub.example.org:5000/python")}),
        Bad(
            "an argument's default", {"Dockerfile": f"ARG BASE=python\n{PLAIN.replace('FROM python', 'FROM ${BASE}')}"}
        ),
    ],
    good=[
        Good("a tag", {"Dockerfile": PLAIN.replace("python", "python:3.13-slim")}),
        Good("a digest", {"Dockerfile": PLAIN.replace("python", f"python@sha256:{'0d' * 32}")}),
        Good("an earlier stage", {"Dockerfile": "FROM python:3.13-slim AS base\n" + PLAIN.replace("python", "base")}),
        Good("nothing at all", {"Dockerfile": PLAIN.replace("python", "scratch")}),
        Good("whoever builds says it", {"Dockerfile": f"ARG BASE\n{PLAIN.replace('FROM python', 'FROM ${BASE}')}"}),
        Good(
            "a stage that nothing is built from",
            {"Dockerfile": PLAIN.replace("python", "node AS site") + "FROM scratch\n"},
        ),
    ],
)
def without_version(image: Image) -> Iterator[Finding]:
    """Yield a finding for each image from elsewhere without tag and digest."""
    for base in {base.image: base for base in reversed(image.bases)}.values():
        if base.known and not base.tag and not base.digest and base.name != "scratch":
            yield Finding(
                base.at,
                f"{base.name} is taken without a version",
                image.evidence,
                fix=Fix(f"a version, `{base.name}:…`; with its digest the build is the same for ever"),
                symbol=base.name,
            )


@around(
    over=Container,
    layer="container",
    bad=[
        Bad("a pod", {"k8s/shop.yaml": POD.format("ghcr.io/shop/web  # <- here")}),
        Bad("an official image", {"k8s/shop.yaml": POD.format("redis  # <- here")}),
    ],
    good=[
        Good("a version", {"k8s/shop.yaml": POD.format("redis:8")}),
        Good("a name that is filled in later", {"k8s/shop.yaml": POD.format("shop")}),
        Good("a variable", {"k8s/shop.yaml": POD.format("${IMAGE}")}),
    ],
)
def runs_any(container: Container) -> Iterator[Finding]:
    """Yield a finding for a pod whose image has neither tag nor digest."""
    held = runs(container)
    if held is None or container.image_at is None:
        return
    name, tag, digest = held
    if not tag and not digest:
        yield Finding(
            container.image_at,
            f"{container.name} runs {name} without a version",
            container.evidence,
            fix=Fix(f"a version, `{name}:…`; with its digest every pod runs the same"),
            symbol=name,
        )
