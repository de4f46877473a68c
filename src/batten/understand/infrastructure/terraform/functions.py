"""The operators of Terraform, and those of its functions whose result depends on their arguments alone.

Terraform 1.9 language, Expressions and Functions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.infrastructure.cloud.cells import Cell, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from batten.model import Location
    from batten.understand.infrastructure.cloud.cells import Held

    Function = Callable[[Sequence[Cell], Location], Cell | None]

_MOST_ITEMS = 1_000


def calculated(sign: str, left: Cell | None, right: Cell) -> Held:
    """Return what an operator gives; unknown where an operand is."""
    if left is None:
        flag = right.flag
        if sign == "!":
            return Unknown() if flag is None else not flag
        return -right.value if isinstance(right.value, int | float) else Unknown()
    if sign in ("&&", "||"):
        decides = sign == "||"
        if decides in (left.flag, right.flag):
            return decides
        return Unknown() if None in (left.flag, right.flag) else not decides
    if sign in ("==", "!="):
        equal = _equal(left, right)
        return Unknown() if equal is None else equal is (sign == "==")
    one, other = left.value, right.value
    if isinstance(one, int | float) and isinstance(other, int | float):
        return _number(sign, one, other)
    return Unknown()


def _equal(left: Cell, right: Cell) -> bool | None:
    if left.is_unknown or right.is_unknown:
        return None
    if left.value is None or right.value is None:
        return left.value is right.value
    if left.text is not None and right.text is not None:
        return left.text == right.text
    if isinstance(left.value, tuple | dict) and isinstance(right.value, tuple | dict) and not right.value:
        return not left.value
    return None


def _number(sign: str, one: float, other: float) -> Held:
    if sign in ("/", "%"):
        if not other:
            return Unknown()
        given = one / other if sign == "/" else one % other
        return int(given) if given == int(given) else given
    table: dict[str, Held] = {
        "+": one + other,
        "-": one - other,
        "*": one * other,
        "<": one < other,
        ">": one > other,
        "<=": one <= other,
        ">=": one >= other,
    }
    return table[sign]


def _same(found: Sequence[Cell], at: Location) -> Cell | None:
    return replace(found[0], at=at) if found else None


def _concat(found: Sequence[Cell], at: Location) -> Cell | None:
    items: list[Cell] = []
    for cell in found:
        items += cell.each()  # what is unknown stays as one unknown item
    return Cell(tuple(items[:_MOST_ITEMS]), at)


def _flatten(found: Sequence[Cell], at: Location) -> Cell | None:
    items: list[Cell] = []
    waiting = [*reversed(found)]
    while waiting and len(items) < _MOST_ITEMS:
        cell = waiting.pop()
        if isinstance(cell.value, tuple):
            waiting += reversed(cell.value)
        else:
            items.append(cell)
    return Cell(tuple(items), at)


def _merge(found: Sequence[Cell], at: Location) -> Cell | None:
    whole: dict[str, Cell] = {}
    for cell in found:
        if isinstance(cell.value, dict):
            whole |= cell.value
        elif cell.value is not None:
            return None
    return Cell(whole, at)


def _text(change: Callable[[str], str]) -> Function:
    def changed(found: Sequence[Cell], at: Location) -> Cell | None:
        text = found[0].text if found else None
        return None if text is None else replace(found[0], value=change(text), at=at)

    return changed


def _format(found: Sequence[Cell], at: Location) -> Cell | None:
    texts = [cell.text for cell in found]
    if not texts or texts[0] is None:
        return None
    rest = iter(texts[1:])
    whole = re.sub(r"%[sdvq]", lambda _: next(rest, None) or "${…}", texts[0])
    mentions = tuple(name for cell in found for name in cell.mentions)
    return Cell(Unknown(mentions, whole) if None in texts else whole, at)


def _join(found: Sequence[Cell], at: Location) -> Cell | None:
    if len(found) < 2 or found[0].text is None:  # noqa: PLR2004 - join(separator, list)
        return None
    texts = [cell.text for part in found[1:] for cell in part.each()]
    return None if None in texts else Cell(found[0].text.join(str(text) for text in texts), at)


def _split(found: Sequence[Cell], at: Location) -> Cell | None:
    if len(found) != 2 or not found[0].text or found[1].text is None:  # noqa: PLR2004 - split(separator, text)
        return None
    return Cell(tuple(replace(found[1], value=part) for part in found[1].text.split(found[0].text)[:_MOST_ITEMS]), at)


def _length(found: Sequence[Cell], at: Location) -> Cell | None:
    held = found[0].value if found else None
    return Cell(len(held), at) if isinstance(held, tuple | dict | str) else None


def _lookup(found: Sequence[Cell], at: Location) -> Cell | None:
    if len(found) < 2 or not isinstance(found[0].value, dict) or found[1].text is None:  # noqa: PLR2004 - lookup(map, key, …)
        return None
    held = found[0].value.get(found[1].text) or (found[2] if len(found) > 2 else None)  # noqa: PLR2004 - the default
    return None if held is None else replace(held, at=at)


def _element(found: Sequence[Cell], at: Location) -> Cell | None:
    if len(found) != 2 or not isinstance(found[0].value, tuple) or not found[0].value or found[1].number is None:  # noqa: PLR2004 - element(list, index)
        return None
    return replace(found[0].value[found[1].number % len(found[0].value)], at=at)


def _keys(found: Sequence[Cell], at: Location) -> Cell | None:
    held = found[0].value if found else None
    return Cell(tuple(Cell(name, at) for name in held), at) if isinstance(held, dict) else None


def _values(found: Sequence[Cell], at: Location) -> Cell | None:
    held = found[0].value if found else None
    return Cell(tuple(held.values()), at) if isinstance(held, dict) else None


def _contains(found: Sequence[Cell], at: Location) -> Cell | None:
    if len(found) != 2 or not isinstance(found[0].value, tuple) or found[1].text is None:  # noqa: PLR2004 - contains(list, item)
        return None
    texts = [cell.text for cell in found[0].value]
    return None if None in texts else Cell(found[1].text in texts, at)


def _coalesce(found: Sequence[Cell], at: Location) -> Cell | None:
    for cell in found:
        if cell.is_unknown:
            return None
        if cell.value not in (None, "", ()):
            return replace(cell, at=at)
    return None


def _try(found: Sequence[Cell], at: Location) -> Cell | None:
    return replace(found[0], at=at) if found and not found[0].is_unknown else None


def _compact(found: Sequence[Cell], at: Location) -> Cell | None:
    return Cell(tuple(cell for cell in found[0].each() if cell.value not in (None, "")), at) if found else None


FUNCTIONS: Mapping[str, Function] = {
    **dict.fromkeys(
        ("jsonencode", "tolist", "toset", "tomap", "tostring", "tonumber", "tobool", "sensitive", "nonsensitive"), _same
    ),
    **dict.fromkeys(("distinct", "sort", "base64encode", "base64gzip", "yamlencode"), _same),
    "concat": _concat,
    "setunion": _concat,
    "flatten": _flatten,
    "merge": _merge,
    "lower": _text(str.lower),
    "upper": _text(str.upper),
    "trimspace": _text(str.strip),
    "format": _format,
    "join": _join,
    "split": _split,
    "length": _length,
    "lookup": _lookup,
    "element": _element,
    "keys": _keys,
    "values": _values,
    "contains": _contains,
    "coalesce": _coalesce,
    "try": _try,
    "compact": _compact,
}
