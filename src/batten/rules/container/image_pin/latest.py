"""An image is taken as `latest`.

What that is changes when its makers say so. Tomorrow's build has another Python or another
system than the one that was tested, and nobody can say which one runs.

Silent with a digest beside it, and for an earlier stage of the same file that is called so.

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

OVERLAY = """\
resources: [shop.yaml]
images:
  - name: ghcr.io/shop/web
    newTag: {}
"""
PLAIN = """\
FROM python:latest  # <- here
USER app
"""


@rule(
    id="image-pin/latest",
    severity=Severity.LOW,
    cwe=1357,
    over=Image,
    sources=["Docker docs, Building best practices, Pin base image versions", "hadolint DL3007"],
    bad=[
        Bad("the base", {"Dockerfile": PLAIN}),
        Bad("an argument's default", {"Dockerfile": f"ARG TAG=latest\n{PLAIN.replace(':latest', ':$TAG')}"}),
        Bad(
            "what a file is taken from",
            {"Dockerfile": f"FROM scratch\nCOPY --from={PLAIN.partition(' ')[2]}".replace("latest", "latest / /")},
        ),
    ],
    good=[
        Good("a version", {"Dockerfile": PLAIN.replace("latest", "3.13-slim")}),
        Good("a digest", {"Dockerfile": PLAIN.replace("latest", f"latest@sha256:{'0d' * 32}")}),
        Good("whoever builds says it", {"Dockerfile": f"ARG TAG\n{PLAIN.replace(':latest', ':$TAG')}"}),
    ],
)
def as_latest(image: Image) -> Iterator[Finding]:
    """Yield a finding for each image from elsewhere that is taken as `latest`."""
    for base in {base.image: base for base in reversed(image.bases)}.values():
        if base.known and base.tag == "latest" and not base.digest:
            yield Finding(
                base.at,
                f"{base.name} is taken as latest",
                image.evidence,
                fix=Fix(f"a version, `{base.name}:…`; with its digest the build is the same for ever"),
                symbol=base.name,
            )


@around(
    over=Container,
    layer="container",
    bad=[
        Bad("an official image", {"k8s/shop.yaml": POD.format("centos:latest  # <- here")}),
        Bad("a pod", {"k8s/shop.yaml": POD.format("ghcr.io/shop/web:latest  # <- here")}),
        Bad(
            "an overlay",
            {
                "k8s/kustomization.yaml": OVERLAY.format("latest  # <- here"),
                "k8s/shop.yaml": POD.format("ghcr.io/shop/web:1.0.0"),
            },
        ),
    ],
    good=[
        Good("a version", {"k8s/shop.yaml": POD.format("ghcr.io/shop/web:1.4.2")}),
        Good("a digest", {"k8s/shop.yaml": POD.format(f"ghcr.io/shop/web:latest@sha256:{'0d' * 32}")}),
        Good(
            "an overlay's version",
            {
                "k8s/kustomization.yaml": OVERLAY.format("1.0.0"),
                "k8s/shop.yaml": POD.format("ghcr.io/shop/web:latest"),
            },
        ),
    ],
)
def runs_latest(container: Container) -> Iterator[Finding]:
    """Yield a finding for a pod whose image is taken as `latest`."""
    held = runs(container)
    if held is None or container.image_at is None:
        return
    name, tag, digest = held
    if tag == "latest" and not digest:
        yield Finding(
            container.image_at,
            f"{container.name} runs {name} as latest",
            container.evidence,
            fix=Fix(f"a version, `{name}:…`; with its digest every pod runs the same"),
            symbol=name,
        )
