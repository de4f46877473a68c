"""Whether a server listens on every network of its machine, and nothing contains it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from batten.model import Confidence, Finding, Fix, Severity
from batten.rules.form import first, is_python, one_per_place, replaced
from batten.understand.open_sockets import protocol_sockets
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Value
    from batten.understand.subjects import Server


def is_everywhere(host: object) -> bool:
    """Return whether an address is every address of the machine: nothing, `*`, or nought in any spelling."""
    if host in {"", "*", "0", "<any>"}:
        return True
    try:
        return isinstance(host, str) and ipaddress.ip_address(host.strip("[]")).is_unspecified
    except ValueError:
        return False


def open_servers(servers: Iterable[Server]) -> Iterator[Finding]:
    """Yield a finding for each of the servers that every network can reach."""
    yield from one_per_place(
        _finding(server, case)
        for server in servers
        if not _is_contained(server) and not any(protocol_sockets(server))  # those are told by themselves
        for case in server.host.cases()
        if is_everywhere(case.value)
    )


def _is_contained(server: Server) -> bool:
    """Return whether listening everywhere is needed there, and opens nothing by itself.

    A container has to, or nobody reaches it; what opens it is the published
    port, which is told where it is published. The router of a platform
    has to reach its dyno.
    """
    if server.reach is Reach.PLATFORM:
        return True
    return server.contained and not (server.development and server.reach is Reach.WORLD)


def _finding(server: Server, case: Value) -> Finding:
    says = "Listen on 127.0.0.1, and let the proxy on the same host forward to it."
    if server.contained:  # where a server that listens on 127.0.0.1 is reached by nobody
        says = "Start a production server, and publish the port on 127.0.0.1 for the proxy before it."
    severity = Severity.HIGH if server.development and not server.assumed else Severity.MEDIUM
    return Finding(
        at=first(case.at, server.at),
        says=f"{server.name} listens on every network of its machine ({case})",
        evidence=(*case.evidence, *server.evidence),
        confidence=case.confidence.weakest(Confidence.LIKELY) if server.assumed else case.confidence,
        severity=severity,
        # An option of another server holds the port too (`bind = "0.0.0.0:8000"`).
        fix=replaced(case, '"127.0.0.1"', says) if is_python(server.at) and not server.contained else Fix(says),
        symbol="host",
        proof=server.kind,
    )
