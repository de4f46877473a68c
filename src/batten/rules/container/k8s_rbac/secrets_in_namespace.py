"""A role reads or changes all Secrets of its namespace.

Many programs need one Secret and are given all of them: a token of another account, the database's
password, the key of the certificate.

Silent where the role names the Secrets (`resourceNames`), and for a role that may do everything, which
`k8s-rbac/wildcard` tells.

Fix: `resourceNames` with those that the program needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import CORE, covers, does_everything, holders, sureness, where
from batten.understand.infrastructure.kubernetes.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: shop
rules:
  - apiGroups: [""]
    resources: [secrets]  # <- here
    verbs: [get]
"""
_VERBS = frozenset(("get", "list", "watch", "update", "patch", "delete", "deletecollection", "*"))


@rule(
    id="k8s-rbac/secrets-in-namespace",
    severity=Severity.LOW,
    cwe=250,
    over=Access,
    sources=["Kubernetes docs, RBAC Good Practices, Listing secrets"],
    persona="auditor",
    bad=[Bad("all of them", {"k8s/rbac.yaml": ROLE})],
    good=[
        Good("the one it needs", {"k8s/rbac.yaml": ROLE + "    resourceNames: [shop]\n"}),
        Good("settings only", {"k8s/rbac.yaml": ROLE.replace("secrets", "configmaps")}),
    ],
)
def reads_secrets(access: Access) -> Iterator[Finding]:
    """Yield a finding for a role that reads or changes all Secrets of a namespace."""
    if access.everywhere or access.is_built_in:
        return
    for grant in access.grants:
        if grant.verbs & _VERBS and covers(grant, CORE, "secrets") and not does_everything(grant):
            yield Finding(
                grant.resources_at,
                f"the {access.kind} {access.name} reads or changes all Secrets {where(access)}"
                f"{holders(access.subjects)}",
                access.evidence,
                sureness(access),
                fix=Fix("`resourceNames` with those that the program needs"),
                symbol=access.name,
            )
            return
