"""From where a service is reached, in words and as a weight: what rules of containers and data share."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.rules.dsn import Account
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.understand.infrastructure.nouns import Console, DataStore, Login
    from batten.understand.stack import Published


def opened(published: Iterable[Published]) -> tuple[Published, ...]:
    """Return the ports that are open to other machines, as far as is known."""
    return tuple(port for port in published if port.address and not port.is_local and port.protocol == "tcp")


def is_private(address: str) -> bool:
    """Return whether an address is one of a private network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_private and not found.is_unspecified


def severity(store: DataStore | Console) -> Severity:
    """Return how bad it is that whoever connects is let in."""
    if store.reach is not Reach.WORLD:
        return Severity.MEDIUM
    ports = opened(store.published)
    is_near = bool(ports) and all(is_private(port.address) for port in ports)
    return Severity.HIGH if is_near else Severity.CRITICAL


def where(ports: Sequence[Published]) -> str:
    """Return on which addresses ports are open, in words."""
    addresses = list(dict.fromkeys(port.address for port in ports))
    if any(address in ("0.0.0.0", "::", "*") for address in addresses):  # noqa: S104 - read, not bound
        return "on every interface of the host"
    return f"on {' and '.join(addresses)}"


def numbers(ports: Iterable[Published]) -> str:
    """Return the numbers of ports in words: `port 5432`, `ports 9200 and 9300`."""
    found = list(dict.fromkeys(str(number) for port in ports if (number := port.host or port.container) is not None))
    if not found:
        return "a port"
    if len(found) > _SHOWN:
        return f"ports {', '.join(found[:_SHOWN])} and {len(found) - _SHOWN} more"
    *first, last = found
    return f"ports {', '.join(first)} and {last}" if first else f"port {last}"


_SHOWN = 3


def is_known(login: Login) -> bool:
    """Return whether everybody knows the password, or there is none."""
    if login.password is None:
        return False
    return login.password == "" or Account(login.user, login.password, "").is_default
