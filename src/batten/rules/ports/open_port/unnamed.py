"""A port is open to other machines, and no deployment file names it.

Whatever listens there was started by hand, by a package or by an earlier
deployment, and nobody looks after it: it is not behind the proxy, has no TLS
of yours, and is in nobody's list when a hole in it becomes known.

Silent for ports that a deployment file of the project names, for loopback, for
SSH, which is how the machine is kept, and where the project has no deployment
file that could name a port.

Fix: stop the service, bind it to 127.0.0.1, or name the port in the deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.listening import is_store, told
from batten.understand.host import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXPECTED = frozenset(("ssh",))


@rule(
    id="open-port/unnamed",
    severity=Severity.MEDIUM,
    cwe=668,
    over=Listener,
    sources=["OWASP A02:2025", "CIS Controls v8, 4.8"],
    bad=[
        Bad("a service that no file names", listeners="0.0.0.0:8123 python: http, unknown  # <- here\n"),
        Bad("nobody can tell what it is", listeners="192.0.2.7:9999 -  # <- here\n"),
    ],
    good=[
        Good("the compose file names it", listeners="0.0.0.0:8123 python: http, unknown named compose.yaml\n"),
        Good("this machine only", listeners="127.0.0.1:8123 python: http, unknown\n"),
        Good("a firewall keeps others out", listeners="0.0.0.0:8123 python: http, unknown filtered\n"),
        Good("a data store, which its own rule tells", listeners="0.0.0.0:5432 postgres: postgres, required\n"),
        Good("SSH", listeners="0.0.0.0:22 sshd: ssh, unknown\n"),
        Good("no deployment file could name it", listeners="0.0.0.0:8123 python: http, unknown undeployed\n"),
    ],
)
def is_unnamed(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a port that others reach and nothing names."""
    if not listener.is_exposed or listener.named is not None or not listener.has_deployment:
        return
    if (
        listener.protocol == "udp"
        or is_store(listener)
        or (listener.spoken is not None and listener.spoken.product in _EXPECTED)
    ):
        return
    yield Finding(
        listener.at,
        f"{listener.name} is open to other machines, and no deployment file names it",
        told(listener),
        fix=Fix("stop it, bind it to 127.0.0.1, or name the port in the deployment"),
        symbol=f"port {listener.port}",
    )
