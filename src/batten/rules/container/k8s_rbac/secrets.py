"""A role reads or changes every Secret of the cluster.

Secrets hold the tokens of other accounts, passwords of databases and private keys.
Who may list them all soon has the rights of all the others; `list` and `watch` show
the contents just as `get` does, and who changes one decides what others log in with.

Silent where the role names the Secrets (`resourceNames`) or holds in one namespace only, and for a role that
may do everything, which `k8s-rbac/wildcard` tells.

Fix: a Role in the namespace that needs it, with `resourceNames`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import CORE, covers, does_everything, holders, sureness
from batten.understand.infrastructure.kubernetes.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [configmaps, secrets]  # <- here
    verbs: [get, list]
"""

_VERBS = frozenset(("get", "list", "watch", "update", "patch", "*"))

BOUND = """\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: shop
  namespace: shop
subjects:
  - {kind: ServiceAccount, name: shop}
roleRef:
  {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shop}
"""


@rule(
    id="k8s-rbac/secrets",
    severity=Severity.MEDIUM,
    cwe=250,
    over=Access,
    sources=["Kubernetes docs, RBAC Good Practices, Listing secrets", "CIS Kubernetes Benchmark 1.9, 5.1.2"],
    bad=[
        Bad("by name", {"k8s/rbac.yaml": ROLE}),
        Bad("with all that there is", {"k8s/rbac.yaml": ROLE.replace("[configmaps, secrets]", '["*"]')}),
    ],
    good=[
        Good("those it names", {"k8s/rbac.yaml": ROLE + "    resourceNames: [shop]\n"}),
        Good("bound in one namespace", {"k8s/rbac.yaml": ROLE + BOUND}),
        Good("of one namespace", {"k8s/rbac.yaml": ROLE.replace("ClusterRole", "Role")}),
        Good("it makes new ones", {"k8s/rbac.yaml": ROLE.replace("[get, list]", "[create]")}),
        Good("another group's", {"k8s/rbac.yaml": ROLE.replace('[""]', "[shop.io]")}),
    ],
)
def reads_secrets(access: Access) -> Iterator[Finding]:
    """Yield a finding for a ClusterRole that reads Secrets everywhere."""
    if not access.everywhere or access.is_built_in:
        return
    for grant in access.grants:
        if grant.verbs & _VERBS and covers(grant, CORE, "secrets") and not does_everything(grant):
            yield Finding(
                grant.resources_at,
                f"the ClusterRole {access.name} reads or changes Secrets {_scope(access)}{holders(access.subjects)}",
                access.evidence,
                sureness(access),
                fix=Fix("a Role in the namespace that needs it, with `resourceNames`"),
                symbol=access.name,
            )
            return


def _scope(access: Access) -> str:
    return "of every namespace" if access.is_bound else "wherever it is bound"
