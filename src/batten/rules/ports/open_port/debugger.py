"""A debugger waits on a port: whoever connects runs code in the process.

The Debug Adapter Protocol has no login: `evaluate` runs any expression in the
stopped process, with all that it may do.

Silent where no debugger greets.

Fix: take `debugpy.listen(...)` or `python -m debugpy --listen` out of what runs
here; at your desk, listen on 127.0.0.1 and forward the port by SSH.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.listening import told
from batten.understand.host import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    id="open-port/debugger",
    severity=Severity.CRITICAL,
    cwe=489,
    over=Listener,
    sources=["debugpy 1.8 docs, Security", "Debug Adapter Protocol 1.6, Evaluate Request"],
    bad=[
        Bad("on every network", listeners="0.0.0.0:5678 python: debugpy, none  # <- here\n"),
        Bad("on this machine: its other users may", listeners="127.0.0.1:5678 python: debugpy, none  # <- here\n"),
    ],
    good=[Good("another service has the number", listeners="127.0.0.1:5678 node: http, unknown\n")],
)
def debugger_waits(listener: Listener) -> Iterator[Finding]:
    """Yield a finding for a debugger that greets."""
    if listener.spoken is None or listener.spoken.product != "debugpy":
        return
    yield Finding(
        listener.at,
        f"a debugger waits on {listener.address}:{listener.port}",
        told(listener),
        severity=Severity.CRITICAL if listener.is_exposed else Severity.MEDIUM,
        fix=Fix("take debugpy out of what runs here"),
        symbol=f"port {listener.port}",
    )
