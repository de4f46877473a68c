"""Starlette's own configuration: `Config`, `Secret`, `CommaSeparatedStrings`, `Environ`.

Facts from Starlette 1.10 `starlette.config` and `starlette.datastructures`:
the environment stands over the file, the file over the default; a default is
cast like a value; a variable that `starlette.config.environ` was asked for
cannot be set through it any more.
"""

from __future__ import annotations

import ast
from shlex import shlex
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ALIASES, Call, attribute, calls, inits, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Environ,
    Instance,
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
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.decouple import env_file
from batten.understand.libraries.lookup import found

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CONFIG = "starlette.config.Config"
ENVIRON = "starlette.config.Environ"
SECRET = "starlette.datastructures.Secret"  # noqa: S105 - a class of that name
COMMAS = "starlette.datastructures.CommaSeparatedStrings"
ALIASES["starlette.config.Secret"] = SECRET
ALIASES["starlette.config.CommaSeparatedStrings"] = COMMAS
_MISSING = ("KeyError",)
_WORDS = {"true": True, "1": True, "false": False, "0": False}


@inits(CONFIG)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Config(env_file, environ, env_prefix, encoding)`; a file that is not there is warned about."""
    machine.put(instance.cells, "env_prefix", call.get("env_prefix", 2) or Known(""))
    machine.put(instance.cells, "environ", call.get("environ", 1) or _environ(machine, call.place))
    file = call.get("env_file", 0)
    values = [_file(machine, choice, call.place) for choice in each(file)] if file is not None else []
    if file is None and call.open:
        values.append(_unreadable())
    machine.put(instance.cells, "file_values", values[0] if len(values) == 1 else Mapping())
    if len(values) > 1:
        machine.put(instance.cells, "file_values", OneOf(tuple(values)))


def _file(machine: Interpreter, given: Abstract, place: Place) -> Mapping:
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    if isinstance(given, Known) and given.value is None:
        return Mapping()
    text = text_of(machine, given, place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return _unreadable()
    path = machine.world.repo_path(text.value)
    content = machine.world.read(path) if path is not None and machine.world.visible(path) else None
    return Mapping(env_file(path or "", content)) if content is not None else Mapping()


def _unreadable() -> Mapping:
    made = Mapping()
    made.more["rest"] = Known(value=True)
    return made


@calls(f"{CONFIG}.__call__", f"{CONFIG}.get")
def _get(machine: Interpreter, call: Call) -> Abstract:
    """`config(key, cast, default)`."""
    config = plain_object(call.receiver or Known(None))
    key = call.get("key", 0)
    if not isinstance(config, Instance) or key is None:
        return Unknown("a configuration that is not known", Origin(call.place))
    prefix = config.cells.get("env_prefix", Known(""))
    names = machine.compute(call.place, lambda one, two: one + two, prefix, key, of="str")
    result: Abstract | None = None
    for name in each(names):
        if not isinstance(name, Known) or not isinstance(name.value, str):
            return machine.unknown_of(call.place, name)
        one = _named(machine, config, name.value, call)
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(call.place))


def _named(machine: Interpreter, config: Instance, name: str, call: Call) -> Abstract:
    cast, default = call.get("cast", 1), call.get("default", 2)
    if call.open and (cast is None or default is None):
        return Unknown("it is read with arguments that are not known", Origin(call.place))
    result: Abstract | None = None
    thrown: ThrownError | None = None
    for held in _values(machine, config, name, default, call.place):
        try:
            one = _cast(machine, name, held, cast, call.place)
        except ThrownError as error:
            machine.may_throw(frozenset(error.kinds))
            thrown = error
            continue
        result = one if result is None else join(result, one)
    if result is None and thrown is not None:
        raise thrown
    return result or Unknown("it has no value", Origin(call.place))


def _values(
    machine: Interpreter, config: Instance, name: str, default: Abstract | None, place: Place
) -> list[Abstract]:
    """Return what the environment, the file or the default give, before the cast."""
    in_file: Abstract = ABSENT
    for index, one in enumerate(each(config.cells.get("file_values", ABSENT))):
        held = _in_file(plain_object(one), name)
        in_file = held if index == 0 else join(in_file, held)
    environ = plain_object(config.cells.get("environ", Known(None)))
    if isinstance(environ, Instance) and environ.library == ENVIRON:
        machine.put(environ.cells, ("read", name), Known(value=True))
        environ = plain_object(environ.cells.get("environ", Known(None)))
    if isinstance(environ, Environ):
        return [value for value, _ in found(machine, name, in_file, default, place, _MISSING)]
    if isinstance(environ, Mapping) and not environ.open:
        choices = [c for c in each(environ.cells.get(name, ABSENT)) if c is not ABSENT]
        if len(choices) == len(list(each(environ.cells.get(name, ABSENT)))):
            return choices
        choices += [c for c in each(in_file) if c is not ABSENT]
        if any(c is ABSENT for c in each(in_file)) and default is not None:
            choices.append(default)
        return choices or [Unknown(f"{name} is missing, and has no default", Origin(place), kind="error")]
    return [Unknown("the environment it reads is not known", Origin(place))]


def _in_file(values: Abstract, name: str) -> Abstract:
    if not isinstance(values, Mapping):
        return ABSENT
    held = values.cells.get(name, ABSENT)
    if held is ABSENT and values.open:
        return join(ABSENT, Unknown(f"{name} may be set in a file that could not be read"))
    return held


def _cast(machine: Interpreter, name: str, held: Abstract, cast: Abstract | None, place: Place) -> Abstract:
    """`Config._perform_cast`: `bool` of text takes four words, everything else is called."""
    if cast is None or (isinstance(cast, Known) and cast.value is None):
        return held
    result: Abstract | None = None
    for choice in each(held):
        if isinstance(choice, Known) and choice.value is None:
            one: Abstract = choice
        elif isinstance(cast, Builtin) and cast.name == "bool":
            one = _boolean(machine, name, choice, place)
        elif isinstance(cast, Builtin) and cast.name == "str" and _is_text(choice):
            one = choice
        else:
            one = machine.call(cast, Call([choice], {}, place))
        result = one if result is None else join(result, one)
    return result or held


def _is_text(held: Abstract) -> bool:
    return isinstance(held, Known) and isinstance(held.value, str)


def _boolean(machine: Interpreter, name: str, held: Abstract, place: Place) -> Abstract:
    def word(text: Any) -> bool:  # noqa: ANN401 - any constant
        if not isinstance(text, str):
            return bool(text)
        if text.lower() not in _WORDS:
            raise ValueError(f"Config '{name}' has value '{text.lower()}'. Not a valid bool.")
        return _WORDS[text.lower()]

    if not isinstance(held, Known):
        return machine.unknown_of(place, held, of="bool")
    if isinstance(held.value, bool):
        return held
    return machine.compute(place, word, held, of="bool")


# The environment that remembers what was read


@value("starlette.config.environ")
def _environ(machine: Interpreter, place: Place) -> Abstract:
    held = machine.hooks.setdefault("starlette.config.environ", [])
    if not held:
        made = Instance(Library(ENVIRON), place)
        made.cells["environ"] = machine.environ
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


@inits(ENVIRON)
def _init_environ(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "environ", call.get("environ", 0) or machine.environ)


@calls(f"{ENVIRON}.__getitem__", f"{ENVIRON}.get")
def _environ_get(machine: Interpreter, call: Call) -> Abstract:
    owner = plain_object(call.receiver or Known(None))
    held = owner.cells.get("environ", machine.environ) if isinstance(owner, Instance) else machine.environ
    inner = plain_object(held)
    if not isinstance(inner, Mapping) or not call.args:
        return machine.unknown_of(call.place, *call.args)
    name = call.args[0]
    if isinstance(owner, Instance) and isinstance(name, Known):
        machine.put(owner.cells, ("read", name.value), Known(value=True))
    if len(call.args) > 1:
        return machine.looked_up(inner, call.args[0], call.args[1], call.place)
    return machine.get_item(inner, call.args[0], call.place)


@calls(f"{ENVIRON}.__contains__")
def _environ_has(machine: Interpreter, call: Call) -> Abstract:
    """`MutableMapping.__contains__` reads the variable."""
    owner = plain_object(call.receiver or Known(None))
    name = call.args[0] if call.args else Known(None)
    held = owner.cells.get("environ", machine.environ) if isinstance(owner, Instance) else machine.environ
    if isinstance(owner, Instance) and isinstance(name, Known):
        machine.put(owner.cells, ("read", name.value), Known(value=True))
    return machine.compare(ast.In, name, held, call.place)


@calls(f"{ENVIRON}.__setitem__")
def _environ_set(machine: Interpreter, call: Call) -> Abstract:
    """Set a variable; once it was read through this object, that raises."""
    owner = plain_object(call.receiver or Known(None))
    inner = plain_object(owner.cells.get("environ", Known(None))) if isinstance(owner, Instance) else None
    if isinstance(owner, Instance) and isinstance(inner, Mapping) and len(call.args) > 1:
        name = call.args[0]
        was_read = owner.cells.get(("read", name.value), ABSENT) if isinstance(name, Known) else ABSENT
        if was_read is not ABSENT and all(choice is not ABSENT for choice in each(was_read)):
            message = f"Attempting to set environ['{getattr(name, 'value', '')}'], but the value has already been read."
            raise ThrownError(("EnvironError", "Exception"), message, call.place)
        if was_read is not ABSENT:
            machine.may_throw(frozenset({"EnvironError", "Exception"}))
        machine.set_item(inner, name, call.args[1])
    return Known(None)


# Values


@inits(SECRET)
def _init_secret(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "_value", call.get("value", 0) or Unknown("no value"))


@calls(f"{SECRET}.__str__")
def _secret_text(machine: Interpreter, call: Call) -> Abstract:
    secret = plain_object(call.receiver or Known(None))
    held = secret.cells.get("_value", Unknown("no value")) if isinstance(secret, Instance) else Unknown("no value")
    del machine
    return held


@calls(f"{SECRET}.__bool__")
def _secret_truth(machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.libraries.extension import as_bool  # noqa: PLC0415 - used rarely

    return as_bool(machine, _secret_text(machine, call), call.place)


def revealed(machine: Interpreter, held: Abstract, place: Place) -> Abstract:
    """Return `str(held)`: the text inside a `Secret`; of None, the four letters of its name."""
    result: Abstract | None = None
    for choice in each(held):
        one = plain_object(choice)
        if isinstance(one, Instance):
            text = machine.special(one, "__str__", [], place) or machine.unknown_of(place, one)
            one = Known(text.value, text.origin.also(_origin(choice))) if isinstance(text, Known) else text
        elif isinstance(one, Known) and not isinstance(one.value, str):
            one = Known(str(one.value), one.origin)
        else:
            one = choice
        result = one if result is None else join(result, one)
    return result or held


def _origin(choice: Abstract) -> Origin:
    held = getattr(choice, "origin", None)
    return held if isinstance(held, Origin) else Origin()


@attribute(f"{SECRET}.value")
def _no_value(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Raise: a `Secret` hides its text everywhere but in `str()`."""
    del machine, instance
    raise ThrownError(("AttributeError", "Exception"), "'Secret' object has no attribute 'value'", place)


@calls(COMMAS)
def _commas(machine: Interpreter, call: Call) -> Abstract:
    """Return the strings as a list: that is how others see them."""
    held = call.get("value", 0) or Unknown("no value")
    items = machine.iterate(held) if isinstance(plain_object(held), Sequence) else None
    if items is not None:
        return Sequence("list", tuple(items), Origin(call.place))
    return machine.compute(call.place, _split, held, of="list")


def _split(text: str) -> list[str]:
    splitter = shlex(text, posix=True)
    splitter.whitespace = ","
    splitter.whitespace_split = True
    return [item.strip() for item in splitter]
