"""A container runs with all rights over its host.

A privileged container sees the host's devices and may mount its disks. Whoever
gets code to run in it (a hole in the app or in one of its dependencies) owns the machine
and every other container on it.

Silent where the option is off, and for services that only development starts.

Fix: take `privileged: true` away; add the one capability or device that is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  web:
    image: ghcr.io/shop/web:1.4.2
    privileged: true  # <- here
"""


@rule(
    id="container-privilege/privileged",
    severity=Severity.HIGH,
    cwe=250,
    over=Container,
    sources=["Docker docs, Runtime privilege and Linux capabilities", "CIS Docker Benchmark 1.6, 5.5"],
    bad=[Bad("a compose service", {"compose.yaml": COMPOSE})],
    good=[
        Good("the option is off", {"compose.yaml": COMPOSE.replace("true", "false")}),
        Good("only development starts it", {"compose.override.yaml": COMPOSE, "compose.yaml": "services: {}\n"}),
    ],
)
def has_all_rights(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container that is privileged."""
    told = container.facts.get("privileged")
    if told is not None and told[0].lower() == "true":
        yield Finding(
            told[1],
            f"{container.name} has all rights over its host",
            container.evidence,
            fix=Fix("take `privileged: true` away; add the one capability or device that is needed"),
            symbol=container.name,
        )
