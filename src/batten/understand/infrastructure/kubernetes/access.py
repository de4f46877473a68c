"""Rights inside the cluster: roles, and who gets them (Kubernetes 1.33 docs, Using RBAC Authorization)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.deploy.yamltree import Node, Table, entries, items, text_of
from batten.understand.infrastructure.kubernetes.parts import Access, Binding, Grant, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.kubernetes import Cluster
    from batten.understand.deploy.manifests import Manifest

_OF_PLATFORMS = ("gce:", "gke-", "eks:", "aks-")
"""Beginnings of names of roles that managed clusters bring."""
_BOOTSTRAPPING = "kubernetes.io/bootstrapping"
_AGGREGATED = "/aggregate-to-"


def read(cluster: Cluster) -> Iterator[object]:
    """Yield the roles and bindings of the cluster."""
    bindings = [_binding(one) for one in cluster.manifests if one.kind in {"RoleBinding", "ClusterRoleBinding"}]
    yield from bindings
    for one in cluster.manifests:
        if one.kind in {"Role", "ClusterRole"}:
            yield _access(one, bindings)


def _binding(one: Manifest) -> Binding:
    role = one.get("roleRef", "name")
    return Binding(
        one.name or one.kind,
        one.kind == "ClusterRoleBinding",
        one.namespace,
        one.at(),
        text_of(role) or "",
        one.at(role),
        tuple(_subjects(one)),
        one.evidence,
    )


def _subjects(one: Manifest) -> Iterator[Subject]:
    for item in items(one.get("subjects")):
        if isinstance(item, Table):
            name = item.get("name")
            yield Subject(
                text_of(item.get("kind")) or "",
                text_of(name) or "",
                space_of(one, item),
                one.at(name or item),
            )


def space_of(binding: Manifest, subject: Table) -> str:
    """Return the namespace of a subject; a kustomization moves it along with the binding."""
    return binding.space or text_of(subject.get("namespace")) or binding.namespace


def _access(one: Manifest, bindings: list[Binding]) -> Access:
    bound = [
        binding
        for binding in bindings
        if binding.role == one.name
        and (
            one.kind == "ClusterRole"
            or not binding.namespace
            or binding.namespace == (one.namespace or binding.namespace)
        )
    ]
    everywhere = one.kind == "ClusterRole" and (not bound or any(binding.everywhere for binding in bound))
    labels = entries(one.get("metadata", "labels"))
    return Access(
        one.name or one.kind,
        one.kind,
        one.namespace,
        one.at(),
        tuple(_grants(one)),
        everywhere,
        bool(bound),
        tuple(subject for binding in bound for subject in binding.subjects),
        one.name == "cluster-admin"
        or one.name.startswith(_OF_PLATFORMS)
        or any(_AGGREGATED in name or name == _BOOTSTRAPPING for name in labels),
        one.evidence,
    )


def _grants(one: Manifest) -> Iterator[Grant]:
    for item in items(one.get("rules")):
        if isinstance(item, Table):
            yield Grant(
                _words(item.get("verbs")),
                _words(item.get("apiGroups")),
                _words(item.get("resources")),
                _words(item.get("resourceNames")),
                _words(item.get("nonResourceURLs")),
                one.at(item),
                one.at(item.get("verbs") or item),
                one.at(item.get("resources") or item),
            )


def _words(node: Node | None) -> frozenset[str]:
    return frozenset(text for item in items(node) if (text := getattr(item, "text", None)) is not None)
