"""python-decouple 3.8: the environment over settings.ini or .env over defaults.

Facts from python-decouple 3.8 `decouple`: the first call of `config` searches
from the directory of the file that calls it upwards; in each directory
settings.ini comes before .env. A default is cast like a value.
"""

from __future__ import annotations

import io
import re
import string
from shlex import shlex
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.evaluate.library import Call, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Instance,
    Known,
    Mapping,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.lookup import found

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_UNDEFINED = ("UndefinedValueError",)
_TRUE = frozenset("y yes t true on 1".split())
_FALSE = frozenset("n no f false off 0".split())


def boolean(value: Any) -> bool:  # noqa: ANN401 - any constant
    """Return what `Config._cast_boolean` gives.

    Raises:
        ValueError: it is no word for yes or no.
    """
    text = str(value)
    if not text:
        return False
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(f"Invalid truth value: {text.lower()}")


# Files


def _set(path: str, line: int, name: str, text: str) -> Known:
    at = Location(file=path, line=line)
    return Known(text, Origin(at, ((at, f"{path} sets {name} to", repr(text)),), pinned=True))


def env_file(path: str, text: str) -> dict[str, Abstract]:
    """Return the variables of a .env file as `RepositoryEnv` reads it."""
    values: dict[str, Abstract] = {}
    for number, written in enumerate(io.StringIO(text, newline=None), start=1):
        line = written.strip()
        if not line or line.startswith("#") or "=" not in line:
            continue
        name, held = (part.strip() for part in line.split("=", 1))
        if len(held) > 1 and held[0] == held[-1] and held[0] in "'\"":
            held = held[1:-1]
        values[name] = _set(path, number, name, held)
    return values


def ini_file(path: str, text: str) -> dict[str, Abstract] | None:
    """Return the options of `[settings]`, lower-case, as `RepositoryIni` reads them; None when it cannot."""
    import configparser  # noqa: PLC0415 - used rarely

    parser = configparser.ConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    values: dict[str, Abstract] = {}
    for name in parser.options("settings") if parser.has_section("settings") else ():
        try:
            held = parser.get("settings", name)
        except configparser.Error:
            values[name] = Unknown(f"{name} of {path} cannot be read")
            continue
        pattern = re.compile(rf"\s*{re.escape(name)}\s*[=:]", re.IGNORECASE)
        numbers = (number for number, line in enumerate(text.splitlines(), start=1) if pattern.match(line))
        values[name] = _set(path, next(numbers, 1), name, held)
    return values


def _repository(machine: Interpreter, path: str | None) -> Mapping:
    """Return what a configuration file sets; open when it could not be read."""
    made = Mapping()
    text = machine.world.read(path) if path is not None else ""
    values = None
    if path is not None and text is not None:
        values = ini_file(path, text) if path.endswith(".ini") else env_file(path, text)
        made.of = "ini" if path.endswith(".ini") else "dict"
    if values is None and path is not None:
        made.more["rest"] = Known(value=True)
    made.cells.update(values or {})
    return made


def _find(machine: Interpreter, start: str) -> str | None:
    """Return the file that `AutoConfig._find_file` finds from a directory upwards."""
    return machine.world.upward(start, "settings.ini", ".env")


# Looking up


def _in(repository: Mapping, name: str) -> Abstract:
    key = name.lower() if repository.of == "ini" else name
    held = repository.cells.get(key, ABSENT)
    if held is ABSENT and repository.open:
        return join(ABSENT, Unknown(f"{name} may be set in a file that could not be read"))
    return held


def _get(machine: Interpreter, repository: Mapping, call: Call) -> Abstract:
    option = call.get("option", 0) or Unknown("no name")
    if not isinstance(option, Known):
        return machine.unknown_of(call.place, option)
    name = str(option.value)
    default, cast = call.get("default", 1), call.get("cast", 2)
    if call.open and (default is None or cast is None):
        return Unknown("it is read with arguments that are not known", Origin(call.place))
    result: Abstract | None = None
    for held, _ in found(machine, name, _in(repository, name), default, call.place, _UNDEFINED):
        one = held if cast is None else _cast(machine, cast, held, call.place)
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(call.place))


def _cast(machine: Interpreter, cast: Abstract, held: Abstract, place: Place) -> Abstract:
    if isinstance(cast, Builtin) and cast.name == "bool":
        if not isinstance(held, Known):
            return machine.unknown_of(place, held, of="bool")
        return machine.compute(place, boolean, held, of="bool")
    if isinstance(cast, Builtin) and cast.name == "str" and isinstance(held, Known) and isinstance(held.value, str):
        return held
    return machine.call(cast, Call([held], {}, place))


@calls("decouple.config")
def _config(machine: Interpreter, call: Call) -> Abstract:
    """Return `config(option, default, cast)`; the first call settles which file is read."""
    held = machine.hooks.setdefault("decouple.config", [])
    if not held:
        held.append(_repository(machine, _find(machine, str(call.place[0]).rpartition("/")[0])))
    return _get(machine, held[0], call)


@inits("decouple.AutoConfig")
def _auto(machine: Interpreter, instance: Instance, call: Call) -> None:
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    given = call.get("search_path", 0)
    if given is None or (isinstance(given, Known) and not given.value):
        return
    text = text_of(machine, given, call.place)
    start = machine.world.repo_path(str(text.value)) if isinstance(text, Known) else None
    if start is None:
        unreadable = Mapping()
        unreadable.more["rest"] = Known(value=True)
        instance.facts["repository"] = unreadable
    else:
        instance.facts["repository"] = _repository(machine, _find(machine, start))


@inits("decouple.RepositoryEnv", "decouple.RepositoryIni")
def _file_repository(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Read the named file; without it the program does not start."""
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    text = text_of(machine, call.get("source", 0) or Unknown("no file"), call.place)
    path = None
    if isinstance(text, Known) and isinstance(text.value, str):
        path = machine.world.repo_path(text.value)
    if path is None or machine.world.read(path) is None:
        unreadable = Mapping()
        unreadable.more["rest"] = Known(value=True)
        instance.facts["repository"] = unreadable
        return
    kind = ini_file if instance.library.endswith("Ini") else env_file
    made = Mapping(kind(path, machine.world.read(path) or "") or {})
    made.of = "ini" if kind is ini_file else "dict"
    instance.facts["repository"] = made


@inits("decouple.RepositoryEmpty")
def _empty(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine, call
    instance.facts["repository"] = Mapping()


@inits("decouple.Config")
def _with_repository(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    repository = plain_object(call.get("repository", 0) or Known(None))
    held = repository.facts.get("repository") if isinstance(repository, Instance) else None
    if held is None:
        held = Mapping()
        held.more["rest"] = Known(value=True)
    instance.facts["repository"] = held


@calls("decouple.AutoConfig.__call__", "decouple.Config.__call__", "decouple.Config.get")
def _call(machine: Interpreter, call: Call) -> Abstract:
    instance = plain_object(call.receiver or Known(None))
    if not isinstance(instance, Instance):
        return Unknown("a configuration that is not known", Origin(call.place))
    if "repository" not in instance.facts:
        start = str(call.place[0]).rpartition("/")[0]
        instance.facts["repository"] = _repository(machine, _find(machine, start))
    return _get(machine, instance.facts["repository"], call)


# Casts


@inits("decouple.Csv", "decouple.Choices")
def _helper(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


@calls("decouple.Csv.__call__")
def _csv(machine: Interpreter, call: Call) -> Abstract:
    made: Call = call.receiver.facts["call"] if isinstance(call.receiver, Instance) else call
    held = call.args[0] if call.args else Unknown("no value")
    post = made.get("post_process", 3)
    kind = post.name if isinstance(post, Builtin) else "list"
    if (post is not None and not isinstance(post, Builtin)) or kind not in ("list", "tuple", "set"):
        return machine.unknown_of(call.place, held, Unknown("a list made by a function that is not followed"))
    if isinstance(held, Known) and held.value is None:
        return Sequence(kind, (), held.origin)
    delimiter = made.get("delimiter", 1) or Known(",")
    strip = made.get("strip", 2) or Known(string.whitespace)
    parts = machine.compute(call.place, _split, held, delimiter, strip, of="list")
    items = machine.iterate(parts) if isinstance(parts, Sequence) else None
    if items is None:
        return parts
    cast = made.get("cast", 0)
    if cast is not None:
        items = [machine.call(cast, Call([item], {}, call.place)) for item in items]
    return Sequence(kind, tuple(items), parts.origin)


def _split(text: str, delimiter: str, strip: str) -> list[str]:
    splitter = shlex(text, posix=True)
    splitter.whitespace = delimiter
    splitter.whitespace_split = True
    return [part.strip(strip) for part in splitter]


@calls("decouple.Choices.__call__")
def _choices(machine: Interpreter, call: Call) -> Abstract:
    """Return the value after its cast; one that is not listed stops the program."""
    made: Call = call.receiver.facts["call"] if isinstance(call.receiver, Instance) else call
    held = call.args[0] if call.args else Unknown("no value")
    cast = made.get("cast", 1)
    if cast is not None:
        held = machine.call(cast, Call([held], {}, call.place))
    flat = machine.plain(made.get("flat", 0) or Sequence("list", ()))
    if isinstance(held, Known) and flat is not None and made.get("choices", 2) is None and held.value not in flat[0]:
        raise ThrownError(("ValueError", "Exception"), f"Value not in list: {held.value!r}", call.place)
    return held


__all__ = ["boolean", "env_file", "ini_file"]
