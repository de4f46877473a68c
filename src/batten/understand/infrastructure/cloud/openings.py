"""What lets others in: security groups, network ACLs and firewalls of the clouds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.infrastructure.cloud.cells import Order, once
from batten.understand.infrastructure.cloud.networks import is_wide
from batten.understand.infrastructure.cloud.nouns import Opening

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.infrastructure.cloud.cells import Cell, Resource
    from batten.understand.infrastructure.ground import Ground

    Ports = tuple[tuple[int, int], ...]

ALL = (0, 65535)
_PORTLESS = frozenset(("icmp", "icmpv6", "1", "58", "esp", "50", "ah", "51", "igmp", "2", "ipip", "sctp", "gre", "47"))
_NUMBERS = {"6": "tcp", "17": "udp", "-1": "all", "*": "all", "any": "all", "": "all", "all": "all"}


class _Shape(NamedTuple):
    """Where a kind of rule says what it lets in."""

    kind: str
    networks: tuple[str, ...]
    ports: Callable[[Cell, str], Ports]
    protocol: tuple[str, ...] = ("protocol",)


def read(ground: Ground) -> Iterator[Opening]:
    """Yield every way in that an order opens, wide or narrow."""
    held = (one for order in ground.of(Order) for one in order.resources if one.kind in _READERS and not one.data)
    yield from once(opening for one in held for opening in _READERS[one.kind](one))


def _from_to(rule: Cell, protocol: str) -> Ports:
    """Read `from_port` and `to_port`; AWS ignores them where every protocol is let in."""
    low, high = rule.get("from_port"), rule.get("to_port")
    if protocol == "all":
        return (ALL,)
    if low.is_unknown or high.is_unknown:
        return ()
    if not low.is_given and not high.is_given:
        return (ALL,)
    first = low.number if low.is_given else high.number
    last = high.number if high.is_given else low.number
    if first is None or last is None:
        return ()
    return (ALL,) if first < 0 or (first, last) == (0, 0) else ((first, last),)


def _listed(*names: str) -> Callable[[Cell, str], Ports]:
    """Return what reads ports that are told as texts: `22`, `20-25`, `*`."""

    def ports(rule: Cell, _protocol: str) -> Ports:
        cells = [cell for name in names for cell in rule.get(name).each()]
        if not cells:
            return (ALL,)
        return tuple(span for cell in cells for text in (cell.text or "").split(",") if (span := _span(text.strip())))

    return ports


def _span(text: str) -> tuple[int, int] | None:
    if text.lower() in ("*", "all", "any", "0", "0-0", "1-65535"):
        return ALL
    match = re.fullmatch(r"(\d{1,5})(?:\s*[-:/]\s*(\d{1,5}))?", text)
    return (int(match[1]), int(match[2] or match[1])) if match else None


_AWS = _Shape(
    "security group",
    ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6", "cidr_ip"),
    _from_to,
    ("protocol", "ip_protocol"),
)
_ACL = _Shape("network ACL", ("cidr_block", "ipv6_cidr_block"), _from_to)
_AZURE = _Shape(
    "network security group",
    ("source_address_prefix", "source_address_prefixes"),
    _listed("destination_port_range", "destination_port_ranges"),
)
_DROPLET = _Shape("firewall", ("source_addresses",), _listed("port_range"))
_HETZNER = _Shape("firewall", ("source_ips",), _listed("port"))
_FIREWALL = _Shape("firewall rule", ("source",), _listed("destination_port"))
_COMPUTE = _Shape("security group", ("cidr",), _from_to, ("ip_protocol",))
_OPENSTACK = _Shape(
    "security group",
    ("remote_ip_prefix",),
    lambda rule, _: _from_to(
        type(rule)({"from_port": rule.get("port_range_min"), "to_port": rule.get("port_range_max")}, rule.at), ""
    ),
)


def _openings(owner: Resource, rule: Cell, shape: _Shape) -> Iterator[Opening]:
    """Yield an opening for each network that a rule names."""
    given = rule.first(*shape.protocol)
    said = (given.text or "").lower()
    protocol = "" if given.is_unknown else _NUMBERS.get(said, said)
    ports = () if protocol in _PORTLESS else shape.ports(rule, protocol)
    kind = protocol if protocol not in _PORTLESS else "icmp"
    told = False
    for name in shape.networks:
        whole = rule.get(name)
        for network in whole.each():
            at = whole.at if network.came or whole.came else network.at
            confidence = network.confidence.weakest(whole.confidence)
            unsure = "" if network.text is not None else "which networks it lets in is not told"
            wide = network.text is not None and is_wide(network.text)
            if wide and told:
                continue  # one rule that lets in all of IPv4 and all of IPv6 is one opening
            told |= wide
            came = network.came or whole.came
            yield Opening(owner.name, shape.kind, at, network.text or "", wide, ports, kind, confidence, came, unsure)


def _group(owner: Resource) -> Iterator[Opening]:
    for rule in owner.get("ingress").each():
        yield from _openings(owner, rule, _AWS)


def _group_rule(owner: Resource) -> Iterator[Opening]:
    if owner.get("type").text != "egress":
        yield from _openings(owner, owner.body, _AWS)


def _access_list(owner: Resource) -> Iterator[Opening]:
    """Read a network ACL: what a rule with a lower number denies to everyone is not let in."""
    rules = sorted(owner.get("ingress").each(), key=lambda rule: rule.first("rule_no", "rule_number").number or 0)
    denied: list[tuple[int, int]] = []
    for rule in rules:
        said = rule.first("protocol").text or ""
        protocol = _NUMBERS.get(said.lower(), said.lower())
        if (rule.get("action").text or "").lower() == "allow":
            for opening in _openings(owner, rule, _ACL):
                yield replace(opening, ports=_without(opening.ports, denied))
        elif is_wide(rule.get("cidr_block").text or "") and protocol in ("tcp", "all"):
            denied += _from_to(rule, protocol)


def _without(ports: Ports, denied: list[tuple[int, int]]) -> Ports:
    """Return ranges of ports without what is denied before."""
    rest = list(ports)
    for low, high in denied:
        rest = [
            part
            for first, last in rest
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return tuple(dict.fromkeys(rest))


def _access_rule(owner: Resource) -> Iterator[Opening]:
    if owner.get("egress").flag is not True and (owner.get("rule_action").text or "").lower() == "allow":
        yield from _openings(owner, owner.body, _ACL)


def _azure_rules(owner: Resource) -> Iterator[Opening]:
    for rule in owner.get("security_rule").each():
        yield from _azure(owner, rule)


def _azure(owner: Resource, rule: Cell) -> Iterator[Opening]:
    if (rule.get("direction").text or "").lower() == "inbound" and (rule.get("access").text or "").lower() == "allow":
        yield from _openings(owner, rule, _AZURE)


def _google(owner: Resource) -> Iterator[Opening]:
    """Read `google_compute_firewall`: each `allow` for each source; without any source it is everyone."""
    body = owner.body
    if (body.get("direction").text or "INGRESS").upper() != "INGRESS" or body.get("disabled").flag:
        return
    sources = body.get("source_ranges")
    narrowed = any(body.get(name).is_given for name in ("source_tags", "source_service_accounts"))
    if not sources.each() and not narrowed:
        sources = type(body)("0.0.0.0/0", owner.at)
    for allow in body.get("allow").each():
        table = dict(allow.value) if isinstance(allow.value, dict) else {}
        rule = type(body)({**table, "source_ranges": sources}, allow.at)
        yield from _openings(owner, rule, _Shape("firewall rule", ("source_ranges",), _listed("ports")))


def _inbound(name: str, shape: _Shape, direction: str = "") -> Callable[[Resource], Iterator[Opening]]:
    def found(owner: Resource) -> Iterator[Opening]:
        for rule in owner.get(name).each():
            if not direction or rule.get("direction").text == direction:
                yield from _openings(owner, rule, shape)

    return found


def _firewall(owner: Resource) -> Iterator[Opening]:
    """Read `openstack_fw_rule`: without a source it is everyone."""
    body = owner.body
    if (body.get("action").text or "").lower() == "allow" and body.get("enabled").flag is not False:
        held = body.value if isinstance(body.value, dict) else {}
        source = body.get("source_ip_address")
        named = {"source": source if source.is_given else type(body)("0.0.0.0/0", owner.at)}
        yield from _openings(owner, type(body)({**held, **named}, owner.at), _FIREWALL)


def _compute_group(owner: Resource) -> Iterator[Opening]:
    for rule in owner.get("rule").each():
        yield from _openings(owner, rule, _COMPUTE)


def _openstack(owner: Resource) -> Iterator[Opening]:
    if owner.get("direction").text == "ingress":
        yield from _openings(owner, owner.body, _OPENSTACK)


_READERS: dict[str, Callable[[Resource], Iterator[Opening]]] = {
    "aws_security_group": _group,
    "aws_default_security_group": _group,
    "aws_security_group_rule": _group_rule,
    "aws_vpc_security_group_ingress_rule": _group_rule,
    "aws_network_acl": _access_list,
    "aws_default_network_acl": _access_list,
    "aws_network_acl_rule": _access_rule,
    "google_compute_firewall": _google,
    "azurerm_network_security_group": _azure_rules,
    "azurerm_network_security_rule": lambda owner: _azure(owner, owner.body),
    "digitalocean_firewall": _inbound("inbound_rule", _DROPLET),
    "hcloud_firewall": _inbound("rule", _HETZNER, "in"),
    "openstack_networking_secgroup_rule_v2": _openstack,
    "openstack_compute_secgroup_v2": _compute_group,
    "openstack_fw_rule_v1": _firewall,
    "openstack_fw_rule_v2": _firewall,
}
