"""Traefik routes to services that nobody meant to open.

With `providers.docker` each container gets a route unless it refuses one. A request with `Host: flower-shop` then
reaches the monitor, the search engine or the database's console beside the app, past the published ports.

Medium. Silent with `exposedByDefault=false`, with `constraints`, where the services beside it say
`traefik.enable=false`, share no network with it, or speak no HTTP.

Fix: `--providers.docker.exposedbydefault=false`, and `traefik.enable=true` on what visitors should get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.traefik.routed import RoutedByDefault

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOSE = """\
services:
  traefik:
    image: traefik:v3.1
    command:
      - --providers.docker=true  # <- here
    ports: ["80:80"]
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
  flower:
    image: mher/flower:2.0
"""


@rule(
    id="published-port/routed-by-default",
    severity=Severity.MEDIUM,
    cwe=668,
    over=RoutedByDefault,
    sources=["Traefik 3.1 docs, Docker provider, exposedByDefault"],
    bad=[Bad("a monitor beside it", {"compose.yaml": COMPOSE})],
    good=[
        Good(
            "only what asks for it",
            {
                "compose.yaml": COMPOSE.replace(
                    "=true  # <- here", "=true\n      - --providers.docker.exposedbydefault=false"
                )
            },
        ),
        Good("it refuses", {"compose.yaml": COMPOSE + "    labels: {traefik.enable: 'false'}\n"}),
        Good("it speaks no HTTP", {"compose.yaml": COMPOSE.replace("mher/flower:2.0", "postgres:17")}),
    ],
)
def routes_to_all(proxy: RoutedByDefault) -> Iterator[Finding]:
    """Yield a finding for a Traefik that routes to what nobody meant."""
    yield Finding(
        at=proxy.at,
        says=f"Traefik routes to {', '.join(proxy.services)}, which no label asks for",
        evidence=proxy.evidence,
        fix=Fix("Set `providers.docker.exposedByDefault` to false."),
        symbol="exposedByDefault",
    )
