"""Which connections each line of `pg_hba.conf` decides, when those before it have had their turn."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from batten.understand.infrastructure.stores.hba import EVERYWHERE, STATES
from batten.understand.infrastructure.stores.nouns import Entrance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.understand.infrastructure.stores.hba import Line, Net, Token

_MOST_NETS = 400
"""Parts that a network is cut into; a file that needs more is taken line by line."""
_SITE_V4, _FEW_V4, _SITE_V6 = 16, 24, 48
"""Shorter prefixes hold more than one site's machines; of public addresses, more than one neighbourhood."""


def entrances(lines: Sequence[Line], *, has_tls: bool | None = None) -> list[Entrance]:
    """Return the lines that decide some connection, each with what is left for it.

    `has_tls` False: `ssl` is off, and no `hostssl` line fits (PostgreSQL 17 section 20.1).
    """
    found: list[Entrance] = []
    for position, line in enumerate(lines):
        states = {state: list(line.nets) for state in STATES[line.kind] if has_tls is not False or state != "ssl"}
        is_named = line.kind != "local" and not line.nets
        for before in lines[:position]:
            if not _covers(before.databases, line.databases) or not _covers(before.users, line.users):
                continue
            for state in list(states):
                if state not in STATES[before.kind]:
                    continue
                if state == "local" or (is_named and set(EVERYWHERE) <= set(before.nets)) or _is_same(before, line):
                    del states[state]
                elif not is_named:
                    states[state] = _without(states[state], before.nets)
        left = [state for state, nets in states.items() if nets or state == "local" or is_named]
        if left:
            found.append(_entrance(line, left, [net for state in left for net in states[state]]))
    return found


def _is_same(before: Line, line: Line) -> bool:
    return bool(line.address) and before.address == line.address


def _entrance(line: Line, left: Iterable[str], nets: Sequence[Net]) -> Entrance:
    certificate = line.options.get("clientcert", "")
    return Entrance(
        line.kind,
        tuple(str(token) for token in line.databases),
        tuple(str(token) for token in line.users),
        line.address,
        line.method,
        line.at,
        _width(line, nets),
        "plain" in left,
        demands_certificate=line.method == "cert" or certificate in ("verify-ca", "verify-full", "1"),
    )


def _width(line: Line, nets: Sequence[Net]) -> str:
    if line.kind == "local":
        return "socket"
    if not line.nets:
        if line.address == "samehost":
            return "loopback"
        return "network" if line.address == "samenet" or line.address.startswith(".") else "host"
    return max((_size(net) for net in nets), key=_WIDTHS.index, default="loopback")


_WIDTHS = ("loopback", "host", "network", "wide", "any")


def _size(net: Net) -> str:
    if net.is_loopback:
        return "loopback"
    if net.num_addresses == 1:
        return "host"
    if net.version == 4:  # noqa: PLR2004 - the version of IP
        site, few = _SITE_V4, _FEW_V4
    else:
        site = few = _SITE_V6
    if _is_private(net):
        return "network" if net.prefixlen >= site else "wide"
    return "network" if net.prefixlen >= few else "any"


def _is_private(net: Net) -> bool:
    if isinstance(net, ipaddress.IPv4Network):
        return any(net.subnet_of(each) for each in _PRIVATE_V4)
    return any(net.subnet_of(each) for each in _PRIVATE_V6)


_PRIVATE_V4 = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_PRIVATE_V6 = (ipaddress.IPv6Network("fc00::/7"), ipaddress.IPv6Network("fe80::/10"))


def _covers(before: Sequence[Token], names: Sequence[Token]) -> bool:
    """Return whether every one of the names is among those before; `all` holds all but `replication`."""
    everyone = any(token.text == "all" and not token.quoted for token in before)
    own = {(token.text, token.quoted and token.text in _SPECIAL) for token in before}
    return all(
        (token.text, token.quoted and token.text in _SPECIAL) in own
        or (everyone and (token.quoted or token.text != "replication"))
        for token in names
    )


_SPECIAL = frozenset(("all", "sameuser", "samerole", "samegroup", "replication"))


def _without(nets: list[Net], taken: Iterable[Net]) -> list[Net]:
    """Return what is left of networks when others are taken out."""
    for other in taken:
        left: list[Net] = []
        for net in nets:
            if net.version != other.version or not net.overlaps(other):
                left.append(net)
            elif net.prefixlen < other.prefixlen:
                left += _cut(net, other)
        if len(left) > _MOST_NETS:
            return nets
        nets = left
    return nets


def _cut(net: Net, other: Net) -> Iterator[Net]:
    """Return a network without a smaller one inside it."""
    if isinstance(net, ipaddress.IPv4Network) and isinstance(other, ipaddress.IPv4Network):
        return net.address_exclude(other)
    if isinstance(net, ipaddress.IPv6Network) and isinstance(other, ipaddress.IPv6Network):
        return net.address_exclude(other)
    return iter((net,))
