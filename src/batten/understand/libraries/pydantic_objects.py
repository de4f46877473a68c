"""What the objects of pydantic's models can do: dump and copy themselves, refuse attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    Ref,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.pydantic_check import At, InvalidError, check
from batten.understand.libraries.pydantic_defaults import copied
from batten.understand.libraries.pydantic_fill import Filling
from batten.understand.libraries.pydantic_models import Model, model_of
from batten.understand.libraries.pydantic_names import MODEL, NEW, OLD, major_of
from batten.understand.libraries.pydantic_types import read

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_OWN = frozenset(
    "construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate "
    "settings_cached settings_clear_cache settings_customise_sources".split()
)
"""Attributes of every model beside those that begin with `model_` or `_`."""
_ATTRIBUTE_ERROR = ("AttributeError", "Exception", "BaseException")
_VALUE_ERROR = ("ValueError", "Exception", "BaseException")
_FOLLOWED = frozenset({"exclude", "include", "exclude_none", "mode", "by_alias"})


def parts_of(call: Call) -> tuple[Instance, Model] | None:
    """Return the object that a method is called on, and its model."""
    made = plain_object(call.receiver or Known(None))
    if isinstance(made, Instance) and isinstance(made.of, Class) and "pydantic" in made.of.facts:
        return made, model_of(made.of)
    return None


@calls(f"{MODEL}.__getattr__")
def _attribute(machine: Interpreter, call: Call) -> Abstract:
    """Return an attribute that is neither a field nor defined by a class of the project."""
    del machine
    found, name = parts_of(call), str(getattr(call.args[0], "value", ""))
    if found is None or name.startswith(("_", "model_")) or name in _OWN:
        return Bound(Library(f"{MODEL}.{name}"), call.receiver or Known(None))
    made, model = found
    if model.doubt or name in model.fields or made.facts.get("open"):
        return Unknown(model.doubt or f"{name} may be set in a way that is not known", Origin(call.place))
    message = f"{model.cls.name!r} object has no attribute {name!r}"
    raise ThrownError(_ATTRIBUTE_ERROR, message, call.place)


@calls(f"{MODEL}.__setattr__")
def _set(machine: Interpreter, call: Call) -> Abstract:
    """Write an attribute, checked where the model says so."""
    found, name, held = parts_of(call), str(getattr(call.args[0], "value", "")), call.args[1]
    made = plain_object(call.receiver or Known(None))
    if found is None or name.startswith("_"):
        if isinstance(made, Instance):
            machine.put(made.cells, name, held)
        return Known(None)
    instance, model = found
    config, truth = model.config, machine.truth
    if truth(config.get("frozen", Known(value=False))) is True:
        raise ThrownError(_VALUE_ERROR, f"{model.cls.name} is frozen", call.place)
    extra = plain_object(config.get("extra", Known("ignore")))
    if name not in model.fields:
        if not model.doubt and isinstance(extra, Known) and extra.value != "allow":
            raise ThrownError(_VALUE_ERROR, f"{model.cls.name!r} object has no field {name!r}", call.place)
    elif truth(config.get("validate_assignment", Known(value=False))) is not False and not model.doubt:
        filling = Filling(machine, model, instance, call.place, major_of(machine, model.cls))
        declared = model.fields[name]
        held = filling.checked(declared, held, filling.at(declared))
    machine.put(instance.cells, name, held)
    return Known(None)


# Dumps and copies


@calls(f"{MODEL}.model_dump", f"{MODEL}.dict")
def _dump(machine: Interpreter, call: Call) -> Abstract:
    """Return the fields as a dict, nested models as dicts in it."""
    found = parts_of(call)
    mode = call.kwargs.get("mode")
    aliased = machine.truth(call.kwargs.get("by_alias", Known(value=False)))
    plain_mode = mode is None or (isinstance(mode, Known) and mode.value == "python")
    if found is None or call.args or call.open or not plain_mode or aliased is not False:
        return machine.unknown_of(call.place, *call.args)
    names = {option: _names(machine, call.kwargs.get(option)) for option in ("include", "exclude")}
    if not _FOLLOWED.issuperset(call.kwargs) or "?" in {*(names["include"] or ()), *(names["exclude"] or ())}:
        return machine.unknown_of(call.place)
    made = dumped(machine, *found, call)
    if names["include"] is not None:
        made.cells = {name: held for name, held in made.cells.items() if name in names["include"]}
    for name in names["exclude"] or ():
        made.cells.pop(name, None)
    if machine.truth(call.kwargs.get("exclude_none", Known(value=False))) is not False:
        return _without_none(machine, made, call)
    return made


def _names(machine: Interpreter, held: Abstract | None) -> set[str] | None:
    """Return the names of fields to leave out or in; `?` when they are not known."""
    if held is None or (isinstance(held, Known) and held.value is None):
        return None
    found = machine.plain(held)
    return {str(name) for name in found[0]} if found is not None and isinstance(found[0], set | list) else {"?"}


def _without_none(machine: Interpreter, made: Mapping, call: Call) -> Abstract:
    if not all(isinstance(plain_object(held), Known | Sequence | Mapping) for held in made.cells.values()):
        return machine.unknown_of(call.place)
    kept = {key: held for key, held in made.cells.items() if not (isinstance(held, Known) and held.value is None)}
    return Mapping(kept, made.origin)


def dumped(machine: Interpreter, instance: Instance, model: Model, call: Call) -> Mapping:
    """Return a model's fields as a dict."""
    made = Mapping(origin=Origin(call.place))
    serialized = {name for one in model.of_kind("serializer") for name in one.fields or ("*",)}
    extra: list[str] = instance.facts.get("extra", [])
    computed = [name for name, one in model.functions.items() if one.kind == "computed"]
    for name in [*model.fields, *extra]:
        held = instance.cells.get(name, Unknown(f"{name} may not be set"))
        excluded = model.fields[name].told.get("exclude") if name in model.fields else None
        if excluded is not None and machine.truth(excluded) is not False:
            continue
        if not serialized.isdisjoint({name, "*", "?"}):
            held = Unknown(f"what is dumped for {name} is made by a function", Origin(call.place))
        held = instance.facts.get("shadows", {}).get(name, held)
        made.cells[name] = _value_of(_plain(machine, held, call), model)
    for name in computed:
        made.cells[name] = _plain(machine, machine.get_attribute(instance, name, call.place), call)
    if instance.facts.get("open"):
        made.more["rest"] = Known(value=True)
    return made


def _value_of(held: Abstract, model: Model) -> Abstract:
    """Return the value of a member where pydantic 1 dumps values (`use_enum_values`)."""
    target = plain_object(held)
    said = plain_object(model.config.get("use_enum_values", Known(value=False)))
    if model.major == OLD and isinstance(target, Instance) and isinstance(said, Known) and said.value:
        return target.cells.get("value", held) if "name" in target.cells else held
    return held


def _plain(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    target = plain_object(held)
    if isinstance(held, Ref):
        return machine.tainted(_plain(machine, target, call), held.origin)
    if isinstance(target, Instance) and isinstance(target.of, Class) and "pydantic" in target.of.facts:
        return dumped(machine, target, model_of(target.of), call)
    if isinstance(target, Sequence) and target.items is not None:
        return Sequence(target.of, tuple(_plain(machine, item, call) for item in target.items), target.origin)
    if isinstance(target, Mapping):
        cells = {key: one if one is ABSENT else _plain(machine, one, call) for key, one in target.cells.items()}
        return Mapping(cells, target.origin, more=dict(target.more))
    return held


@calls(f"{MODEL}.model_copy", f"{MODEL}.copy")
def _copy(machine: Interpreter, call: Call) -> Abstract:
    """Return a copy with some fields replaced, unchecked."""
    found = parts_of(call)
    update = plain_object(call.kwargs.get("update", Mapping()))
    if found is None or not set(call.kwargs).issubset({"update", "deep"}) or call.args or call.open:
        return machine.unknown_of(call.place)
    made = copied(found[0])
    if isinstance(update, Mapping) and not update.open:
        made.cells.update(update.cells)
    elif not (isinstance(update, Known) and update.value is None):
        machine.havoc(made)
    return made


def converted(machine: Interpreter, instance: Instance) -> None:
    """Check the fields of a pydantic dataclass; what is not as its type wants it already is not followed."""
    cls = instance.of
    for base in cls.order if isinstance(cls, Class) else ():
        module = machine.modules.get(base.module) if isinstance(base, Class) else None
        annotations = base.facts.get("annotations", {}) if isinstance(base, Class) else {}
        for name, node in annotations.items():
            held = instance.cells.get(name, ABSENT)
            if held is ABSENT or module is None:
                continue
            frame = Frame(module.path, module.cells, module.cells, None, module)
            at = At(machine, (module.path, node), NEW, f"{instance.of.name}.{name}", {}, made_at=instance.made)
            try:
                found = check(held, read(machine, node, frame), at)
            except InvalidError as error:
                found = Unknown(error.message)
            same = machine.plain(found) == machine.plain(held) and machine.plain(held) is not None
            why = f"{name} is converted by a pydantic dataclass, which is not followed"
            machine.put(instance.cells, name, held if same else at.doubt(why, Unknown(why, origin_of(held))))
