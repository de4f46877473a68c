"""A container runs without the kernel's filters.

The runtime's seccomp profile keeps some 50 system calls away that containers need not and that holes in the
kernel have been reached by; AppArmor and SELinux keep it from the host's files. Switched
off, the next hole in the kernel is a way out.

Silent for a privileged container, which has none of them anyway, and for a profile of one's own.

Fix: take the line away; a profile of your own can allow the one call that is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, has_all_rights, weighed
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = COMPOSE.format("security_opt: [seccomp:unconfined]  # <- here")
PODS = POD + "          securityContext: {seccompProfile: {type: Unconfined}}  # <- here\n"
_FILTERS = {
    "seccomp:unconfined": "the filter of system calls",
    "apparmor:unconfined": "AppArmor",
    "label:disable": "SELinux",
    "systempaths:unconfined": "the masks over /proc",
}


@rule(
    id="container-privilege/unconfined",
    severity=Severity.MEDIUM,
    cwe=693,
    over=Container,
    sources=["Docker docs, Seccomp security profiles for Docker", "Kubernetes docs, Pod Security Standards, Baseline"],
    bad=[
        Bad("a compose service", {"compose.yaml": SERVICE}),
        Bad("AppArmor, in the other spelling", {"compose.yaml": SERVICE.replace("seccomp:", "apparmor=")}),
        Bad("a pod", {"k8s/shop.yaml": PODS}),
        Bad(
            "masks of a pod",
            {"k8s/shop.yaml": PODS.replace("seccompProfile: {type: Unconfined}", "procMount: Unmasked")},
        ),
    ],
    good=[
        Good("a profile of its own", {"compose.yaml": SERVICE.replace("unconfined", "./profile.json")}),
        Good("the runtime's", {"k8s/shop.yaml": PODS.replace("Unconfined", "RuntimeDefault")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def is_unconfined(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container that is taken out of the kernel's filters."""
    if has_all_rights(container):
        return
    held = [
        (words, at)
        for text, at in container.lists.get("security_opt", ())
        if (words := _FILTERS.get(text.replace("=", ":", 1).lower())) is not None
    ]
    if held:
        yield Finding(
            held[0][1],
            f"{container.name} runs without {' and '.join(dict.fromkeys(words for words, _ in held))}",
            container.evidence,
            severity=weighed(container, Severity.MEDIUM),
            fix=Fix("take the line away; a profile of your own can allow the one call that is missing"),
            symbol=container.name,
        )
