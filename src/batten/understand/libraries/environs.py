"""environs 15: typed environment variables, and where 14 and older differ.

Facts from environs 15.2.0 `environs.Env` and marshmallow 4.4
`fields.Boolean`. Since 14 a default is returned as it is, before it was cast
like a value; since 15 `read_env` keeps the file to itself, before it wrote
into `os.environ`.
"""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from batten.understand.deploy import dotenv as grammar
from batten.understand.evaluate import library
from batten.understand.evaluate.library import BASES, CALLS, Call, calls, inits, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import dotenv
from batten.understand.libraries.extension import keeps
from batten.understand.libraries.lookup import found

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ENV = "environs.Env"
BASES["environs.FileAwareEnv"] = (ENV,)
_NOT_SET = ("EnvNotSetError", "EnvError", "ValueError")
_INVALID = ("EnvValidationError", "EnvError", "ValueError", "Exception")
_TRUE = frozenset("1 ON On T TRUE True Y YES Yes on t true y yes".split())
_FALSE = frozenset("0 F FALSE False N NO No OFF Off f false n no off".split())
keeps(f"{ENV}.parser_for")


@inits(ENV, "environs.FileAwareEnv")
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.put(instance.cells, "_prefix", call.kwargs.get("prefix", Known(None)))
    machine.put(instance.cells, "expand_vars", call.kwargs.get("expand_vars", Known(value=False)))
    instance.facts["files"] = Mapping()


@value("environs.env")
def _singleton(machine: Interpreter, place: Place) -> Abstract:
    held = machine.hooks.setdefault("environs.env", [])
    if not held:
        made = Instance(Library(ENV), place)
        _init(machine, made, Call([], {}, place))
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


# Casts, as marshmallow's fields do them


def _boolean(text: Any) -> bool:  # noqa: ANN401 - any constant
    if text in (True, False) or text in _TRUE or text in _FALSE:
        return text in _TRUE or text in (True, 1)
    raise ValueError("Not a valid boolean.")


def _real(text: Any) -> float:  # noqa: ANN401 - any constant
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
        raise ValueError("Special numeric values (nan or infinity) are not permitted.")
    return number


_CASTS: dict[str, Callable[[Any], Any]] = {"bool": _boolean, "int": int, "float": _real, "json": json.loads}


def _cast(machine: Interpreter, function: Callable[..., Any], held: Abstract, place: Place, of: str) -> Abstract:
    try:
        return machine.compute(place, function, held, of=of)
    except ThrownError as error:
        raise ThrownError(_INVALID, error.message, place) from error


def _element(machine: Interpreter, subcast: Abstract | None, part: Abstract, place: Place) -> Abstract:
    """Return an element of a list or dict after its `subcast`."""
    if subcast is None or (isinstance(subcast, Known) and subcast.value is None):
        return part
    name = subcast.name if isinstance(subcast, Builtin | Library) else ""
    if name == "str":
        return part
    if name in ("bool", "int", "float"):
        return _cast(machine, _CASTS[name], part, place, name)
    return machine.call(subcast, Call([part], {}, place))


def _list(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    delimiter = call.kwargs.get("delimiter", Known(","))
    parts = machine.compute(call.place, lambda text, by: text.split(by) if text else [], held, delimiter, of="list")
    subcast = call.get("subcast", 2)
    items = machine.iterate(parts) if isinstance(parts, Sequence) and subcast is not None else None
    if items is None:
        return parts if subcast is None else machine.unknown_of(call.place, parts, of="list")
    cast = tuple(_element(machine, subcast, item, call.place) for item in items)
    return Sequence("list", cast, parts.origin)


def _dict(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    if any(name in call.kwargs for name in ("subcast_keys", "subcast_values", "subcast_key")):
        return machine.unknown_of(call.place, held, of="dict")
    delimiter = call.kwargs.get("delimiter", Known(","))
    between = call.kwargs.get("key_value_delimiter", Known("="))

    def parse(text: str, by: str, colon: str) -> dict[str, str]:
        pairs = (item.split(colon, 1) for item in text.split(by) if item)
        return {key.strip(): held.strip() for key, held in pairs}

    try:
        return machine.compute(call.place, parse, held, delimiter, between, of="dict")
    except ThrownError as error:
        raise ThrownError(("ValueError", "Exception"), error.message, call.place) from error


def _path(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    library.load("pathlib")
    return machine.call(Library("pathlib.Path"), Call([held], {}, call.place))


def _simple(name: str) -> Callable[[Interpreter, Abstract, Call], Abstract]:
    def cast(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
        return _cast(machine, _CASTS[name], held, call.place, "" if name == "json" else name)

    return cast


def _opaque(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    return machine.unknown_of(call.place, held, Unknown("a kind of value that is not followed", Origin(call.place)))


def _itself(machine: Interpreter, held: Abstract, call: Call) -> Abstract:
    del machine, call
    return held


_PARSERS: dict[str, Callable[[Interpreter, Abstract, Call], Abstract]] = {
    "__call__": _itself,
    "str": _itself,
    "list": _list,
    "dict": _dict,
    "path": _path,
    **{name: _simple(name) for name in _CASTS},
    **dict.fromkeys(
        "decimal datetime date time timedelta log_level uuid url enum dj_db_url dj_email_url dj_cache_url".split(),
        _opaque,
    ),
}


# Looking up


def _key(machine: Interpreter, env: Instance, call: Call) -> Abstract:
    name = call.get("name", 0) or Unknown("no name")
    prefix = env.cells.get("_prefix", Known(None))
    return machine.compute(call.place, lambda before, after: (before or "") + after, prefix, name, of="str")


def _raw(machine: Interpreter, env: Instance, name: str, call: Call) -> list[tuple[Abstract, bool]]:
    """Return the texts that a variable may have, each with whether it is the default."""
    files = env.facts.get("files")
    in_file = files.cells.get(name, ABSENT) if isinstance(files, Mapping) else ABSENT
    default = call.get("default", 1)
    if default is None and call.open:
        default = Unknown("default may be among arguments that are not known", Origin(call.place))
    if env.library == "environs.FileAwareEnv" and f"{name}_FILE" in machine.environ.cells:
        return [(Unknown(f"the content of the file that {name}_FILE names", Origin(call.place), of="str"), False)]
    return found(machine, name, in_file, default, call.place, _NOT_SET)


def _expanded(machine: Interpreter, env: Instance, held: Abstract, place: Place) -> Abstract:
    """Return a value that refers to no other variable; with `expand_vars` it may."""
    expands = machine.truth(env.cells.get("expand_vars", Known(value=False)))
    if expands is False or not isinstance(held, Known) or "$" not in str(held.value):
        return held
    return Unknown("it is made of other variables", held.origin or Origin(place), of="str")


def _parser(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    cast = _PARSERS[kind]

    def model(machine: Interpreter, call: Call) -> Abstract:
        env = plain_object(call.receiver or Known(None))
        if not isinstance(env, Instance):
            return Unknown("an Env that is not known", Origin(call.place))
        key = _key(machine, env, call)
        if not isinstance(key, Known):
            return machine.unknown_of(call.place, key)
        as_written = machine.world.at_least("environs", 14) and not kind.startswith("dj_")
        result: Abstract | None = None
        for held, is_default in _raw(machine, env, str(key.value), call):
            one = held
            if not is_default:
                one = cast(machine, _expanded(machine, env, held, call.place), call)
            elif not as_written:
                one = _old_default(machine, cast, held, call)
            result = one if result is None else join(result, one)
        return result or Unknown("it has no value", Origin(call.place))

    return model


def _old_default(
    machine: Interpreter, cast: Callable[[Interpreter, Abstract, Call], Abstract], held: Abstract, call: Call
) -> Abstract:
    """Return a default as environs before 14 gives it: cast, unless it is None or no text."""
    return cast(machine, held, call) if isinstance(held, Known) and isinstance(held.value, str) else held


for _kind in _PARSERS:
    CALLS[f"{ENV}.{_kind}"] = _parser(_kind)


# Files and prefixes


def _file(machine: Interpreter, call: Call) -> tuple[str | None, str]:
    """Return the repository path of the file that `read_env` finds, and its name."""
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    given = call.get("path", 0)
    recurse = machine.truth(call.get("recurse", 1) or Known(value=True)) is not False
    if given is None or (isinstance(given, Known) and given.value is None):
        here = str(call.place[0]).rpartition("/")[0]
        return dotenv.find(machine, ".env", here), ".env"
    text = text_of(machine, given, call.place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return None, dotenv.NOT_KNOWN
    directory, name = posixpath.split(text.value)
    start = machine.world.repo_path(directory) if directory else machine.world.unit.cwd
    if start is None:
        return None, name
    if recurse:
        return dotenv.find(machine, name, start), name
    path = posixpath.normpath(posixpath.join(start, name))
    return (path if machine.world.visible(path) else None), name


@calls(f"{ENV}.read_env")
def _read_env(machine: Interpreter, call: Call) -> Abstract:
    env = plain_object(call.receiver or Known(None))
    path, name = _file(machine, call)
    if name == dotenv.NOT_KNOWN:
        dotenv.load_unknown(machine, call.place, override=machine.truth(call.get("override", 2) or Known(value=False)))
        return Unknown("whether an environment file is loaded", Origin(call.place), of="bool")
    if path is None:
        machine.record.append(("dotenv missing", name, call.place))
        return Known(value=False)
    override = machine.truth(call.get("override", 2) or Known(value=False))
    if not machine.world.at_least("environs", 15):
        dotenv.load(machine, path, call.place, override=override)
        return Known(value=True)
    files = env.facts.get("files") if isinstance(env, Instance) else None
    if isinstance(files, Mapping):
        text = machine.world.read(path) or ""
        for key, held in grammar.parse(text, path, dotenv.around(machine), override=True).items():
            if key not in files.cells or override:
                machine.put(files.cells, key, dotenv.variable(held, call.place))
    return Known(value=True)


@calls(f"{ENV}.prefixed")
def _prefixed(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library("environs prefix"), call.place)
    made.facts["env"] = plain_object(call.receiver or Known(None))
    made.facts["prefix"] = call.get("prefix", 0) or Unknown("no prefix")
    return made


@calls("environs prefix.__enter__")
def _enter(machine: Interpreter, call: Call) -> Abstract:
    context = call.receiver
    assert isinstance(context, Instance)  # noqa: S101 - a `with` statement calls it
    env = context.facts["env"]
    if not isinstance(env, Instance):
        return Unknown("an Env that is not known", Origin(call.place))
    old = env.cells.get("_prefix", Known(None))
    machine.put(context.cells, "old", old)
    joined = machine.compute(call.place, lambda a, b: (a or "") + b, old, context.facts["prefix"], of="str")
    machine.put(env.cells, "_prefix", joined)
    return env


@calls("environs prefix.__exit__")
def _exit(machine: Interpreter, call: Call) -> Abstract:
    context = call.receiver
    assert isinstance(context, Instance)  # noqa: S101 - a `with` statement calls it
    env = context.facts["env"]
    if isinstance(env, Instance):
        machine.put(env.cells, "_prefix", context.cells.get("old", Known(None)))
    return Known(None)


CALLS[f"{ENV}.seal"] = lambda _machine, _call: Known(None)
