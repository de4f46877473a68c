"""Which names hold secrets."""

from __future__ import annotations

import re

_WORD = re.compile(
    r"secret|passw(?:or)?d|passphrase|(?:^|_)pass(?:_|$)|(?:^|_)pwd(?:_|$)|token|(?:^|_)salt(?:_|$)|credential"
    r"|(?:access|account|api|auth|encryption|fernet|hmac|jwt|master|private|session|signing)_?key(?!_?id)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:_|^)(?:age|algorithms?|audience|class(?:es)?|count|days|domain|enabled|endpoint|expiration|expires?|expiry|field"
    r"|hashers|hours|httponly|issuer|leeway|length|lifetime|locations?|max|methods?|min|minutes|name|prefix|required"
    r"|samesite|secure|seconds|size|timeout|ttl|type|validators|version)$",
    re.IGNORECASE,
)
"""The last word of a name that says something about a secret: `JWT_TOKEN_LOCATION`, Django's `PASSWORD_HASHERS`."""


def is_secret(name: str) -> bool:
    """Return whether a setting or variable of that name usually holds a secret."""
    return bool(_WORD.search(name)) and not _ABOUT.search(name)
