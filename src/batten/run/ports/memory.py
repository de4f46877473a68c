"""A machine written as lines, for the examples of rules.

    ADDRESS:PORT[/udp] PROCESS: PRODUCT [VERSION], AUTH [as USER [superuser]] [tls] [named FILE] [filtered]

`-` stands for a process or product that is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.host import Listener, Process
from batten.understand.services.talk import Auth, Spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(
    r"(?P<address>\S+):(?P<port>\d+)(?P<udp>/udp)? (?P<process>[^\s:]+)"
    r"(?:: (?P<product>\S+)(?: (?P<version>[\d.]+))?, (?P<auth>none|default|required|unknown)"
    r"(?: as (?P<user>\S+))?(?P<super> superuser)?(?P<tls> tls)?)?"
    r"(?: named (?P<file>\S+))?(?P<deployment> undeployed)?(?P<filtered> filtered)?"
)


def listeners(text: str) -> Iterator[Listener]:
    """Yield the ports that lines describe.

    Raises:
        ValueError: a line is not of the form above.
    """
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _LINE.fullmatch(line)
        if match is None:
            message = f"no listener: {line}"
            raise ValueError(message)
        yield _listener(match)


def _listener(match: re.Match[str]) -> Listener:
    spoken = None
    if match["product"] and match["product"] != "-":
        user = match["user"] or ""
        spoken = Spoken(
            match["product"],
            match["version"] or "",
            Auth(match["auth"]),
            user,
            None,
            bool(match["super"]) if user else None,
            bool(match["tls"]) or None,
            says="its answer",
        )
    port = int(match["port"])
    named = Evidence(Location(file=match["file"], line=1), "publishes it") if match["file"] else None
    return Listener(
        match["address"],
        port,
        "udp" if match["udp"] else "tcp",
        Location(port=port),
        Process(100, match["process"]) if match["process"] != "-" else None,
        spoken,
        ("127.0.0.1",) if match["filtered"] else None,
        ("127.0.0.1", "192.0.2.7") if match["filtered"] else (),
        named,
        box="shop" if named is not None else "",
        has_deployment=named is not None or not match["deployment"],
    )
