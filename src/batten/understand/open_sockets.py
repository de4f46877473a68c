"""Sockets of uWSGI that are open to every network, and whether a port is reached from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import App, Server

_EVERYWHERE = re.compile(r"(?:0\.0\.0\.0|\*|\[::\])?:(\d{1,5})")


def open_sockets(server: Server, *names: str) -> Iterator[tuple[int, Value]]:
    """Yield the port and the value of each option that opens a socket to every network."""
    for name in names:
        value = server.options.get(name)
        for case in value.cases() if value is not None else ():
            for text in str(case.value).split(" "):
                match = _EVERYWHERE.fullmatch(text)
                if match is not None:
                    yield int(match[1]), case


def protocol_sockets(server: Server) -> Iterator[tuple[int, Value]]:
    """Yield the open sockets on which uWSGI speaks its own protocol (uWSGI 2.0.21 `--protocol`: plain sockets only)."""
    if server.kind == "uwsgi":
        told = server.options.get("protocol")
        is_own = told is None or told.may_be("uwsgi")
        yield from open_sockets(server, "uwsgi-socket", *(("socket",) if is_own else ()))


def is_reached(app: App, server: Server, port: int) -> bool:
    """Return whether a port that listens everywhere is reached from outside: in a container one that is published."""
    return not server.contained or any(one.container == port and not one.is_local for one in app.unit.published)
