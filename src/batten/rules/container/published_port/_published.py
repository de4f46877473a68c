"""What the rules of published ports share: a store of some kind whose port is open to other machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence, Evidence, Finding, Fix, Severity
from batten.rules.listening import finding, is_published, role as role_of
from batten.rules.reached import is_known, is_private, numbers, opened, where
from batten.understand.services.talk import Auth
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.host import Listener
    from batten.understand.infrastructure.nouns import DataStore, Role
    from batten.understand.stack import Published


def published(store: DataStore, role: Role, guarded: Severity = Severity.HIGH) -> Iterator[Finding]:
    """Yield the finding about a store of that kind whose ports are open to other machines.

    `guarded` is how bad it is when a password of its own stands before the data.
    """
    ports = opened(store.published)
    if store.role is not role or not ports or store.reach is not Reach.WORLD:
        return
    weak = next((login for login in store.logins if is_known(login)), None)
    severity = Severity.CRITICAL if store.is_open or weak is not None else guarded
    if all(is_private(port.address) for port in ports):
        severity = severity.lowered()
    first, *more = sorted(ports, key=lambda port: (port.at.file or "", port.at.line or 0))
    evidence = [*store.evidence, *(Evidence(port.at, "published here too") for port in more if port.at != first.at)]
    named, verb = numbers(ports), "are" if len({port.host or port.container for port in ports}) > 1 else "is"
    yield Finding(
        first.at,
        f"{named} of {store.name} ({store.product}) {verb} {_opened(store, ports)}{_guard(store, weak)}",
        tuple(dict.fromkeys(evidence)),
        confidence=Confidence.CERTAIN if _is_sure(store) else Confidence.LIKELY,
        severity=severity,
        fix=Fix(
            "make the Service a ClusterIP; for yourself `kubectl port-forward`"
            if _is_pod(store)
            else f"take the port away, other containers need none; for yourself {_local(first)}"
        ),
        symbol=store.name,
    )


def _is_pod(store: DataStore) -> bool:
    return store.container is not None and store.container.kind == "kubernetes"


def _opened(store: DataStore, ports: Sequence[Published]) -> str:
    return "opened outside the cluster" if _is_pod(store) else f"published {where(ports)}"


def _guard(store: DataStore, weak: object) -> str:
    if store.is_open:
        return ", and it asks for no password"
    return ", and its password is one that everybody knows" if weak is not None else ""


def _is_sure(store: DataStore) -> bool:
    """Return whether it is told by name what the container runs, and not only by the number of its port."""
    return store.container is None or bool(store.container.product)


def _local(port: Published) -> str:
    if port.container is None:
        return "publish it on 127.0.0.1"
    return f"write `127.0.0.1:{port.host or port.container}:{port.container}`"


def answered(listener: Listener, role: Role, guarded: Severity = Severity.HIGH) -> Iterator[Finding]:
    """Yield the finding about a container's store that answers other machines."""
    if role_of(listener) is not role or not listener.is_exposed or not is_published(listener):
        return
    auth = listener.spoken.auth if listener.spoken is not None else Auth.UNKNOWN
    guard = {Auth.NONE: ", and asks for no password", Auth.DEFAULT: ", and takes a password that everybody knows"}
    yield finding(
        listener,
        f"{listener.name} answers other machines{guard.get(auth, '')}",
        Severity.CRITICAL if auth in guard else guarded,
        Fix(f"take the port away, other containers need none; for yourself publish 127.0.0.1:{listener.port}"),
    )
