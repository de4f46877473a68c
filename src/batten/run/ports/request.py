"""What a caller asks of the audit of ports."""

from __future__ import annotations

from dataclasses import field

from batten.model.data import dataclass
from batten.run.request import Request


@dataclass(frozen=True, slots=True)
class PortsRequest:
    """One audit of the open ports of one machine."""

    host: str = ""
    """Name or address; empty: this machine, from inside and from outside."""
    terms: Request = field(default_factory=Request)
    """Rules, persona and gate; its target is the project whose deployment files name ports."""
    project: bool = False
    """Read that project."""
    scan: bool = True
    """Ask all ports from outside too."""
    ports: tuple[int, ...] = ()
    """Ask only these from outside; empty: all of this machine, the well-known ones of another."""
    logins: bool = True
    """Try the few passwords that everybody knows; on this machine only."""
    processes: str = "all"
    """`all`, or `own`: those of this user."""
    i_own: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    time_s: float = 120.0
    """For the whole run."""
