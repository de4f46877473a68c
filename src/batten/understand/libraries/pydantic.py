"""Pydantic 2.14 and 1.10: models, validators, secrets, and what their objects can do.

What a field accepts is read in `pydantic_types`, a value is checked in
`pydantic_check`, an object is made in `pydantic_fill`, and where settings come
from is in `pydantic_settings`. Here are the names that a program calls.

Which pydantic a program means follows from the class that it inherits from
(`pydantic_settings.BaseSettings` is of version 2, `pydantic.BaseSettings` of
version 1), else from the version that the project asks for, else it is 2.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call, calls, inits, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import pydantic_objects, pydantic_old
from batten.understand.libraries.pydantic_check import At, check
from batten.understand.libraries.pydantic_fill import Filling, given_of
from batten.understand.libraries.pydantic_models import DECORATED, MARK, Decorated, model_of
from batten.understand.libraries.pydantic_names import MODEL, OLD_MODEL, SECRET, major_of
from batten.understand.libraries.pydantic_types import typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place


# Making objects


@inits(MODEL, OLD_MODEL)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    if not isinstance(instance.of, Class):
        return
    if call.args and not call.open:
        kinds = ("TypeError", "Exception", "BaseException")
        raise ThrownError(kinds, f"{instance.of.name}() takes keywords only", call.place)
    model = model_of(instance.of)
    Filling(machine, model, instance, call.place, major_of(machine, instance.of)).fill(given_of(call))


@calls(f"{MODEL}.model_validate", f"{MODEL}.parse_obj", f"{MODEL}.validate")
def _validate(machine: Interpreter, call: Call) -> Abstract:
    """Return an object made from a dict, or the object itself."""
    cls, data = call.receiver, plain_object(call.get("obj", 0) or Unknown("nothing"))
    cls = cls.of if isinstance(cls, Instance) else cls
    if not isinstance(cls, Class):
        return machine.unknown_of(call.place, data)
    if isinstance(data, Instance) and isinstance(data.of, Class) and cls in data.of.order:
        return data
    if not isinstance(data, Mapping) or set(call.kwargs) - {"obj"}:
        return machine.unknown_of(call.place, data)
    kwargs = {str(key): held for key, held in data.cells.items()}
    return machine.instantiate(cls, Call([], kwargs, call.place, open=data.open))


# Decorators

_KINDS = {
    "field_validator": "field",
    "model_validator": "model",
    "validator": "old field",
    "root_validator": "old model",
    "computed_field": "computed",
    "field_serializer": "serializer",
    "model_serializer": "serializer",
}


def _decorator(name: str, machine: Interpreter, call: Call) -> Abstract:
    """Return what `@field_validator(...)` and the like make of a function: a note on it."""
    del machine
    first = plain_object(call.args[0]) if call.args else None
    if isinstance(first, Function):
        return _noted(_said(name, Call([], {}, call.place)), first, call)
    said = _said(name, call)
    return Builtin(name, lambda _machine, inner: _noted(said, inner.args[0] if inner.args else Known(None), inner))


def _said(name: str, call: Call) -> Decorated:
    kind = _KINDS[name]
    names = [one.value if isinstance(one, Known) else "?" for one in map(plain_object, call.args)]
    fields = tuple(name if isinstance(name, str) else "?" for name in names) + (("?",) if call.open else ())

    def on(option: str) -> bool:
        held = call.kwargs.get(option)
        return isinstance(held, Known) and bool(held.value)

    mode = call.kwargs.get("mode")
    way = str(mode.value) if isinstance(mode, Known) else "after"
    if kind.startswith("old"):
        way = "before" if on("pre") else "after"
    return Decorated(kind, way, fields, Known(None), on("always"), on("each_item"))


def _noted(said: Decorated, function: Abstract, call: Call) -> Abstract:
    target = plain_object(function)
    made = Instance(Library(DECORATED), call.place)
    made.facts["said"] = Decorated(said.kind, said.mode, said.fields, function, said.always, said.each)
    if isinstance(target, Function) and call.node is None:  # it stands above the function
        target.cells[MARK] = made
        if said.kind == "computed" and target.kind == "function":
            target.kind = "property"
        return function
    return made


for _name in _KINDS:
    calls(f"pydantic.{_name}")(partial(_decorator, _name))


@inits("pydantic.PrivateAttr", "pydantic.AliasPath", "pydantic.AliasChoices", "pydantic.TypeAdapter")
def _keep(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["args"] = call


# Settings of models


@calls("pydantic.ConfigDict", "pydantic_settings.SettingsConfigDict")
def _config(machine: Interpreter, call: Call) -> Abstract:
    made = Mapping(origin=Origin(call.place))
    for source in call.args:
        machine.update_mapping(made, source)
    made.cells.update(call.kwargs)
    if call.open:
        made.more["rest"] = Known(value=True)
    return made


def _constant(text: str) -> Callable[[Interpreter, Place], Abstract]:
    def model(machine: Interpreter, place: Place) -> Abstract:
        del machine
        return Known(text, Origin(place))

    return model


for _name in ("allow", "forbid", "ignore"):
    value(f"pydantic.Extra.{_name}")(_constant(_name))


def _pascal(text: str) -> str:
    return re.sub("([0-9A-Za-z])_(?=[0-9A-Z])", lambda match: match[1], text.title())


def _camel(text: str) -> str:
    if re.match("^[a-z]+[A-Za-z0-9]*$", text) and not re.search(r"\d[a-z]", text):
        return text
    return re.sub("(^_*[A-Z])", lambda match: match[1].lower(), _pascal(text))


def _renamed(function: Callable[[str], str], machine: Interpreter, call: Call) -> Abstract:
    return machine.compute(call.place, function, *call.args[:1], of="str")


calls("pydantic.alias_generators.to_pascal")(partial(_renamed, _pascal))
calls("pydantic.alias_generators.to_camel")(partial(_renamed, _camel))


# Secrets


@inits(SECRET, "pydantic.SecretBytes")
def _secret(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "hidden", call.get("secret_value", 0) or Unknown("no secret"))


def _hidden(call: Call) -> Abstract:
    held = call.receiver.cells.get("hidden") if isinstance(call.receiver, Instance) else None
    return held if held is not None else Unknown("a secret that is not known", Origin(call.place), of="str")


@calls(f"{SECRET}.get_secret_value")
def _shown(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return _hidden(call)


@calls(f"{SECRET}.__str__")
def _masked(machine: Interpreter, call: Call) -> Abstract:
    return machine.compute(call.place, lambda text: "**********" if text else "", _hidden(call), of="str")


@calls(f"{SECRET}.__len__")
def _length(machine: Interpreter, call: Call) -> Abstract:
    return machine.compute(call.place, len, _hidden(call), of="int")


# Types without a model


def _checked(machine: Interpreter, wanted: Abstract, held: Abstract, call: Call) -> Abstract:
    if call.frame is None:
        return machine.unknown_of(call.place, held)
    at = At(machine, call.place, major_of(machine), "value", {}, made_at=call.place)
    return check(held, typed(machine, wanted, call.frame), at)


@calls("pydantic.TypeAdapter.validate_python")
def _adapted(machine: Interpreter, call: Call) -> Abstract:
    made: Call | None = call.receiver.facts.get("args") if isinstance(call.receiver, Instance) else None
    held = call.get("object", 0)
    if made is None or not made.args or held is None or set(made.kwargs) | (set(call.kwargs) - {"object"}):
        return machine.unknown_of(call.place, *call.args)
    return _checked(machine, made.args[0], held, call)


@calls("pydantic.parse_obj_as")
def _parsed(machine: Interpreter, call: Call) -> Abstract:
    wanted, held = call.get("type_", 0), call.get("obj", 1)
    if wanted is None or held is None:
        return machine.unknown_of(call.place, *call.args)
    return _checked(machine, wanted, held, call)


@calls("pydantic.dataclasses.dataclass", "pydantic.v1.dataclasses.dataclass")
def _dataclass(machine: Interpreter, call: Call) -> Abstract:
    """Return a dataclass whose fields are converted, which is not followed: none of them is known."""

    def mark(_machine: object, inner: Call) -> Abstract:
        cls = plain_object(inner.args[0]) if inner.args else Known(None)
        if isinstance(cls, Class):
            cls.facts["dataclass"] = True
            cls.facts["converts"] = pydantic_objects.converted
        return cls

    del machine
    return mark(None, call) if call.args else Builtin("dataclass", mark)


__all__ = ["given_of", "pydantic_old"]
