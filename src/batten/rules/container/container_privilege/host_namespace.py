"""A container sees the processes or the memory of its host.

With the host's processes it reads their environments (`/proc/*/environ`: passwords of
everything on the machine), and ends or traces them where the users are the same. Shared memory
and semaphores are those of every other program.

Severity: high for processes in Kubernetes, medium otherwise; one step milder for an agent of the cluster.

Silent where another container is named (`pid: service:web`).

Fix: take the line away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import COMPOSE, POD, weighed
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICE = COMPOSE.format("pid: host  # <- here")
PODS = POD + "      hostPID: true  # <- here\n"
_WORDS = {
    # fact: what is shared, as Kubernetes names it
    "pid": ("the processes", "hostPID: true"),
    "ipc": ("the shared memory", "hostIPC: true"),
    "uts": ("the name", ""),
    "userns_mode": ("the users", ""),
    "cgroup": ("the control groups", ""),
}


@rule(
    id="container-privilege/host-namespace",
    severity=Severity.MEDIUM,
    cwe=668,
    over=Container,
    sources=["Docker docs, docker container run, --pid", "Kubernetes docs, Pod Security Standards, Baseline"],
    bad=[
        Bad("processes of a compose service", {"compose.yaml": SERVICE}),
        Bad("memory of a compose service", {"compose.yaml": SERVICE.replace("pid", "ipc")}),
        Bad("processes of a pod", {"k8s/shop.yaml": PODS}),
        Bad("memory of a pod", {"k8s/shop.yaml": PODS.replace("PID", "IPC")}),
    ],
    good=[
        Good("another container's", {"compose.yaml": SERVICE.replace("host", "service:web")}),
        Good("its own, to share", {"compose.yaml": SERVICE.replace("pid: host", "ipc: shareable")}),
        Good("off", {"k8s/shop.yaml": PODS.replace("true", "false")}),
        Good("only development starts it", {"compose.override.yaml": SERVICE, "compose.yaml": "services: {}\n"}),
    ],
)
def shares_namespace(container: Container) -> Iterator[Finding]:
    """Yield a finding for each namespace of the host that a container is in."""
    for fact, (says, key) in _WORDS.items():
        told = container.facts.get(fact)
        if told is None or told[0].lower() != "host":
            continue
        is_pod = container.kind == "kubernetes"
        severity = Severity.HIGH if is_pod and fact == "pid" else Severity.MEDIUM
        yield Finding(
            told[1],
            f"{container.whole} shares {says} of its host",
            container.evidence,
            severity=weighed(container, severity if fact not in ("uts", "cgroup") else Severity.LOW),
            fix=Fix(f"take `{key if is_pod else f'{fact}: host'}` away"),
            symbol=f"{container.whole} {fact}",
        )
