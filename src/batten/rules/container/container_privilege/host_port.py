"""A pod opens a port of its node.

`hostPort` is reached at the node's own address, past Services and past many network policies.
Two such pods cannot share a node, so it also decides where pods run.

Silent on the node's loopback (`hostIP: 127.0.0.1`), and for an agent of the cluster.

Fix: take `hostPort` away; a Service leads to the pod.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import POD
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

PODS = POD + "          ports: [{containerPort: 8000, hostPort: 80}]  # <- here\n"


@rule(
    id="container-privilege/host-port",
    severity=Severity.LOW,
    cwe=668,
    over=Container,
    sources=["Kubernetes docs, Configuration Best Practices", "Kubernetes docs, Pod Security Standards, Baseline"],
    persona="auditor",
    bad=[Bad("a pod", {"k8s/shop.yaml": PODS})],
    good=[
        Good("the node's loopback", {"k8s/shop.yaml": PODS.replace("80}", "80, hostIP: 127.0.0.1}")}),
        Good("only in the cluster", {"k8s/shop.yaml": PODS.replace(", hostPort: 80", "")}),
    ],
)
def opens_the_node(container: Container) -> Iterator[Finding]:
    """Yield a finding for each port of the node that a pod opens."""
    if container.kind != "kubernetes" or container.is_of_cluster:
        return
    for port, at in container.lists.get("host_ports", ()):
        yield Finding(
            at,
            f"{container.name} opens port {port} of its node",
            container.evidence,
            fix=Fix("take `hostPort` away; a Service leads to the pod"),
            symbol=f"{container.name} {port}",
        )
