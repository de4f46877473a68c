"""`configparser` (CPython 3.11): what its parsers hold, file by file; `configparser_get.py` is what they give.

A parser keeps its texts as written, section by section, in dicts of the
evaluator, so that undecided branches join them. A file that the repository
does not have is passed over, as the parser does; one outside of it may say
anything.
"""

from __future__ import annotations

import configparser
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, calls, inits
from batten.understand.evaluate.machine import ANY_ERROR, ThrownError
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
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import ini_text
from batten.understand.libraries.paths import source_of, text_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

RAW = "configparser.RawConfigParser"
PARSER = "configparser.ConfigParser"
PROXY = "configparser.SectionProxy"
BASES[PARSER] = (RAW,)
ALIASES["configparser.SafeConfigParser"] = PARSER
SECTIONS, DEFAULTS, MISSING = "hook:sections", "hook:defaults", "hook:missing"
_READING = (
    "allow_no_value",
    "delimiters",
    "comment_prefixes",
    "inline_comment_prefixes",
    "strict",
    "empty_lines_in_values",
    "default_section",
)
_INTERPOLATIONS = {"BasicInterpolation": "basic", "ExtendedInterpolation": "extended", "Interpolation": "none"}


@inits(RAW, PARSER)
def _init(machine: Interpreter, parser: Instance, call: Call) -> None:
    named = dict(zip(("defaults", "dict_type", "allow_no_value"), call.args, strict=False)) | call.kwargs
    options = {name: machine.plain(named[name]) for name in _READING if name in named}
    followed = not call.open and None not in options.values()
    told = {name: held[0] for name, held in options.items() if held is not None}
    parser.facts["options"] = told if followed else None
    parser.facts["interpolation"] = _interpolation(named.get("interpolation"), parser)
    machine.put(parser.cells, SECTIONS, Mapping())
    machine.put(parser.cells, DEFAULTS, Mapping())
    if not followed:
        lose(machine, parser, "a parser with arguments that are not known")
    converters = plain_object(named.get("converters", Known(None)))
    if isinstance(converters, Mapping):
        from batten.understand.libraries.configparser_get import converted  # noqa: PLC0415 - it imports this file

        for name, function in converters.cells.items():
            machine.put(parser.cells, f"get{name}", Builtin(f"get{name}", converted(parser, function)))
    given = plain_object(named.get("defaults", Known(None)))
    if isinstance(given, Mapping):
        fill(machine, parser, default_section(parser), given, call.place, convert=True)
    elif not isinstance(given, Known):
        lose(machine, parser, "defaults that are not known")


def _interpolation(given: Abstract | None, parser: Instance) -> str:
    """Return `none`, `basic`, `extended`, or nothing when it is one that is not followed."""
    if given is None:
        return "basic" if parser.library == PARSER else "none"
    target = plain_object(given)
    if isinstance(target, Known) and target.value is None:
        return "none"
    if isinstance(target, Instance) and isinstance(target.of, Library):
        return _INTERPOLATIONS.get(target.library.removeprefix("configparser."), "")
    return ""


for _name in (*_INTERPOLATIONS, "LegacyInterpolation"):
    inits(f"configparser.{_name}")(lambda _machine, _instance, _call: None)


def parser_of(call: Call) -> Instance | None:
    """Return the parser whose method is called."""
    target = plain_object(call.receiver or Known(None))
    return target if isinstance(target, Instance) and SECTIONS in target.cells else None


def default_section(parser: Instance) -> str:
    """Return the name of the section whose options stand in all others."""
    options = parser.facts.get("options") or {}
    return str(options.get("default_section", "DEFAULT"))


def lose(machine: Interpreter, parser: Instance, why: str) -> None:
    """Note that a parser may hold anything, over all that it holds."""
    for key in (SECTIONS, DEFAULTS):
        target = plain_object(parser.cells.get(key, Mapping()))
        if isinstance(target, Mapping):
            machine.put(target.more, "rest", Unknown(why))
            for name, held in list(target.cells.items()):
                section = plain_object(held)
                if isinstance(section, Mapping):
                    machine.put(section.more, "rest", Unknown(why))
                    for option, value in list(section.cells.items()):
                        machine.put(section.cells, option, join(value, Unknown(why)))
                else:
                    machine.put(target.cells, name, join(held, Unknown(why)))


def held_by(parser: Instance, key: str) -> Mapping:
    """Return the sections of a parser, or its defaults; open when they are not known."""
    target = plain_object(parser.cells.get(key, ABSENT))
    return target if isinstance(target, Mapping) else Mapping(more={"rest": Known(value=True)})


def entries(parser: Instance, section: str) -> Mapping | None:
    """Return the options of a section without the defaults, None when it has no such section."""
    if section == default_section(parser):
        return held_by(parser, DEFAULTS)
    held = held_by(parser, SECTIONS).cells.get(section, ABSENT)
    for choice in each(held):
        target = plain_object(choice)
        if isinstance(target, Mapping):
            return target
    return None


def option_name(machine: Interpreter, parser: Instance, name: Abstract, place: Place) -> Abstract:
    """Return the name under which an option is kept."""
    if machine.hooked(parser, "optionxform") or "optionxform" in parser.cells:
        return machine.call_with(machine.get_attribute(parser, "optionxform", place), [name], place)
    return machine.compute(place, lambda text: text.lower(), name, of="str")


CALLS[f"{RAW}.optionxform"] = lambda machine, call: machine.compute(
    call.place, lambda text: text.lower(), *call.args[:1], of="str"
)


# Reading


def take(machine: Interpreter, parser: Instance, text: Abstract, path: str | None, place: Place) -> None:
    """Read a text into a parser; `path` is the repository file that it comes from.

    Raises:
        ThrownError: it is not what the parser takes.
    """
    options = parser.facts.get("options")
    if not isinstance(text, Known) or not isinstance(text.value, str) or options is None:
        machine.may_throw(ANY_ERROR)
        lose(machine, parser, getattr(text, "why", "a text that is not known may set it"))
        return
    unknown: list[str] = []

    def names(raw: list[str]) -> dict[str, str]:
        found = {}
        for name in raw:
            kept = option_name(machine, parser, Known(name), place)
            found[name] = str(kept.value) if isinstance(kept, Known) else name
            unknown.extend([] if isinstance(kept, Known) else [name])
        return found

    try:
        sections = ini_text.parse(text.value, options, names)
    except (configparser.Error, AttributeError) as error:  # a line that goes on where there is no value
        kinds = tuple(cls.__name__ for cls in type(error).__mro__[:-1])
        raise ThrownError(kinds, str(error).partition("\n")[0][:200], place) from None
    if unknown:
        lose(machine, parser, "an option whose name is made in a way that is not followed")
        return
    for section, held in sections.items():
        target = section_of(machine, parser, section)
        for option, (value, line) in held.items():
            machine.put(target.cells, option, _written(value, option, section, path, line, text.origin))


def _written(value: str | None, option: str, section: str, path: str | None, line: int, origin: Origin) -> Known:
    if path is None:
        return Known(value, origin)
    at = Location(file=path, line=line)
    hop = (at, f"{path} sets {option} of [{section}] to", repr(value))
    return Known(value, Origin(at, (*origin.hops, hop), origin.unset, pinned=True))


def section_of(machine: Interpreter, parser: Instance, section: str) -> Mapping:
    """Return the options of a section, made when there is none."""
    found = entries(parser, section)
    if found is None:
        found = Mapping()
        machine.put(held_by(parser, SECTIONS).cells, section, found)
    return found


@calls(f"{RAW}.read")
def _read(machine: Interpreter, call: Call) -> Abstract:
    """Read the files that are there; return their names."""
    parser, names = parser_of(call), call.get("filenames", 0) or Unknown("no files")
    if parser is None:
        return machine.unknown_of(call.place, names)
    target = plain_object(names)
    many = machine.iterate(names) if isinstance(target, Sequence) else [names]
    if many is None:
        lose(machine, parser, "a file that is not known may set it")
        return Sequence("list", Unknown("files that are not known"), Origin(call.place))
    found: list[Abstract] = []
    certain = True
    for name in many:
        there = _read_one(machine, parser, text_of(machine, name, call.place), call.place)
        certain = certain and there is not None
        if there:
            found.append(name)
    return Sequence("list", tuple(found) if certain else Unknown("files that may be there"), Origin(call.place))


def _read_one(machine: Interpreter, parser: Instance, name: Abstract, place: Place) -> bool | None:
    """Read one file; return whether it is there, None when that is not known."""
    if not isinstance(name, Known) or not isinstance(name.value, str):
        lose(machine, parser, "a file that is not known may set it")
        return None
    path = machine.world.repo_path(name.value)
    text = machine.world.read(path) if path is not None else None
    if path is not None and text is not None:
        take(
            machine,
            parser,
            Known(text, Origin(None, ((place, f"{path} is read", None),), name.origin.unset)),
            path,
            place,
        )
        return True
    shown = name.value.replace("\0", "").lstrip("/") if "\0" in name.value else name.value
    machine.record.append(("config missing", shown, place))
    machine.put(parser.cells, MISSING, Known(shown))
    if path is None:
        machine.doubt(f"ConfigParser.read({shown!r})", "the file is outside of the repository", place)
        lose(machine, parser, f"{shown} may set it, and is not in the repository")
        return None
    return False


@calls(f"{RAW}.read_file", f"{RAW}.readfp")
def _read_file(machine: Interpreter, call: Call) -> Abstract:
    parser, file = parser_of(call), plain_object(call.get("f", 0) or Unknown("no file"))
    if parser is None:
        return Known(None)
    held = file.cells.get("text") if isinstance(file, Instance) else None
    if held is None:
        items = machine.iterate(file) if isinstance(file, Sequence) else None
        parts = items if items is not None else [Unknown("lines that are not known")]
        held = machine.compute(call.place, lambda *lines: _lines(lines), *parts, of="str")
    take(machine, parser, held, source_of(held), call.place)
    return Known(None)


def _lines(lines: tuple[str, ...]) -> str:
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


@calls(f"{RAW}.read_string")
def _read_string(machine: Interpreter, call: Call) -> Abstract:
    parser, text = parser_of(call), call.get("string", 0) or Unknown("no text")
    if parser is not None:
        take(machine, parser, text, source_of(text), call.place)
    return Known(None)


@calls(f"{RAW}.read_dict")
def _read_dict(machine: Interpreter, call: Call) -> Abstract:
    parser, source = parser_of(call), plain_object(call.get("dictionary", 0) or Unknown("no dict"))
    if parser is None:
        return Known(None)
    if not isinstance(source, Mapping) or source.open:
        lose(machine, parser, "a dict that is not known may set it")
    for section, held in source.cells.items() if isinstance(source, Mapping) else ():
        inner = plain_object(held)
        if isinstance(inner, Mapping):
            section_of(machine, parser, str(section))
            fill(machine, parser, str(section), inner, call.place)
        else:
            lose(machine, parser, "a section that is not known")
    return Known(None)


def fill(
    machine: Interpreter, parser: Instance, section: str, source: Mapping, place: Place, *, convert: bool = False
) -> None:
    """Put the entries of a dict into a section, as texts; `convert` says that their references are not looked at."""
    target = section_of(machine, parser, section)
    if source.open:
        machine.obscure(target)
    for name, held in source.cells.items():
        option = option_name(machine, parser, Known(str(name)), place)
        text = machine.compute(place, lambda value: None if value is None else str(value), held, of="str")
        if convert and isinstance(option, Known):
            machine.put(target.cells, option.value, text)
        else:
            write(machine, parser, target, option, text, place)


def write(
    machine: Interpreter, parser: Instance, target: Mapping, option: Abstract, text: Abstract, place: Place
) -> None:
    """Write an option.

    Raises:
        ThrownError: the parser does not take the text.
    """
    kind = parser.facts.get("interpolation", "")
    nothing_fits = machine.truth(Known(bool((parser.facts.get("options") or {}).get("allow_no_value"))))
    for choice in each(text):
        odd = isinstance(choice, Known) and not isinstance(choice.value, str) and bool(choice.value or not nothing_fits)
        if odd and parser.library == PARSER:
            raise ThrownError(("TypeError", "Exception"), "option values must be strings", place)
        if isinstance(choice, Known) and isinstance(choice.value, str):
            if kind and ini_text.refuses(choice.value, kind):
                raise ThrownError(
                    ("ValueError", "Exception"), f"invalid interpolation syntax in {choice.value!r}", place
                )
        elif not isinstance(choice, Known):
            machine.may_throw(ANY_ERROR)
    machine.set_item(target, option, text)
