"""What an address means that was typed without its scheme, or without its host."""

from __future__ import annotations

from ipaddress import ip_address

from batten.model import BattenError


def absolute(url: str) -> str:
    """Return an address with its scheme: http for this machine, https for any other where none was typed.

    `0.0.0.0` is what a server prints that listens everywhere, so it means this
    machine too; a port alone, `:8000`, is one of localhost.

    Raises:
        BattenError: it has a scheme that is not asked.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        rest = f"localhost{url}" if url.startswith(":") else url
        scheme = "http" if _is_here(rest.partition("/")[0]) else "https"
    if scheme.lower() not in ("http", "https") or not rest:
        raise BattenError(f"{url}: not the address of a site", hint="batten probe http://127.0.0.1:5000")
    return f"{scheme.lower()}://{rest}" + ("" if "/" in rest else "/")


def _is_here(authority: str) -> bool:
    """Return whether a host, and perhaps a port, is one of this machine by what is written."""
    inside, bracket, _ = authority.partition("]")
    host = inside.removeprefix("[") if bracket else authority.partition(":")[0]
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
