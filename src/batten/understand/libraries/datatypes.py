"""Numbers, addresses and durations (CPython 3.11): `decimal`, `fractions`, `ipaddress`, `datetime`, `uuid`."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import ipaddress
import uuid
from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.frozen import computed, made, register
from batten.understand.evaluate.library import CALLS, VALUES
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Abstract

_ADDRESS = (
    "compressed exploded is_global is_link_local is_loopback is_multicast is_private is_reserved is_unspecified "
    "max_prefixlen packed version"
)
_NETWORK = f"{_ADDRESS} broadcast_address hostmask netmask network_address num_addresses prefixlen with_prefixlen"
_NETWORK_METHODS = "overlaps subnet_of supernet supernet_of"

register(decimal.Decimal, "decimal.Decimal", methods="is_finite is_nan quantize normalize to_integral_value as_tuple")
register(fractions.Fraction, "fractions.Fraction", "numerator denominator")
register(uuid.UUID, "uuid.UUID", "hex int bytes urn version")
register(dt.timedelta, "datetime.timedelta", "days seconds microseconds", "total_seconds")
register(ipaddress.IPv4Address, "ipaddress.IPv4Address", _ADDRESS)
register(ipaddress.IPv6Address, "ipaddress.IPv6Address", f"{_ADDRESS} ipv4_mapped")
register(ipaddress.IPv4Network, "ipaddress.IPv4Network", _NETWORK, _NETWORK_METHODS)
register(ipaddress.IPv6Network, "ipaddress.IPv6Network", _NETWORK, _NETWORK_METHODS)

for _function in (
    decimal.Decimal,
    fractions.Fraction,
    uuid.UUID,
    uuid.uuid3,
    uuid.uuid5,
    dt.timedelta,
    ipaddress.ip_address,
    ipaddress.ip_network,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
):
    CALLS[f"{_function.__module__}.{_function.__name__}"] = computed(_function)


def _namespace(held: uuid.UUID, machine: Interpreter, place: Place) -> Abstract:
    del machine
    return made(held, Origin(place))


VALUES.update(
    {
        "uuid.NAMESPACE_DNS": partial(_namespace, uuid.NAMESPACE_DNS),
        "uuid.NAMESPACE_URL": partial(_namespace, uuid.NAMESPACE_URL),
        "uuid.NAMESPACE_OID": partial(_namespace, uuid.NAMESPACE_OID),
        "uuid.NAMESPACE_X500": partial(_namespace, uuid.NAMESPACE_X500),
    }
)
