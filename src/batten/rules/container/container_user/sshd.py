"""The container lets users log in by SSH.

A second way in, with accounts, keys and updates of its own, beside the one that the
platform has and logs (`docker exec`, `kubectl exec`). Where its port is published, it
is tried with guessed passwords within minutes.

Silent in stages that only build, and for SSH's client.

Fix: take sshd and `EXPOSE 22` out; `docker exec` or `kubectl exec` opens a shell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.images.nouns import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location

EXPOSED = """\
FROM debian:12-slim
EXPOSE 8000 22  # <- here
USER app
"""

INSTALLED = """\
FROM debian:12-slim
RUN apt-get update && apt-get install --yes openssh-server  # <- here
"""
SERVERS = frozenset(("openssh-server", "openssh", "dropbear", "openssh-server-pam"))


@rule(
    id="container-user/sshd",
    severity=Severity.LOW,
    cwe=749,
    over=Image,
    sources=["CIS Docker Benchmark 1.6, 5.7", "NIST SP 800-190, 4.4.2"],
    bad=[
        Bad("its port", {"Dockerfile": EXPOSED}),
        Bad("its port and protocol", {"Dockerfile": EXPOSED.replace("22", "22/tcp")}),
        Bad("its package", {"Dockerfile": INSTALLED}),
    ],
    good=[
        Good("another port", {"Dockerfile": EXPOSED.replace(" 22", " 2200")}),
        Good("the client", {"Dockerfile": INSTALLED.replace("openssh-server", "openssh-client")}),
        Good("a stage that builds", {"Dockerfile": EXPOSED.replace("slim", "slim AS tools") + "FROM debian:12-slim\n"}),
    ],
)
def lets_in_by_ssh(image: Image) -> Iterator[Finding]:
    """Yield one finding for an image that serves SSH."""
    found = _first(image)
    if found is not None:
        yield Finding(
            found[0],
            f"{image.name} {found[1]}",
            image.evidence,
            fix=Fix("take sshd and `EXPOSE 22` out; `docker exec` or `kubectl exec` opens a shell"),
            symbol=image.name,
        )


def _first(image: Image) -> tuple[Location, str] | None:
    for port, at in image.ports:
        if port.partition("/")[0] == "22" and not port.endswith("/udp"):
            return at, "opens port 22, SSH's"
    for command in image.commands:
        if command.ships and command.installs & SERVERS:
            return command.at, "installs a server of SSH"
    return None
