"""What rules about stores ask of an open port: which product answers there, and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence, Finding
from batten.understand.infrastructure.nouns import Role
from batten.understand.infrastructure.products import PRODUCTS

if TYPE_CHECKING:
    from batten.model import Fix, Severity
    from batten.understand.host import Listener

STORES = frozenset((Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.STORAGE))


def role(listener: Listener) -> Role | None:
    """Return what the product that answered is for; None where nothing was understood."""
    product = PRODUCTS.get(listener.spoken.product) if listener.spoken is not None else None
    return product.role if product is not None else None


def is_store(listener: Listener) -> bool:
    """Return whether a data store answers there."""
    return role(listener) in STORES


def is_published(listener: Listener) -> bool:
    """Return whether a container's port is opened on the host, and no program of the host itself listens."""
    if listener.box:
        return True  # a deployment file publishes it
    process = listener.process
    by_proxy = process is not None and process.name in {"docker-proxy", "rootlessport", "slirp4netns", "pasta"}
    return by_proxy or (process is not None and bool(process.container)) or listener.seen_inside is False


def told(listener: Listener) -> tuple[Evidence, ...]:
    """Return who listens, what it answered, from where it was reached, and the file that names it."""
    found = []
    process = listener.process
    if process is not None:
        who = f" as {process.user}" if process.user else ""
        unit = f", {process.unit}" if process.unit else ""
        found.append(Evidence(listener.at, f"{process.name}{who}{unit} listens on {listener.address}"))
    elif listener.seen_inside is False:
        found.append(Evidence(listener.at, "it accepts connections, and this system does not list it"))
    if listener.spoken is not None and listener.spoken.says:
        found.append(Evidence(listener.at, listener.spoken.says))
    if listener.reachable:
        found.append(Evidence(listener.at, f"{', '.join(listener.reachable)} accepted a connection"))
    if listener.named is not None:
        found.append(listener.named)
    return tuple(found)


def finding(listener: Listener, says: str, severity: Severity, fix: Fix) -> Finding:
    """Return a finding about an open port."""
    return Finding(
        listener.at,
        says,
        told(listener),
        severity=severity,
        fix=fix,
        symbol=f"port {listener.port}",
        proof=listener.name,
    )
