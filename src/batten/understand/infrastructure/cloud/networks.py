"""Whether a range of addresses is all, or nearly all, of the internet."""

from __future__ import annotations

_WIDE_4 = 7
"""An IPv4 prefix so short (or shorter) is more than any one owner's network: the longest that is one is a /8."""
_WIDE_6 = 16
_NAMES = frozenset("* internet any <nw>/0 /0 0.0.0.0 :: ::0 all".split())
"""Azure's words for everyone (`azurerm_network_security_rule`), among others'."""


def is_wide(network: str) -> bool:
    """Return whether a CIDR, or a word for one, stands for nearly everyone."""
    text = network.strip().lower()
    if text in ("0.0.0.0/0", "::/0") or text in _NAMES:
        return True
    _, slash, prefix = text.partition("/")
    if not slash or not prefix.isdecimal() or len(prefix) > 3:  # noqa: PLR2004 - /128 is the longest
        return False
    import ipaddress  # noqa: PLC0415 - most ranges are plain

    try:
        given = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return given.prefixlen <= (_WIDE_4 if given.version == 4 else _WIDE_6) and not given.is_private  # noqa: PLR2004 - IPv4
