"""Whoever connects operates the server.

An interface for the administrator, Caddy's admin API, HAProxy's admin socket or supervisord's web page, listens on
every network of its machine and asks for no password: it replaces the configuration, turns servers off, reads their
logs.

Critical where every network reaches the port and what it can do is everything; high where it is less; low where only
other containers reach it, since one that falls takes the server with it. Silent on localhost and on a socket file.

Fix: let it listen on localhost or on a socket file, or switch it off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.web import AdminDoor
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator

CADDYFILE = """\
{
	admin 0.0.0.0:2019  # <- here
}

shop.example.com {
	reverse_proxy web:8000
}
"""


@rule(
    id="bind-all/admin-api",
    severity=Severity.CRITICAL,
    cwe=306,
    over=AdminDoor,
    sources=[
        "Caddy 2 docs, Global options, admin",
        "HAProxy 2.6 docs, stats socket",
        "supervisor 4.2 docs, inet_http_server",
    ],
    bad=[Bad("Caddy", {"Caddyfile": CADDYFILE})],
    good=[
        Good("on localhost", {"Caddyfile": CADDYFILE.replace("0.0.0.0", "localhost")}),  # noqa: S104 - the example
        Good("off", {"Caddyfile": CADDYFILE.replace("0.0.0.0:2019", "off")}),
        Good("a socket file", {"Caddyfile": CADDYFILE.replace("0.0.0.0:2019", "unix//run/caddy/admin.sock")}),
    ],
)
def operated_by_anybody(door: AdminDoor) -> Iterator[Finding]:
    """Yield a finding for an interface that strangers reach."""
    if door.reach is Reach.LOOPBACK:
        return
    worst = Severity.CRITICAL if door.is_total else Severity.HIGH
    inside = door.reach in {Reach.INTERNAL, Reach.UNKNOWN}
    yield Finding(
        at=door.at,
        says=f"{door.server} listens on every network ({door.address}): whoever connects {door.power}",
        evidence=door.evidence,
        confidence=door.confidence,
        severity=Severity.LOW if inside else worst,
        fix=Fix(door.fix),
        symbol=door.server,
    )
