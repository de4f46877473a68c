"""Who may be asked: loopback freely, everyone else by the project's settings or by the user's word."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING

from batten.collect.http.target import Target, host_name, is_loopback, taken_apart
from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from batten.collect.http.target import Origin

    Resolve = Callable[[str], tuple[str, ...]]

_RESOLVE_S = 5.0
_HERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what a server prints, and a connection to it goes here
_PORT = re.compile(r":\d+$")


def addresses_of(host: str) -> tuple[str, ...]:
    """Return the IP addresses of a name, none where it has none or no answer came in five seconds."""
    found: list[str] = []

    def look() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            for *_, place in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM):
                found.append(str(place[0]))

    asking = threading.Thread(target=look, daemon=True)  # getaddrinfo has no timeout of its own
    asking.start()
    asking.join(_RESOLVE_S)
    return tuple(dict.fromkeys(list(found)))


def resolutions(given: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return the addresses that the user gave by `--resolve NAME:ADDRESS`.

    Raises:
        BattenError: one is not of that form.
    """
    found: dict[str, tuple[str, ...]] = {}
    for text in given:
        name, _, address = text.partition(":")
        address = address.strip("[]")
        try:
            ip_address(address)
        except ValueError:
            raise BattenError(f"--resolve {text} names no address", hint="--resolve shop.example:127.0.0.1") from None
        host = host_name(name)
        found[host] = (*found.get(host, ()), address)
    return found


def consented(
    url: str,
    *,
    targets: Collection[str] = (),
    owned: Collection[str] = (),
    resolve: Mapping[str, tuple[str, ...]] | None = None,
    look_up: Resolve = addresses_of,
) -> Target:
    """Return what may be asked for an address; its name is resolved here, and never again.

    Loopback is free. Any other host has to be one of the project's `targets`
    or of those that the user `owned` up to. Both are hosts, `host:port` or
    origins; one without a port allows every port.

    Raises:
        BattenError: the address is none, the host is not consented to (code 2), or it has no address (code 3).
    """
    origin, _ = taken_apart(url)
    given = (resolve or {}).get(origin.host)
    said = any(_covers(entry, origin) for entry in (*targets, *owned))
    addresses = given or _literal(origin.host) or look_up(origin.host)
    if not addresses:
        raise BattenError(f"{origin.host} has no address", hint="is the name spelled right? or --resolve it", code=3)
    addresses = tuple(_HERE.get(address, address) for address in addresses)
    loopback = all(is_loopback(address) for address in addresses)
    if not (said or loopback):
        raise _refused(origin)
    return Target(origin, addresses, loopback)


def _refused(origin: Origin) -> BattenError:
    return BattenError(
        f"{origin.host} is not this machine, and nothing says that you may probe it",
        hint=f'say so with --i-own {origin.host}, or list it in [tool.batten] targets = ["{origin.host}"]',
    )


def _literal(host: str) -> tuple[str, ...]:
    try:
        ip_address(host)
    except ValueError:
        return ()
    return (host,)


def _covers(entry: str, origin: Origin) -> bool:
    """Return whether a consent, `shop.example`, `shop.example:8443` or `https://shop.example`, takes in the origin."""
    scheme, slashes, rest = entry.partition("://")
    written = rest.partition("/")[0] if slashes else entry.partition("/")[0]
    try:
        named, _ = taken_apart(f"{scheme if slashes else 'http'}://{written}")
    except BattenError:
        return False
    if named.host != origin.host:
        return False
    if slashes:
        return (named.scheme, named.port) == (origin.scheme, origin.port)
    return named.port == origin.port or not _PORT.search(written)
