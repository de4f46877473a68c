"""Builtins that look at and into objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.iterables import first
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    from batten.understand.evaluate.library import Call


def get(machine: Any, call: Call) -> Abstract:
    """Return what `getattr()` gives."""
    name = call.get("name", 1)
    if isinstance(name, OneOf):
        return machine._over(name, lambda one: get(machine, _renamed(call, one)), call.place)  # type: ignore[no-any-return]  # noqa: SLF001 - the evaluator's own
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("an attribute chosen by something that is not known", Origin(call.place))
    text = name.value
    found, missing = machine.attempted(lambda: machine.get_attribute(call.args[0], text, call.place))
    if len(call.args) > 2 and missing:  # noqa: PLR2004 - the default
        default = machine.tainted(call.args[2], name.origin.also(machine.failed))
        return default if found is None else join(machine.tainted(found, name.origin), default)
    if found is None:
        found = machine.get_attribute(call.args[0], text, call.place)
    return machine.tainted(found, name.origin)  # type: ignore[no-any-return]


def _renamed(call: Call, name: Abstract) -> Call:
    return type(call)([call.args[0], name, *call.args[2:]], call.kwargs, call.place, node=call.node, frame=call.frame)


def has(machine: Any, call: Call) -> Abstract:
    """Return what `hasattr()` gives."""
    name = call.get("name", 1)
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("whether it has the attribute", Origin(call.place), of="bool")
    text = name.value
    found, missing = machine.attempted(lambda: machine.get_attribute(call.args[0], text, call.place))
    if found is None:
        return Known(value=False, origin=Origin(call.place).also(machine.failed))
    if missing or isinstance(found, Unknown) or any(isinstance(c, Unknown) for c in each(call.args[0])):
        return Unknown("whether it has the attribute", Origin(call.place), of="bool")
    return Known(value=True, origin=Origin(call.place).also(rests_on(found)))


def names(machine: Any, call: Call) -> Abstract:
    """Return what `dir()` gives of a module or a class of the project, in the order of the alphabet."""
    del machine
    value = plain_object(first(call))
    owners = value.order if isinstance(value, Class) else (value,)
    known_to_be = (
        isinstance(value, Module | Class)
        and getattr(value, "name", "") != "__main__"
        and all(isinstance(owner, Module | Class) or getattr(owner, "name", "") == "object" for owner in owners)
    )
    held = {key: cell for owner in owners[::-1] for key, cell in getattr(owner, "cells", {}).items()}
    if not known_to_be or "*" in held or any(one is ABSENT for cell in held.values() for one in each(cell)):
        return Sequence("list", Unknown("names that are not known"), Origin(call.place))
    special = _OF_CLASSES if isinstance(value, Class) else _OF_MODULES
    if isinstance(value, Module) and value.package:
        special = (*special, "__path__")
    return Sequence("list", tuple(Known(name) for name in sorted({*map(str, held), *special})), Origin(call.place))


_OF_CLASSES = (*dir(object), "__dict__", "__module__", "__weakref__")
_OF_MODULES = ("__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__spec__")


def put(machine: Any, call: Call) -> Abstract:
    """Do what `setattr()` does."""
    if len(call.args) == 3 and isinstance(call.args[1], Known):  # noqa: PLR2004 - a count of arguments or words
        machine.set_attribute(call.args[0], str(call.args[1].value), call.args[2], call.place)
    elif call.args:
        _any_attribute(machine, call.args[0])
    return Known(None)


def remove(machine: Any, call: Call) -> Abstract:
    """Do what `delattr()` does."""
    if len(call.args) == 2 and isinstance(call.args[1], Known):  # noqa: PLR2004 - a count of arguments or words
        machine.delete_attribute(call.args[0], str(call.args[1].value), call.place)
    elif call.args:
        _any_attribute(machine, call.args[0])
    return Known(None)


def _any_attribute(machine: Any, owner: Abstract) -> None:
    """Note that an attribute was changed whose name is not known."""
    for choice in each(owner):
        target = plain_object(choice)
        machine.havoc(target)
        if isinstance(target, Instance | Class):
            machine.put(target.cells, "*", Known(value=True))


_CHECKED = {
    "str": str, "int": int, "bool": bool, "float": float, "bytes": bytes, "list": list, "dict": dict,
    "tuple": tuple, "set": set, "frozenset": frozenset,
}  # fmt: skip


def is_instance(machine: Any, call: Call) -> Abstract:
    """Return what `isinstance()` gives."""
    if len(call.args) != 2:  # noqa: PLR2004 - a count of arguments or words
        if not call.open:
            raise ThrownError(("TypeError", "Exception"), "isinstance expected 2 arguments", call.place)
        return machine.unknown_of(call.place, *call.args, of="bool")  # type: ignore[no-any-return]
    wanted = call.args[1]
    kinds = machine.iterate(wanted) if isinstance(wanted, Sequence) else [wanted]
    answers = {_is_one(plain_object(choice), kinds or [Unknown("")]) for choice in each(call.args[0])}
    answer = answers.pop() if len(answers) == 1 else None
    if answer is None:
        return machine.unknown_of(call.place, call.args[0], of="bool")  # type: ignore[no-any-return]
    return Known(answer, machine.depends(call.place, call.args[0]))


def _is_one(value: Abstract, kinds: list[Abstract]) -> bool | None:
    answers = {_is(value, kind) for kind in kinds}
    return True if True in answers else None if None in answers else False


def _is(value: Abstract, kind: Abstract) -> bool | None:
    if isinstance(kind, Builtin) and kind.name in _CHECKED:
        python_type = _CHECKED[kind.name]
        if isinstance(value, Known):
            return isinstance(value.value, python_type)
        if isinstance(value, Sequence | Mapping):
            return (value.of if isinstance(value, Sequence) else "dict") == kind.name
        if isinstance(value, Unknown):
            return issubclass(_CHECKED[value.of], python_type) if value.of in _CHECKED else None
        if isinstance(value, Instance):
            order = value.of.order if isinstance(value.of, Class) else (value.of,)
            return False if all(isinstance(base, Class) for base in order) else None
        return False if isinstance(value, Function | Class | Module) else None
    if isinstance(kind, Class) and any(isinstance(base, Unknown) for base in kind.order):
        return None  # its metaclass may say otherwise
    if isinstance(kind, Class) and isinstance(value, Instance):
        if not isinstance(value.of, Class):
            return False
        return True if kind in value.of.order else False if all(isinstance(b, Class) for b in value.of.order) else None
    if isinstance(kind, Library) and isinstance(value, Instance):
        return True if kind.name in {value.library, "object", *library.BASES.get(value.library, ())} else None
    if isinstance(value, Known | Sequence | Mapping) and isinstance(kind, Class):
        return False
    return None


def is_callable(machine: Any, call: Call) -> Abstract:
    """Return what `callable()` gives."""
    del machine
    value = plain_object(first(call))
    if isinstance(value, Function | Class | Bound | Builtin | Library):
        return Known(value=True)
    return Known(value=False) if isinstance(value, Known | Sequence | Mapping) else Unknown("callable or not")
