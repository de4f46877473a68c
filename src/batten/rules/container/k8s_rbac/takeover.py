"""A role has rights by which it gets others.

Kubernetes keeps a role from handing out more than it has, except with these: `escalate` and
`bind` on roles, `impersonate`, tokens of other accounts (`serviceaccounts/token`), a shell in other
pods (`pods/exec`, `pods/attach`: with `create`, and with `get` over a WebSocket), the kubelets (`nodes/proxy`),
certificates (`certificatesigningrequests/approval`), and webhooks that see and change every object.

Severity: high in the whole cluster, medium in one namespace or for a shell in pods.

Silent where the rule names the objects (`resourceNames`), in a namespace for what is in none (nodes, webhooks, groups),
and for a role that may do
everything, which `k8s-rbac/wildcard` tells.

Fix: take the verb or resource out, or name the objects with `resourceNames`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.k8s_rbac._who import CORE, RBAC, WRITES, covers, does_everything, holders, sureness, where
from batten.understand.infrastructure.kubernetes.parts import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.kubernetes.parts import Grant

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [get, bind]  # <- here
"""
EXEC = (
    ROLE.replace("[rbac.authorization.k8s.io]", '[""]')
    .replace("[clusterroles]", "[pods/exec]")
    .replace("[get, bind]", "[create]")
)


class _Way(NamedTuple):
    says: str
    groups: frozenset[str]
    resources: tuple[str, ...]
    verbs: frozenset[str]
    severity: Severity = Severity.HIGH
    spaced: bool = False
    """The objects are in namespaces: a Role gives it too."""


_ADMISSION = frozenset(("admissionregistration.k8s.io", "*"))
_CERTIFICATES = frozenset(("certificates.k8s.io", "*"))
_WEBHOOKS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
_SHELLS = ("pods/exec", "pods/attach")
_WAYS = (
    _Way("gives itself further rights", RBAC, ("clusterroles",), frozenset(("escalate",))),
    _Way("gives itself further rights", RBAC, ("clusterroles",), frozenset(("bind", "*")), spaced=True),
    _Way("gives itself further rights", RBAC, ("roles",), frozenset(("escalate", "bind", "*")), spaced=True),
    _Way("acts as others", CORE, ("users", "groups"), frozenset(("impersonate", "*"))),
    _Way("acts as others", CORE, ("serviceaccounts",), frozenset(("impersonate", "*")), spaced=True),
    _Way("makes tokens of other accounts", CORE, ("serviceaccounts/token",), WRITES, spaced=True),
    _Way("commands the kubelets", CORE, ("nodes/proxy",), frozenset(("get", "create", "*"))),
    _Way("approves certificates", _CERTIFICATES, ("certificatesigningrequests/approval",), WRITES),
    _Way("changes every object by a webhook", _ADMISSION, _WEBHOOKS, WRITES | {"delete"}, Severity.MEDIUM),
    _Way("gets a shell in other pods", CORE, _SHELLS, frozenset(("get", *WRITES)), Severity.MEDIUM, spaced=True),
)


@rule(
    id="k8s-rbac/takeover",
    severity=Severity.HIGH,
    cwe=269,
    over=Access,
    sources=["Kubernetes docs, RBAC Good Practices, Privilege escalation risks"],
    bad=[
        Bad("it binds roles", {"k8s/rbac.yaml": ROLE}),
        Bad(
            "it binds cluster roles in its namespace",
            {"k8s/rbac.yaml": ROLE.replace("kind: ClusterRole", "kind: Role")},
        ),
        Bad("a shell in pods", {"k8s/rbac.yaml": EXEC}),
    ],
    good=[
        Good("it looks at them", {"k8s/rbac.yaml": ROLE.replace(", bind", "")}),
        Good("those it names", {"k8s/rbac.yaml": ROLE + "    resourceNames: [view]\n"}),
        Good(
            "there are no nodes in a namespace",
            {"k8s/rbac.yaml": EXEC.replace("ClusterRole", "Role").replace("pods/exec", "nodes/proxy")},
        ),
        Good("it reads logs", {"k8s/rbac.yaml": EXEC.replace("pods/exec", "pods/log")}),
    ],
)
def gets_further_rights(access: Access) -> Iterator[Finding]:
    """Yield a finding for a role with rights that lead to others."""
    if access.is_built_in:
        return
    found: list[tuple[_Way, Grant]] = []
    for grant in access.grants:
        if not does_everything(grant):
            found += [
                (way, grant)
                for way in _WAYS
                if (way.spaced or access.everywhere)
                and grant.verbs & way.verbs
                and covers(grant, way.groups, *way.resources)
            ]
    if not found:
        return
    worst = min(found, key=lambda pair: pair[0].severity.rank)
    ways = ", ".join(dict.fromkeys(way.says for way, _ in found))
    severity = worst[0].severity if access.everywhere else Severity.MEDIUM
    yield Finding(
        worst[1].verbs_at,
        f"the {access.kind} {access.name} {ways} {where(access)}{holders(access.subjects)}",
        access.evidence,
        sureness(access),
        severity=severity,
        fix=Fix("take the verb or resource out, or name the objects with `resourceNames`"),
        symbol=access.name,
    )
