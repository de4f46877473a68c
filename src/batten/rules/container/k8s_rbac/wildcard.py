"""A role may do everything with everything.

All verbs on all resources are the rights of `cluster-admin`: read every Secret, start a
privileged pod on any node, hand out further rights. Whoever gets code to run in a pod
with this role owns the cluster, or, with a Role, the namespace.

Silent where the stars stand for the resources of one API group of one's own
(an operator's), and for roles that Kubernetes itself brings.

Fix: list the resources and verbs that the program asks for; `kubectl auth can-i --list`
shows what it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import EVERYTHING, does_everything, holders, sureness, where
from batten.understand.infrastructure.kubernetes.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]  # <- here
"""


@rule(
    id="k8s-rbac/wildcard",
    severity=Severity.HIGH,
    cwe=250,
    over=Access,
    sources=["Kubernetes docs, RBAC Good Practices", "CIS Kubernetes Benchmark 1.9, 5.1.3"],
    bad=[
        Bad("in the whole cluster", {"k8s/rbac.yaml": ROLE}),
        Bad(
            "every verb by its name",
            {"k8s/rbac.yaml": ROLE.replace('["*"]  #', f"[{', '.join(sorted(EVERYTHING))}]  #")},
        ),
        Bad(
            "in a namespace",
            {"k8s/rbac.yaml": ROLE.replace("ClusterRole", "Role").replace('apiGroups: ["*"]', 'apiGroups: [""]')},
        ),
    ],
    good=[
        Good("what it needs", {"k8s/rbac.yaml": ROLE.replace('resources: ["*"]', "resources: [configmaps]")}),
        Good("it only looks", {"k8s/rbac.yaml": ROLE.replace('verbs: ["*"]', "verbs: [get]")}),
        Good("an operator's own group", {"k8s/rbac.yaml": ROLE.replace('apiGroups: ["*"]', "apiGroups: [shop.io]")}),
        Good(
            "a role of Kubernetes",
            {
                "k8s/rbac.yaml": ROLE.replace(
                    "name: shop", "name: cluster-admin\n  labels: {kubernetes.io/bootstrapping: rbac-defaults}"
                )
            },
        ),
        Good("an example", {"examples/rbac.yaml": ROLE}),
    ],
)
def may_do_everything(access: Access) -> Iterator[Finding]:
    """Yield a finding for a role that has all verbs on all resources of Kubernetes."""
    if access.is_built_in:
        return
    for grant in access.grants:
        if does_everything(grant):
            yield Finding(
                grant.verbs_at,
                f"the {access.kind} {access.name} may do everything {where(access)}{holders(access.subjects)}",
                access.evidence,
                sureness(access),
                severity=Severity.HIGH if access.everywhere else Severity.MEDIUM,
                fix=Fix("list the resources and verbs that the program asks for"),
                symbol=access.name,
            )
            return
