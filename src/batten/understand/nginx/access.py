"""Whether a stranger is let in: `allow`, `deny`, `satisfy`, passwords, `auth_request`."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.nginx.scopes import Scope

FORBIDDEN, UNAUTHORIZED = 403, 401


def refusal(scope: Scope, address: str) -> int:
    """Return the status with which a visitor from an address, without a password, is refused; 0: he is let in.

    nginx 1.22 `ngx_http_core_access_phase`.
    """
    listed = by_address(scope, address)
    asks = UNAUTHORIZED if asks_password(scope) else 0
    satisfy = scope.value("satisfy")
    if satisfy is not None and satisfy.first == "any":
        if listed is True:
            return 0
        return asks or (FORBIDDEN if listed is False else 0)
    return FORBIDDEN if listed is False else asks


def by_address(scope: Scope, address: str) -> bool | None:
    """Return whether lists let an address in, None where no line of them is about it."""
    for rule in scope.group("allow", "deny"):
        if covers(rule.first, address):
            return rule.name == "allow"
    return None


def covers(written: str, address: str) -> bool:
    """Return whether what an `allow` or `deny` writes holds an address."""
    if written == "all":
        return True
    try:
        return ip_address(address) in ip_network(written, strict=False)
    except ValueError:
        return False


def asks_password(scope: Scope) -> bool:
    """Return whether a password, a token or another server's word is asked for."""
    for name in ("auth_basic", "auth_request", "auth_jwt"):
        told = scope.value(name)
        if told is not None and told.first != "off":
            return True
    client = scope.value("ssl_verify_client")
    return client is not None and client.first == "on"


STRANGER = "203.0.113.7"
"""An address of the Internet that no list names (RFC 5737)."""


def is_closed(scope: Scope) -> bool:
    """Return whether strangers are kept out of a block."""
    return scope.value("internal") is not None or refusal(scope, STRANGER) != 0
