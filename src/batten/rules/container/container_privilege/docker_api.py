"""Docker's own interface is open on the network, without a certificate.

On port 2375 it asks nobody who they are. Whoever connects starts a container with the host's disk in it: that is root
on the machine, in one request, and programs look for the port all day long.

Critical, and high before a proxy that lets only some requests through (docker-socket-proxy).

Silent on 127.0.0.1, for containers only, and on port 2376, which asks for a certificate.

Fix: take the port away; over the network use SSH (`docker -H ssh://host`) or port 2376 with certificates of clients.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.reached import opened, where
from batten.understand.infrastructure.nouns import Container
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  docker:
    image: docker:28-dind
    command: dockerd --host=tcp://0.0.0.0:2375
    ports: ["2375:2375"]  # <- here
"""
PROXY = """\
services:
  sockets:
    image: tecnativa/docker-socket-proxy:0.3
    ports: ["2375:2375"]  # <- here
"""
_PORT = 2375
_PROXY = "socket-proxy"


@rule(
    id="container-privilege/docker-api",
    severity=Severity.CRITICAL,
    cwe=306,
    over=Container,
    sources=["Docker docs, Protect the Docker daemon socket", "OWASP Docker Security Cheat Sheet, rule 1"],
    bad=[
        Bad("published", {"compose.yaml": COMPOSE}),
        Bad("through a proxy that lets some of it through", {"compose.yaml": PROXY}),
    ],
    good=[
        Good("on this host only", {"compose.yaml": COMPOSE.replace('"2375:', '"127.0.0.1:2375:')}),
        Good("with certificates", {"compose.yaml": COMPOSE.replace("2375", "2376")}),
        Good("a network that is internal", {"compose.yaml": PROXY + "networks: {default: {internal: true}}\n"}),
    ],
)
def docker_published(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container whose port of Docker's interface is open to other machines."""
    ports = [port for port in opened(container.published) if port.container == _PORT]
    if ports and container.reach is Reach.WORLD:
        yield Finding(
            ports[0].at,
            f"{container.name} opens Docker's own interface {where(ports)}, without a certificate",
            container.evidence,
            severity=Severity.HIGH if _PROXY in container.image else Severity.CRITICAL,
            fix=Fix("take the port away; over the network use SSH, or port 2376 with certificates of clients"),
            symbol=container.name,
        )
