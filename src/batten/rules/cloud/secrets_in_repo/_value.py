"""Whether a text where a secret is expected is one: not a place to fill in, not a name of something else."""

from __future__ import annotations

import re

from batten.rules.dsn import is_known

_HOLES = re.compile(
    r"[<>{}$]|^\s*$|\.\.\.|\*\*\*|^x{3,}$"
    r"|placeholder|replace|your[-_ ]|fill[-_ ]?in|insert|dummy|fake|redacted|todo|tbd"
    r"|^(?:none|null|n/?a|unset|empty|string|true|false|required|disabled|enabled)$"
    r"|^(?:generated|managed|ignored?|initial|unused)$",
    re.IGNORECASE,
)
"""Places to fill in, and words for nothing."""
_PLACE = re.compile(
    r"^(?:arn:|projects/|https?://|ssm:|vault:|secretsmanager:|/|\.{0,2}/|op://)|@Microsoft\.KeyVault", re.IGNORECASE
)
"""Where a secret is kept, instead of the secret."""
_RANDOM = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[!-~]{8,}")
_NAME = re.compile(r"[a-z]+(?:[-_./][a-z0-9]+)*|[A-Z]+(?:_[A-Z0-9]+)*")
"""A name of something: `db-password`, `DB_PASSWORD`."""
_KEY_OF_AWS = re.compile(r"(?:AKIA|ASIA)[0-9A-Z]{16}")
_SHORTEST = 4


def is_secret(name: str, text: str, *, sure: bool) -> bool:
    """Return whether a text is a secret; where the place is `sure`, every text but a place to fill in is.

    A word that everybody knows (`test`, `admin`) is one where a password is kept.
    """
    known = is_known(text) and (sure or "pass" in name.lower())
    if (_HOLES.search(text) and not known) or _PLACE.search(text):
        return False
    if known or text.startswith("-----BEGIN") or _KEY_OF_AWS.search(text):
        return True
    if sure:
        return len(text) >= _SHORTEST
    return _RANDOM.fullmatch(text) is not None and _NAME.fullmatch(text) is None
