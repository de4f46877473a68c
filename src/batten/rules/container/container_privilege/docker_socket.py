"""A container commands the container runtime of its host.

Who may write to the socket starts a container with the host's disk in it: that is root on
the host. A mount that is read-only does not help: it is the file that cannot be
changed, requests go through.

Severity: high; low for a proxy that lets some requests through only (`socket-proxy`); one step milder for an
agent of the cluster.

Silent for services that only development starts.

Fix: take the mount away; a socket proxy in between lets only the requests through that are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, host_path, is_runtime, mounted
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = COMPOSE.format('volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]  # <- here')
PODS = (
    POD
    + """\
          volumeMounts: [{name: run, mountPath: /run/docker.sock}]
      volumes:
        - name: run
          hostPath: {path: /var/run/docker.sock}  # <- here
"""
)


@rule(
    id="container-privilege/docker-socket",
    severity=Severity.HIGH,
    cwe=250,
    over=Container,
    sources=["Docker docs, Protect the Docker daemon socket", "OWASP Docker Security Cheat Sheet, rule 1"],
    bad=[
        Bad("a compose service", {"compose.yaml": SERVICE}),
        Bad(
            "the directory that holds it",
            {"compose.yaml": SERVICE.replace("docker.sock:ro", "x").replace("/docker.sock", "")},
        ),
        Bad("a pod", {"k8s/shop.yaml": PODS}),
        Bad("containerd's", {"k8s/shop.yaml": PODS.replace("/var/run/docker.sock", "/run/containerd/containerd.sock")}),
    ],
    good=[
        Good("a volume", {"compose.yaml": SERVICE.replace("/var/run/docker.sock:/var", "run:/var")}),
        Good("an own socket", {"k8s/shop.yaml": PODS.replace("docker.sock}  #", "shop.sock}  #")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def commands_runtime(container: Container) -> Iterator[Finding]:
    """Yield a finding for each mount of a container runtime's socket."""
    for mount in container.mounts:
        path = host_path(mount.source)
        if not is_runtime(path):
            continue
        is_proxy = "socket-proxy" in container.image or "socketproxy" in container.image
        yield Finding(
            mount.at,
            f"{container.name} commands the container runtime of its host by {path}"
            if mount.target
            else f"{container.whole} has {path} of its host as a volume, which no container mounts",
            container.evidence,
            severity=Severity.LOW if is_proxy else mounted(container, mount, Severity.HIGH),
            fix=Fix("take the mount away, or put a socket proxy in between"),
            symbol=f"{container.name} {path}",
        )
