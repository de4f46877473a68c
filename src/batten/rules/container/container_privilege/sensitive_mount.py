"""A container sees a part of its host that holds secrets or rights.

With `/`, `/etc`, `/root`, `/proc`, `/dev`, `/var/lib/kubelet` or `/var/lib/docker` of the host in it, a hole in
the container is a hole in the host: keys and tokens are read, and where the mount can be written, a line in a
crontab is a program that runs as root.

One finding for each container, at the worst of its mounts. Severity: high; medium where the mount is read-only; one
step milder for an agent of the cluster.

Silent for single files that hold nothing (`/etc/localtime`, `/etc/resolv.conf`), for certificates, for
directories of data, and for named volumes. Sockets of a container runtime are told by
`container-privilege/docker-socket`.

Fix: mount the one directory or file that is needed, read-only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, host_path, is_sensitive, mounted
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 3
"""Paths that a message names."""
SERVICE = COMPOSE.format('volumes: ["/etc:/host/etc"]  # <- here')
PODS = (
    POD
    + """\
          volumeMounts: [{name: host, mountPath: /host, readOnly: true}]
      volumes:
        - name: host
          hostPath: {path: /}  # <- here
"""
)


@rule(
    id="container-privilege/sensitive-mount",
    severity=Severity.HIGH,
    cwe=668,
    over=Container,
    sources=[
        "CIS Docker Benchmark 1.6, 5.6",
        "Kubernetes docs, Volumes, hostPath",
        "kubernetes.io, Pod Security Standards",
    ],
    bad=[
        Bad("a compose service", {"compose.yaml": SERVICE}),
        Bad("keys of a person", {"compose.yaml": SERVICE.replace("/etc:/host/etc", "~/.ssh:/ssh:ro")}),
        Bad("a pod", {"k8s/shop.yaml": PODS}),
        Bad("the kubelet's", {"k8s/shop.yaml": PODS.replace("path: /}", "path: /var/lib/kubelet/pki}")}),
    ],
    good=[
        Good("the time zone", {"compose.yaml": SERVICE.replace("/etc:/host/etc", "/etc/localtime:/etc/localtime:ro")}),
        Good("a directory of data", {"compose.yaml": SERVICE.replace("/etc:/host/etc", "/srv/shop:/data")}),
        Good("a volume that is called so", {"compose.yaml": SERVICE.replace("/etc:/host/etc", "etc:/etc")}),
        Good("a directory of the repository", {"compose.yaml": SERVICE.replace("/etc:/host/etc", "./etc:/etc")}),
        Good("no path of the host", {"k8s/shop.yaml": PODS.replace("hostPath: {path: /}", "emptyDir: {}")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def sees_the_host(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container that parts of the host are mounted into, which are not for containers."""
    held = [mount for mount in container.mounts if is_sensitive(host_path(mount.source))]
    if not held:
        return
    worst = min(held, key=lambda mount: (not mount.target, mount.read_only, mount.at.line or 0))
    paths = list(dict.fromkeys(host_path(mount.source) for mount in (worst, *held)))
    shown = ", ".join(paths[:_SHOWN]) + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")
    rights = "reads" if worst.read_only else "reads and writes"
    yield Finding(
        worst.at,
        f"{container.name} {rights} {shown} of its host"
        if worst.target
        else f"{container.whole} has {shown} of its host as a volume, which no container mounts",
        (
            *container.evidence,
            *(Evidence(mount.at, f"mounts {host_path(mount.source)}") for mount in held if mount is not worst),
        ),
        severity=mounted(container, worst, Severity.MEDIUM if worst.read_only else Severity.HIGH),
        fix=Fix("mount the one directory or file that is needed, read-only"),
        symbol=container.name,
    )
