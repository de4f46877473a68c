"""Sections of the parsers of `configparser` (CPython 3.11): named, listed, as mappings, written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, attribute, calls
from batten.understand.evaluate.machine import ANY_ERROR, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin, Place, combined
from batten.understand.libraries.configparser import (
    DEFAULTS,
    PROXY,
    RAW,
    SECTIONS,
    default_section,
    entries,
    fill,
    held_by,
    lose,
    option_name,
    parser_of,
    section_of,
    write,
)
from batten.understand.libraries.configparser_get import cast_of, lost, missing, read, replaced, unified, with_fallback

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter


def _names(held: Mapping, *, without: str = "") -> Sequence:
    certain = not held.open and not any(c is ABSENT for v in held.cells.values() for c in each(v))
    found = tuple(Known(name) for name in held.cells if name != without)
    return Sequence("list", found if certain else Unknown("names that are not all known"))


@calls(f"{RAW}.sections")
def _sections(machine: Interpreter, call: Call) -> Abstract:
    del machine
    parser = parser_of(call)
    return _names(held_by(parser, SECTIONS)) if parser is not None else lost(call)


@calls(f"{RAW}.has_section")
def _has_section(machine: Interpreter, call: Call) -> Abstract:
    parser = parser_of(call)
    if parser is None or not call.args:
        return lost(call)
    return _inside(machine, held_by(parser, SECTIONS), call.args[0], call.place)


def _inside(machine: Interpreter, table: Mapping, name: Abstract, place: Place) -> Abstract:
    answer = machine.contains(table, name)
    return (
        machine.unknown_of(place, name, of="bool")
        if answer is None
        else Known(answer, combined(place, origin_of(name)))
    )


def _has(machine: Interpreter, parser: Instance, section: Abstract, option: Abstract, place: Place) -> Abstract:
    name = option_name(machine, parser, option, place)
    if not isinstance(section, Known) or not isinstance(name, Known):
        return machine.unknown_of(place, section, name, of="bool")
    texts = unified(machine, parser, str(section.value or default_section(parser)), Call([], {}, place))
    if texts is None:
        return _inside(machine, held_by(parser, SECTIONS), section, place)
    return _inside(machine, texts, name, place)


@calls(f"{RAW}.has_option")
def _has_option(machine: Interpreter, call: Call) -> Abstract:
    parser, section, option = parser_of(call), call.get("section", 0), call.get("option", 1)
    if parser is None or section is None or option is None:
        return lost(call)
    return _has(machine, parser, section, option, call.place)


@calls(f"{RAW}.defaults")
def _defaults(machine: Interpreter, call: Call) -> Abstract:
    del machine
    parser = parser_of(call)
    return held_by(parser, DEFAULTS) if parser is not None else lost(call)


def _section_or_raise(machine: Interpreter, parser: Instance, section: Abstract, call: Call) -> Mapping | None:
    """Return the options of a section over the defaults, None when it is not known."""
    if not isinstance(section, Known):
        machine.may_throw(ANY_ERROR)
        return None
    texts = unified(machine, parser, str(section.value), call)
    if texts is None:
        missing(machine, parser, held_by(parser, SECTIONS), call, (str(section.value), ""))
    return texts


@calls(f"{RAW}.options")
def _options(machine: Interpreter, call: Call) -> Abstract:
    parser, section = parser_of(call), call.get("section", 0)
    if parser is None or section is None:
        return lost(call)
    texts = _section_or_raise(machine, parser, section, call)
    own = entries(parser, str(section.value)) if isinstance(section, Known) else None
    if texts is None or own is None:
        return Sequence("list", Unknown("options that are not known"))
    ordered = Mapping({**own.cells, **held_by(parser, DEFAULTS).cells}, more=dict(texts.more))
    return _names(ordered)


@calls(f"{RAW}.items")
def _items(machine: Interpreter, call: Call) -> Abstract:
    parser, section = parser_of(call), call.get("section", 0)
    if parser is None:
        return lost(call)
    if section is None:
        rows: list[tuple[str, Abstract]] = [
            (name, _proxy(parser, name, call.place)) for name in _all_sections(parser) or ()
        ]
        certain = _all_sections(parser) is not None
    else:
        plain = Call([], {k: v for k, v in call.kwargs.items() if k in {"raw", "vars"}}, call.place, open=call.open)
        texts = _section_or_raise(machine, parser, section, plain)
        certain = texts is not None and _names(texts).items is not None
        rows = []
        if texts is not None and certain and isinstance(section, Known):
            raw = machine.truth(plain.kwargs.get("raw", Known(value=False)))
            empty = parser.facts.get("interpolation") in {"basic", "extended"} and raw is False
            for name, held in texts.cells.items():
                value = Known("", held.origin) if empty and isinstance(held, Known) and held.value is None else held
                where = (str(section.value), str(name))
                rows.append((str(name), replaced(machine, parser, value, texts, plain, where)))
    pairs = tuple(Sequence("tuple", (Known(name), held)) for name, held in rows)
    return Sequence("list", pairs if certain else Unknown("options that are not known"), Origin(call.place))


def _all_sections(parser: Instance) -> list[str] | None:
    names = _names(held_by(parser, SECTIONS)).items
    if names is None:
        return None
    return [default_section(parser), *(str(name.value) for name in names if isinstance(name, Known))]


@calls(f"{RAW}.__iter__")
def _iterated(machine: Interpreter, call: Call) -> Abstract:
    del machine
    parser = parser_of(call)
    names = _all_sections(parser) if parser is not None else None
    return Sequence("list", Unknown("sections") if names is None else tuple(Known(name) for name in names))


@calls(f"{RAW}.__contains__")
def _contains(machine: Interpreter, call: Call) -> Abstract:
    parser = parser_of(call)
    if parser is None:
        return lost(call)
    name = call.args[0]
    if isinstance(name, Known) and name.value == default_section(parser):
        return Known(value=True, origin=Origin(call.place))
    return _inside(machine, held_by(parser, SECTIONS), name, call.place)


# Writing


@calls(f"{RAW}.set")
def _set(machine: Interpreter, call: Call) -> Abstract:
    parser, section, option = parser_of(call), call.get("section", 0), call.get("option", 1)
    value = call.get("value", 2) or Known(None)
    if parser is None or section is None or option is None:
        return lost(call)
    if not isinstance(section, Known):
        lose(machine, parser, "a section that is not known may set it")
        return Known(None)
    target = entries(parser, str(section.value or default_section(parser)))
    if target is None:
        missing(machine, parser, held_by(parser, SECTIONS), Call([], {}, call.place), (str(section.value), ""))
        target = section_of(machine, parser, str(section.value))
    write(machine, parser, target, option_name(machine, parser, option, call.place), value, call.place)
    return Known(None)


@calls(f"{RAW}.add_section")
def _add(machine: Interpreter, call: Call) -> Abstract:
    parser, section = parser_of(call), call.get("section", 0)
    if parser is None or not isinstance(section, Known):
        return lost(call)
    name = str(section.value)
    if name == default_section(parser):
        raise ThrownError(("ValueError", "Exception"), f"Invalid section name: {name!r}", call.place)
    if entries(parser, name) is not None:
        kinds = ("DuplicateSectionError", "Error", "Exception")
        raise ThrownError(kinds, f"Section {name!r} already exists", call.place)
    section_of(machine, parser, name)
    return Known(None)


def _removed(machine: Interpreter, table: Mapping | None, name: Abstract, call: Call) -> Abstract:
    if table is None or not isinstance(name, Known):
        return lost(call)
    there = _inside(machine, table, name, call.place)
    if name.value in table.cells:
        machine.put(table.cells, name.value, ABSENT)
    return there


@calls(f"{RAW}.remove_section")
def _remove_section(machine: Interpreter, call: Call) -> Abstract:
    parser = parser_of(call)
    table = held_by(parser, SECTIONS) if parser is not None else None
    return _removed(machine, table, call.get("section", 0) or Unknown("no section"), call)


@calls(f"{RAW}.remove_option")
def _remove_option(machine: Interpreter, call: Call) -> Abstract:
    parser, section, option = parser_of(call), call.get("section", 0), call.get("option", 1)
    if parser is None or not isinstance(section, Known) or option is None:
        return lost(call)
    return _removed(
        machine, entries(parser, str(section.value)), option_name(machine, parser, option, call.place), call
    )


# One section as a mapping


def _proxy(parser: Instance, section: str, place: Place) -> Instance:
    made = Instance(Library(PROXY), place, Origin(place))
    made.facts.update({"parser": parser, "section": section})
    return made


def _of(call: Call) -> tuple[Instance, Known] | None:
    """Return the parser and the section that a proxy stands for."""
    target = plain_object(call.receiver or Known(None))
    if not isinstance(target, Instance) or "parser" not in target.facts:
        return None
    return target.facts["parser"], Known(target.facts["section"])


@calls(f"{RAW}.__getitem__")
def _section(machine: Interpreter, call: Call) -> Abstract:
    parser, name = parser_of(call), call.args[0]
    if parser is None or not isinstance(name, Known):
        machine.may_throw(ANY_ERROR)
        return machine.unknown_of(call.place, name)
    if entries(parser, str(name.value)) is None:
        try:
            return missing(machine, parser, held_by(parser, SECTIONS), call, (str(name.value), ""))
        except ThrownError:
            kinds = ("KeyError", "LookupError", "Exception")
            raise ThrownError(kinds, repr(name.value), call.place) from None
    return _proxy(parser, str(name.value), call.place)


@calls(f"{RAW}.__setitem__")
def _put_section(machine: Interpreter, call: Call) -> Abstract:
    parser, name, source = parser_of(call), call.args[0], plain_object(call.args[1])
    if parser is None:
        return Known(None)
    if not isinstance(name, Known) or not isinstance(source, Mapping):
        lose(machine, parser, "a section that is not known may set it")
        return Known(None)
    target = section_of(machine, parser, str(name.value))
    for option in list(target.cells):
        machine.put(target.cells, option, ABSENT)
    fill(machine, parser, str(name.value), source, call.place)
    return Known(None)


@calls(f"{PROXY}.__getitem__")
def _entry(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    if found is None:
        return lost(call)
    parser, section = found
    if (
        machine.hooked(parser, "get")
        and machine.truth(_has(machine, parser, section, call.args[0], call.place)) is False
    ):
        raise ThrownError(("KeyError", "LookupError", "Exception"), "there is no such option", call.place)
    try:
        return read(machine, parser, Call([], {}, call.place), section, call.args[0])
    except ThrownError as error:
        if "NoOptionError" not in error.kinds:
            raise
        raise ThrownError(("KeyError", "LookupError", "Exception"), error.message, call.place) from None


def _proxied(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        found, option = _of(call), call.get("option", 0)
        if found is None or option is None:
            return lost(call)
        parser, section = found
        kwargs = {name: held for name, held in call.kwargs.items() if name in {"raw", "vars"}}
        fallback = call.get("fallback", 1) or Known(None, Origin(call.place))
        inner = Call([], {**kwargs, "fallback": fallback}, call.place, open=call.open)
        if not kind:
            return read(machine, parser, inner, section, option)
        cast = cast_of(kind)
        return with_fallback(
            machine, parser, inner, (section, option), lambda held: cast(machine, parser, held, call.place)
        )

    return model


for _kind in ("", "int", "float", "boolean"):
    CALLS[f"{PROXY}.get{_kind}"] = _proxied(_kind)


@calls(f"{PROXY}.__contains__")
def _holds(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    return lost(call) if found is None else _has(machine, *found, call.args[0], call.place)


def _rows(machine: Interpreter, call: Call) -> list[tuple[Abstract, Abstract]] | None:
    """Return the options of a section in order with what they give, None when they are not all known."""
    found = _of(call)
    names = machine.iterate(_options(machine, Call([found[1]], {}, call.place, receiver=found[0]))) if found else None
    if found is None or names is None:
        return None
    return [(name, read(machine, found[0], Call([], {}, call.place), found[1], name)) for name in names]


def _listed(part: Callable[[tuple[Abstract, Abstract]], Abstract]) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        rows = _rows(machine, call)
        why = Unknown("options that are not known")
        return Sequence("list", why if rows is None else tuple(map(part, rows)), Origin(call.place))

    return model


@calls(f"{PROXY}.keys", f"{PROXY}.__iter__")
def _keys(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    return lost(call) if found is None else _options(machine, Call([found[1]], {}, call.place, receiver=found[0]))


CALLS[f"{PROXY}.values"] = _listed(lambda row: row[1])
CALLS[f"{PROXY}.items"] = _listed(lambda row: Sequence("tuple", row))


@calls(f"{PROXY}.__len__")
def _count(machine: Interpreter, call: Call) -> Abstract:
    names = machine.iterate(_keys(machine, call))
    return Unknown("how many options there are", of="int") if names is None else Known(len(names), Origin(call.place))


@calls(f"{PROXY}.__setitem__")
def _put(machine: Interpreter, call: Call) -> Abstract:
    found = _of(call)
    if found is not None:
        _set(machine, Call([found[1], *call.args], {}, call.place, receiver=found[0]))
    return Known(None)


@attribute(f"{PROXY}.name")
def _name(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, place
    return Known(instance.facts["section"])


@attribute(f"{PROXY}.parser")
def _its_parser(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, place
    return instance.facts["parser"]  # type: ignore[no-any-return]
