"""What Kubernetes manifests say of pods, services, rights and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.ground import Ground


def read(ground: Ground) -> Iterator[object]:
    """Yield the parts of the manifests that are applied to production."""
    if ground.joined is None or ground.joined.cluster is None or not ground.joined.cluster.manifests:
        return
    from batten.understand.infrastructure.kubernetes import access, pods, routes  # noqa: PLC0415 - few have manifests
    from batten.understand.infrastructure.kubernetes.parts import Manifests  # noqa: PLC0415 - likewise
    from batten.understand.infrastructure.nouns import Examined  # noqa: PLC0415 - likewise

    yield Manifests(ground.joined.cluster.manifests[0].at())
    yield Examined(("k8s-rbac", "k8s-escalation/ingress-snippets", "secrets-in-repo/manifest"))
    yield from pods.read(ground, ground.joined, ground.joined.cluster)
    yield from routes.read(ground.joined.cluster)
    yield from access.read(ground.joined.cluster)
