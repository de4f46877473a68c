"""Who gets a role, in words; which rights stand for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.understand.infrastructure.kubernetes.parts import Access, Grant, Subject

READS = frozenset(("get", "list", "watch", "*"))
WRITES = frozenset(("create", "update", "patch", "*"))
CORE = frozenset(("", "*"))
RBAC = frozenset(("rbac.authorization.k8s.io", "*"))
_MOST_NAMED = 3


def is_of_the_cluster(access: Access) -> bool:
    """Return whether a role is one that Kubernetes brings, or a part of one for people."""
    return access.name.startswith("system:") or access.is_only_aggregated


def covers(grant: Grant, groups: frozenset[str], *resources: str) -> bool:
    """Return whether a rule speaks of all objects of one of these resources."""
    if grant.names or not grant.groups & groups:
        return False
    return any(
        one in grant.resources or ("/" in one and f"*/{one.partition('/')[2]}" in grant.resources)
        for one in (*resources, "*")
    )


def where(access: Access) -> str:
    """Return where a role holds."""
    if access.everywhere:
        return "the whole cluster"
    return f"the namespace {access.namespace}" if access.namespace else "its namespace"


def holders(subjects: Iterable[Subject]) -> str:
    """Return who gets a role, as the end of a sentence; empty where the repository does not say it."""
    names = list(dict.fromkeys(name_of(subject) for subject in subjects))
    if not names:
        return ""
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"; {', '.join(names[:_MOST_NAMED])}{more} {'get' if len(names) > 1 else 'gets'} it"


def name_of(subject: Subject) -> str:
    """Return a subject in words."""
    if subject.kind == "ServiceAccount":
        space = f"{subject.namespace}/" if subject.namespace else ""
        return f"the service account {space}{subject.name}"
    return f"the {subject.kind.lower()} {subject.name}"
