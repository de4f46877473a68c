"""Who gets a role, in words; which rights stand for which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.understand.infrastructure.kubernetes.parts import Access, Grant, Subject

EVERYTHING = frozenset(("get", "list", "watch", "create", "update", "patch", "delete"))
WRITES = frozenset(("create", "update", "patch", "*"))
CORE = frozenset(("", "*"))
RBAC = frozenset(("rbac.authorization.k8s.io", "*"))
_MOST_NAMED = 3


def does_everything(grant: Grant) -> bool:
    """Return whether a rule has all verbs on all resources of Kubernetes."""
    has_all = "*" in grant.verbs or grant.verbs >= EVERYTHING
    return has_all and "*" in grant.resources and bool(grant.groups & CORE) and not grant.names


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
    if not access.is_bound:
        return "wherever it is bound"
    if access.everywhere:
        return "in the whole cluster"
    return f"in the namespace {access.namespace}" if access.namespace else "in its namespace"


def sureness(access: Access) -> Confidence:
    """Return how sure it is that somebody has a role: its binding may be in another repository."""
    return Confidence.CERTAIN if access.is_bound else Confidence.POSSIBLE


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
