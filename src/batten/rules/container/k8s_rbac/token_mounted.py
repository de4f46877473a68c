"""A pod that never asks the cluster gets a token of its API.

Kubernetes puts the token of the pod's account into every container unless told not to. An
app that is broken into hands it over; with the rights of that account the cluster is the
next step.

Silent with `automountServiceAccountToken: false` in the pod or in its account, and where a role of the repository
is bound to the account: the pod then needs the token.

Fix: `automountServiceAccountToken: false` in the pod's spec.
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
spec:  # <- here
  serviceAccountName: shop
  containers:
    - name: web
      image: ghcr.io/shop/web:1.4.2
"""
BOUND = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
subjects:
  - {kind: ServiceAccount, name: shop}
roleRef:
  {apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop}
"""


@rule(
    id="k8s-rbac/token-mounted",
    severity=Severity.LOW,
    cwe=522,
    over=Workload,
    sources=["Kubernetes docs, Configure Service Accounts for Pods", "CIS Kubernetes Benchmark 1.9, 5.1.6"],
    persona="auditor",
    bad=[
        Bad("by default", {"k8s/pod.yaml": POD}),
        Bad(
            "on purpose",
            {"k8s/pod.yaml": POD.replace("spec:  # <- here", "spec:\n  automountServiceAccountToken: true  # <- here")},
        ),
    ],
    good=[
        Good("told not to", {"k8s/pod.yaml": POD.replace("spec:", "spec:\n  automountServiceAccountToken: false")}),
        Good("its account has a role", {"k8s/pod.yaml": POD + BOUND}),
    ],
)
def has_a_token(workload: Workload) -> Iterator[Finding]:
    """Yield a finding for a workload whose pods get a token that no role is bound to."""
    if workload.mounts_token and not workload.has_role:
        yield Finding(
            workload.token_at or workload.at,
            f"the pods of {workload.name} get a token of the cluster's API that no role of the repository is for",
            workload.evidence,
            fix=Fix("`automountServiceAccountToken: false` in the pod's spec"),
            symbol=workload.name,
        )
