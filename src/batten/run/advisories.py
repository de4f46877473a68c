"""Which source of advisories a request asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.infrastructure.dependencies.advisories import Service

OFFLINE = "offline"


def service(which: str) -> Service | None:
    """Return the source of that name; None for the data that Batten carries.

    Raises:
        BattenError: what it needs is not installed.
    """
    if which == OFFLINE:
        return None
    from batten.collect.advisories import Online  # noqa: PLC0415 - only where the network is asked for

    return Online(which)
