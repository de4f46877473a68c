"""The host of an absolute web address, as browsers read it (WHATWG URL, section 4.4)."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote_to_bytes

from batten.model.data import dataclass

_CONTROLS = "".join(map(chr, range(33)))
_START = re.compile(r"(https?|wss?|ftp):[/\\]*", re.IGNORECASE)
_AUTHORITY = re.compile(r"[^/\\?#]*")
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_PORT = re.compile(r"[0-9]*")
_HIGHEST_PORT = 65535
_PARTS = 4
_IPV4 = 2**32


@dataclass(frozen=True, slots=True)
class WebHost:
    """A host that can be asked."""

    name: str
    """In lower case; an address in its usual form, without brackets."""
    port: int | None = None
    is_address: bool = False


def web_host(url: str) -> WebHost | None:
    """Return the host of an absolute http, https or WebSocket address; None where a browser finds none."""
    url = url.strip(_CONTROLS).replace("\t", "").replace("\n", "").replace("\r", "")
    start = _START.match(url)
    if start is None:
        return None
    authority = _AUTHORITY.match(url, start.end())
    return _host(authority[0].rpartition("@")[2]) if authority else None


def _host(text: str) -> WebHost | None:
    name, port = text, ""
    if text.startswith("["):
        name, closed, port = text[1:].partition("]")
        if not closed or port[:1] not in {"", ":"}:
            return None
        port = port[1:]
    elif ":" in text:
        name, _, port = text.partition(":")
    if not _PORT.fullmatch(port) or len(port.lstrip("0")) > len(str(_HIGHEST_PORT)) or int(port or 0) > _HIGHEST_PORT:
        return None
    number = int(port) if port else None
    if text.startswith("["):
        return _ipv6(name, number)
    name = unquote_to_bytes(name).decode("utf-8", "replace").lower()
    if not name.isascii():
        name = _punycode(name)
    if not name or _FORBIDDEN.search(name):
        return None
    labels = name.rstrip(".").split(".")
    if labels[-1].isdigit() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        return _ipv4(labels, number)
    return WebHost(name, number)


def _ipv6(name: str, port: int | None) -> WebHost | None:
    try:
        address = ipaddress.IPv6Address(name)
    except ValueError:
        return None
    return WebHost(address.compressed, port, is_address=True) if address.scope_id is None else None


def _ipv4(labels: list[str], port: int | None) -> WebHost | None:
    """Return the address that a name ending in a number is: `127.1` and `0x7f000001` are 127.0.0.1."""
    if len(labels) > _PARTS:
        return None
    numbers = [_number(label) for label in labels]
    *high, low = numbers
    if None in numbers or low is None or low >= 256 ** (5 - len(numbers)):
        return None
    total = low
    for place, part in enumerate(high):
        if part is None or part > 255:  # noqa: PLR2004 - a byte
            return None
        total += part * 256 ** (3 - place)
    return WebHost(str(ipaddress.IPv4Address(total)), port, is_address=True) if total < _IPV4 else None


def _number(label: str) -> int | None:
    """Return a part of an address, which may be written in octal or hexadecimal."""
    base, digits = (
        (16, label[2:]) if label.startswith("0x") else (8, label[1:]) if label.startswith("0") else (10, label)
    )
    if not label or len(digits) > 16:  # noqa: PLR2004 - far beyond 32 bits in each base
        return None
    try:
        return int(digits or "0", base)
    except ValueError:
        return None


def _punycode(name: str) -> str:
    """Return a name of other letters as the DNS has it; empty where it is none."""
    if len(name) > 253:  # noqa: PLR2004 - RFC 1035
        return ""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
