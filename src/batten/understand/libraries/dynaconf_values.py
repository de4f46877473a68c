"""dynaconf 3.3: what a text of a file or variable stands for, and how two values merge.

Facts from dynaconf 3.3.5 `dynaconf.utils.parse_conf`, `dynaconf.utils.object_merge`
and `dynaconf.utils.handle_metavalues`. What is made late (`@format`, `@jinja`,
`@get`, `@read_file`) is a `LAZY` object until all is loaded.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.containers import CASELESS, spelled
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

DICT = "dynaconf.DataDict"
CASELESS.add(DICT)
LAZY = "dynaconf.utils.parse_conf.Lazy"
META = "dynaconf.utils.parse_conf.MetaValue"
TRUE = frozenset({"t", "true", "enabled", "1", "on", "yes"})
MERGE, UNIQUE = "dynaconf_merge", "dynaconf_merge_unique"
_LATE = frozenset({"@format", "@jinja", "@get", "@read_file"})
_META = frozenset({"@merge", "@merge_unique", "@del", "@insert", "@reset", "@empty"})
_PAIR = re.compile(r"""([a-zA-Z0-9_.]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9_.\-:/@]*))""")
_PYTHON = {": True": ": true", ":True": ": true", ": False": ": false", ":False": ": false"} | {
    ": None": ": null",
    ":None": ": null",
}


# Texts


def toml_value(text: str) -> Any:  # noqa: ANN401 - plain data
    """Return what a text is as the value of a TOML key, the text itself where it is none (`parse_with_toml`)."""
    try:
        return tomllib.loads(f"key={text}")["key"]
    except (tomllib.TOMLDecodeError, KeyError, RecursionError):
        return text


def boolean_fix(text: str) -> str:
    """Return `True` and `False` of an environment variable as TOML writes them."""
    return text.lower() if text.strip() in {"True", "False"} else text


def _objects(text: str) -> list[Any]:
    """Return the JSON objects inside a text (`extract_json_objects`)."""
    found, position, decoder = [], 0, json.JSONDecoder()
    for old, new in _PYTHON.items():
        text = text.replace(old, new)
    while (start := text.find("{", position)) != -1:
        try:
            held, length = decoder.raw_decode(text[start:])
        except ValueError:
            position = start + 1
        else:
            found.append(held)
            position = start + length
    return found


def _json(value: Any) -> Any:  # noqa: ANN401 - plain data
    for read in (json.loads, lambda text: _objects(text)[0], ast.literal_eval):
        try:
            return read(value)
        except (ValueError, IndexError, SyntaxError, TypeError):
            continue
    raise ValueError(f"Cannot parse as JSON: {value}")


def _transformed(method: str, value: Any) -> Any:  # noqa: ANN401 - plain data
    return getattr(str(value), method)()


CASTS: dict[str, Callable[[Any], Any]] = {
    "@str": str,
    "@int": int,
    "@float": float,
    "@bool": lambda value: str(value).strip().lower() in TRUE,
    "@json": _json,
    **{
        f"@{name}": partial(_transformed, name)
        for name in "upper lower title capitalize strip lstrip rstrip split casefold swapcase".split()
    },
    **dict.fromkeys(("@note", "@comment", "@null", "@none"), lambda _: None),
}
_TOKENS = re.compile(rf"^({'|'.join((*CASTS, *_LATE, *_META))}) @(jinja|format|read_file|get)")


def parsed(machine: Interpreter, held: Abstract, place: Place, *, toml: bool = False) -> Abstract:
    """Return a value with the texts in it read as `parse_conf_data` reads them.

    Raises:
        ThrownError: a text does not fit its cast.
    """
    if isinstance(held, OneOf):
        return reduce(join, (_unmarked(parsed(machine, one, place, toml=toml)) for one in held.choices))
    target = plain_object(held)
    if isinstance(target, Mapping):
        cells = {key: parsed(machine, one, place) for key, one in target.cells.items()}
        return Mapping(cells, target.origin, DICT, dict(target.more))
    if isinstance(target, Sequence) and target.of in {"list", "tuple"} and target.items is not None:
        items = tuple(parsed(machine, one, place, toml=toml) for one in target.items)
        return Sequence("list", items, target.origin)
    if isinstance(held, Unknown) and toml and held.kind != "error":
        return machine.unknown_of(place, held)
    if not isinstance(held, Known) or not isinstance(held.value, str):
        return held
    return _of_text(machine, held, held.value, place, toml=toml)


def _unmarked(held: Abstract) -> Abstract:
    """Return one of several values; a mark among them is not followed."""
    marked = isinstance(held, Instance) and held.library in {LAZY, META}
    return Unknown("a value that is made late may be one of several", held.origin) if marked else held


def _of_text(machine: Interpreter, held: Known, text: str, place: Place, *, toml: bool) -> Abstract:
    first = text.partition(" ")[0]
    if first not in CASTS and first not in _LATE | _META:
        data = toml_value(text) if toml else text
        return held if data is text or data == text else as_dicts(machine.compute(place, toml_value, held))
    both = _TOKENS.match(text)
    tokens = both[0].split(" ") if both else [first]
    rest = text.replace(both[0], "").strip() if both else text.partition(" ")[2]
    value = Known(rest, held.origin)
    last = tokens[-1]
    if last in _LATE:
        return _late(value, last, tokens[:-1])
    if last in {"@merge", "@merge_unique", "@del"}:
        made = Instance(Library(META), None, held.origin)
        what = Known(None) if last == "@del" else as_dicts(machine.compute(place, _merged_value, value))
        made.facts.update(kind=last, value=what)
        return made
    if last in _META:
        return Unknown(f"{last} is not followed", held.origin)
    return as_dicts(machine.compute(place, CASTS[last], value))


def _late(value: Known, token: str, casts: list[str]) -> Abstract:
    if any(cast not in CASTS for cast in casts):
        return Unknown(f"{casts[0]} {token} is not followed", value.origin)
    made = Instance(Library(LAZY), None, value.origin)
    made.facts.update(kind=token, text=value, casts=casts)
    return made


def _plain(text: str) -> Any:  # noqa: ANN401 - plain data
    """Return the value of a part of `@merge`."""
    first, _, rest = text.partition(" ")
    if first in CASTS:
        return CASTS[first](rest)
    if first in _LATE | _META:
        raise ValueError(f"{first} inside of @merge is not followed")
    return toml_value(text)


def _merged_value(text: str) -> Any:  # noqa: ANN401 - plain data
    """Return what `@merge text` merges in (`parse_conf.Merge`)."""
    value = _plain(text)
    if isinstance(value, bool | int | float):
        return [value]
    if not isinstance(value, str):
        return value
    objects = _objects(value)
    if len(objects) == 1:
        return objects[0]
    pairs = _PAIR.findall(value)
    if pairs:
        return {name: _plain(one or two or three) for name, one, two, three in pairs}
    return [_plain(part) for part in value.split(",")] if "," in value else [value]


def as_dicts(held: Abstract) -> Abstract:
    """Return a value whose dicts are dynaconf's own."""
    target = plain_object(held)
    if isinstance(target, Mapping):
        cells = {key: as_dicts(one) for key, one in target.cells.items()}
        return Mapping(cells, target.origin, DICT, dict(target.more))
    if isinstance(target, Sequence) and target.items is not None:
        return Sequence(target.of, tuple(map(as_dicts, target.items)), target.origin)
    return held


# Merging


def same(machine: Interpreter, first: Abstract, second: Abstract) -> bool:
    """Return whether two values are known to be equal."""
    one, two = machine.plain(first), machine.plain(second)
    return one is not None and two is not None and bool(one[0] == two[0])


def without(items: tuple[Abstract, ...], word: str) -> tuple[Abstract, ...] | None:
    """Return the items of a list without the first one that is `word`, None when none is."""
    for index, item in enumerate(items):
        if isinstance(item, Known) and item.value == word:
            return (*items[:index], *items[index + 1 :])
    return None


def merged(machine: Interpreter, old: Abstract, new: Abstract, *, unique: bool = False, lists: bool = True) -> Abstract:
    """Return what `object_merge(old, new)` makes of the new value; `lists` are then added to each other."""
    if same(machine, old, new):
        return new
    one, two = plain_object(old), plain_object(new)
    if isinstance(one, Unknown | OneOf):
        return Unknown("it is merged with a value that is not known", two.origin or one.origin)
    if isinstance(one, Sequence) and isinstance(two, Sequence):
        return _lists(machine, one, two, unique=unique, lists=lists)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return _dicts(machine, one, two, lists=lists)
    return new


def _lists(machine: Interpreter, old: Sequence, new: Sequence, *, unique: bool, lists: bool) -> Abstract:
    if old.items is None or new.items is None:
        return Sequence("list", Unknown("a list that is merged with one that is not known"), new.origin)
    items = without(new.items, UNIQUE)
    unique = unique or items is not None
    items = new.items if items is None else items
    if not lists and not unique:
        return new
    for item in reversed(old.items):
        if not (unique and any(same(machine, item, other) for other in items)):
            items = (item, *items)
    return Sequence("list", items, new.origin)


def _dicts(machine: Interpreter, old: Mapping, new: Mapping, *, lists: bool) -> Mapping:
    cells = {spelled(Mapping(old.cells, of=DICT), key): held for key, held in new.cells.items()}
    wanted = cells.pop(MERGE, Known(value=True))
    made = Mapping({}, new.origin, DICT, {**old.more, **new.more})
    if machine.truth(wanted) is not False:
        for key, held in old.cells.items():
            cells[key] = merged(machine, held, cells[key], lists=lists) if key in cells else held
        cells = {key: cells[key] for key in (*old.cells, *(key for key in cells if key not in old.cells))}
    for key, held in cells.items():
        one = _settled(machine, old.cells.get(key), held, lists=lists)
        if one is not None:
            made.cells[key] = one
    return made


def _settled(machine: Interpreter, old: Abstract | None, new: Abstract, *, lists: bool) -> Abstract | None:
    """Return an entry after `handle_metavalues`, None when it is deleted."""
    if isinstance(new, Instance) and new.library == META:
        if new.facts["kind"] == "@del":
            return None
        value: Abstract = new.facts["value"]
        new = value if old is None else merged(machine, old, value, unique=new.facts["kind"] == "@merge_unique")
    target = plain_object(new)
    if isinstance(target, Sequence) and target.items is not None:
        return _with_tokens(machine, old, target)
    if isinstance(target, Mapping):
        cells = {key: held for key, held in target.cells.items() if key not in {MERGE, UNIQUE}}
        local = target.cells.get(MERGE, target.cells.get(UNIQUE))
        inner = Mapping(cells, target.origin, DICT, dict(target.more))
        if local is not None and machine.truth(local) and old is not None:
            return merged(machine, old, inner, lists=lists)
        return inner
    return new


def _with_tokens(machine: Interpreter, old: Abstract | None, new: Sequence) -> Sequence:
    """Return a list in which the word `dynaconf_merge` stands for what was there before."""
    assert new.items is not None  # noqa: S101 - the caller looked
    items, unique = without(new.items, MERGE), False
    if items is None:
        items, unique = without(new.items, UNIQUE), True
    if items is None:
        return new
    before = plain_object(old) if old is not None else None
    for item in reversed(before.items or ()) if isinstance(before, Sequence) else ():
        if not (unique and any(same(machine, item, other) for other in items)):
            items = (item, *items)
    return Sequence("list", items, new.origin)


def before_set(
    machine: Interpreter,
    old: Abstract,
    new: Abstract,
    *,
    context: bool,
) -> Abstract:
    """Return what `Settings._merge_before_set` makes of a value that replaces another."""
    target = plain_object(new)
    if isinstance(target, Mapping):
        local = target.cells.get(MERGE, target.cells.get(UNIQUE))
        cells = {key: held for key, held in target.cells.items() if key not in {MERGE, UNIQUE}}
        inner = Mapping(cells, target.origin, DICT, dict(target.more))
        wanted = machine.truth(local) if local is not None else None
        return merged(machine, old, inner) if wanted or (context and wanted is not False) else inner
    if isinstance(target, Sequence) and target.items is not None:
        for word in (MERGE, UNIQUE):
            items = without(target.items, word)
            if items is not None:
                return merged(machine, old, Sequence("list", items, target.origin), unique=word == UNIQUE)
        return merged(machine, old, target) if context else new
    return new


def failed(kind: str, message: str, place: Place) -> ThrownError:
    """Return an error that stops the program, of a class of dynaconf's."""
    return ThrownError((kind, "Exception"), message, place)


__all__ = ["DICT", "LAZY", "META", "Origin", "as_dicts", "before_set", "boolean_fix", "failed", "merged", "parsed"]
