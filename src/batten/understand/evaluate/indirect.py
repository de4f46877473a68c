"""Attributes read through something else: a method of a type (`map(str.strip, words)`), a proxy of a library."""

from __future__ import annotations

from functools import partial
from typing import Any

from batten.understand.evaluate import containers, library
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.objects import Abstract, Builtin, Unknown
from batten.understand.evaluate.origin import Origin, Place

_TYPES: dict[str, type] = {kind.__name__: kind for kind in (str, list, tuple, set, frozenset, dict)}


def method(value: Abstract, name: str) -> Abstract | None:
    """Return a method of a built-in type, None when `value` is none or has no such method."""
    if not isinstance(value, Builtin):
        return None
    if (value.name, name) == ("dict", "fromkeys"):
        return Builtin("dict.fromkeys", containers.from_keys)
    of = _TYPES.get(value.name)
    known = of is not None and not name.startswith("_") and callable(getattr(of, name, None))
    return Builtin(name, partial(_called, name)) if known else None


def _called(name: str, machine: Any, call: Call) -> Abstract:
    """Call a method by its type: `str.lower(text)`."""
    if not call.args:
        return Unknown(f"{name}() of nothing", Origin(call.place))
    bound = machine.get_attribute(call.args[0], name, call.place)
    return machine.call(bound, Call(call.args[1:], call.kwargs, call.place, open=call.open))  # type: ignore[no-any-return]


def stands_for(machine: Any, value: Unknown, place: Place) -> Abstract | None:
    """Return what a proxy of a library stands for now, None where it stands for nothing that is known."""
    for label in value.labels & library.PROXIES.keys():
        found = library.PROXIES[label](machine, place)
        if not isinstance(found, Unknown):
            return found
    return None
