"""A container gets rights over the kernel that containers do not have.

`SYS_ADMIN`, `SYS_MODULE`, `SYS_PTRACE`, `DAC_READ_SEARCH`, `SYS_RAWIO` or `BPF` are each enough to leave the
container; `ALL` is all of them. `NET_ADMIN` and `NET_RAW` change and forge the traffic of others.

Severity: high for those that lead out, medium for those of the network, low for the rest.

Silent for what Docker gives anyway (`CHOWN`, `NET_BIND_SERVICE`, `SETUID` …), for harmless ones (`IPC_LOCK`,
`SYS_NICE`, `WAKE_ALARM`), and for a privileged container.

Fix: take them out; `cap_drop: [ALL]` and the one that is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, has_all_rights, weighed
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = COMPOSE.format("cap_add: [SYS_ADMIN]  # <- here")
PODS = POD + "          securityContext: {capabilities: {add: [NET_ADMIN]}}  # <- here\n"
_DEFAULT = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID"
    " SYS_CHROOT".split()
)
"""What Docker 28 (`profiles/capabilities`) gives to every container, and Kubernetes' Baseline allows to add."""
_HARMLESS = frozenset("IPC_LOCK SYS_NICE WAKE_ALARM BLOCK_SUSPEND LEASE".split())
_LEAD_OUT = frozenset(
    "ALL SYS_ADMIN SYS_MODULE SYS_PTRACE SYS_RAWIO SYS_BOOT DAC_READ_SEARCH BPF PERFMON CHECKPOINT_RESTORE MAC_ADMIN"
    " MAC_OVERRIDE SYSLOG".split()
)
_OF_THE_NETWORK = frozenset("NET_ADMIN NET_RAW NET_BROADCAST".split())


@rule(
    id="container-privilege/capabilities",
    severity=Severity.MEDIUM,
    cwe=250,
    over=Container,
    sources=["capabilities(7)", "Kubernetes docs, Pod Security Standards, Baseline", "CIS Docker Benchmark 1.6, 5.4"],
    bad=[
        Bad("a compose service", {"compose.yaml": SERVICE}),
        Bad("by its whole name", {"compose.yaml": SERVICE.replace("SYS_ADMIN", "CAP_SYS_PTRACE")}),
        Bad("a pod", {"k8s/shop.yaml": PODS}),
    ],
    good=[
        Good("one that all have", {"compose.yaml": SERVICE.replace("SYS_ADMIN", "NET_BIND_SERVICE")}),
        Good("a harmless one", {"compose.yaml": SERVICE.replace("SYS_ADMIN", "IPC_LOCK")}),
        Good("it is taken away", {"k8s/shop.yaml": PODS.replace("add", "drop")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def has_capabilities(container: Container) -> Iterator[Finding]:
    """Yield a finding for a container that is given capabilities of weight."""
    if has_all_rights(container):
        return
    held = {
        name: at
        for text, at in container.lists.get("cap_add", ())
        if (name := text.upper().removeprefix("CAP_")) not in _DEFAULT | _HARMLESS and "$" not in name
    }
    if not held:
        return
    severity = Severity.HIGH if held.keys() & _LEAD_OUT else Severity.LOW
    if severity is Severity.LOW and held.keys() & _OF_THE_NETWORK:
        severity = Severity.MEDIUM
    worst = next((name for name in held if name in _LEAD_OUT), next(iter(held)))
    yield Finding(
        held[worst],
        f"{container.name} is given {', '.join(held)}",
        container.evidence,
        severity=weighed(container, severity),
        fix=Fix("drop `ALL` and add the one that is needed"),
        symbol=container.name,
    )
