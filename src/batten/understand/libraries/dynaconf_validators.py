"""dynaconf 3.3: validators, which give defaults and refuse to start.

Facts from dynaconf 3.3.5 `dynaconf.validator`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.environ import defaulted
from batten.understand.evaluate.library import ATTRIBUTES, Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Instance,
    Known,
    Library,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.dynaconf import SETTINGS, loader_of, value_of
from batten.understand.libraries.dynaconf_options import upper
from batten.understand.libraries.dynaconf_values import failed, parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.libraries.dynaconf_load import Loader

VALIDATOR = "dynaconf.Validator"
_ERROR = "ValidationError"
_PLAIN = frozenset("must_exist required cast default description messages env is_type_of".split())
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, other: bool(value == other),
    "ne": lambda value, other: bool(value != other),
    "gt": lambda value, other: bool(value > other),
    "lt": lambda value, other: bool(value < other),
    "gte": lambda value, other: bool(value >= other),
    "lte": lambda value, other: bool(value <= other),
    "is_in": lambda value, other: value in other,
    "is_not_in": lambda value, other: value not in other,
    "cont": lambda value, other: other in value,
    "len_eq": lambda value, other: len(value) == other,
    "len_ne": lambda value, other: len(value) != other,
    "len_min": lambda value, other: len(value) >= other,
    "len_max": lambda value, other: len(value) <= other,
    "startswith": lambda value, other: value.startswith(other),
    "endswith": lambda value, other: value.endswith(other),
}


@inits(VALIDATOR)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


def validate(machine: Interpreter, loader: Loader, given: Abstract | None, place: Place) -> None:
    """Do what validators do to loaded settings.

    Raises:
        ThrownError: a setting does not pass.
    """
    held = plain_object(given) if given is not None else Sequence("list", ())
    items = held.items if isinstance(held, Sequence) else None
    if items is None:
        machine.doubt("dynaconf's validators", "they are not known", place)
    for item in items or ():
        one = plain_object(item)
        if isinstance(one, Instance) and one.library == VALIDATOR:
            _one(machine, loader, one.facts["call"])
        else:
            machine.doubt("dynaconf's validators", "validators that are combined are not followed", place)


def _one(machine: Interpreter, loader: Loader, call: Call) -> None:
    applies = _applies(machine, loader, call)
    if applies is False:
        return
    for name in call.args:
        if isinstance(name, Known) and isinstance(name.value, str):
            if applies is None or call.open or call.kwargs.keys() - _PLAIN - _TESTS.keys() or "." in name.value:
                _perhaps(machine, loader, name.value, call)
            else:
                _name(machine, loader, name.value, call)


def _applies(machine: Interpreter, loader: Loader, call: Call) -> bool | None:
    """Return whether a validator looks at the current environment, None when that is not known."""
    given = machine.plain(call.kwargs.get("env", Known(None)))
    if given is None or "when" in call.kwargs:
        return None
    names = [given[0]] if isinstance(given[0], str) else list(given[0] or [])
    current = loader.environment[0]
    return True if not names or current.upper() in {str(name).upper() for name in names} else False if names else None


def _perhaps(machine: Interpreter, loader: Loader, name: str, call: Call) -> None:
    """Note that a setting may have a default, and that dynaconf may refuse it."""
    key = upper(name.partition(".")[0])
    if "default" in call.kwargs or "cast" in call.kwargs:
        held = loader.store.cells.get(key, ABSENT)
        why = Unknown(f"a validator of {name} is not followed", Origin(call.place))
        loader.store.cells[key] = why if held is ABSENT else join(held, why)
    machine.doubt("dynaconf's validators", f"a validator of {name} is not followed", call.place)


def _name(machine: Interpreter, loader: Loader, name: str, call: Call) -> None:
    key, place = upper(name), call.place
    needed = call.kwargs.get("must_exist", call.kwargs.get("required", Known(None)))
    held = loader.store.cells.get(key, ABSENT)
    if loader.store.open or (held is ABSENT and loader.missing):
        if "default" in call.kwargs:
            _perhaps(machine, loader, name, call)
        return
    default = call.kwargs.get("default")
    if held is ABSENT and default is not None:
        held = loader.store.cells[key] = _default(machine, loader, key, default, call)
    there = held is not ABSENT
    if isinstance(needed, Known) and needed.value is not None and bool(needed.value) is not there:
        if there:
            raise failed(_ERROR, f"{name} cannot exists in env {loader.environment[0]}", place)
        loader.store.cells[key] = value_of(machine, loader, name, None, place, (_ERROR, "ValueError"))
        return
    if there:
        _check(machine, loader, key, held, call)


def _default(machine: Interpreter, loader: Loader, key: str, default: Abstract, call: Call) -> Abstract:
    """Return the default of a setting that nothing sets; a text is read as TOML (`Settings.setdefault`)."""
    kind = plain_object(call.kwargs.get("is_type_of", Known(None)))
    if not isinstance(plain_object(default), Known | Sequence) and not hasattr(plain_object(default), "more"):
        return Unknown("a default that a function makes is not followed", Origin(call.place))
    as_text = isinstance(kind, Builtin) and kind.name == "str"
    held = parsed(machine, default, call.place, toml=not as_text)
    prefix = loader.plain("ENVVAR_PREFIX")
    variable = f"{str(prefix).split(',')[0].upper()}_{key}" if prefix else key
    return defaulted(machine, variable, held, call.place)


def _check(machine: Interpreter, loader: Loader, key: str, held: Abstract, call: Call) -> None:
    """Cast a setting and compare it.

    Raises:
        ThrownError: it does not pass, for certain.
    """
    cast = call.kwargs.get("cast")
    if cast is not None and not (isinstance(cast, Known) and cast.value is None):
        held = loader.store.cells[key] = machine.call(cast, Call([held], {}, call.place))
    for name, test in _TESTS.items():
        wanted = call.kwargs.get(name)
        if wanted is None:
            continue
        answers = [_answer(machine, test, choice, wanted) for choice in each(held)]
        if all(answer is False for answer in answers):
            raise failed(_ERROR, f"{key} must {name} {_shown(machine, wanted)}", call.place)
        kept = [choice for choice, answer in zip(each(held), answers, strict=True) if answer is not False]
        if len(kept) < len(answers):
            held = kept[0]
            for choice in kept[1:]:
                held = join(held, choice)
            loader.store.cells[key] = held


def _shown(machine: Interpreter, wanted: Abstract) -> str:
    found = machine.plain(wanted)
    return "something" if found is None else repr(found[0])[:80]


def _answer(machine: Interpreter, test: Callable[[Any, Any], bool], held: Abstract, wanted: Abstract) -> bool | None:
    one, two = machine.plain(held), machine.plain(wanted)
    if one is None or two is None:
        return None
    try:
        return bool(test(one[0], two[0]))
    except (TypeError, AttributeError):
        return False


# `settings.validators`


def _validators(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    made = Instance(Library("dynaconf.ValidatorList"), place)
    made.facts["settings"] = instance
    del machine
    return made


ATTRIBUTES[f"{SETTINGS}.validators"] = _validators


@calls("dynaconf.ValidatorList.register")
def _register(machine: Interpreter, call: Call) -> Abstract:
    """Add validators: settings that were not used yet are validated when they are."""
    held = plain_object(call.receiver or Known(None))
    settings = held.facts.get("settings") if isinstance(held, Instance) else None
    if isinstance(settings, Instance):
        before = plain_object(settings.facts.get("validators") or Sequence("list", ()))
        items = (before.items or ()) if isinstance(before, Sequence) else ()
        settings.facts["validators"] = Sequence("list", (*items, *call.args))
        settings.facts["registered"] = Sequence("list", tuple(call.args))
    del machine
    return Known(None)


@calls("dynaconf.ValidatorList.validate", "dynaconf.ValidatorList.validate_all")
def _validate(machine: Interpreter, call: Call) -> Abstract:
    held = plain_object(call.receiver or Known(None))
    settings = held.facts.get("settings") if isinstance(held, Instance) else None
    if isinstance(settings, Instance):
        fresh = "loader" not in settings.facts
        loader = loader_of(machine, settings, call.place)
        if not fresh:
            validate(machine, loader, settings.facts.get("validators"), call.place)
    return Known(None)
