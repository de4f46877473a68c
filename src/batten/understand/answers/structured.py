"""An item of a structured field, as browsers read COEP and COOP (RFC 9651 section 4.2.3)."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*")
_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_OTHER = re.compile(
    r'"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"'  # a string
    r"|-?[0-9]{1,12}\.[0-9]{1,3}(?![0-9])|-?[0-9]{1,15}(?![0-9.])"  # a decimal, an integer
    r"|\?[01]|@-?[0-9]{1,15}(?![0-9.])|:[A-Za-z0-9+/=]*:"  # a boolean, a date, bytes
    r'|%"(?:[\x20-\x21\x23-\x24\x26-\x7e]|%[0-9a-f]{2})*"'  # a display string
)
_PARAMETER = re.compile(r";[ ]*")


def token(value: str) -> str | None:
    """Return the token of an item whose bare item is one, its parameters left out; None for anything else."""
    value = value.strip(" ")
    found = _TOKEN.match(value)
    if found is None:
        return None
    at = found.end()
    while semicolon := _PARAMETER.match(value, at):
        key = _KEY.match(value, semicolon.end())
        if key is None:
            return None
        at = key.end()
        if value[at : at + 1] == "=":
            bare = _TOKEN.match(value, at + 1) or _OTHER.match(value, at + 1)
            if bare is None:
                return None
            at = bare.end()
    return found[0] if at == len(value) else None
