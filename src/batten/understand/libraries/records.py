"""Records as dicts and copies: `dataclasses.asdict`, `replace`, `fields`; `types.MappingProxyType`.

CPython 3.11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate import dataclass_init
from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


def _record(value: Abstract) -> tuple[Instance, list[str]] | None:
    """Return an object of a dataclass with the names of its fields, None for anything else."""
    target = plain_object(value)
    if not isinstance(target, Instance) or not isinstance(target.of, Class) or not target.of.facts.get("dataclass"):
        return None
    return target, dataclass_init.field_names(target.of)


@calls("dataclasses.asdict")
def _as_dict(machine: Interpreter, call: Call) -> Abstract:
    given = call.get("obj", 0) or Known(None)
    found = _record(given)
    if found is None or "dict_factory" in call.kwargs:
        return machine.unknown_of(call.place, given, Unknown("asdict() of something that is not followed"))
    return _dict(machine, *found, call)


def _dict(machine: Interpreter, record: Instance, names: list[str], call: Call) -> Mapping:
    made = Mapping(origin=Origin(call.place))
    for name in names:
        held = machine.get_attribute(record, name, call.place)
        inner = _record(held)
        made.cells[name] = held if inner is None else _dict(machine, *inner, call)
    return made


@calls("dataclasses.replace")
def _replace(machine: Interpreter, call: Call) -> Abstract:
    given = call.get("obj", 0) or Known(None)
    found = _record(given)
    if found is None or call.open or not call.kwargs.keys() <= {*found[1]}:
        return machine.unknown_of(call.place, given, Unknown("replace() in something that is not followed"))
    record, names = found
    held = {name: call.kwargs.get(name) or machine.get_attribute(record, name, call.place) for name in names}
    return machine.call(record.of, Call([], held, call.place))


@calls("dataclasses.fields")
def _fields(machine: Interpreter, call: Call) -> Abstract:
    target = plain_object(call.args[0]) if call.args else Known(None)
    cls = target.of if isinstance(target, Instance) else target
    if not isinstance(cls, Class) or not cls.facts.get("dataclass"):
        return machine.unknown_of(call.place, *call.args, Unknown("fields of something that is not followed"))
    made: list[Abstract] = []
    for name in dataclass_init.field_names(cls):
        one = Instance(Library("dataclasses.Field"), call.place, Origin(call.place))
        one.cells["name"] = Known(name, Origin(call.place))
        made.append(one)
    return Sequence("tuple", tuple(made), Origin(call.place))


@calls("types.MappingProxyType")
def _proxy(machine: Interpreter, call: Call) -> Abstract:
    """Return the dict itself, which the proxy shows as it is; nobody writes through it."""
    del machine
    return call.get("mapping", 0) or Known(None)
