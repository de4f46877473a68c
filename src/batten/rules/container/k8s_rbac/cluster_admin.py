"""A program has all rights over the cluster.

`cluster-admin` reads every Secret, starts privileged pods on any node and hands out
further rights. A pod's token is a file in it: a hole in the app or in one of its dependencies is then
a hole in the cluster.

`admin` and `edit` in every namespace come near: they read Secrets and start pods.

Severity: high for a service account, medium where it holds in one namespace and for `admin` and `edit`, low where a
person or a group of people gets it: somebody has to have it.

Silent for `system:masters`, which has these rights anyway.

Fix: bind a role that lists what the program asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import holders
from batten.understand.infrastructure.kubernetes.parts import Binding

if TYPE_CHECKING:
    from collections.abc import Iterator

BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: shop
subjects:
  - kind: ServiceAccount
    name: shop
    namespace: default
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin  # <- here
"""

_NEARLY = frozenset(("admin", "edit"))
"""Roles of Kubernetes with all rights inside a namespace, Secrets and pods among them."""
_EVERYBODY = frozenset("system:anonymous system:unauthenticated system:authenticated system:serviceaccounts".split())


@rule(
    id="k8s-rbac/cluster-admin",
    severity=Severity.HIGH,
    cwe=250,
    over=Binding,
    sources=["Kubernetes docs, RBAC Good Practices", "CIS Kubernetes Benchmark 1.9, 5.1.1"],
    bad=[
        Bad("a service account", {"k8s/rbac.yaml": BINDING}),
        Bad("in a namespace", {"k8s/rbac.yaml": BINDING.replace("ClusterRoleBinding", "RoleBinding")}),
        Bad("all of every namespace", {"k8s/rbac.yaml": BINDING.replace("cluster-admin", "edit")}),
        Bad("a person", {"k8s/rbac.yaml": BINDING.replace("kind: ServiceAccount", "kind: User")}),
    ],
    good=[
        Good("a role of its own", {"k8s/rbac.yaml": BINDING.replace("cluster-admin", "shop")}),
        Good(
            "the group that has them anyway",
            {
                "k8s/rbac.yaml": BINDING.replace("ServiceAccount", "Group").replace(
                    "    name: shop", "    name: system:masters"
                )
            },
        ),
        Good("nobody gets it", {"k8s/rbac.yaml": BINDING.replace("subjects:", "labels:")}),
    ],
)
def has_all_rights(binding: Binding) -> Iterator[Finding]:
    """Yield a finding for a binding that gives `cluster-admin` away."""
    held = [
        one
        for one in binding.subjects
        if one.name not in _EVERYBODY and (one.kind, one.name) != ("Group", "system:masters")
    ]
    is_whole = binding.role == "cluster-admin"
    if not held or not (is_whole or (binding.everywhere and binding.role in _NEARLY)):
        return
    programs = [one for one in held if one.kind == "ServiceAccount"]
    scope = (
        "the whole cluster"
        if binding.everywhere and is_whole
        else "every namespace"
        if binding.everywhere
        else "its namespace"
    )
    yield Finding(
        binding.role_at,
        f"{binding.name} gives all rights over {scope} away{holders(programs or held)}",
        binding.evidence,
        severity=(Severity.HIGH if binding.everywhere and is_whole else Severity.MEDIUM) if programs else Severity.LOW,
        fix=Fix("bind a role that lists what the program asks for"),
        symbol=binding.name,
    )
