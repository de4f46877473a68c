"""Patterns that servers' files hold, matched within bounds: regular expressions, and those of a shell."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from batten.understand.libraries.backtracking import work

_MOST_STEPS = 200_000
_LONGEST = 500
_NAMED = re.compile(r"\(\?<(?=[A-Za-z_])")


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of PCRE as Python has it, None where it does not read it."""
    if len(pattern) > _LONGEST:
        return None
    try:
        return re.compile(_NAMED.sub("(?P<", pattern).replace(r"\z", r"\Z"))
    except (re.error, RecursionError, OverflowError):
        return None


def found(pattern: str, text: str) -> bool | None:
    """Return whether a pattern is found in a text; None where that could not be told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `[[a]`: what Python may read otherwise one day
        expression = compiled(pattern)
        if expression is None or work(expression.pattern, expression.flags & ~re.UNICODE, text) > _MOST_STEPS:
            return None
    return expression.search(text) is not None


def wild(pattern: str, text: str) -> bool:
    """Return whether a pattern of the shell (`*` and `?`, which match `/` as well) is the whole of a text.

    In time that is the product of both lengths, whatever the pattern.
    """
    at = back = 0
    star = -1
    place = 0
    while place < len(text):
        if at < len(pattern) and pattern[at] in ("?", text[place]) and pattern[at] != "*":
            at, place = at + 1, place + 1
        elif at < len(pattern) and pattern[at] == "*":
            star, back = at, place
            at += 1
        elif star >= 0:
            back += 1
            at, place = star + 1, back
        else:
            return False
    return all(char == "*" for char in pattern[at:])
