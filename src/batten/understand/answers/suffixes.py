"""Which part of a host's name can be registered, by the Public Suffix List that publicsuffixlist 1.1 brings along."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST = 253
"""A name of the DNS has no more characters (RFC 1035 section 2.3.4)."""
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")


def is_address(host: str) -> bool:
    """Return whether a host is an IP address, not a name."""
    return ":" in host or _IPV4.fullmatch(host) is not None


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine itself, which browsers trust without TLS."""
    return host in {"localhost", "::1"} or (host.startswith("127.") and is_address(host))


@lru_cache(1000)
def registrable(host: str, *, private: bool = True) -> str | None:
    """Return the registrable domain of a host: None for an address and for a suffix itself.

    `private` suffixes are those of owners who give names away (`github.io`).
    """
    name = host.rstrip(".").lower()
    if not name or len(name) > _LONGEST or is_address(name) or name.startswith(".") or ".." in name:
        return None
    found = _suffixes(only_icann=not private).privatesuffix(name)
    return str(found) if found else None


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - the list takes 30 ms to read

    return PublicSuffixList(only_icann=only_icann)
