"""What is told of a listener as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Evidence

if TYPE_CHECKING:
    from batten.understand.host import Listener


def reached(listener: Listener) -> tuple[Evidence, ...]:
    """Return who listens, what it answered, and from where it was reached."""
    told = []
    process = listener.process
    if process is not None:
        who = f" as {process.user}" if process.user else ""
        unit = f", {process.unit}" if process.unit else ""
        told.append(Evidence(listener.at, f"{process.name}{who}{unit} listens on {listener.address}"))
    elif not listener.seen_inside:
        told.append(Evidence(listener.at, "it accepts connections, and this system does not list it"))
    if listener.spoken is not None and listener.spoken.says:
        told.append(Evidence(listener.at, listener.spoken.says))
    if listener.reachable:
        told.append(Evidence(listener.at, f"{', '.join(listener.reachable)} accepted a connection"))
    if listener.named is not None:
        told.append(listener.named)
    return tuple(told)
