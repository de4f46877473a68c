"""A container's processes may get more rights than they were started with.

`allowPrivilegeEscalation: true` leaves the kernel's `no_new_privs` off: a program with the setuid bit (`sudo`, `su`,
`mount`, a planted copy of a shell) makes root of any user in the container.

Silent where the line is absent, which is told to auditors with all that a pod could
refuse (`k8s-escalation/unhardened`), and for a privileged container, which has all rights already.

Fix: `allowPrivilegeEscalation: false`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: web
      image: ghcr.io/shop/web:1.4.2
      securityContext:
        allowPrivilegeEscalation: true  # <- here
"""


@rule(
    id="k8s-escalation/allowed",
    severity=Severity.LOW,
    cwe=269,
    over=Workload,
    sources=["Kubernetes docs, Pod Security Standards, Restricted", "CIS Kubernetes Benchmark 1.9, 5.2.6"],
    bad=[
        Bad("a pod", {"k8s/pod.yaml": POD}),
        Bad(
            "an init container of a cron job",
            {
                "k8s/job.yaml": "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: report}\nspec:\n  jobTemplate:\n"
                "    spec:\n      template:\n        spec:\n          initContainers:\n            - name: wait\n"
                "              image: busybox:1.37\n              securityContext:\n"
                "                allowPrivilegeEscalation: true  # <- here\n"
            },
        ),
    ],
    good=[
        Good("refused", {"k8s/pod.yaml": POD.replace("true", "false")}),
        Good("all rights already", {"k8s/pod.yaml": POD + "        privileged: true\n"}),
        Good("only development starts it", {"k8s/overlays/dev/pod.yaml": POD}),
    ],
)
def may_escalate(workload: Workload) -> Iterator[Finding]:
    """Yield a finding for each container that is explicitly allowed to."""
    for guard in workload.guards:
        told = guard.container.facts.get("privileged")
        if guard.escalation is not None and guard.escalation[0] and not (told and told[0].lower() == "true"):
            yield Finding(
                guard.escalation[1],
                f"the processes of {guard.container.name} may get more rights than they were started with",
                workload.evidence,
                fix=Fix("`allowPrivilegeEscalation: false`"),
                symbol=guard.container.name,
            )
