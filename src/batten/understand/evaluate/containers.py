"""The methods of lists, sets and dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Environ,
    Items,
    Known,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call

    Method = Callable[[Any, Any, Call], Abstract]

NONE = Known(None)

DICT_METHODS: dict[str, Callable[[Any, Mapping, str, Call], Abstract | None]] = {}
"""Methods that a library's own dict class adds, by the mapping's `of`."""


def method(machine: Any, receiver: Sequence | Mapping, name: str, call: Call) -> Abstract:
    """Return the result of `receiver.name(...)`, done on the receiver."""
    if receiver.of in DICT_METHODS and isinstance(receiver, Mapping):
        special = DICT_METHODS[receiver.of](machine, receiver, name, call)
        if special is not None:
            return special
    table = _SEQUENCE if isinstance(receiver, Sequence) else _MAPPING
    model = table.get(name)
    if model is None:
        return Unknown(f"{receiver.of}.{name}() is not followed", Origin(call.place))
    return model(machine, receiver, call)


def _write(machine: Any, receiver: Sequence, items: tuple[Abstract, ...] | None) -> Abstract:
    content: Abstract = Unknown("its elements are not known") if items is None else Items(items)
    machine.put(receiver.cells, "items", content)
    return NONE


def _append(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    items = receiver.items
    if items is None or not call.args or len(items) > 5_000:  # noqa: PLR2004 - as the evaluator's limit
        return _write(machine, receiver, None)
    return _write(machine, receiver, (*items, machine.controlled(call.args[0])))


def _extend(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    more = machine.iterate(call.args[0]) if call.args else None
    if receiver.items is None or more is None:
        return _write(machine, receiver, None)
    return _write(machine, receiver, (*receiver.items, *more))


def _insert(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    if receiver.items is None or len(call.args) < 2 or not isinstance(call.args[0], Known):  # noqa: PLR2004
        return _write(machine, receiver, None)
    items = list(receiver.items)
    items.insert(call.args[0].value, call.args[1])
    return _write(machine, receiver, tuple(items))


def _remove(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    wanted = call.args[0] if call.args else None
    items = receiver.items
    if items is None or not isinstance(wanted, Known) or not all(isinstance(i, Known) for i in items):
        return _write(machine, receiver, None)
    kept = list(items)
    for index, item in enumerate(kept):
        if isinstance(item, Known) and item.value == wanted.value:
            del kept[index]
            break
    return _write(machine, receiver, tuple(kept))


def _pop_element(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    index = call.args[0] if call.args else Known(-1)
    items = receiver.items
    if items is None or not isinstance(index, Known) or not isinstance(index.value, int):
        _write(machine, receiver, None)
        return Unknown("an element of a list that is not known")
    try:
        found = items[index.value]
    except IndexError:
        return Unknown("an element of an empty list")
    kept = list(items)
    del kept[index.value]
    _write(machine, receiver, tuple(kept))
    return found


def _clear(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del call
    return _write(machine, receiver, ())


def _reverse(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del call
    return _write(machine, receiver, None if receiver.items is None else receiver.items[::-1])


def _sort(machine: Any, receiver: Sequence, call: Call) -> Abstract:
    del call
    return _write(machine, receiver, None)


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
    found = list(receiver.items or ())
    certain = receiver.items is not None
    for other in call.args:
        more = machine.iterate(other)
        certain = certain and more is not None
        found.extend(more or ())
    return Sequence("set", tuple(found) if certain else Unknown("part of it is not known"), Origin(call.place))


def _get(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    default = call.get("default", 1) or Known(None, Origin(call.place))
    key = call.args[0] if call.args else Unknown("no key")
    return machine.looked_up(receiver, key, default, call.place)  # type: ignore[no-any-return]


def _setdefault(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    key = call.args[0] if call.args else Unknown("no key")
    default = call.args[1] if len(call.args) > 1 else Known(None, Origin(call.place))
    if not isinstance(key, Known):
        machine.put(receiver.more, "rest", Known(value=True))
        return Unknown("an entry chosen by something that is not known")
    held = receiver.cells.get(key.value, ABSENT)
    if isinstance(receiver, Environ) and held is ABSENT:
        machine.put(receiver.cells, key.value, _written(default, str(key.value), call))
    elif held is ABSENT or ABSENT in tuple(each(held)):
        value = default
        for choice in each(held):
            value = value if choice is ABSENT else join(choice, value)
        if receiver.open:
            value = join(value, Unknown("it may be set in a way that is not known"))
        machine.put(receiver.cells, key.value, value)
    return receiver.cells[key.value]


def _written(value: Abstract, name: str, call: Call) -> Abstract:
    """Return a variable that the program itself puts into the environment unless it is set."""
    if not isinstance(value, Known):
        return value
    hop = (call.place, f"{name} is not set: the program sets it to", repr(value.value))
    origin = value.origin.then(hop)
    return Known(value.value, Origin(call.place, origin.hops, origin.unset | {name}, pinned=True))


def _pop_entry(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    key = call.args[0] if call.args else Unknown("no key")
    default = call.args[1] if len(call.args) > 1 else Unknown("an entry that is not there")
    found = machine.looked_up(receiver, key, default, call.place)
    if isinstance(key, Known) and key.value in receiver.cells:
        machine.put(receiver.cells, key.value, ABSENT)
    return found  # type: ignore[no-any-return]


def _update(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    for source in call.args:
        machine.update_mapping(receiver, source)
    for key, value in call.kwargs.items():
        machine.put(receiver.cells, key, value)
    if call.open:
        machine.put(receiver.more, "rest", Known(value=True))
    return NONE


def _certain(receiver: Mapping) -> bool:
    return not receiver.open and not any(c is ABSENT for v in receiver.cells.values() for c in each(v))


def _keys(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del machine
    keys = tuple(Known(key) for key in receiver.cells)
    return Sequence("list", keys if _certain(receiver) else Unknown("keys that are not known"), Origin(call.place))


def _values(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del machine
    values = tuple(receiver.cells.values())
    return Sequence("list", values if _certain(receiver) else Unknown("not all known"), Origin(call.place))


def _entries(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del machine
    pairs = tuple(Sequence("tuple", (Known(key), value)) for key, value in receiver.cells.items())
    return Sequence("list", pairs if _certain(receiver) else Unknown("not all known"), Origin(call.place))


def _copy_mapping(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del machine
    made = Mapping(dict(receiver.cells), Origin(call.place), receiver.of)
    made.more.update(receiver.more)
    return made


def _clear_mapping(machine: Any, receiver: Mapping, call: Call) -> Abstract:
    del call
    for key in list(receiver.cells):
        machine.put(receiver.cells, key, ABSENT)
    return NONE


_SEQUENCE: dict[str, Method] = {
    "append": _append,
    "add": _append,
    "extend": _extend,
    "insert": _insert,
    "remove": _remove,
    "discard": _remove,
    "pop": _pop_element,
    "clear": _clear,
    "reverse": _reverse,
    "sort": _sort,
    "copy": _copy_sequence,
    "index": _index,
    "union": _union,
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
