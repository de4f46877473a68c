"""nginx's regular expressions, in Python's spelling and within bounds."""

from __future__ import annotations

import re
from functools import lru_cache

from batten.understand.libraries.backtracking import work

_MOST_STEPS = 200_000
_NAMED = re.compile(r"\(\?<(?=[A-Za-z_])")
_LONGEST = 500


class NotTold(Exception):  # noqa: N818 - no error: whether it matches is not known
    """Whether a pattern matches could not be told."""


@lru_cache(maxsize=1024)
def compiled(pattern: str, *, folded: bool) -> re.Pattern[str] | None:
    """Return a pattern of PCRE as Python has it, None where Python does not read it."""
    text = _NAMED.sub("(?P<", pattern).replace(r"\z", r"\Z").replace("[[:", "[[ :") if len(pattern) < _LONGEST else "("
    try:
        return re.compile(text, re.IGNORECASE if folded else 0)
    except (re.error, RecursionError, OverflowError):
        return None


def search(pattern: str, text: str, *, folded: bool) -> re.Match[str] | None:
    """Return the match of a pattern in a text.

    Raises:
        NotTold: Python does not read the pattern, or it might take too long.
    """
    found = compiled(pattern, folded=folded)
    if found is None or work(found.pattern, found.flags, text) > _MOST_STEPS:
        raise NotTold(pattern)
    return found.search(text)
