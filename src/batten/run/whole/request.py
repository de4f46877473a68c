"""What a caller asks of the whole audit."""

from __future__ import annotations

from dataclasses import field

from batten.model.data import dataclass
from batten.run.request import Request

THIS_MACHINE = frozenset(("localhost", "127.0.0.1", "::1", "this"))
"""How a user names the machine that Batten runs on."""


@dataclass(frozen=True, slots=True)
class AuditRequest:
    """One audit of a project, of the sites that it serves and of the machine that it runs on."""

    terms: Request = field(default_factory=Request)
    urls: tuple[str, ...] = ()
    host: str = ""
    """The machine whose ports are looked at; one of `THIS_MACHINE` from inside too. Empty: none."""
    start: bool = False
    """Start the project's own app on loopback, and probe that."""
    scan: bool = True
    logins: bool = True
    active: bool | None = None
    as_deployed: bool = False
    i_own: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    ca_file: str = ""
    resolve: tuple[str, ...] = ()
    max_requests: int = 150
    time_s: float = 120.0
    """For each of the live halves."""
