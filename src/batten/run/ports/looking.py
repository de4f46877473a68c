"""One machine as it is seen: its sockets from inside, its ports from outside, what answers on them."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import BattenError, Location, Unsure
from batten.model.data import dataclass
from batten.run.ports.identified import Asking, not_told
from batten.run.ports.known import WELL_KNOWN, Doors
from batten.run.ports.scanning import is_open, scanned
from batten.understand.host import EVERYWHERE, Host, Listener
from batten.understand.services.talk import Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.collect.host.scan import Scanned
    from batten.model import Picture
    from batten.run.ports.request import PortsRequest
    from batten.understand.host import Socket

LAYER = "ports"
INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine as it was seen, not judged yet."""

    host: Host
    unsure: tuple[Unsure, ...]
    state: str
    """Of the layer: `evaluated`, `interrupted`, or why it was not."""

    @property
    def listeners(self) -> list[Listener]:
        """Its open ports."""
        return [part for part in self.host.parts if isinstance(part, Listener)]


def look(request: PortsRequest, told: Callable[[str], None], picture: Picture | None = None) -> Machine:
    """Return a machine as it is seen; an interrupt leaves with what was seen so far.

    `picture` is the stack whose doors are known; without it, the one of the request's project.

    Raises:
        BattenError: the host has no address, nothing says that it may be scanned, or no port of it answers.
    """
    end = time.monotonic() + request.time_s
    doors = _doors(request, picture)
    addresses, is_here = _addresses(request)
    if is_here:
        return _here(request, addresses, told, end, doors)
    return _elsewhere(request, addresses, told, end, doors)


def _doors(request: PortsRequest, picture: Picture | None) -> Doors:
    if picture is not None:
        return Doors.of_picture(picture)
    return Doors.of_project(request) if request.project else Doors()


def _addresses(request: PortsRequest) -> tuple[tuple[str, ...], bool]:
    """Return the addresses to scan, and whether they are this machine's."""
    from batten.collect.host.listeners import is_loopback, own_addresses  # noqa: PLC0415 - psutil

    own = own_addresses()
    if not request.host:
        return own, True
    if request.host in own:
        return (request.host,), True
    from batten.collect.http import consented, resolutions  # noqa: PLC0415 - asyncio and ssl are slow

    shown = f"[{request.host}]" if request.host.count(":") > 1 else request.host
    owned = (*request.targets, *request.i_own)
    found = consented(f"http://{shown}", owned=owned, resolve=resolutions(())).addresses
    return found, set(found) <= set(own) or all(is_loopback(one) for one in found)


def _here(
    request: PortsRequest, addresses: Sequence[str], told: Callable[[str], None], end: float, doors: Doors
) -> Machine:
    from batten.collect.host.listeners import listening  # noqa: PLC0415 - psutil

    told("listing what listens on this machine")
    sockets, hidden = listening()
    unsure = [Unsure("the processes of this machine", hidden, None, LAYER)] if hidden else []
    state = hidden if hidden and not sockets else "evaluated"
    scans: list[Scanned] = []
    interrupted = False
    if request.scan:
        scans, interrupted = scanned(addresses, request.ports, told, end)
        unsure += _not_scanned(scans)
        before, (sockets, _) = sockets, listening()  # what came or went while the scan ran
        unsure += _gone(before, sockets)
    shown = [one for one in sockets if _is_asked_for(one, request, addresses)]
    seen = [_listener(one, scans, doors) for one in shown]
    if not interrupted and request.processes != "own":
        seen += _unlisted(sockets, scans, doors)
    seen, doubts, state = _asked(seen, Manners(logins=request.logins), told, end, INTERRUPTED if interrupted else state)
    seen, changed = _same_owner(seen, listening()[0])
    return Machine(Host(request.host or "this machine", None, tuple(seen)), (*unsure, *doubts, *changed), state)


def _is_asked_for(one: Socket, request: PortsRequest, addresses: Sequence[str]) -> bool:
    """Return whether a socket is of the wanted processes, and of the wanted address."""
    if request.processes == "own":
        from batten.collect.host.listeners import this_user  # noqa: PLC0415 - psutil

        if one.process is None or one.process.user != this_user():
            return False
    if not request.host:
        return True
    wanted_ports = not request.ports or one.port in request.ports
    return wanted_ports and (one.address in addresses or one.address in EVERYWHERE)


def _asked(
    seen: Sequence[Listener], manners: Manners, told: Callable[[str], None], end: float, state: str
) -> tuple[list[Listener], list[Unsure], str]:
    """Return the ports with what they told of themselves, what could not be told, and the state of the layer."""
    held = list(seen)
    if state != INTERRUPTED:
        asking = Asking(seen, manners, end)
        asking.ask(told)
        held, state = asking.seen, INTERRUPTED if asking.interrupted else state
    doubts = not_told(held, LAYER)
    if state == INTERRUPTED:
        doubts.append(Unsure("the rest of the machine", INTERRUPTED, None, LAYER))
    return held, doubts, state


def _not_scanned(scans: Iterable[Scanned]) -> list[Unsure]:
    return [Unsure(f"the ports of {one.address}", one.incomplete, None, LAYER) for one in scans if one.incomplete]


def _gone(before: Iterable[Socket], after: Iterable[Socket]) -> list[Unsure]:
    """Return the doubt about ports that closed while others were asked."""
    left = {(one.address, one.port, one.protocol) for one in after}
    gone = sorted({one.port for one in before if (one.address, one.port, one.protocol) not in left})
    what = f"port{'' if len(gone) == 1 else 's'} {', '.join(map(str, gone[:6]))}{' and others' if gone[6:] else ''}"
    return [Unsure(what, "closed while the scan ran", None, LAYER)] if gone else []


def _same_owner(seen: Iterable[Listener], now: Iterable[Socket]) -> tuple[list[Listener], list[Unsure]]:
    """Return the ports, without what was told where another program has taken one over meanwhile."""
    owners = {(one.address, one.port, one.protocol): one.process for one in now}
    held: list[Listener] = []
    doubts: list[Unsure] = []
    for one in seen:
        owner = owners.get((one.address, one.port, one.protocol))
        before = one.process
        if owner is None or before is None or owner.pid == before.pid or owner.name == before.name:
            held.append(one)
            continue
        why = f"it changed hands, from {before.name} to {owner.name}, while it was asked"
        held.append(replace(one, process=owner, spoken=None, untold=why))
        doubts.append(Unsure(f"what answers on port {one.port}", why, None, LAYER))
    return held, doubts


def _listener(one: Socket, scans: Sequence[Scanned], doors: Doors) -> Listener:
    wide = one.address in EVERYWHERE
    of_it = [
        scan
        for scan in scans
        if (scan.address == one.address or (wide and (":" in scan.address) <= (":" in one.address)))
        and scan.has_asked(one.port)
    ]
    return Listener(
        one.address,
        one.port,
        one.protocol,
        Location(port=one.port),
        one.process,
        reachable=tuple(s.address for s in of_it if one.port in s.found) if of_it and one.protocol == "tcp" else None,
        scanned=tuple(scan.address for scan in of_it) if one.protocol == "tcp" else (),
        named=doors.naming(one.port),
        box=doors.box(one.port),
        has_deployment=doors.has_files,
    )


def _unlisted(
    sockets: Sequence[Socket], scans: Sequence[Scanned], doors: Doors, *, is_here: bool = True
) -> list[Listener]:
    """Return ports that accept connections and that the system does not list: served in another namespace."""
    listed = {one.port for one in sockets if one.protocol == "tcp"}
    found: dict[int, list[str]] = {}
    for scan in scans:
        for port in scan.open:
            if port not in listed and is_open(scan.address, port):
                found.setdefault(port, []).append(scan.address)
    return [
        Listener(
            "0.0.0.0" if len(places) > 1 and is_here else places[0],  # noqa: S104 - told, not listened on
            port,
            "tcp",
            Location(port=port),
            reachable=tuple(places),
            scanned=tuple(scan.address for scan in scans if scan.has_asked(port)),
            named=doors.naming(port),
            box=doors.box(port),
            has_deployment=doors.has_files,
            seen_inside=False if is_here else None,
        )
        for port, places in found.items()
    ]


def _elsewhere(
    request: PortsRequest, addresses: Sequence[str], told: Callable[[str], None], end: float, doors: Doors
) -> Machine:
    """Return another machine as it is seen from here: its well-known ports, and no password is tried."""
    scans, interrupted = scanned(addresses, request.ports or WELL_KNOWN, told, end)
    seen = [] if interrupted else _unlisted((), scans, doors, is_here=False)
    state = INTERRUPTED if interrupted else "evaluated"
    seen, doubts, state = _asked(seen, Manners(logins=False), told, end, state)
    if not seen and state != INTERRUPTED and all(one.incomplete for one in scans):
        raise BattenError(
            f"no port of {request.host} answers", hint="is the host up, and does a firewall drop?", code=3
        )
    return Machine(Host(request.host, None, tuple(seen)), (*_not_scanned(scans), *doubts), state)
