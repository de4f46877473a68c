"""Code opens a port on every network of its machine.

A socket bound to `0.0.0.0`, `::` or an empty name accepts connections from whatever
network the machine is in; so do `http.server`, `socketserver`, `xmlrpc.server` and
`asyncio.start_server` without a host. Such side doors (health checks, debug and
admin ports, small protocols of one's own) seldom ask for a password, and nobody
puts them behind the proxy.

Silent for an address of one's own, inside a container, whose published ports
decide, and for port 0, with which code only looks for a port that is free.

Fix: `127.0.0.1`, or the address of the one network that is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.app.bind_all._open import is_everywhere
from batten.rules.form import replaced
from batten.understand.code_subjects import Listener
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = """\
import socket

status = socket.socket()
status.bind(("0.0.0.0", 9000))  # <- here
status.listen()
"""

SERVER = """\
from http.server import HTTPServer, SimpleHTTPRequestHandler

HTTPServer(("", 8000), SimpleHTTPRequestHandler).serve_forever()  # <- here
"""

LOOP = """\
import asyncio


async def serve(handle):
    return await asyncio.start_server(handle, port=7000)  # <- here
"""


@rule(
    id="bind-all/socket",
    severity=Severity.MEDIUM,
    cwe=1327,
    over=Listener,
    sources=["Python 3.11 socket, http.server, asyncio.start_server", "CWE-1327", "OWASP A02:2025"],
    bad=[
        Bad(
            "a socket",
            {"job.py": CODE},
            fixed={"job.py": CODE.replace("0.0.0.0", "127.0.0.1")},  # noqa: S104 - the example
        ),
        Bad("a server", {"job.py": SERVER}, fixed={"job.py": SERVER.replace('""', '"127.0.0.1"')}),
        Bad("asyncio without a host", {"job.py": LOOP}),
    ],
    good=[
        Good("this machine", {"job.py": CODE.replace("0.0.0.0", "127.0.0.1")}),  # noqa: S104 - the example
        Good("only a free port is looked for", {"job.py": CODE.replace("9000", "0")}),
        Good("asyncio with one", {"job.py": LOOP.replace("port=", '"127.0.0.1", port=')}),
    ],
)
def opens_everywhere(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a socket that every network can reach."""
    if listener.contained or listener.reach is Reach.PLATFORM or listener.port.is_false():
        return
    for case in listener.host.cases():
        if is_everywhere(case.value):
            yield Finding(
                at=listener.at,
                says=f"{listener.what} listens on every network of its machine ({case})",
                evidence=(*case.evidence, *listener.evidence),
                confidence=case.confidence,
                fix=replaced(case, '"127.0.0.1"', "Listen on 127.0.0.1, or on the one address that is meant."),
                symbol=listener.what,
            )
            return
