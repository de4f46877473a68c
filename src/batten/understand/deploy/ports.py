"""Reads what the short syntax of compose's `ports` publishes.

Compose specification, `ports`; compose-go 2.4 `types/config.go` and Docker's
`nat.ParsePortSpec`: `[[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]`, ranges on both sides.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.stack import Published

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location

_HOLE = re.compile(r"\$\{[^{}]*\}")
"""A variable that nothing sets, as interpolation leaves it."""
_ADDRESS = re.compile(r"bind|addr|listen|interface|(?:^|\b|_)ip(?:\b|_|$)|host(?!_?port)", re.IGNORECASE)
"""Of the name of such a variable: it may hold an address with the port."""
_NUMBERS = r"\?|\d+(?:-\d+)?"
_PORT = re.compile(
    rf"(?:(?:(?P<address>\[[0-9a-fA-F:.]+\]|::1?|\d+(?:\.\d+){{3}}|localhost|\?)?:)?(?P<host>{_NUMBERS})?:)?"
    rf"(?P<container>{_NUMBERS})(?:/(?P<protocol>\w+|\?))?"
)
_ALONE = re.compile(rf"(?P<address>\d+(?:\.\d+){{3}}):(?P<container>{_NUMBERS})(?:/(?P<protocol>\w+))?")
"""An address and one port, which Docker refuses: read by what it means."""
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - what Docker takes when no address is named
_WIDEST_RANGE = 64


def ports(text: str, at: Location) -> Iterator[Published]:
    """Yield the ports that one entry publishes; one where its numbers are not known."""
    holes = _HOLE.findall(text)
    entry = _HOLE.sub("?", text.strip())
    match = _PORT.fullmatch(entry) or _ALONE.fullmatch(entry)
    if match is None:
        if entry:
            yield Published(None, None, "" if "?" in entry else _EVERYWHERE, at)
        return
    told = match.groupdict()
    is_told = told["address"] != "?" and entry != "?" and not (told.get("host") == "?" and _ADDRESS.search(holes[0]))
    address = "" if not is_told else (told["address"] or _EVERYWHERE).strip("[]")
    protocol = (told["protocol"] or "tcp").lower()
    host = _range(told.get("host") or "")
    for position, port in enumerate(_range(told["container"]) or (None,)):
        outside = host[position] if position < len(host) else None
        yield Published(port, outside, address, at, protocol)


def _range(text: str) -> list[int]:
    first, _, last = text.partition("-")
    if not first.isdecimal():
        return []
    start, end = int(first[:6]), int((last or first)[:6])
    return list(range(start, min(end, start + _WIDEST_RANGE) + 1))
