"""Whoever reaches the cluster's API has a role, without logging in.

`system:anonymous` and `system:unauthenticated` are everyone who connects;
`system:authenticated` is every account, on some platforms every account of the vendor
(GKE: whoever has a Google account); `system:serviceaccounts` is every pod.

Severity: critical for all rights, high for any other without a login, medium for every account or pod, low
where that is in one namespace only.

Silent for the roles that Kubernetes itself gives them (`system:discovery`,
`system:public-info-viewer`, `system:basic-user`).

Fix: name the accounts that need it as subjects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.kubernetes.parts import Binding

if TYPE_CHECKING:
    from collections.abc import Iterator

BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: looks
subjects:
  - kind: Group
    name: system:unauthenticated  # <- here
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
"""

_WHO = {
    "system:anonymous": "whoever connects",
    "system:unauthenticated": "whoever connects",
    "system:authenticated": "every account",
    "system:serviceaccounts": "every pod of the cluster",
}
_PUBLIC = frozenset(
    "system:discovery system:public-info-viewer system:basic-user kubeadm:bootstrap-signer-clusterinfo "
    "system:service-account-issuer-discovery kubeadm:get-nodes".split()
)


@rule(
    id="k8s-rbac/anonymous",
    severity=Severity.HIGH,
    cwe=306,
    over=Binding,
    sources=["Kubernetes docs, Using RBAC Authorization, Default roles", "Google Cloud docs, GKE RBAC best practices"],
    bad=[
        Bad("without a login", {"k8s/rbac.yaml": BINDING}),
        Bad("all rights", {"k8s/rbac.yaml": BINDING.replace("name: view", "name: cluster-admin")}),
        Bad("every account", {"k8s/rbac.yaml": BINDING.replace("unauthenticated", "authenticated")}),
    ],
    good=[
        Good("one group", {"k8s/rbac.yaml": BINDING.replace("system:unauthenticated", "shop-team")}),
        Good(
            "what Kubernetes shows everyone", {"k8s/rbac.yaml": BINDING.replace("name: view", "name: system:discovery")}
        ),
    ],
)
def is_for_everybody(binding: Binding) -> Iterator[Finding]:
    """Yield a finding for each subject that stands for everybody."""
    if binding.role in _PUBLIC:
        return
    for subject in binding.subjects:
        who = _WHO.get(subject.name)
        if who is None:
            continue
        open_ = who == "whoever connects"
        severity = Severity.HIGH if open_ else Severity.MEDIUM if binding.everywhere else Severity.LOW
        if binding.role in ("cluster-admin", "admin", "edit"):
            severity = Severity.CRITICAL if open_ else Severity.HIGH
        yield Finding(
            subject.at,
            f"{binding.name} gives the role {binding.role} to {who}",
            binding.evidence,
            severity=severity,
            fix=Fix("name the accounts that need it as subjects"),
            symbol=f"{binding.name} {subject.name}",
        )
