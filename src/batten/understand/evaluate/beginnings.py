"""Texts of which only the beginning is known: `f"0.0.0.0:{PORT}"` binds every interface, whatever the port."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import OtherVariable, begins
from batten.understand.evaluate.objects import Abstract, Known, Sequence, Unknown
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from batten.understand.evaluate.library import Call

_LETTERS: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "lstrip": str.lstrip}


def of(parts: Iterable[Abstract]) -> str:
    """Return how a text begins that is made of these parts, one after the other."""
    found = ""
    for part in parts:
        if isinstance(part, Unknown):
            return found + part.prefix
        if not isinstance(part, Known) or not isinstance(part.value, str):
            return found
        found += part.value
    return found


def begun(value: Abstract, prefix: str) -> Abstract:
    """Return a text that could not be told as one of which the beginning is known."""
    if isinstance(value, Unknown) and prefix and value.of == "str":
        return Unknown(
            value.why, value.origin, kind=value.kind, truth=True, of="str", labels=value.labels, prefix=prefix
        )
    return value


def added(result: Abstract, left: Abstract, right: Abstract) -> Abstract:
    """Return `left + right` of texts, as one that begins as the left one where it could not be told."""
    if not isinstance(result, Unknown) or not isinstance(left, Known) or not isinstance(left.value, str):
        return result
    text = Unknown(result.why, result.origin, kind=result.kind, of="str", labels=result.labels)
    return begun(text, of((left, right)))


def method(text: Unknown, name: str, call: Call) -> Abstract | None:
    """Return the result of a method where the beginning of the text decides it, else None."""
    if isinstance(text, OtherVariable) and name in {"startswith", "upper", "lower"}:
        return begins(call) if name == "startswith" else text
    given = [arg.value for arg in call.args if isinstance(arg, Known)]
    if not text.prefix or len(given) != len(call.args) or call.kwargs or call.open:
        return None
    origin = Origin(call.place, text.origin.hops, text.origin.unset)
    if name in _LETTERS and not given and text.prefix.isascii():
        return begun(
            Unknown(text.why, origin, kind=text.kind, of="str", labels=text.labels), _LETTERS[name](text.prefix)
        )
    if not given or not isinstance(given[0], str) or not given[0]:
        return None
    sought = given[0]
    if name == "startswith" and len(given) == 1:
        answer = starts(text.prefix, sought)
        return None if answer is None else Known(answer, origin)
    if name in {"split", "partition"} and sought in text.prefix and len(given) == 1:
        first = Known(text.prefix.split(sought, 1)[0], origin)
        rest = Unknown(text.why, text.origin, kind=text.kind, of="str", labels=text.labels)
        if name == "partition":
            rest = begun(rest, text.prefix.split(sought, 1)[1])  # type: ignore[assignment]
            return Sequence("tuple", (first, Known(sought, origin), rest), origin)
        return Sequence("list", Unknown(text.why, origin, kind=text.kind, prefix=first.value), origin)
    return None


def starts(prefix: str, sought: str) -> bool | None:
    """Return whether a text that begins so starts with another one, None when its rest decides."""
    if prefix.startswith(sought):
        return True
    return None if sought.startswith(prefix) else False


def equal(kind: type[ast.cmpop], one: Abstract, two: Abstract) -> bool | None:
    """Return `one == two` or `!=` where the beginning decides it: a text that begins otherwise is another text."""
    if kind not in (ast.Eq, ast.NotEq):
        return None
    for text, other in ((one, two), (two, one)):
        if isinstance(text, Unknown) and text.prefix and isinstance(other, Known):
            differs = not isinstance(other.value, str) or not other.value.startswith(text.prefix)
            return (kind is ast.NotEq) if differs else None
    return None
