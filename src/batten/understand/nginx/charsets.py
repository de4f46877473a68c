"""Which characters a group of a regular expression may hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.understand.nginx.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 - there is no other door to a pattern's parts
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "CATEGORY_DIGIT": str.isdigit,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda char: char.isalnum() or char == "_",
}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def may_hold(pattern: str, group: str, chars: str) -> bool | None:
    """Return whether a group (its number or name) may match a text with one of the characters; None: not told."""
    found = compiled(pattern, folded=True)
    if found is None:
        return None
    number = int(group) if group.isdigit() else found.groupindex.get(group, 0)
    try:
        tree = _parser.parse(found.pattern, found.flags & ~re.UNICODE)
    except (re.error, RecursionError):
        return None
    inside = None if not number else _group(tree, number)
    return None if inside is None else any(_holds(inside, char) for char in chars)


def _group(parts: Iterable[Any], number: int) -> Iterable[Any] | None:
    """Return what a group holds."""
    for kind, value in parts:
        name = str(kind)
        if name == "SUBPATTERN" and value[0] == number:
            return list(value[-1])
        for inner in _inside(name, value):
            found = _group(inner, number)
            if found is not None:
                return found
    return None


def _inside(name: str, value: Any) -> list[Any]:  # noqa: ANN401 - the parser's parts have no type of their own
    if name in _REPEATS:
        return [value[2]]
    if name == "BRANCH":
        return list(value[1])
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return [value[-1] if name == "SUBPATTERN" else value]
    return []


def _holds(parts: Iterable[Any], char: str) -> bool:
    return any(_holds_part(str(kind), value, char) for kind, value in parts)


def _holds_part(name: str, value: Any, char: str) -> bool:  # noqa: ANN401 - as above
    if name == "LITERAL":
        return chr(value).lower() == char.lower()
    if name == "NOT_LITERAL":
        return chr(value) != char
    if name == "ANY":
        return char != "\n"  # PCRE's default, and Python's
    if name == "IN":
        negated = bool(value) and str(value[0][0]) == "NEGATE"
        return any(_member(str(kind), held, char) for kind, held in value[negated:]) is not negated
    if name in _REPEATS and not int(value[1]):
        return False
    return any(_holds(inner, char) for inner in _inside(name, value))


def _member(kind: str, value: Any, char: str) -> bool:  # noqa: ANN401 - as above
    if kind == "LITERAL":
        return chr(value).lower() == char.lower()
    if kind == "RANGE":
        return bool(value[0] <= ord(char) <= value[1])
    name = str(value)
    test = _CATEGORIES.get(name.replace("_NOT", ""))
    return test is not None and test(char) is ("_NOT" not in name)


def is_enumerated(pattern: str, group: str) -> bool:
    """Return whether a group matches nothing but a few fixed words."""
    found = compiled(pattern, folded=True)
    number = int(group) if group.isdigit() else 0 if found is None else found.groupindex.get(group, 0)
    if found is None or not number:
        return False
    inside = _group(_parser.parse(found.pattern, found.flags & ~re.UNICODE), number)
    return inside is not None and _is_fixed(inside)


def _is_fixed(parts: Iterable[Any]) -> bool:
    for kind, value in parts:
        name = str(kind)
        if name in ("LITERAL", "AT"):
            continue
        if name in _REPEATS and int(value[1]) > 1:
            return False
        inner = _inside(name, value)
        if not inner or not all(_is_fixed(list(one)) for one in inner):
            return False
    return True
