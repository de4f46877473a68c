"""Whether a link leaves the machine and the network around it, as far as a name tells."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from batten.model import Value
    from batten.understand.code_subjects import Link

_NEAR = (".local", ".localhost", ".internal", ".svc", ".lan", ".home.arpa", ".test", ".cluster.local", ".consul")
"""Ends of names that no public name server knows."""


def host_of(target: object) -> str:
    """Return the host of a URL, or the text itself when it is none."""
    text = target.decode("latin-1") if isinstance(target, bytes) else str(target)
    if "://" not in text:
        return text.strip("[]").lower()
    try:
        return (urlsplit(text).hostname or "").lower()
    except ValueError:
        return ""


def is_far(host: str) -> bool:
    """Return whether a host is likely to be reached over networks of others.

    A bare name is a container's or a machine's of the same network.
    """
    if not host:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith(_NEAR)
    return not (address.is_loopback or address.is_private or address.is_link_local or address.is_unspecified)


def is_here(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def leaves(link: Link) -> Value | None:
    """Return the target of a link that leaves the machine; the link's own, where it is not known."""
    cases = list(link.target.cases())
    if not cases:
        return link.target
    return next((case for case in cases if not is_here(host_of(case.value))), None)
