"""`typing.NamedTuple` and `collections.namedtuple` (CPython 3.11)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate import dataclass_init
from batten.understand.evaluate.library import Call, calls, inherited
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
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.interpreter import Interpreter

NAMED_TUPLE = "typing.NamedTuple"


@inherited(NAMED_TUPLE)
def _made(machine: Interpreter, cls: Class, frame: Frame) -> None:
    """Write the parameters of the class as a dataclass has them: its annotated names, in order."""
    del machine, frame
    cls.facts["dataclass"] = True


@calls("collections.namedtuple")
def _namedtuple(machine: Interpreter, call: Call) -> Abstract:
    given = (call.get("typename", 0), call.get("field_names", 1))
    name, fields = [machine.plain(part or Known(None)) or (None,) for part in given]
    return _class(machine, call, name[0], fields[0])


def _class(machine: Interpreter, call: Call, name: object, fields: object) -> Abstract:
    if call.open or "rename" in call.kwargs or not isinstance(name, str) or not isinstance(fields, str | list | tuple):
        return Unknown("a named tuple whose fields are not known", Origin(call.place))
    names = fields.replace(",", " ").split() if isinstance(fields, str) else list(map(str, fields))
    cls = Class(name, (Library(NAMED_TUPLE),), None, "")
    cls.order = (cls, Library(NAMED_TUPLE))
    cls.origin = Origin(call.place)
    cls.facts.update({"dataclass": True, "annotations": {field: ast.Name("object") for field in names}})
    defaults = machine.iterate(call.kwargs["defaults"]) if "defaults" in call.kwargs else []
    if defaults is None:
        return Unknown("a named tuple whose defaults are not known", Origin(call.place))
    for field, default in zip(reversed(names), reversed(defaults), strict=False):
        machine.put(cls.cells, field, default)
    return cls


def _fields(call: Call) -> tuple[Instance, list[tuple[str, Abstract]]]:
    receiver = plain_object(call.receiver or Known(None))
    assert isinstance(receiver, Instance)  # noqa: S101 - a method of it
    names = dataclass_init.field_names(receiver.of) if isinstance(receiver.of, Class) else []
    missing = Unknown("a field that is not known", Origin(call.place))
    return receiver, [(name, receiver.cells.get(name, missing)) for name in names]


@calls(f"{NAMED_TUPLE}.__iter__")
def _elements(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Sequence("tuple", tuple(held for _, held in _fields(call)[1]), Origin(call.place))


@calls(f"{NAMED_TUPLE}.__getitem__")
def _element(machine: Interpreter, call: Call) -> Abstract:
    return machine.get_item(_elements(machine, call), call.args[0], call.place)


@calls(f"{NAMED_TUPLE}._asdict")
def _as_dict(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Mapping(dict(_fields(call)[1]), Origin(call.place))


@calls(f"{NAMED_TUPLE}._replace")
def _replace(machine: Interpreter, call: Call) -> Abstract:
    receiver, fields = _fields(call)
    if call.open:
        return Unknown("a named tuple with other fields", Origin(call.place))
    made = Instance(receiver.of, call.place, Origin(call.place))
    for name, held in fields:
        machine.put(made.cells, name, call.kwargs.get(name, held))
    return made
