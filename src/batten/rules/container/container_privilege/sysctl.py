"""A pod changes settings of its node's kernel.

Settings that are not known to be kept apart between pods reach the others on the node,
or give the pod more than its share of memory or ports. Kubernetes refuses them unless the node was told to
let them through.

Silent for those that Kubernetes lets through everywhere (`net.ipv4.ip_unprivileged_port_start`,
`net.ipv4.tcp_syncookies`, `net.ipv4.ping_group_range` …).

Fix: take the setting away, or set it on the node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import POD
from batten.understand.infrastructure.kubernetes.parts import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

PODS = POD + "      securityContext:\n        sysctls: [{name: kernel.msgmax, value: '65536'}]  # <- here\n"
_SAFE = frozenset(
    "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.tcp_syncookies net.ipv4.ping_group_range"
    " net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time"
    " net.ipv4.tcp_fin_timeout net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem"
    " net.ipv4.tcp_wmem".split()
)
"""Kubernetes 1.33 docs, Using sysctls, Safe and Unsafe Sysctls."""


@rule(
    id="container-privilege/sysctl",
    severity=Severity.LOW,
    cwe=250,
    over=Workload,
    sources=["Kubernetes docs, Using sysctls in a Kubernetes Cluster"],
    bad=[Bad("a pod", {"k8s/shop.yaml": PODS})],
    good=[
        Good("one that is kept apart", {"k8s/shop.yaml": PODS.replace("kernel.msgmax", "net.ipv4.tcp_syncookies")}),
        Good("in the other spelling", {"k8s/shop.yaml": PODS.replace("kernel.msgmax", "net/ipv4/tcp_syncookies")}),
        Good("only development starts it", {"k8s/overlays/dev/shop.yaml": PODS}),
    ],
)
def sets_the_kernel(workload: Workload) -> Iterator[Finding]:
    """Yield a finding for each setting of the kernel that other pods may feel."""
    for name, at in workload.sysctls:
        if name.replace("/", ".") not in _SAFE:
            yield Finding(
                at,
                f"{workload.name} changes {name} of its node",
                workload.evidence,
                fix=Fix("take the setting away, or set it on the node"),
                symbol=f"{workload.name} {name}",
            )
