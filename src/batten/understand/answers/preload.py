"""Which hosts browsers reach over https only, before they ever saw a header."""

from __future__ import annotations

_SUFFIXES = frozenset(
    "amazon android app audible azure bank bing boo channel chrome dad day dev eat esq fire fly foo fujitsu gle "
    "gmail google hangout hotmail imdb ing insurance kindle meet meme microsoft mov new nexus office page phd "
    "play prime prof rsvp search silk skype windows xbox youtube zappos zip".split()
)
"""Suffixes that Chromium's list forces to https as a whole, as hstspreload 2025.1.1 holds it.

Single hosts of that list are not here: it has 150,000 of them and changes every week.
"""


def is_preloaded(host: str) -> bool:
    """Return whether a host's whole suffix is on the list; a host that stands there by its own name is not seen."""
    name = host.rstrip(".").lower()
    return name.rpartition(".")[2] in _SUFFIXES
