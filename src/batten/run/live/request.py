"""What a caller asks of the live audit."""

from __future__ import annotations

from dataclasses import field

from batten.model.data import dataclass
from batten.run.request import Request

PARTS = ("headers", "paths", "errors", "tls", "login")
"""What `--only` names."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """One live audit of one or more sites."""

    urls: tuple[str, ...]
    """Absolute, or host and port: then http on loopback, https elsewhere."""
    terms: Request = field(default_factory=Request)
    """Rules, persona and gate; its target is the project that explains what is seen (`.` where none is given)."""
    project: bool = False
    """Evaluate the target too, so that findings point at the line that makes them."""
    only: tuple[str, ...] = ()
    """Of `PARTS`; empty means all."""
    as_deployed: bool = False
    """Stand in for the TLS proxy before a local app, and grade that as well."""
    app: str = ""
    """`module:name` of an app that Batten starts itself, in a process of its own."""
    http_url: str = ""
    """Where plain HTTP is served, for the redirect: no port is ever guessed."""
    ca_file: str = ""
    resolve: tuple[str, ...] = ()
    """`NAME:ADDRESS` each."""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()
    """`NAME=VALUE` each."""
    active: bool | None = None
    """POST, PUT, TRACE and default logins; None: on loopback only."""
    i_own: tuple[str, ...] = ()
    """Hosts that the user says are theirs."""
    targets: tuple[str, ...] = ()
    """Hosts that the settings name."""
    max_requests: int = 150
    time_s: float = 40.0
    """For the whole run."""
    algorithm: int = 6
    """Of the Observatory's score: 6 or 5."""
