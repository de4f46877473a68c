"""A container shares the network of its host.

It listens on the host's addresses, past what is published and past the cluster's network policies; it
reaches what the host keeps to itself on loopback (a kubelet, a database, the cloud's
metadata with the host's rights) and may listen to the traffic of others.

Severity: high in Kubernetes, medium in compose; one step milder for an agent of the cluster.

Silent for services that only development starts.

Fix: take `network_mode: host` or `hostNetwork: true` away and publish the ports that are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, weighed
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = COMPOSE.format("network_mode: host  # <- here")
PODS = POD + "      hostNetwork: true  # <- here\n"


@rule(
    id="container-privilege/host-network",
    severity=Severity.MEDIUM,
    cwe=668,
    over=Container,
    sources=["Docker docs, Host network driver", "Kubernetes docs, Pod Security Standards, Baseline"],
    bad=[
        Bad("a compose service", {"compose.yaml": SERVICE}),
        Bad(
            "a pod of two containers",
            {"k8s/shop.yaml": PODS.replace("      hostN", "        - name: log\n      hostN")},
        ),
    ],
    good=[
        Good("another container's", {"compose.yaml": SERVICE.replace("host", "service:vpn")}),
        Good("off", {"k8s/shop.yaml": PODS.replace("true", "false")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def shares_network(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container on its host's network."""
    told = container.facts.get("network_mode")
    if told is not None and told[0].lower() == "host":
        is_pod = container.kind == "kubernetes"
        yield Finding(
            told[1],
            f"{container.whole} shares the network of its host",
            container.evidence,
            severity=weighed(container, Severity.HIGH if is_pod else Severity.MEDIUM),
            fix=Fix(
                "take `hostNetwork: true` away; a Service leads to the pod"
                if is_pod
                else "take `network_mode: host` away and publish the ports that are needed"
            ),
            symbol=container.whole,
        )
