"""The methods of lists, sets and dicts."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import environ
from batten.understand.evaluate.iterables import sort
from batten.understand.evaluate.machine import LOOKUP_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Environ,
    Items,
    Known,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    View,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call

    Method = Callable[[Any, Any, Call], Abstract]

NONE = Known(None)

DICT_METHODS: dict[str, Callable[[Any, Mapping, str, Call], Abstract | None]] = {}
"""Methods that a library's own dict class adds, by the mapping's `of`."""
CASELESS: set[str] = set()
"""Dict classes of libraries that find a key whatever its case, and give it as an attribute too, by `of`."""


def spelled(mapping: Mapping, key: Any) -> Any:
    """Return a key as a dict holds it, in another case if its class does not mind."""
    if mapping.of not in CASELESS or not isinstance(key, str) or key in mapping.cells:
        return key
    return next((held for held in mapping.cells if str(held).replace(" ", "_").lower() == key.lower()), key)


def by_class(mapping: Mapping) -> list[tuple[Abstract, Abstract]]:
    """Return the entries whose keys are classes; a dict with such keys is open, and keeps them apart."""
    held = mapping.more.get("classes")
    items = held.items if isinstance(held, Items) else ()
    return list(zip(items[::2], items[1::2], strict=True))


def method(machine: Any, receiver: Sequence | Mapping, name: str, call: Call) -> Abstract:
    """Return the result of `receiver.name(...)`, done on the receiver."""
    if receiver.of in DICT_METHODS and isinstance(receiver, Mapping):
        special = DICT_METHODS[receiver.of](machine, receiver, name, call)
        if special is not None:
            return special
    table = _SEQUENCE if isinstance(receiver, Sequence) else _MAPPING
    model = table.get(name)
    if model is not None and (receiver.of in _WRITABLE or name in _READING or isinstance(receiver, Mapping)):
        return model(machine, receiver, call)
    if name not in _READING:
        machine.havoc(receiver)
    machine.may_throw(LOOKUP_ERRORS)
    return Unknown(f"{receiver.of}.{name}() is not followed", Origin(call.place))


def _write(machine: Any, receiver: Sequence, items: tuple[Abstract, ...] | None) -> Abstract:
    if items is None:
        machine.havoc(receiver)
    else:
        machine.put(receiver.cells, "items", Items(items))
    return NONE


def _append(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    items = receiver.items
    if items is None or not call.args or len(items) > 5_000:  # noqa: PLR2004 - as the evaluator's limit
        return _write(machine, receiver, None)
    return _write(machine, receiver, (*items, machine.controlled(call.args[0])))


def _extend(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    ordered = receiver.of == "list"
    parts = [machine.iterate(arg, ordered=ordered) for arg in call.args]
    if receiver.items is None or call.open or any(part is None for part in parts):
        return _write(machine, receiver, None)
    return _write(machine, receiver, (*receiver.items, *(item for part in parts for item in part)))


def _insert(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    index = call.args[0] if len(call.args) == 2 else None  # noqa: PLR2004 - a count of arguments or words
    if receiver.items is None or not isinstance(index, Known) or not isinstance(index.value, int):
        return _write(machine, receiver, None)
    items = list(receiver.items)
    items.insert(index.value, call.args[1])
    return _write(machine, receiver, tuple(items))


def _remove(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    wanted = call.args[0] if call.args else None
    items = receiver.items
    if items is None or not isinstance(wanted, Known) or not all(isinstance(i, Known) for i in items):
        machine.may_throw(LOOKUP_ERRORS)
        return _write(machine, receiver, None)
    found = [i for i, item in enumerate(items) if isinstance(item, Known) and item.value == wanted.value]
    if not found:
        kinds = ("ValueError", "Exception") if receiver.of == "list" else ("KeyError", "LookupError", "Exception")
        error = ThrownError(kinds, f"{wanted.value!r} is not in it", call.place)
        raise error.because(wanted.origin, *(getattr(item, "origin", wanted.origin) for item in items))
    gone = found[:1] if receiver.of == "list" else found
    return _write(machine, receiver, tuple(item for i, item in enumerate(items) if i not in gone))


def _discard(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    try:
        return _remove(machine, receiver, call)
    except ThrownError:
        return NONE


def _pop_element(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    index = call.args[0] if call.args else Known(-1)
    items = receiver.items
    if items is None or not isinstance(index, Known) or not isinstance(index.value, int) or receiver.of == "set":
        machine.may_throw(LOOKUP_ERRORS)
        _write(machine, receiver, None)
        return Unknown("an element of a list that is not known")
    if not -len(items) <= index.value < len(items):
        raise ThrownError(("IndexError", "LookupError", "Exception"), "pop index out of range", call.place)
    kept = list(items)
    found = kept.pop(index.value)
    _write(machine, receiver, tuple(kept))
    return found


def _clear(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del call
    return _write(machine, receiver, ())


def _reverse(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del call
    return _write(machine, receiver, None if receiver.items is None else receiver.items[::-1])


def _sort(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    items = receiver.items
    machine.put(receiver.cells, "items", sort(machine, call, None if items is None else list(items)).cells["items"])
    return NONE


def _copy_sequence(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del machine
    return Sequence(receiver.of, receiver.cells["items"], Origin(call.place))


def _index(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    plain = machine.plain(receiver)
    wanted = machine.plain(call.args[0]) if call.args else None
    if plain is None or wanted is None:
        return Unknown("a position in a list that is not known")
    return machine.compute(call.place, lambda: list(plain[0]).index(wanted[0]))  # type: ignore[no-any-return]


def _union(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    parts = [machine.iterate(arg, ordered=False) for arg in call.args]
    certain = receiver.items is not None and not call.open and all(part is not None for part in parts)
    items = (*(receiver.items or ()), *(item for part in parts for item in part or ()))
    return Sequence(receiver.of, items if certain else Unknown("part of it is not known"), Origin(call.place))


def _set_method(kind: type[ast.operator]) -> Method:
    def model(machine: Any, receiver: Sequence, call: Call) -> Abstract:
        result: Abstract = receiver
        for other in call.args:
            items = machine.iterate(other, ordered=False)
            content = Unknown("not all known") if items is None else tuple(items)
            result = machine.binary(kind, result, Sequence("set", content), call.place)
        return result if result is not receiver else _copy_sequence(machine, receiver, call)

    return model


def _get(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    default = call.get("default", 1) or Known(None, Origin(call.place))
    key = call.args[0] if call.args else Unknown("no key")
    return machine.looked_up(receiver, key, default, call.place)  # type: ignore[no-any-return]


def _setdefault(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    key = call.args[0] if call.args else Unknown("no key")
    default = call.args[1] if len(call.args) > 1 else Known(None, Origin(call.place))
    if not isinstance(key, Known):
        machine.obscure(receiver, default)
        return Unknown("an entry chosen by something that is not known")
    machine.keyed(receiver, key.origin)
    held = receiver.held(key.value) if isinstance(receiver, Environ) else receiver.cells.get(key.value, ABSENT)
    if held is ABSENT or ABSENT in tuple(each(held)):
        machine.takes(receiver, key, default, call.place)
        value = _written(default, str(key.value), call) if _is_own(receiver) else default
        for choice in each(held):
            value = value if choice is ABSENT else join(choice, value)
        if receiver.open and not isinstance(receiver, Environ):
            value = join(value, Unknown("it may be set in a way that is not known"))
        machine.put(receiver.cells, key.value, value)
    return machine.tainted(receiver.cells[key.value], key.origin)  # type: ignore[no-any-return]


def _written(value: Abstract, name: str, call: Call) -> Abstract:
    """Return a variable that the program itself puts into the environment unless it is set."""
    if not isinstance(value, Known):
        return value
    hop = (call.place, f"{name} is not set: the program sets it to", repr(value.value))
    origin = value.origin.then(hop)
    return Known(value.value, Origin(call.place, origin.hops, origin.unset | {name}, pinned=True))


def _pop_entry(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    key = call.args[0] if call.args else Unknown("no key")
    if not all(isinstance(choice, Known) for choice in each(key)):
        machine.may_throw(LOOKUP_ERRORS)
        machine.obscure(receiver, ABSENT)
        return machine.looked_up(receiver, key, Unknown("an entry that may not be there"), call.place)  # type: ignore[no-any-return]
    if isinstance(key, OneOf):
        return machine.either_way([partial(_popped, machine, receiver, choice, call) for choice in key.choices])  # type: ignore[no-any-return]
    return _popped(machine, receiver, key, call)


def _popped(machine: Any, receiver: Mapping, key: Abstract, call: Call) -> Abstract:
    assert isinstance(key, Known)  # noqa: S101 - as the caller found
    if len(call.args) > 1:
        found = machine.looked_up(receiver, key, call.args[1], call.place)
    else:
        found = machine.get_item(receiver, key, call.place)
    machine.keyed(receiver, key.origin)
    if key.value in receiver.cells:
        machine.put(receiver.cells, key.value, gone(receiver))
    return found  # type: ignore[no-any-return]


def gone(mapping: Mapping) -> Abstract:
    """Return what an entry holds that was deleted; a module that was taken out is not the one imported afterwards."""
    return Unknown("it was taken out of sys.modules") if mapping.of == "sys.modules" else ABSENT


def _update(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    for source in call.args:
        machine.update_mapping(receiver, _set_by(source, call) if _is_own(receiver) else source)
    for key, value in call.kwargs.items():
        machine.takes(receiver, Known(key), value, call.place)
        held = environ.set_here(value, key, call.place) if _is_own(receiver) else value
        machine.put(receiver.cells, key, held)
    if call.open:
        machine.obscure(receiver)
    return NONE


def _is_own(receiver: Mapping) -> bool:
    """Return whether it is the environment of the process."""
    return isinstance(receiver, Environ) and receiver.of == "environ"


def _set_by(source: Abstract, call: Call) -> Abstract:
    """Return variables that the program itself puts into the environment, each with the line that does."""
    entries = plain_object(source)
    if not isinstance(entries, Mapping) or entries.open:
        return source
    return Mapping({name: environ.set_here(held, str(name), call.place) for name, held in entries.cells.items()})


def _certain(receiver: Mapping) -> bool:
    return not receiver.open and not any(c is ABSENT for v in receiver.cells.values() for c in each(v))


def _keys(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    def look() -> tuple[Abstract, ...] | None:
        if isinstance(receiver, Environ):
            found = environ.entries(receiver)
            return None if found is None else tuple(name for name, _ in found)
        return tuple(machine.lift(key, NOWHERE) for key in receiver.cells) if _certain(receiver) else None

    return View(look, Origin(call.place))


def _values(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del machine
    return View(lambda: tuple(receiver.cells.values()) if _certain(receiver) else None, Origin(call.place))


def _entries(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    def look() -> tuple[Abstract, ...] | None:
        if isinstance(receiver, Environ):
            found = environ.entries(receiver)
            return None if found is None else tuple(Sequence("tuple", pair) for pair in found)
        pairs = [Sequence("tuple", (machine.lift(key, NOWHERE), value)) for key, value in receiver.cells.items()]
        return tuple(pairs) if _certain(receiver) else None

    return View(look, Origin(call.place))


def _copy_mapping(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    if isinstance(receiver, Environ):
        return machine.merged(Mapping(origin=Origin(call.place)), receiver)  # type: ignore[no-any-return]
    made = Mapping(dict(receiver.cells), Origin(call.place), receiver.of)
    made.more.update(receiver.more)
    return made


def _clear_mapping(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del call
    for cells in (receiver.cells, receiver.more):
        for key in list(cells):
            machine.put(cells, key, ABSENT)
    return NONE


def from_keys(machine: Any, call: Call) -> Abstract:
    """Return what `dict.fromkeys(keys, value)` gives."""
    keys = machine.iterate(call.args[0], ordered=False) if call.args else None
    if keys is None:
        return Mapping(origin=Origin(call.place), more={"rest": Known(value=True)})
    made = Mapping(origin=Origin(call.place))
    for key in keys:
        machine.set_item(made, key, call.args[1] if len(call.args) > 1 else NONE)
    return made


_SEQUENCE: dict[str, Method] = {
    "append": _append,
    "add": _append,
    "extend": _extend,
    "insert": _insert,
    "remove": _remove,
    "discard": _discard,
    "pop": _pop_element,
    "clear": _clear,
    "reverse": _reverse,
    "sort": _sort,
    "copy": _copy_sequence,
    "index": _index,
    "union": _union,
    "difference": _set_method(ast.Sub),
    "intersection": _set_method(ast.BitAnd),
    "symmetric_difference": _set_method(ast.BitXor),
    "update": _extend,
}
_MAPPING: dict[str, Method] = {
    "get": _get,
    "setdefault": _setdefault,
    "pop": _pop_entry,
    "update": _update,
    "keys": _keys,
    "values": _values,
    "items": _entries,
    "copy": _copy_mapping,
    "clear": _clear_mapping,
}
_WRITABLE = frozenset({"list", "set"})
_READING = frozenset(
    "copy count difference fromkeys get index intersection isdisjoint issubset issuperset items keys "
    "symmetric_difference union values".split()
)
"""Methods that change nothing."""
