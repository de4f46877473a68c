"""A role has a star where a list could stand.

A star also stands for what is added later: a new verb, a new kind of object. What the
program may do then grows with the cluster, and nobody decided it.

Silent for a role that may do everything, which `k8s-rbac/wildcard` tells.

Fix: list the verbs, resources and groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import does_everything, sureness
from batten.understand.infrastructure.kubernetes.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: shop
rules:
  - apiGroups: [apps]  # <- here
    resources: [deployments]
    verbs: ["*"]
"""


@rule(
    id="k8s-rbac/star",
    severity=Severity.LOW,
    cwe=250,
    over=Access,
    sources=["Kubernetes docs, RBAC Good Practices", "CIS Kubernetes Benchmark 1.9, 5.1.3"],
    persona="auditor",
    bad=[Bad("every verb", {"k8s/rbac.yaml": ROLE})],
    good=[Good("a list", {"k8s/rbac.yaml": ROLE.replace('["*"]', "[get, patch]")})],
)
def has_a_star(access: Access) -> Iterator[Finding]:
    """Yield a finding for a role with a star that is not one for everything."""
    if access.is_built_in:
        return
    held = [
        grant
        for grant in access.grants
        if "*" in grant.verbs | grant.resources | grant.groups and not does_everything(grant)
    ]
    if held:
        words = [
            word
            for word, stars in (("verb", "verbs"), ("resource", "resources"), ("API group", "groups"))
            if any("*" in getattr(grant, stars) for grant in held)
        ]
        yield Finding(
            held[0].at,
            f"the {access.kind} {access.name} is given every {' and every '.join(words)}",
            access.evidence,
            sureness(access),
            fix=Fix("list the verbs, resources and groups"),
            symbol=access.name,
        )
