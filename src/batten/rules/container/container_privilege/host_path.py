"""A pod sees a directory of its node.

Its data is then only on that node, other pods of the node see it too, and a link in it
leads out to the rest of the node's disk.

Silent for an agent of the cluster, and for what is told by other rules as sensitive.

Fix: a PersistentVolumeClaim, or an `emptyDir` for what may go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.container.container_privilege._shared import POD, host_path, is_runtime, is_sensitive
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterator

PODS = (
    POD
    + """\
          volumeMounts: [{name: data, mountPath: /data}]
      volumes:
        - name: data
          hostPath: {path: /srv/shop}  # <- here
"""
)


@rule(
    id="container-privilege/host-path",
    severity=Severity.LOW,
    cwe=668,
    over=Container,
    sources=["Kubernetes docs, Volumes, hostPath", "Kubernetes docs, Pod Security Standards, Baseline"],
    persona="auditor",
    bad=[Bad("data on a node", {"k8s/shop.yaml": PODS})],
    good=[
        Good(
            "a claim",
            {"k8s/shop.yaml": PODS.replace("hostPath: {path: /srv/shop}", "persistentVolumeClaim: {claimName: x}")},
        ),
        Good(
            "compose has nothing else",
            {"compose.yaml": "services:\n  web:\n    image: a:1\n    volumes: [/srv/shop:/data]\n"},
        ),
    ],
)
def sees_a_directory(container: Container) -> Iterator[Finding]:
    """Yield a finding for each directory of the node that a pod sees."""
    if container.kind != "kubernetes" or container.is_of_cluster:
        return
    for mount in container.mounts:
        path = host_path(mount.source)
        if path and not is_sensitive(path) and not is_runtime(path):
            yield Finding(
                mount.at,
                f"{container.whole} sees {path} of its node",
                container.evidence,
                fix=Fix("a PersistentVolumeClaim, or an `emptyDir` for what may go"),
                symbol=f"{container.whole} {path}",
            )
