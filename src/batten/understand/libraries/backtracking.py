"""How much work Python's matcher of regular expressions may do on a text, told from the pattern alone.

The matcher (CPython 3.11 `_sre`) tries the ways in which the parts of a pattern can share a text out among them. The
bound is the number of such ways, each as long as the text: a repeat multiplies it unless what follows cannot begin with
what it repeats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_CEILING = 2**64
_REPEATS = re.compile(r"[*+{]")
_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other door to a pattern's parts
Parts = Any
"""What the parser says of a part; it has no type of its own."""
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
}


def work(pattern: str, flags: int, text: str) -> int:
    """Return an upper bound of the steps of one search in `text`.

    Raises:
        re.error: it is no regular expression.
    """
    tree = _parser.parse(pattern, flags)
    alphabet = frozenset(text.lower() + text.upper() + text)
    size = len(text) + 2
    ways = _ways(list(tree), frozenset(), alphabet, size)
    return min(_CEILING, ways * size * (size if _REPEATS.search(pattern) else 1))


def _ways(parts: list[Any], after: frozenset[str], alphabet: frozenset[str], size: int) -> int:
    """Return in how many ways a sequence of parts may match from one position, what comes after begins with `after`."""
    found = 1
    parts = _flat(parts)
    for index, (kind, value) in enumerate(parts):
        follows = _beginnings(parts[index + 1 :], alphabet, after)
        found *= _ways_of(str(kind), value, follows, alphabet, size)
        if found > _CEILING:
            return _CEILING
    return found


def _flat(parts: list[Any]) -> list[Any]:
    """Return parts with what groups hold in their place."""
    found: list[Any] = []
    for kind, value in parts:
        found += _flat(list(value[-1])) if str(kind) == "SUBPATTERN" else [(kind, value)]
    return found


def _ways_of(kind: str, value: Parts, follows: frozenset[str], alphabet: frozenset[str], size: int) -> int:
    if kind in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        least, most, inner = value
        most = min(int(most), size)
        again = _beginnings(list(inner), alphabet, follows)
        each = _ways(list(inner), again | follows, alphabet, size)
        if each > 1 and most > 1:
            return int(min(_CEILING, (each + 1) ** min(most, 64)))
        return each * (max(most - int(least) + 1, 1) if again & follows else 1)
    if kind in {"BRANCH", "GROUPREF_EXISTS"}:
        branches = value[1] if kind == "BRANCH" else [branch for branch in value[1:] if branch is not None]
        return sum(_ways(list(branch), follows, alphabet, size) for branch in branches)
    if kind in {"ASSERT", "ASSERT_NOT"}:
        return _ways(list(value[1]), alphabet, alphabet, size) * size
    if kind == "ATOMIC_GROUP":
        return _ways(list(value), follows, alphabet, size)
    return 1


def _beginnings(parts: list[Any], alphabet: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    """Return the characters with which a match of a sequence, then of what comes `after`, may begin."""
    found: frozenset[str] = frozenset()
    for kind, value in _flat(parts):
        name = str(kind)
        if name == "AT":
            if value is _parser.AT_END_STRING:
                return found
            continue
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            found |= _beginnings(list(value[2]), alphabet, frozenset())
            if int(value[0]):
                return found
        elif name in {"LITERAL", "NOT_LITERAL", "IN", "ANY"}:
            return found | {char for char in alphabet if _fits(name, value, char)}
        else:
            return alphabet
    return found | after


def _fits(kind: str, value: Parts, char: str) -> bool:
    """Return whether a part that matches one character may match this one, in whatever case."""
    if kind == "LITERAL":
        return chr(value).casefold() == char.casefold()
    if kind == "NOT_LITERAL":
        return chr(value) != char
    if kind == "IN":
        negated = bool(value) and str(value[0][0]) == "NEGATE"
        members = [_member(str(name), held, char) for name, held in value[negated:]]
        return True if None in members else (True not in members if negated else True in members)
    return True


def _member(kind: str, value: Parts, char: str) -> bool | None:
    """Return whether a member of a set holds a character; None when that is not told."""
    if kind == "LITERAL":
        return chr(value) == char
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    name = str(value)
    test = _CATEGORIES.get(name.replace("_NOT", ""))
    return None if test is None else test(char) is ("_NOT" not in name)
