"""The audit of a machine's open ports, to a judged report."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import BattenError, Location, Unsure
from batten.model.data import dataclass
from batten.rules import all_rules
from batten.run import asking
from batten.run.judged import Looked, judged, not_asked
from batten.run.ports.known import WELL_KNOWN, Doors
from batten.run.ports.memory import listeners as written
from batten.run.ports.rows import row
from batten.run.wanted import wanted
from batten.understand.host import EVERYWHERE, Host, Listener
from batten.understand.services.talk import Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.collect.host.scan import Scanned
    from batten.model import Finding, Picture, Report, Rule
    from batten.run.ports.request import PortsRequest
    from batten.understand.host import Socket

LAYER = "ports"
_AT_ONCE = 8
"""Ports that are talked to at a time."""


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


def open_ports(request: PortsRequest, *, told: Callable[[str], None] = lambda _: None) -> Report:
    """Return the judged report on a machine's open ports.

    `told` is handed what is being done, for a person who waits.

    Raises:
        BattenError: the host has no address, or nothing says that it may be scanned.
    """
    from batten.collect import Tree, directory_of  # noqa: PLC0415 - the files of suppressions

    rules = host_rules(wanted(request.terms, all_rules()))
    machine = look(request, told)
    unsure = list(machine.unsure)
    findings = asking.ask(rules, [machine.host], unsure.append)
    tree = Tree(directory_of(request.terms.target))
    return judged(request.terms, looked(machine, findings, unsure, rules), root=tree.root, source=tree.read)


def looked(machine: Machine, findings: Sequence[Finding], unsure: Sequence[Unsure], rules: Sequence[Rule]) -> Looked:
    """Return what was seen of a machine, for the judge."""
    seen = machine.listeners
    known = all(one.spoken is not None or one.protocol == "udp" for one in seen)
    return Looked(
        target=machine.host.name,
        findings=tuple(findings),
        unsure=tuple(unsure),
        layers={LAYER: machine.state, **not_asked(LAYER)},
        checks=tuple((rule.id, known) for rule in rules) if seen else (),
        rules=tuple(rules),
        listeners=tuple(row(one) for one in seen),
    )


def host_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return those of the rules that ask something of open ports."""
    return tuple(rule for rule in rules if rule.host is not None or rule.layer == LAYER)


def look(request: PortsRequest, told: Callable[[str], None], picture: Picture | None = None) -> Machine:
    """Return a machine as it is seen; an interrupt leaves with what was seen so far.

    `picture` is the stack whose doors are known; without it, the one of the request's project.
    """
    end = time.monotonic() + request.time_s
    doors = _doors(request, picture)
    if request.host:
        return _elsewhere(request, told, end, doors)
    from batten.collect.host.listeners import listening, own_addresses  # noqa: PLC0415 - psutil

    told("listing what listens on this machine")
    sockets, hidden = listening()
    if request.processes == "own":
        sockets = _of_this_user(sockets)
    unsure = [Unsure("the processes of this machine", hidden, None, LAYER)] if hidden else []
    scans: list[Scanned] = []
    interrupted = False
    if request.scan:
        from batten.collect.host.scan import ALL_PORTS  # noqa: PLC0415 - sockets

        scans, interrupted = _scanned(own_addresses(), request.ports or ALL_PORTS, told, end)
    unsure += [Unsure(f"the ports of {s.address}", s.incomplete, None, LAYER) for s in scans if s.incomplete]
    seen = [_listener(one, scans, doors) for one in sockets] + _unlisted(sockets, scans, doors)
    if not interrupted:
        seen, interrupted = _identified(seen, Manners(logins=request.logins), told, end)
    unsure += [Unsure("the rest of the machine", "interrupted", None, LAYER)] if interrupted else []
    state = "interrupted" if interrupted else _state(sockets, hidden)
    return Machine(Host("this machine", None, tuple(seen)), tuple(unsure), state)


def _doors(request: PortsRequest, picture: Picture | None) -> Doors:
    if picture is not None:
        return Doors.of_picture(picture)
    return Doors.of_project(request) if request.project else Doors()


def _state(sockets: Sequence[Socket], hidden: str) -> str:
    return hidden if hidden and not sockets else "evaluated"


def _of_this_user(sockets: Sequence[Socket]) -> tuple[Socket, ...]:
    from batten.collect.host.listeners import this_user  # noqa: PLC0415 - psutil

    user = this_user()
    return tuple(one for one in sockets if one.process is not None and one.process.user == user)


def _scanned(
    addresses: Sequence[str], wanted_ports: Sequence[int], told: Callable[[str], None], end: float
) -> tuple[list[Scanned], bool]:
    from batten.collect.host.scan import scan  # noqa: PLC0415 - sockets

    found: list[Scanned] = []
    for address in addresses:
        if time.monotonic() >= end:
            break
        told(f"asking {len(wanted_ports):,} ports of {address}")
        found.append(scan(address, wanted_ports))
        if found[-1].incomplete == "interrupted":
            return found, True
    return found, False


def _listener(one: Socket, scans: Sequence[Scanned], doors: Doors) -> Listener:
    wide = one.address in EVERYWHERE
    of_it = [
        scan
        for scan in scans
        if scan.address == one.address or (wide and (":" in scan.address) <= (":" in one.address))
    ]
    return Listener(
        one.address,
        one.port,
        one.protocol,
        Location(port=one.port),
        one.process,
        None,
        tuple(scan.address for scan in of_it if one.port in scan.open) if of_it and one.protocol == "tcp" else None,
        tuple(scan.address for scan in of_it) if one.protocol == "tcp" else (),
        doors.naming(one.port),
        doors.box(one.port),
        has_deployment=doors.has_files,
    )


def _unlisted(sockets: Sequence[Socket], scans: Sequence[Scanned], doors: Doors) -> list[Listener]:
    """Return ports that accept connections and that the system does not list: served in another namespace."""
    listed = {one.port for one in sockets if one.protocol == "tcp"}
    found: dict[int, Listener] = {}
    for scan in scans:
        for port in scan.open:
            if port not in listed and _still_open(scan.address, port):
                known = found.get(port)
                places = (*(known.reachable or () if known else ()), scan.address)
                found[port] = Listener(
                    "0.0.0.0" if len(places) > 1 else scan.address,  # noqa: S104 - told, not listened on
                    port,
                    "tcp",
                    Location(port=port),
                    reachable=places,
                    scanned=tuple(s.address for s in scans),
                    named=doors.naming(port),
                    box=doors.box(port),
                    has_deployment=doors.has_files,
                    seen_inside=False,
                )
    return list(found.values())


def _still_open(address: str, port: int) -> bool:
    """Return whether a port is open at a second look: another program's own connection may have been met."""
    from batten.collect.host.scan import scan  # noqa: PLC0415 - sockets

    return bool(scan(address, (port,)).open)


def _identified(
    seen: Sequence[Listener], manners: Manners, told: Callable[[str], None], end: float
) -> tuple[list[Listener], bool]:
    from batten.collect.host.conversation import identify  # noqa: PLC0415 - ssl

    done = dict.fromkeys(range(len(seen)))
    found = list(seen)

    def ask(number: int) -> None:
        one = found[number]
        address = _to_ask(one)
        if address and time.monotonic() < end:
            found[number] = replace(one, spoken=identify(address, one.port, manners))
        done.pop(number, None)

    told(f"asking {len(seen)} ports what they are")
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="ports")
    try:
        for _ in pool.map(ask, range(len(found))):
            pass
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        return found, True
    pool.shutdown()
    return found, False


def _to_ask(one: Listener) -> str:
    """Return the address at which a port is asked what it is; empty where it is not."""
    if one.protocol != "tcp" or (one.reachable is not None and not one.reachable):
        return ""
    if one.address in EVERYWHERE:
        return (one.reachable or (("::1",) if ":" in one.address else ("127.0.0.1",)))[0]
    return one.address


def _elsewhere(request: PortsRequest, told: Callable[[str], None], end: float, doors: Doors) -> Machine:
    """Return another machine, or one address of this one, as it is seen from here."""
    from batten.collect.host.listeners import own_addresses  # noqa: PLC0415 - psutil
    from batten.collect.host.scan import ALL_PORTS  # noqa: PLC0415 - sockets
    from batten.collect.http import consented, resolutions  # noqa: PLC0415 - asyncio and ssl are slow

    shown = f"[{request.host}]" if request.host.count(":") > 1 else request.host
    owned = (*request.targets, *request.i_own)
    own = set(own_addresses())
    if request.host in own:
        addresses: tuple[str, ...] = (request.host,)
    else:
        addresses = consented(f"http://{shown}", owned=owned, resolve=resolutions(())).addresses
    is_here = set(addresses) <= own or all(one.startswith("127.") or one == "::1" for one in addresses)
    asked = request.ports or (ALL_PORTS if is_here else WELL_KNOWN)
    scans, interrupted = _scanned(addresses, asked, told, end)
    seen = _unlisted((), scans, doors)
    if not interrupted:
        manners = Manners(logins=request.logins and is_here)
        seen, interrupted = _identified(seen, manners, told, end)
    unsure = [Unsure(f"the ports of {s.address}", s.incomplete, None, LAYER) for s in scans if s.incomplete]
    if not seen and all(s.incomplete for s in scans):
        raise BattenError(
            f"no port of {request.host} answers", hint="is the host up, and does a firewall drop?", code=3
        )
    state = "interrupted" if interrupted else "evaluated"
    return Machine(Host(request.host, None, tuple(seen)), tuple(unsure), state)


def check_listeners(text: str, *, rules: Sequence[Rule] | None = None) -> tuple[Finding, ...]:
    """Return the findings on a machine written as lines, unjudged: for examples and tests."""
    unsure: list[Unsure] = []
    host = Host("example", None, tuple(written(text)))
    found = asking.ask(all_rules() if rules is None else rules, [host], unsure.append)
    bug = next((doubt for doubt in unsure if doubt.detail), None)
    if bug is not None:
        raise RuntimeError(bug.detail)
    return found
