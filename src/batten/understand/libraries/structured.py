"""TOML and JSON: `tomllib`, `tomli`, `toml`, `tomlkit`, `json` (CPython 3.11); values know the line they stand on."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.evaluate import library
from batten.understand.evaluate.frozen import computed_of_data
from batten.understand.evaluate.library import ALIASES, CALLS, Call
from batten.understand.evaluate.machine import ANY_ERROR, ThrownError
from batten.understand.evaluate.objects import Abstract, Known, Mapping, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.files import text_in
from batten.understand.libraries.paths import content, source_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

    Keys = tuple[str | int, ...]

LARGEST = 300_000
"""Most characters of a file whose values are followed."""
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[\w-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[\w-]+))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|\n|[^\s{}\[\],:"]+')
library.load("io")


# Lines


def toml_lines(text: str) -> dict[Keys, int]:
    """Return the line on which a TOML file writes each key, as far as it is written plainly."""
    found: dict[Keys, int] = {}
    table: Keys = ()
    counts: dict[Keys, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            table = tuple(_names(header[2]))
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
            table = _numbered(table, counts)
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key is not None:
            found.setdefault((*table, *_names(key[1])), number)
    return found


def _names(text: str) -> list[str]:
    return [match[1] or match[2] or match[3] or "" for match in _PART.finditer(text)]


def _numbered(table: Keys, counts: dict[Keys, int]) -> Keys:
    """Return the keys of a table with the positions in arrays of tables on the way."""
    made: list[str | int] = []
    for index, name in enumerate(table):
        made.append(name)
        if table[: index + 1] in counts:
            made.append(counts[table[: index + 1]])
    return tuple(made)


def json_lines(text: str) -> dict[Keys, int]:
    """Return the line on which JSON writes each key and each element."""
    found: dict[Keys, int] = {}
    stack: list[list[Any]] = []
    line, previous = 1, ""
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign == "\n":
            line += 1
            continue
        if stack and stack[-1][1] == "[" and sign not in {",", "]"}:
            found.setdefault(tuple(part[0] for part in stack), line)
        if sign == ":" and stack:
            stack[-1][0] = json.loads(previous) if previous.startswith('"') else previous
            found.setdefault(tuple(part[0] for part in stack), line)
        elif sign in "{[":
            stack.append([0 if sign == "[" else "", sign])
        elif sign in "}]" and stack:
            stack.pop()
        elif sign == "," and stack and stack[-1][1] == "[":
            stack[-1][0] += 1
        previous = sign
    return found


def located(machine: Interpreter, data: Any, lines: dict[Keys, int], path: str, place: Place) -> Abstract:  # noqa: ANN401 - plain data
    """Return plain data of a file as a value whose parts know their lines."""

    def lift(item: Any, keys: Keys, line: int) -> Abstract:  # noqa: ANN401 - plain data
        line = lines.get(keys, line)
        if isinstance(item, dict):
            return Mapping({key: lift(held, (*keys, key), line) for key, held in item.items()}, origin(line))
        if isinstance(item, list):
            return Sequence("list", tuple(lift(held, (*keys, i), line) for i, held in enumerate(item)), origin(line))
        told = origin(line)
        name = ".".join(map(str, keys))
        hop = (told.home, f"{path} sets {name} to" if name else f"{path} is", repr(item))
        return machine.lift(item, Origin(told.home, (hop, *told.hops), pinned=True))

    def origin(line: int) -> Origin:
        return Origin(Location(file=path, line=line), ((place, f"{path} is read", None),), pinned=True)

    return lift(data, (), 1)


def read(
    machine: Interpreter,
    text: Abstract,
    parse: Callable[[str], Any],
    lines: Callable[[str], dict[Keys, int]],
    place: Place,
) -> Abstract:
    """Return what a parser makes of a text.

    Raises:
        ThrownError: the text is not of that kind.
    """
    path = source_of(text)
    if path is None or not isinstance(text, Known):
        return machine.compute(place, parse, text)
    if len(text.value) > LARGEST:
        return Unknown(f"{path} is too large to be followed", Origin(place))
    try:
        data = parse(text.value)
    except (ValueError, RecursionError) as error:
        kinds = tuple(cls.__name__ for cls in type(error).__mro__[:-1])
        raise ThrownError(kinds, f"{path}: {str(error)[:150]}", place) from None
    return located(machine, data, lines(text.value), path, place)


# JSON

_ORDERED = frozenset({"collections.OrderedDict"})


def _has_hooks(call: Call, names: frozenset[str]) -> bool:
    """Return whether a call asks for values that are made in a way of its own."""
    hooked = {
        name
        for name, held in call.kwargs.items()
        if not (isinstance(held, Known) and held.value is None) and getattr(held, "name", "") not in _ORDERED
    }
    return call.open or bool(hooked - names)


def _json(text_of_call: Callable[[Interpreter, Call], Abstract]) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        text = text_of_call(machine, call)
        if _has_hooks(call, frozenset({"s", "fp", "encoding", "strict"})) or "strict" in call.kwargs:
            machine.may_throw(ANY_ERROR)
            return machine.unknown_of(call.place, text, Unknown("JSON that is read in a way of its own"))
        return read(machine, text, json.loads, json_lines, call.place)

    return model


def _loads(machine: Interpreter, call: Call) -> Abstract:
    return text_in(machine, call.get("s", 0), call)


def _load(machine: Interpreter, call: Call) -> Abstract:
    file = call.get("fp", 0) or Unknown("no file")
    target = plain_object(file)
    if isinstance(target, Known):
        raise ThrownError(("AttributeError", "Exception"), "it is no file, but a text", call.place)
    return text_in(machine, file, call)


CALLS["json.loads"] = _json(_loads)
CALLS["json.load"] = _json(_load)
dumps = computed_of_data(json.dumps, "str")
CALLS.setdefault("json.dumps", dumps)  # where answers are followed, it is told what flows into the text


# TOML


def _uniform(data: Any) -> bool:  # noqa: ANN401 - plain data
    """Return whether every array holds one kind of value, as the older readers want it."""
    if isinstance(data, dict):
        return all(map(_uniform, data.values()))
    return not isinstance(data, list) or (len({type(item) for item in data}) < 2 and all(map(_uniform, data)))  # noqa: PLR2004 - one kind


class _Other:
    """Stands for what an older reader makes of a file that it reads in its own way."""


def _older(text: str) -> Any:  # noqa: ANN401 - plain data
    data = tomllib.loads(text)
    return data if _uniform(data) else _Other()


def _toml(parse: Callable[[str], Any], *, from_file: bool) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        source = call.args[0] if call.args else next(iter(call.kwargs.values()), Unknown("nothing to read"))
        if call.open or len(call.args) > 1 or len(call.kwargs) + len(call.args) > 1:
            machine.may_throw(ANY_ERROR)
            return machine.unknown_of(call.place, source, Unknown("TOML that is read in a way of its own"))
        path = text_of(machine, source, call.place)
        named = from_file and isinstance(path, Known) and isinstance(path.value, str)
        text = content(machine, path, call.place) if named else text_in(machine, source, call)
        return read(machine, text, parse, toml_lines, call.place)

    return model


for _module in ("tomllib", "tomli"):
    CALLS[f"{_module}.load"] = _toml(tomllib.loads, from_file=False)
    CALLS[f"{_module}.loads"] = _toml(tomllib.loads, from_file=False)
for _module in ("toml", "pytoml", "rtoml", "tomlkit"):
    CALLS[f"{_module}.load"] = _toml(_older, from_file=_module in {"toml", "rtoml"})
    CALLS[f"{_module}.loads"] = _toml(_older, from_file=False)
ALIASES["tomlkit.parse"] = "tomlkit.loads"
