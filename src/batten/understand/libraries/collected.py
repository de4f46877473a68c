"""`collections`, `itertools`, `copy` and `operator` (CPython 3.11)."""

from __future__ import annotations

import ast
import operator
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frozen import computed
from batten.understand.evaluate.library import CALLS, Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Class,
    Environ,
    Instance,
    Items,
    Known,
    Library,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, combined

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

MOST_ELEMENTS = 5_000
DEEPEST = 20
CHAIN = "collections.ChainMap"


def _filled(machine: Interpreter, call: Call, args: list[Abstract], of: str) -> Mapping:
    made = Mapping(origin=Origin(call.place), of=of)
    for source in args:
        machine.update_mapping(made, source)
    for name, value in call.kwargs.items():
        machine.put(made.cells, name, value)
    if call.open:
        machine.obscure(made)
    return made


@calls("collections.OrderedDict")
def _ordered(machine: Interpreter, call: Call) -> Abstract:
    return _filled(machine, call, call.args, "OrderedDict")


@calls("collections.defaultdict")
def _with_default(machine: Interpreter, call: Call) -> Abstract:
    made = _filled(machine, call, call.args[1:], "defaultdict")
    factory = call.args[0] if call.args else Known(None)
    if not isinstance(factory, Known):
        made.more["factory"] = factory
    return made


# ChainMap: the first mapping that holds a key gives it


@inits(CHAIN)
def _chain_map(machine: Interpreter, instance: Instance, call: Call) -> None:
    held = tuple(call.args) if not call.open else Unknown("mappings that are not known")
    machine.put(instance.cells, "maps", Sequence("list", held or (Mapping(),)))
    instance.facts["merged"] = partial(_merged, machine, instance)


def _merged(machine: Interpreter, chain: Instance) -> Abstract:
    """Return the entries as one dict, the first mapping over the others."""
    held = chain.cells.get("maps")
    if not isinstance(held, Sequence) or held.items is None:
        return Unknown("mappings that are not known")
    made = Mapping()
    for one in reversed(held.items):
        made = machine.merged(made, one)
    return made


@calls(*(f"{CHAIN}.{name}" for name in ("items", "keys", "values")))
def _entries(machine: Interpreter, call: Call) -> Abstract:
    name = str(getattr(getattr(call.node, "func", None), "attr", "") or "items")
    chain = plain_object(call.receiver or Known(None))
    whole = _merged(machine, chain) if isinstance(chain, Instance) else Unknown("no chain")
    return machine.call(machine.get_attribute(whole, name, call.place), Call([], {}, call.place))


@calls(f"{CHAIN}.__iter__")
def _names(machine: Interpreter, call: Call) -> Abstract:
    chain = plain_object(call.receiver or Known(None))
    names = machine.iterate(_merged(machine, chain)) if isinstance(chain, Instance) else None
    return Sequence("iterator", Unknown("not all known") if names is None else tuple(names), Origin(call.place))


@calls(f"{CHAIN}.new_child")
def _child(machine: Interpreter, call: Call) -> Abstract:
    """Return a chain with one more mapping before the others."""
    first = call.get("m", 0) or Mapping(of="dict")
    if call.open or call.kwargs:
        return machine.unknown_of(call.place, *call.args)
    made = Instance(Library(CHAIN), call.place)
    _chain_map(machine, made, Call([first, *_maps(call)], {}, call.place))
    return made


def _maps(call: Call) -> list[Abstract]:
    target = plain_object(call.receiver or Known(None))
    held = target.cells.get("maps") if isinstance(target, Instance) else None
    return list(held.items or ()) if isinstance(held, Sequence) else []


def _from(machine: Interpreter, maps: list[Abstract], key: Abstract, default: Abstract | None, call: Call) -> Abstract:
    """Return the entry of the first of `maps` that has it; without a default, KeyError as the last one raises it."""
    if not maps:
        return default or Unknown("an entry of a ChainMap", Origin(call.place))
    target = plain_object(maps[0])
    if len(maps) == 1 and default is None:
        return machine.get_item(target, key, call.place)
    if not isinstance(target, Mapping) or not isinstance(key, Known):
        return machine.unknown_of(call.place, maps[0], key)
    found = target.cells.get(key.value, ABSENT)
    if target.open and not isinstance(target, Environ):
        return Unknown(f"{key.value!r} may be set in a way that is not known", Origin(call.place))
    if isinstance(target, Environ) and found is ABSENT:
        if machine.may_hold(target, key.value):
            return machine.get_item(target, key, call.place)
        rest = _from(machine, maps[1:], key, default, call)
        return machine.looked_up(target, key, rest, call.place)
    held = [choice for choice in each(found) if choice is not ABSENT]
    if held and len(held) == len([*each(found)]):
        return machine.get_item(target, key, call.place)
    otherwise = _from(machine, maps[1:], key, default, call)
    return join(OneOf(tuple(held)) if len(held) > 1 else held[0], otherwise) if held else otherwise


@calls(f"{CHAIN}.__getitem__")
def _item(machine: Interpreter, call: Call) -> Abstract:
    return _from(machine, _maps(call), call.args[0], None, call)


@calls(f"{CHAIN}.get")
def _get(machine: Interpreter, call: Call) -> Abstract:
    key = call.get("key", 0) or Unknown("no key")
    return _from(machine, _maps(call), key, call.get("default", 1) or Known(None, Origin(call.place)), call)


@calls(f"{CHAIN}.__setitem__")
def _put(machine: Interpreter, call: Call) -> Abstract:
    for first in _maps(call)[:1]:
        machine.store(first, call.args[0], call.args[1], call.place)
    return Known(None)


@calls(*(f"{CHAIN}.{name}" for name in ("update", "pop", "popitem", "clear", "setdefault", "__delitem__")))
def _change(machine: Interpreter, call: Call) -> Abstract:
    """Changes of the first mapping that are not followed."""
    machine.touch(*_maps(call)[:1])
    return machine.unknown_of(call.place, *call.args)


@calls(f"{CHAIN}.__contains__")
def _contains(machine: Interpreter, call: Call) -> Abstract:
    found: list[bool | None] = []
    for one in _maps(call):
        target = plain_object(one)
        found.append(machine.contains(target, call.args[0]) if isinstance(target, Mapping) else None)
    if True in found and None not in found[: found.index(True)]:
        return Known(value=True, origin=Origin(call.place))
    if found and not any(one is not False for one in found):
        rests = [machine.membership(plain_object(one), call.args[0]) for one in _maps(call)]  # type: ignore[arg-type]
        return Known(value=False, origin=combined(call.place, *rests))
    return machine.unknown_of(call.place, *call.args, of="bool")


# itertools


@calls("itertools.chain")
def _chain(machine: Interpreter, call: Call) -> Abstract:
    return _concatenated(machine, None if call.open else call.args, call)


@calls("itertools.chain.from_iterable")
def _chain_from(machine: Interpreter, call: Call) -> Abstract:
    return _concatenated(machine, machine.iterate(call.args[0]) if call.args else None, call)


def _concatenated(machine: Interpreter, sources: list[Abstract] | None, call: Call) -> Abstract:
    parts = [machine.iterate(source) for source in sources] if sources is not None else [None]
    if any(part is None for part in parts) or sum(len(part or ()) for part in parts) > MOST_ELEMENTS:
        return Sequence("iterator", Unknown("not all known"), Origin(call.place))
    return Sequence("iterator", tuple(item for part in parts for item in part or ()), Origin(call.place))


# copy


@calls("copy.copy")
def _copy(machine: Interpreter, call: Call) -> Abstract:
    value = plain_object(call.get("x", 0) or Known(None))
    if isinstance(value, Sequence | Mapping) and not isinstance(value, Environ):
        return _shallow(value, call)
    return _same(machine, value, call)


def _shallow(value: Sequence | Mapping, call: Call) -> Abstract:
    if isinstance(value, Sequence):
        return Sequence(value.of, value.cells["items"], Origin(call.place))
    made = Mapping(dict(value.cells), value.origin, value.of)
    made.more.update(value.more)
    return made


def _same(machine: Interpreter, value: Abstract, call: Call) -> Abstract:
    """Return what cannot be changed as it is; anything else is not followed."""
    immutable = isinstance(value, Known | Class | Builtin) or (isinstance(value, Instance) and "python" in value.facts)
    if immutable or isinstance(value, Unknown):
        return value
    return machine.unknown_of(call.place, value, Unknown("a copy of an object is not followed", Origin(call.place)))


@calls("copy.deepcopy")
def _deepcopy(machine: Interpreter, call: Call) -> Abstract:
    return _deep(machine, call.get("x", 0) or Known(None), call, {}, 0)


def _deep(machine: Interpreter, value: Abstract, call: Call, seen: dict[int, Abstract], depth: int) -> Abstract:
    target = plain_object(value)
    if id(target) in seen:
        return seen[id(target)]
    if depth > DEEPEST or isinstance(target, Environ):
        return Unknown("a copy of something that is nested too deeply", Origin(call.place))
    if isinstance(value, OneOf):
        choices = tuple(c if c is ABSENT else _deep(machine, c, call, seen, depth) for c in value.choices)
        return OneOf(choices)
    further = partial(_deep, machine, call=call, seen=seen, depth=depth + 1)
    if isinstance(target, Items):
        return Items(tuple(further(item) for item in target.items))
    if isinstance(target, Mapping):
        made = Mapping(origin=target.origin, of=target.of)
        seen[id(target)] = made
        made.more.update(target.more)
        made.cells.update({key: further(held) for key, held in target.cells.items()})
        return made
    if isinstance(target, Sequence) and target.of in {"list", "tuple", "set", "frozenset"}:
        copied = Sequence(target.of, Unknown("it holds itself"), target.origin)
        seen[id(target)] = copied
        copied.cells["items"] = further(target.cells["items"])
        return copied
    return value if target is ABSENT else _same(machine, target, call)


# operator

_OPERATORS: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "concat": ast.Add,
    "sub": ast.Sub,
    "mul": ast.Mult,
    "truediv": ast.Div,
    "floordiv": ast.FloorDiv,
    "mod": ast.Mod,
    "or_": ast.BitOr,
    "and_": ast.BitAnd,
    "xor": ast.BitXor,
    "pow": ast.Pow,
}


def _operation(kind: type[ast.operator], machine: Interpreter, call: Call) -> Abstract:
    if len(call.args) != 2 or call.open:  # noqa: PLR2004 - the two sides
        return machine.unknown_of(call.place, *call.args)
    return machine.binary(kind, call.args[0], call.args[1], call.place)


for _name, _kind in _OPERATORS.items():
    CALLS[f"operator.{_name}"] = partial(_operation, _kind)
for _name in ("neg", "pos", "invert", "lt", "le", "eq", "ne", "ge", "gt"):
    CALLS[f"operator.{_name}"] = computed(getattr(operator, _name))
CALLS["operator.not_"] = lambda machine, call: machine.negated(call.args[0], call.place)


@calls("operator.itemgetter", "operator.attrgetter")
def _getter(machine: Interpreter, call: Call) -> Abstract:
    """Return a function that takes one item or attribute (a tuple of several)."""
    del machine
    names, by_name = list(call.args), _is_attribute(call)
    if call.open or not names:
        return Unknown("a getter of something that is not known", Origin(call.place))

    def read(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        owner = later.args[0] if later.args else Unknown("nothing to read from")
        parts = [_read(inner, owner, name, later, by_name=by_name) for name in names]
        return parts[0] if len(parts) == 1 else Sequence("tuple", tuple(parts), Origin(later.place))

    return Builtin("getter", read)


def _is_attribute(call: Call) -> bool:
    node = getattr(call.node, "func", None)
    return "attrgetter" in str(getattr(node, "attr", "") or getattr(node, "id", ""))


def _read(machine: Any, owner: Abstract, name: Abstract, call: Call, *, by_name: bool) -> Abstract:  # noqa: ANN401 - the evaluator
    if not by_name:
        return machine.get_item(owner, name, call.place)  # type: ignore[no-any-return]
    if not isinstance(name, Known):
        return machine.unknown_of(call.place, owner, name)  # type: ignore[no-any-return]
    for part in str(name.value).split("."):
        owner = machine.get_attribute(owner, part, call.place)
    return owner
