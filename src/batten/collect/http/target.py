"""What may be asked: addresses taken apart without being changed, and the place that each name was pinned to."""

from __future__ import annotations

import re
from ipaddress import ip_address

from batten.model import BattenError
from batten.model.data import dataclass

PORTS = {"http": 80, "https": 443}
_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#\\]*)(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@\[\]\s]+)(?::(?P<port>\d{0,5}))?")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port."""

    scheme: str
    host: str
    """In lower case, a name outside ASCII in its IDNA form, an IPv6 address without brackets."""
    port: int

    @property
    def authority(self) -> str:
        """The `Host` that a browser sends: the port only where it is not the scheme's own."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == PORTS[self.scheme] else f"{shown}:{self.port}"

    def __str__(self) -> str:
        """Return the origin as an address."""
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class Target:
    """A consented origin and the addresses that its name had when it was asked for, the only time."""

    origin: Origin
    addresses: tuple[str, ...]
    is_loopback: bool
    reached_at: int = 0
    """The port that is connected to, where it is another than the origin's: Batten stands in for a proxy."""

    @property
    def port(self) -> int:
        """The port that is connected to."""
        return self.reached_at or self.origin.port


def taken_apart(url: str) -> tuple[Origin, str]:
    """Return the origin of an absolute address, and its path and query exactly as written (`/` where there are none).

    Raises:
        BattenError: it is no http or https address, or it holds a user name, or its port is none.
    """
    held = _ADDRESS.fullmatch(url)
    if held is None:
        raise BattenError(f"{url!r} is no http:// or https:// address", hint="give it whole: http://127.0.0.1:8000/")
    authority = held["authority"]
    if "@" in authority:
        raise BattenError("an address with a user name in it is not asked", hint="give the login by --header")
    named = _AUTHORITY.fullmatch(authority)
    if named is None:
        raise BattenError(f"{url!r} names no host")
    scheme = held["scheme"].lower()
    port = int(named["port"] or PORTS[scheme])
    if not 0 < port <= _HIGHEST_PORT:
        raise BattenError(f"{port} is no port")
    rest = held["rest"]
    return Origin(scheme, host_name(named["host"]), port), rest if rest.startswith("/") else f"/{rest}"


def host_name(written: str) -> str:
    """Return a host's name as it is asked for: lower case, IDNA, no brackets, no final dot.

    Raises:
        BattenError: it is no name that can be asked for.
    """
    name = written.strip("[]").rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise BattenError(f"{written!r} is no host name") from error


def is_loopback(address: str) -> bool:
    """Return whether an IP address is one of this machine's own loopback."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
