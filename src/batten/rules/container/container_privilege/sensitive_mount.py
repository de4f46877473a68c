"""A container sees a part of its host that holds secrets or rights.

With `/`, `/etc`, `/root`, `/proc`, `/dev`, `/var/lib/kubelet` or `/var/lib/docker` of the host in it, a hole in
the container is a hole in the host: keys and tokens are read, and where the mount can be written, a line in a
crontab is a program that runs as root.

Severity: high; medium where the mount is read-only; one step milder for an agent of the cluster.

Silent for single files that hold nothing (`/etc/localtime`, `/etc/resolv.conf`), for certificates, for
directories of data, and for named volumes. Sockets of a container runtime are told by
`container-privilege/docker-socket`.

Fix: mount the one directory or file that is needed, read-only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, host_path, is_sensitive, mounted
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Yield a finding for each mount of a part of the host that is not for containers."""
    for mount in container.mounts:
        path = host_path(mount.source)
        if not is_sensitive(path):
            continue
        severity = Severity.MEDIUM if mount.read_only else Severity.HIGH
        rights = "reads" if mount.read_only else "reads and writes"
        yield Finding(
            mount.at,
            f"{container.name} {rights} {path} of its host"
            if mount.target
            else f"{container.whole} has {path} of its host as a volume, which no container mounts",
            container.evidence,
            severity=mounted(container, mount, severity),
            fix=Fix("mount the one directory or file that is needed, read-only"),
            symbol=f"{container.name} {path}",
        )
