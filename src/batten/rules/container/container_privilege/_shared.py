"""What the rules on rights over the host share: whom a fault belongs to, and how bad it is."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Severity

if TYPE_CHECKING:
    from batten.understand.infrastructure.nouns import Container, Mount

COMPOSE = """\
services:
  web:
    image: ghcr.io/shop/web:1.4.2
    {}
"""
POD = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: web
          image: ghcr.io/shop/web:1.4.2
"""


def weighed(container: Container, severity: Severity) -> Severity:
    """Return the severity, milder for what belongs to the cluster itself: an agent on every node, `kube-system`."""
    return severity.lowered() if container.is_of_cluster else severity


def mounted(container: Container, mount: Mount, severity: Severity) -> Severity:
    """Return the severity of a mount: low where no container of the pod mounts the volume yet."""
    return weighed(container, severity) if mount.target else Severity.LOW


def has_all_rights(container: Container) -> bool:
    """Return whether the container is privileged: what else it may do is then no news."""
    return container.facts.get("privileged", ("",))[0].lower() == "true"


def host_path(source: str) -> str:
    """Return a path of the host in one spelling; empty for a volume's name, and for a path beside the file."""
    if source.startswith("~"):
        return posixpath.normpath(source)
    return posixpath.normpath(f"/{source.lstrip('/')}") if source.startswith("/") else ""


_WHOLE = frozenset(
    "/ /etc /root /home /proc /sys /dev /boot /usr /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /bin /sbin /lib"
    " /lib64 /var /var/lib /var/spool /var/spool/cron /opt/cni/bin /mnt/host /host".split()
)
_BELOW = re.compile(
    r"/(?:var/lib/(?:kubelet|docker|containerd|containers|rancher|etcd|kube\w*|minikube)"
    r"|etc/(?:kubernetes|docker|ssh|cron\.\w+|crontab|sudoers(?:\.d)?|systemd|shadow|passwd|pam\.d|rancher|cni|profile\.d)"
    r"|(?:root|home/[^/]+)/\.(?:ssh|aws|kube|docker|gnupg|config|azure)|proc/[^/]+|sys/(?:fs|kernel)"
    r"|usr/lib/systemd|lib/systemd)(?:/.*)?"
    r"|~(?:/\.(?:ssh|aws|kube|docker|gnupg|config|azure)(?:/.*)?)?"
)
_HARMLESS = re.compile(
    r"/(?:etc/(?:localtime|timezone|resolv\.conf|hosts|hostname|os-release|machine-id|ssl|pki|ca-certificates)(?:/.*)?"
    r"|proc/(?:cpuinfo|meminfo|stat|uptime|diskstats|loadavg|sys/kernel/hostname)|sys/fs/cgroup(?:/.*)?|dev/shm"
    r"|var/lib/docker/volumes/[^/]+/_data(?:/.*)?|sys/class(?:/.*)?)"
)
_SOCKETS = frozenset(
    "docker.sock containerd.sock containerd/containerd.sock crio/crio.sock podman/podman.sock dockershim.sock"
    " cri-dockerd.sock k3s/containerd/containerd.sock docker/metrics.sock".split()
)
_FOLDERS = frozenset(
    ("/run", "/var/run", "/run/containerd", "/run/docker", "/var/run/docker", "/run/crio", "/run/podman")
)
"""Directories that hold such a socket."""


def is_sensitive(path: str) -> bool:
    """Return whether a path of the host holds secrets or rights."""
    return bool(path) and not _HARMLESS.fullmatch(path) and (path in _WHOLE or _BELOW.fullmatch(path) is not None)


def is_runtime(path: str) -> bool:
    """Return whether a path of the host is the socket of a container runtime, or holds it."""
    return path in _FOLDERS or path.removeprefix("/var").removeprefix("/run/") in _SOCKETS
