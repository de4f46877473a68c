"""Every pod of a namespace that names no account gets a role.

A pod without `serviceAccountName` runs as `default`. A role that is bound to it goes to
all of them, also to those that are added later and need no rights at all.

Silent where the role is bound to an account of its own.

Fix: make a ServiceAccount for the program, name it in its pod and in the binding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Binding

if TYPE_CHECKING:
    from collections.abc import Iterator

BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
  namespace: shop
subjects:
  - kind: ServiceAccount
    name: default  # <- here
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: shop
"""


@rule(
    id="k8s-rbac/default-account",
    severity=Severity.LOW,
    cwe=250,
    over=Binding,
    sources=["Kubernetes docs, RBAC Good Practices", "CIS Kubernetes Benchmark 1.9, 5.1.5"],
    bad=[Bad("the account of all that name none", {"k8s/rbac.yaml": BINDING})],
    good=[
        Good("an account of its own", {"k8s/rbac.yaml": BINDING.replace("name: default", "name: shop")}),
        Good("a user who is called so", {"k8s/rbac.yaml": BINDING.replace("ServiceAccount", "User")}),
    ],
)
def is_the_default(binding: Binding) -> Iterator[Finding]:
    """Yield a finding for a binding to a namespace's default account."""
    for subject in binding.subjects:
        if subject.kind == "ServiceAccount" and subject.name == "default" and binding.role != "cluster-admin":
            space = f" of {subject.namespace}" if subject.namespace else ""
            yield Finding(
                subject.at,
                f"every pod{space} that names no account gets the role {binding.role}",
                binding.evidence,
                fix=Fix("make a ServiceAccount for the program, and name it in its pod and here"),
                symbol=binding.name,
            )
