"""What listens on this machine, from inside: each socket with its process, as far as the system shows it."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING, Any

from batten.understand.host import Process, Socket

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNIT = re.compile(r"/([\w.@\\:-]+\.service)(?:/|$)")
_CONTAINER = re.compile(r"(?:docker|libpod|cri-containerd|crio)[-/]([0-9a-f]{12,64})")
_SHOWN = 200
"""Characters of a command line that are kept."""
_EPHEMERAL = 32_768
"""The first port that Linux gives to clients by itself (net.ipv4.ip_local_port_range)."""


def listening() -> tuple[tuple[Socket, ...], str]:
    """Return the listening sockets, sorted; and what could not be seen, empty where all was."""
    import psutil  # noqa: PLC0415 - only this asks for it

    found: list[Socket] = []
    hidden = ""
    held: list[Any]
    try:
        held = psutil.net_connections(kind="inet")
    except (psutil.AccessDenied, PermissionError):
        held = _own()
        hidden = "this system shows other users' sockets to root only: those of this user were seen"
    except (OSError, RuntimeError) as error:
        return (), f"the list of sockets could not be read: {error}"
    known: dict[int, Process | None] = {}
    for one in held:
        if not one.laddr or not _listens(one):
            continue
        process = _process(one.pid, known) if one.pid else None
        protocol = "udp" if one.type == socket.SOCK_DGRAM else "tcp"
        found.append(Socket(_plain(one.laddr.ip), one.laddr.port, protocol, process))
    if not hidden and any(one.process is None for one in found):
        hidden = "the processes of some sockets are another user's or in another container: their names were not seen"
    unique = {(one.port, one.protocol, one.address): one for one in found}
    return tuple(unique[key] for key in sorted(unique)), hidden


def this_user() -> str:
    """Return the name of the user that runs this process."""
    import psutil  # noqa: PLC0415 - likewise

    return str(psutil.Process().username())


def _own() -> list[Any]:
    """Return the connections of this user's processes."""
    import psutil  # noqa: PLC0415 - likewise

    found: list[Any] = []
    for process in psutil.process_iter():
        try:
            rows = process.net_connections(kind="inet")  # psutil 6; the rows lack the pid
        except (psutil.Error, OSError):
            continue
        found += [_WithPid(row, process.pid) for row in rows]
    return found


class _WithPid:
    """A row of one process, as the rows of all have it."""

    def __init__(self, row: object, pid: int) -> None:
        self._row = row
        self.pid = pid

    def __getattr__(self, name: str) -> object:
        return getattr(self._row, name)


def _listens(one: Any) -> bool:  # noqa: ANN401 - a row of psutil, or one of ours like it
    kind, status = getattr(one, "type", None), getattr(one, "status", "")
    if kind == socket.SOCK_STREAM:
        return status == "LISTEN"
    return kind == socket.SOCK_DGRAM and not getattr(one, "raddr", ()) and one.laddr.port < _EPHEMERAL


def _plain(address: str) -> str:
    """Return an address without the scope of its interface, an IPv4 address in IPv6 form as IPv4."""
    return address.partition("%")[0].removeprefix("::ffff:")


def _process(pid: int, known: dict[int, Process | None]) -> Process | None:
    if pid not in known:
        known[pid] = _looked_up(pid)
    return known[pid]


def _looked_up(pid: int) -> Process | None:
    import psutil  # noqa: PLC0415 - likewise

    try:
        process = psutil.Process(pid)
        with process.oneshot():
            name = process.name()
            try:
                command, user = " ".join(process.cmdline())[:_SHOWN], process.username()
            except (psutil.Error, OSError, KeyError):
                command, user = "", ""
    except (psutil.Error, OSError):
        return None
    unit, container = _held_by(pid)
    return Process(pid, name, command, user, unit, container)


def _held_by(pid: int) -> tuple[str, str]:
    """Return the systemd unit and the container that a process belongs to (cgroups(7)), empty where none is told."""
    try:
        with open(f"/proc/{pid}/cgroup", encoding="utf-8", errors="replace") as file:
            text = file.read(4096)
    except OSError:
        return "", ""
    unit = _UNIT.search(text)
    container = _CONTAINER.search(text)
    return unit[1] if unit else "", container[1][:12] if container else ""


def own_addresses() -> tuple[str, ...]:
    """Return the addresses of this machine's interfaces, loopback first; link-local ones are left out."""
    import psutil  # noqa: PLC0415 - likewise

    found = [_plain(address) for address in _addresses(psutil.net_if_addrs())]
    kept = [address for address in found if not address.lower().startswith("fe80")]
    return tuple(sorted(dict.fromkeys(kept), key=lambda a: (not is_loopback(a), ":" in a, a)))


def _addresses(interfaces: dict[str, list[Any]]) -> Iterator[str]:
    for rows in interfaces.values():
        for row in rows:
            if getattr(row, "family", None) in {socket.AF_INET, socket.AF_INET6}:
                yield str(getattr(row, "address", ""))


def is_loopback(address: str) -> bool:
    """Return whether only this machine reaches an address."""
    return address.startswith("127.") or address == "::1"
