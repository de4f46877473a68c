"""Which entries of a server's list of cipher suites are broken (OpenSSL 3 `openssl-ciphers(1)`)."""

from __future__ import annotations

import re

_BROKEN = frozenset(
    "RC4 DES 3DES CBC3 NULL ENULL ANULL EXP EXPORT EXPORT40 EXPORT56 LOW MD5 ADH AECDH RC2 IDEA SEED".split()
)
_SAME = {"CBC3": "3DES"}
"""Words in the names of suites, to what a list takes out by."""
OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
"""Versions with known attacks (RFC 7568, RFC 8996), as servers' files spell them."""


def weak(text: str) -> tuple[str, ...]:
    """Return the entries of an OpenSSL list that let a broken suite in and that nothing takes out again."""
    entries = [entry for entry in re.split(r"[:, ;]+", text) if entry]
    out = {entry[1:].upper() for entry in entries if entry.startswith("!")}
    return tuple(
        entry for entry in entries if not entry.startswith(("!", "-", "@")) and _is_weak(entry.lstrip("+"), out)
    )


def _is_weak(entry: str, out: set[str]) -> bool:
    parts = set(re.split(r"[-+_]", entry.upper()))
    named = {_SAME.get(part, part) for part in parts}
    return bool(parts & _BROKEN) and not (named & out or parts & out or entry.upper() in out)
