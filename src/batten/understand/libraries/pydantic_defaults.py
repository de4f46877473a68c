"""Defaults of pydantic's fields, the names under which a field is given, and calls of the project's validators."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.evaluate import environ
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Function,
    Instance,
    Known,
    Mapping,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import pydantic_said as said
from batten.understand.libraries.pydantic_models import Declared, Decorated, Model, model_of
from batten.understand.libraries.pydantic_names import OLD, bare_name

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.libraries.pydantic_check import At

Path = tuple[str | int, ...]


# Defaults


def marked(value: Abstract, at: At) -> Abstract:
    """Return a copy of a default, told to apply because no variable sets the field."""
    target = plain_object(value)
    if isinstance(value, OneOf):
        found = [marked(choice, at) for choice in value.choices if choice is not ABSENT]
        return OneOf(tuple(found)) if len(found) > 1 else found[0]
    if isinstance(value, Ref):
        return at.machine.tainted(marked(target, at), value.origin)
    if isinstance(value, Known):
        return _unset(value, at)
    if isinstance(value, Sequence) and value.items is not None:
        return Sequence(value.of, tuple(marked(item, at) for item in value.items), value.origin)
    if isinstance(value, Mapping) and value.of == "dict":
        made = Mapping(origin=value.origin, more=dict(value.more))
        made.cells.update({key: held if held is ABSENT else marked(held, at) for key, held in value.cells.items()})
        return made
    return _marked_object(value, at) if isinstance(value, Instance) else value


def _unset(value: Known, at: At) -> Known:
    if not at.names:
        return value
    origin = environ.defaulted(at.machine, at.names[0], value, at.place).origin
    return Known(value.value, origin.also(Origin(None, (), frozenset(at.names))))


def _marked_object(value: Instance, at: At) -> Abstract:
    """Return an object that is a default: a member of an enumeration is the same one, what it depends on beside it."""
    if not at.names:
        return value
    if isinstance(value.of, Class) and "pydantic" in value.of.facts:
        return _marked_model(value, at)
    cells = {key: held for key, held in value.cells.items() if isinstance(held, Known)}
    if isinstance(value.of, Class) or not cells:
        hop = (at.place, f"{at.names[0]} is not set: default", None)
        return Ref(value, Origin(at.place, (hop,), frozenset(at.names)))
    made = copied(value)
    made.cells.update({key: _unset(held, at) for key, held in cells.items()})
    return made


def _marked_model(value: Instance, at: At) -> Abstract:
    """Return a copy of a nested model that is a default; each of its fields has a variable of its own."""
    assert isinstance(value.of, Class)  # noqa: S101 - a model
    model, made = model_of(value.of), copied(value)
    for name, declared in model.fields.items():
        if name in made.cells and not model.settings:
            field = f"{model.cls.name}.{name}"
            inner = replace(at, names=inside(at, declared), place=declared.place, field=field)
            made.cells[name] = marked(made.cells[name], inner)
    return made


def copied(value: Instance) -> Instance:
    """Return another object with the same content."""
    made = Instance(value.of, value.made, value.origin)
    made.facts.update(value.facts)
    made.cells.update(value.cells)
    return made


def inside(at: At, declared: Declared) -> tuple[str, ...]:
    """Return the variables that would set a field of a nested model."""
    if not at.delimiter:
        return at.names
    alias = declared.told.get("validation_alias", declared.told.get("alias"))
    name = str(alias.value) if isinstance(alias, Known) and isinstance(alias.value, str) else declared.name
    return tuple(f"{outer}{at.delimiter}{name if at.exact_case else name.upper()}" for outer in at.names)


# Names


def paths(machine: Interpreter, model: Model, declared: Declared, major: int) -> list[Path]:
    """Return the keys, and ways into what they hold, under which a field may be given."""
    alias, by_name = aliases(machine, model, declared, major), [(declared.name,)]
    if alias is None:
        return [*by_name]
    config, truth = model.config, machine.truth
    if major == OLD:
        named = truth(config.get("allow_population_by_field_name", Known(value=False))) is not False
        return [*alias, *by_name] if named else alias
    if truth(config.get("validate_by_alias", Known(value=True))) is False:
        return [*by_name]
    return [*alias, *by_name] if by_field_name(machine, config) else alias


def by_field_name(machine: Interpreter, config: dict[str, Abstract]) -> bool:
    """Return whether a field with an alias may be given by its name, too (pydantic 2)."""
    for name in ("validate_by_name", "populate_by_name"):
        held = config.get(name)
        if held is not None and not (isinstance(held, Known) and held.value is None):
            return machine.truth(held) is not False
    return machine.truth(config.get("validate_by_alias", Known(value=True))) is False


def aliases(machine: Interpreter, model: Model, declared: Declared, major: int) -> list[Path] | None:
    """Return the other names of a field, None when it has none."""
    alias = declared.told.get("validation_alias") if major != OLD else None
    if alias is None or (isinstance(alias, Known) and alias.value is None):
        alias = declared.told.get("alias")
    if alias is None or (isinstance(alias, Known) and alias.value is None):
        generator = model.config.get("alias_generator")
        if generator is None or isinstance(generator, Known):
            return None
        alias = machine.call_with(generator, [Known(declared.name)], declared.place)
    found = _paths_of(plain_object(alias))
    if found is None:
        declared.doubt = f"the other name of {declared.name} is not known"
    return found


def _paths_of(alias: Abstract) -> list[Path] | None:
    if isinstance(alias, Known):
        return [(alias.value,)] if isinstance(alias.value, str) else None
    call = alias.facts.get("args") if isinstance(alias, Instance) else None
    if not isinstance(call, Call) or not isinstance(alias, Instance) or call.open:
        return None
    if bare_name(alias.library) == "AliasPath":
        parts = [one.value for one in call.args if isinstance(one, Known)]
        return [tuple(parts)] if len(parts) == len(call.args) and parts else None
    if bare_name(alias.library) != "AliasChoices":
        return None
    found = [_paths_of(plain_object(one)) for one in call.args]
    return [path for one in found for path in one or ()] if None not in found else None


def walked(data: Mapping, path: Path) -> Abstract:
    """Return what lies at the end of a way into some data, ABSENT when there is no such way."""
    held: Abstract = data
    for step in path:
        target = plain_object(held)
        if isinstance(target, Mapping):
            held = target.cells.get(step, ABSENT)
            if target.open and held is ABSENT and target is not data:
                return Unknown(f"{step!r} may be set in a way that is not known")
        elif isinstance(target, Sequence) and isinstance(step, int) and target.items is not None:
            held = target.items[step] if -len(target.items) <= step < len(target.items) else ABSENT
        elif isinstance(target, Unknown | OneOf):
            return join(ABSENT, Unknown("a part of something that is not known", kind=_kind(target)))
        else:
            return ABSENT
    return held


def _kind(value: Abstract) -> str:
    return value.kind if isinstance(value, Unknown) else "unknown"


# Validators of the project


def call_decorated(one: Decorated, args: list[Abstract], at: At) -> Abstract:
    """Return what a validator gives; the class comes first where it asks for it.

    Raises:
        InvalidError: it refuses the value.
    """
    function = plain_object(one.function)
    receiver = at.model
    if not isinstance(function, Function):
        return said.called(one.function, args, at)
    names, any_keyword = said.parameters(function)
    takes_class = function.kind == "classmethod" or (function.kind != "staticmethod" and names[:1] == ["cls"])
    target: Abstract = Bound(function, receiver) if takes_class and receiver is not None else function
    if not one.kind.startswith("old"):
        return said.called(target, args, at)
    given: dict[str, Abstract] = {
        "values": at.data or Mapping(),
        "config": Mapping(dict(at.config)),
        "field": said.information(at),
    }
    wanted = names[1 + takes_class :]
    kwargs = (
        {name: held for name, held in given.items() if any_keyword or name in wanted} if one.kind == "old field" else {}
    )
    call = Call(args, kwargs, at.place)
    return said.guarded(lambda: at.machine.call(target, call), at, args[0])
