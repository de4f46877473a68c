"""Asks the ports of several addresses from outside, within half of the time of the run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.collect.host.scan import Scanned


def scanned(
    addresses: Sequence[str], ports: Sequence[int], told: Callable[[str], None], end: float
) -> tuple[list[Scanned], bool]:
    """Return what a scan of each address saw, and whether it was interrupted; no ports: all of them."""
    from batten.collect.host.scan import ALL_PORTS, INTERRUPTED, Scanned, scan  # noqa: PLC0415 - sockets

    begun = time.monotonic()
    until = begun + (end - begun) / 2
    wanted = ports or ALL_PORTS
    found: list[Scanned] = []
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            found.append(Scanned(address, wanted))
            found[-1].incomplete = "the time was up before it was asked"
            continue
        told(_doing(address, 0, len(wanted)))
        found.append(
            scan(address, wanted, told=lambda n, at=address: told(_doing(at, n, len(wanted))), time_s=left)  # type: ignore[misc]
        )
        if found[-1].incomplete == INTERRUPTED:
            return found, True
    return found, False


def _doing(address: str, asked: int, wanted: int) -> str:
    share = f", {100 * asked // wanted} %" if asked else ""
    return f"asking {wanted:,} port{'' if wanted == 1 else 's'} of {address}{share}"


def is_open(address: str, port: int) -> bool:
    """Return whether a port is open at a second look: another program's own connection may have been met."""
    from batten.collect.host.scan import scan  # noqa: PLC0415 - sockets

    return bool(scan(address, (port,)).open)
