"""What the `__init__` does that `dataclasses.dataclass` writes (CPython 3.11)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import ABSENT, Abstract, Class, Instance, Known, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.instances import Instances
    from batten.understand.evaluate.library import Call

FIELD = "dataclasses.field"
_NOT_GIVEN = Known(None)


def writer(cls: Class) -> Class | None:
    """Return the class for which the `__init__` was written that its objects are made by; None: it is another one."""
    for base in cls.order:
        if isinstance(base, Class) and "__init__" in base.cells:
            return None
        if isinstance(base, Class) and base.facts.get("dataclass") and _option(base, "init") is not False:
            return base
    return None


def _option(cls: Class, name: str) -> bool | None:
    """Return an option of the decorator, None when it is not told or not known."""
    held = cls.facts.get("options", {}).get(name)
    return bool(held.value) if isinstance(held, Known) else None


@dataclass(slots=True)
class Field:
    """One field: what its class says of it."""

    name: str
    default: Abstract = ABSENT
    factory: Abstract | None = None
    init: bool = True
    kw_only: bool = False
    passed_on: bool = False
    """It is an `InitVar`: handed to `__post_init__`, and no attribute."""
    followed: bool = True


def _fields(cls: Class) -> dict[str, Field]:
    """Return the fields in the order of the parameters; a class that names one again leaves it where it was."""
    fields: dict[str, Field] = {}
    for base in reversed([one for one in cls.order if isinstance(one, Class) and one.facts.get("dataclass")]):
        kw_only = _option(base, "kw_only") is True
        for name, annotation in base.facts.get("annotations", {}).items():
            written = ast.unparse(annotation)
            if "ClassVar" in written:
                continue
            if written.rpartition(".")[2] == "KW_ONLY":
                kw_only = True
                continue
            fields[name] = _field(name, base.cells.get(name, ABSENT), kw_only=kw_only)
            fields[name].passed_on = "InitVar" in written
            fields[name].followed &= not isinstance(base.facts.get("options", {}).get("kw_only", _NOT_GIVEN), Unknown)
    return fields


def field_names(cls: Class) -> list[str]:
    """Return the names of the fields in their order."""
    return list(_fields(cls))


def _field(name: str, default: Abstract, *, kw_only: bool) -> Field:
    if not isinstance(default, Instance) or default.library != FIELD:
        return Field(name, default, kw_only=kw_only)
    told = {key: default.cells.get(key) for key in ("init", "kw_only")}
    return Field(
        name,
        default.cells.get("default", ABSENT),
        default.cells.get("factory"),
        init=not (isinstance(told["init"], Known) and not told["init"].value),
        kw_only=bool(told["kw_only"].value) if isinstance(told["kw_only"], Known) else kw_only,
        followed=all(held is None or isinstance(held, Known) for held in told.values())
        and not default.facts.get("open"),
    )


def fill(machine: Instances, cls: Class, instance: Instance, call: Call) -> list[Abstract]:
    """Set the fields of an object, and return what its `__post_init__` is given.

    Raises:
        ThrownError: an argument is missing, or there is one too many.
    """
    fields = _fields(cls)
    positional = [field.name for field in fields.values() if field.init and not field.kw_only]
    given = dict(zip(positional, call.args, strict=False))
    surplus = len(call.args) > len(positional) or not call.kwargs.keys() <= {f.name for f in fields.values() if f.init}
    sure = all(field.followed for field in fields.values())
    if sure and not call.open and (surplus or given.keys() & call.kwargs.keys()):
        raise ThrownError(("TypeError", "Exception"), f"{cls.name}() takes other arguments", call.place)
    given.update(call.kwargs)
    handed: list[Abstract] = []
    for field in fields.values():
        value = _value(machine, cls, field, given, call) if sure else _unfollowed(cls, field)
        if field.passed_on:
            handed.append(value)
        elif value is not ABSENT:
            machine.put(instance.cells, field.name, value)
    return handed


def _unfollowed(cls: Class, field: Field) -> Abstract:
    return Unknown(f"{cls.name}.{field.name} is filled in a way that is not followed")


def _value(machine: Instances, cls: Class, field: Field, given: dict[str, Abstract], call: Call) -> Abstract:
    if field.init and field.name in given:
        return given[field.name]
    if field.init and call.open:
        return Unknown(f"the argument {field.name} is not known")
    if field.factory is not None:
        return machine.call_with(field.factory, [], call.place)
    if field.default is ABSENT and field.init:
        raise ThrownError(("TypeError", "Exception"), f"{cls.name}() misses the argument {field.name!r}", call.place)
    return field.default


def options(call: Call) -> Iterator[tuple[str, Abstract]]:
    """Yield the options of the decorator that change what is written; not known where they are unpacked."""
    for name in ("init", "kw_only", "frozen", "slots"):
        if name in call.kwargs:
            yield name, call.kwargs[name]
        elif call.open:
            yield name, Unknown(f"the option {name} of the decorator")
