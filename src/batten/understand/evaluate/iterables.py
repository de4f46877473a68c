"""Builtins that go through elements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.machine import ANY_ERROR, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Enough,
    Items,
    Known,
    Lazy,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call


def first(call: Call) -> Abstract:
    """Return the first argument of a call, None when it has none."""
    return call.args[0] if call.args else Known(None)


def listed(machine: Any, value: Abstract) -> Abstract:
    """Return an iterator, a range or the view of a dict as a list; anything else as it is."""
    target = plain_object(value)
    if isinstance(target, Sequence) and target.of in {"iterator", "range", "view"}:
        items = machine.iterate(value)
        return Sequence("list", Unknown("not all known") if items is None else tuple(items), target.origin)
    return value


def has_no_order(data: Any) -> bool:
    """Return whether plain data holds a set of several elements, whose order nobody knows."""
    if isinstance(data, set | frozenset):
        return len(data) > 1 or any(map(has_no_order, data))
    if isinstance(data, list | tuple):
        return any(map(has_no_order, data))
    return isinstance(data, dict) and any(map(has_no_order, data.values()))


def sequence(of: str) -> Callable[[Any, Call], Abstract]:
    """Return a model of `list`, `tuple`, `set`, `frozenset` or `iter`."""

    def model(machine: Any, call: Call) -> Abstract:
        if not call.args:
            return Sequence(of, (), Origin(call.place))
        items = machine.iterate(call.args[0], ordered=of in {"list", "tuple", "iterator"})
        if items is None:
            inner = machine.unknown_of(call.place, call.args[0])
            return Sequence(of, Unknown(inner.why, inner.origin, labels=inner.labels), Origin(call.place))
        return Sequence(of, tuple(items), machine.depends(call.place, call.args[0]))

    return model


def any_all(stop: bool) -> Callable[[Any, Call], Abstract]:  # noqa: FBT001 - which of the two
    """Return a model of `any` (`stop` is True) or `all`."""

    def model(machine: Any, call: Call) -> Abstract:
        machine.begun(plain_object(first(call)), lambda item: machine.truth(item) is stop)
        items = machine.iterate(first(call), ordered=False)
        if items is None:
            return machine.unknown_of(call.place, first(call), of="bool")  # type: ignore[no-any-return]
        truths = [machine.truth(item) for item in items]
        if stop in truths:
            return Known(stop, machine.depends(call.place, *items))
        if None in truths:
            return machine.unknown_of(call.place, *items, of="bool")  # type: ignore[no-any-return]
        return Known(not stop, machine.depends(call.place, *items))

    return model


_UNKNOWN_ITEMS = "not all known"


def _one(_value: Abstract) -> bool:
    """Return that one element is enough."""
    return True


def pairs(machine: Any, call: Call) -> Abstract:
    """Return what `zip()` gives."""
    for arg in call.args:
        machine.begun(plain_object(arg))
    columns = [machine.iterate(arg) for arg in call.args]
    if any(column is None for column in columns) or call.kwargs or call.open:
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    rows = zip(*columns, strict=False)
    return Sequence("iterator", tuple(Sequence("tuple", tuple(row)) for row in rows), Origin(call.place))


def enumerated(machine: Any, call: Call) -> Abstract:
    """Return what `enumerate()` gives."""
    machine.begun(plain_object(first(call)))
    items = machine.iterate(first(call))
    start = call.get("start", 1) or Known(0)
    if items is None or not isinstance(start, Known) or not isinstance(start.value, int):
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    rows = tuple(Sequence("tuple", (Known(i), item)) for i, item in enumerate(items, start.value))
    return Sequence("iterator", rows, Origin(call.place))


def _source(machine: Any, call: Call) -> list[Abstract] | None:
    """Return what `map()` or `filter()` goes through, None when it is not known."""
    if len(call.args) != 2:  # noqa: PLR2004 - a function and a source
        return None
    machine.begun(plain_object(call.args[1]))
    return machine.iterate(call.args[1])  # type: ignore[no-any-return]


def mapped(machine: Any, call: Call) -> Abstract:
    """Return what `map()` gives."""

    def make(enough: Enough | None) -> Sequence:
        items = _source(machine, call)
        if items is None:
            machine.may_run(*call.args[:1])
            return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
        made: list[Abstract] = []
        for item in items:
            made.append(machine.call_with(call.args[0], [item], call.place))
            if enough is not None and enough(made[-1]):
                break
        return Sequence("iterator", tuple(made), Origin(call.place))

    return Lazy(make, Origin(call.place), first=_one)


def filtered(machine: Any, call: Call) -> Abstract:
    """Return what `filter()` gives."""

    def make(_enough: Enough | None) -> Sequence:
        items = _source(machine, call)
        if items is None:
            machine.may_run(*call.args[:1])
        kept: list[Abstract] = []
        for item in items or ():
            keep = item if isinstance(call.args[0], Known) else machine.call_with(call.args[0], [item], call.place)
            truth = machine.truth(keep)
            if truth is None:
                items = None
            if truth:
                kept.append(item)
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS) if items is None else tuple(kept), Origin(call.place))

    return Lazy(make, Origin(call.place))


def next_of(machine: Any, call: Call) -> Abstract:
    """Take the next element of an iterator."""
    held = plain_object(first(call))
    machine.begun(held, held.first if isinstance(held, Lazy) else None)
    items = held.items if isinstance(held, Sequence) and held.of == "iterator" else None
    if items and isinstance(held, Sequence):
        machine.put(held.cells, "items", Items(items[1:]))
        return items[0]
    if items is not None and len(call.args) > 1:
        return call.args[1]
    if items is not None:
        raise ThrownError(("StopIteration", "Exception"), "nothing is left of an iterator", call.place)
    if isinstance(held, Sequence):
        machine.havoc(held)
    machine.may_throw(ANY_ERROR)
    return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]


def iterator(machine: Any, call: Call) -> Abstract:
    """Return what `iter()` gives."""
    target = plain_object(first(call))
    if isinstance(target, Sequence) and target.of == "iterator":
        return first(call)
    if len(call.args) > 1:
        machine.may_run(call.args[0])  # called until it gives what the second argument says
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    if isinstance(target, Sequence) and target.of == "list":
        return Lazy(lambda _: sequence("iterator")(machine, call), Origin(call.place))  # type: ignore[arg-type, return-value]
    return sequence("iterator")(machine, call)


def backwards(machine: Any, call: Call) -> Abstract:
    """Return what `reversed()` gives."""
    items = machine.iterate(first(call))
    return Sequence("iterator", Unknown(_UNKNOWN_ITEMS) if items is None else tuple(items[::-1]), Origin(call.place))


def sorted_of(machine: Any, call: Call) -> Abstract:
    """Return what `sorted()` gives."""
    items = machine.iterate(first(call), ordered="key" in call.kwargs)
    return sort(machine, call, items)


def sort(machine: Any, call: Call, items: list[Abstract] | None) -> Sequence:
    """Return elements in the order that `key` and `reverse` of a call ask for, as a list."""
    unknown = Sequence("list", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    if items is None or call.open or not {"key", "reverse"}.issuperset(call.kwargs):
        return unknown
    backwards = machine.truth(call.kwargs.get("reverse", Known(value=False)))
    key = call.kwargs.get("key", Known(None))
    keys = items if isinstance(key, Known) else [machine.call_with(key, [item], call.place) for item in items]
    plain = [machine.plain(one) for one in keys]
    if None in plain or backwards is None:
        machine.may_throw(VALUE_ERRORS)
        return unknown
    data = [one[0] for one in plain]
    order = machine.ordered(lambda: sorted(range(len(data)), key=data.__getitem__, reverse=backwards), call.place)
    return Sequence("list", tuple(items[index] for index in order), machine.depends(call.place, *call.args))
