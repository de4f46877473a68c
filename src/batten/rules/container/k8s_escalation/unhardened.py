"""A pod refuses less than it could.

What the restricted Pod Security Standard asks for costs most programs nothing: no new
rights (`allowPrivilegeEscalation: false`), no capabilities (`drop: [ALL]`), the
runtime's filter of system calls (`seccompProfile: RuntimeDefault`), no root (`runAsNonRoot`), and
a file system that nothing is planted in (`readOnlyRootFilesystem`).

One finding for each workload, which lists what is missing in any of its containers.

Silent where the namespace enforces the standard, and for pods of the cluster itself (`kube-system`).

Fix: add what the finding lists to `securityContext`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.kubernetes.parts import Guard

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:  # <- here
  containers:
    - name: web
      image: ghcr.io/shop/web:1.4.2
"""

HARD = """\
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
        capabilities: {drop: [ALL]}
"""


@rule(
    id="k8s-escalation/unhardened",
    severity=Severity.LOW,
    cwe=1188,
    over=Workload,
    sources=["Kubernetes docs, Pod Security Standards, Restricted", "CIS Kubernetes Benchmark 1.9, 5.2"],
    persona="auditor",
    bad=[
        Bad("nothing is refused", {"k8s/pod.yaml": POD}),
        Bad("one is missing", {"k8s/pod.yaml": POD + HARD.replace("        readOnlyRootFilesystem: true\n", "")}),
    ],
    good=[
        Good("all is refused", {"k8s/pod.yaml": POD + HARD}),
        Good("the cluster's own", {"k8s/pod.yaml": POD.replace("name: shop", "name: shop\n  namespace: kube-system")}),
    ],
)
def refuses_less(workload: Workload) -> Iterator[Finding]:
    """Yield a finding for a workload, with what its containers do not refuse."""
    if workload.is_system or workload.is_restricted:
        return
    missing = list(dict.fromkeys(word for guard in workload.guards for word in _missing(guard)))
    if missing:
        yield Finding(
            workload.at,
            f"{workload.name} does without {', '.join(missing)}",
            workload.evidence,
            fix=Fix(f"add to `securityContext`: {', '.join(missing)}"),
            symbol=workload.name,
        )


def _missing(guard: Guard) -> Iterator[str]:
    if guard.escalation is None:
        yield "`allowPrivilegeEscalation: false`"
    if "ALL" not in guard.drops:
        yield "`drop: [ALL]`"
    if not guard.seccomp:
        yield "`seccompProfile: RuntimeDefault`"
    if not guard.non_root and (guard.user is None or guard.user[0] == 0):
        yield "`runAsNonRoot: true`"
    if not guard.read_only:
        yield "`readOnlyRootFilesystem: true`"
