"""From where a server of a data store is reached."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.understand.infrastructure.stores.nouns import StoreServer

_EVERY = frozenset(("*", "0.0.0.0", "::", "[::]", "", "::*", "0.0.0.0/0", "all"))  # noqa: S104 - read, not bound to
_LOCAL = frozenset(("localhost", "localhost.localdomain", "ip6-localhost", "_local_", "lo", "loopback"))


def is_every(address: str) -> bool:
    """Return whether an address is every interface of the machine."""
    return address.lower() in _EVERY


def is_local(address: str) -> bool:
    """Return whether only this machine gets to an address: loopback, or a socket's path."""
    text = address.strip("[]").lower()
    if text in _LOCAL or text.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False


def reach_of(server: StoreServer) -> Reach:
    """Return from where a server is reached, by what its container publishes and what it listens on."""
    listen = server.listen
    if server.container is not None:
        return Reach.INTERNAL if listen is not None and listen.is_local else server.container.reach
    if server.contained:
        return Reach.INTERNAL
    if listen is None:
        return Reach.UNKNOWN
    return Reach.LOOPBACK if listen.is_local else Reach.WORLD
