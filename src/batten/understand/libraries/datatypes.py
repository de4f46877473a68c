"""Numbers, addresses and durations (CPython 3.11): `decimal`, `fractions`, `ipaddress`, `datetime`, `uuid`."""

from __future__ import annotations

import datetime as dt
import decimal
import fractions
import ipaddress
import uuid

from batten.understand.evaluate.frozen import computed, register
from batten.understand.evaluate.library import CALLS

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
    dt.timedelta,
    ipaddress.ip_address,
    ipaddress.ip_network,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
):
    CALLS[f"{_function.__module__}.{_function.__name__}"] = computed(_function)
