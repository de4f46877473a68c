"""How django-environ 0.14 casts a text: `Env.parse_value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import builtins
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Known,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter


_TRUE = frozenset({"true", "on", "ok", "y", "yes", "1"})


def parse_value(machine: Interpreter, held: Abstract, cast: Abstract, call: Call) -> Abstract:
    """Return what `Env.parse_value` gives."""
    if isinstance(cast, Known) and cast.value is None:
        return held
    target = plain_object(cast)
    if isinstance(target, Builtin) and target.name in _CASTS:
        if target.name == "bool" and machine.hooks.get("environ.true"):
            return machine.unknown_of(call.place, held, Unknown("which words mean true was changed"), of="bool")
        return machine.compute(call.place, _CASTS[target.name], held, of=target.name)
    if isinstance(target, Sequence) and target.of in {"list", "tuple"}:
        return _elements(machine, held, target, call)
    if isinstance(target, Mapping):
        return _entries(machine, held, target, call)
    if isinstance(target, Unknown | Known):
        machine.may_throw(VALUE_ERRORS)
        return machine.unknown_of(call.place, target, held)
    return machine.call(cast, Call([held], {}, call.place))


def boolean(value: Any) -> bool:  # noqa: ANN401 - any constant
    """Return the truth that a text stands for."""
    try:
        return int(value) != 0
    except ValueError:
        return value.lower().strip() in _TRUE


def real(text: str) -> float:
    """Return the number that a text stands for, thousands separated or not.

    Raises:
        ValueError: it stands for none.
    """
    parts = re.split(r"[,.]", re.sub(r"[^\d,.-]", "", text))
    return float(parts[0] if len(parts) == 1 else f"{''.join(parts[:-1])}.{parts[-1]}")


def _pairs(text: str) -> dict[str, str]:
    return dict([part.split("=", 1) for part in text.split(",") if part])


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _tuple(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.strip("(").strip(")").split(",") if part)


_CASTS: dict[str, Callable[[Any], Any]] = {
    "bool": boolean,
    "float": real,
    "list": _parts,
    "tuple": _tuple,
    "dict": _pairs,
}


def _elements(machine: Interpreter, held: Abstract, cast: Sequence, call: Call) -> Abstract:
    """Return a list or tuple of elements, each after the cast that stands in `cast`."""
    parts = machine.compute(call.place, _tuple if cast.of == "tuple" else _parts, held)
    items = machine.iterate(parts) if isinstance(parts, Sequence) else None
    if items is None or not cast.items:
        return machine.unknown_of(call.place, parts, of=cast.of)
    first = cast.items[0]
    made = tuple(machine.call(first, Call([item], {}, call.place)) for item in items)
    return Sequence(cast.of, made, parts.origin)


def _entries(machine: Interpreter, held: Abstract, cast: Mapping, call: Call) -> Abstract:
    """Return a dict whose keys and values are cast as `{"key": …, "value": …, "cast": {…}}` says."""
    parts = machine.compute(call.place, lambda text: [part.split("=") for part in text.split(";") if part], held)
    rows = [machine.iterate(row) for row in machine.iterate(parts) or ()] if isinstance(parts, Sequence) else [None]
    if cast.open or None in rows:
        return machine.unknown_of(call.place, parts, of="dict")
    made = Mapping(origin=parts.origin)
    special = plain_object(cast.cells.get("cast", Mapping()))
    text = builtins.find("str") or Known(None)
    for row in rows:
        if not row or len(row) == 1:
            raise ThrownError(("IndexError", "LookupError", "Exception"), "list index out of range", call.place)
        key = machine.call(cast.cells.get("key", text), Call([row[0]], {}, call.place))
        own = special.cells.get(row[0].value) if isinstance(special, Mapping) and isinstance(row[0], Known) else None
        machine.set_item(made, key, parse_value(machine, row[1], own or cast.cells.get("value", text), call))
    return made
