"""What the parsers of `configparser` give (CPython 3.11): options with their references replaced, sections, proxies."""

from __future__ import annotations

import configparser
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.machine import ANY_ERROR, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Mapping,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin, Place, combined
from batten.understand.libraries import ini_text
from batten.understand.libraries.configparser import (
    DEFAULTS,
    MISSING,
    RAW,
    SECTIONS,
    default_section,
    entries,
    held_by,
    option_name,
    parser_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

_STATES = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
_NO_SECTION = ("NoSectionError", "Error", "Exception", "BaseException")
_NO_OPTION = ("NoOptionError", "Error", "Exception", "BaseException")


def lost(call: Call) -> Unknown:
    """Return what a method of something that is no parser gives."""
    return Unknown("a parser that is not known", Origin(call.place))


# One option


def _get(machine: Interpreter, parser: Instance, section: Abstract, option: Abstract, call: Call) -> Abstract:
    """Return `parser.get(section, option, raw=…, vars=…, fallback=…)`.

    Raises:
        ThrownError: there is none, for certain.
    """
    name = option_name(machine, parser, option, call.place)
    ways = [
        partial(_get_one, machine, parser, one, other, call)
        for one in each(section)
        for other in each(name)
        if one is not ABSENT and other is not ABSENT
    ]
    return machine.either_way(ways)


def _get_one(machine: Interpreter, parser: Instance, section: Abstract, option: Abstract, call: Call) -> Abstract:
    if call.open or not isinstance(section, Known) or not isinstance(option, Known):
        machine.may_throw(ANY_ERROR)
        return machine.unknown_of(call.place, section, option, of="str")
    texts = unified(machine, parser, str(section.value), call)
    origin = combined(call.place, origin_of(section), origin_of(option))
    if texts is None:
        return missing(machine, parser, held_by(parser, SECTIONS), call, (str(section.value), ""))
    held = texts.cells.get(option.value, ABSENT)
    found: Abstract | None = None
    for choice in each(held):
        if choice is ABSENT:
            one = missing(machine, parser, texts, call, (str(section.value), str(option.value)))
        else:
            one = replaced(machine, parser, choice, texts, call, (str(section.value), str(option.value)))
        found = one if found is None else join(found, one)
    return machine.tainted(found or lost(call), Origin(None, origin.hops, origin.unset))


def unified(machine: Interpreter, parser: Instance, section: str, call: Call) -> Mapping | None:
    """Return the options of a section over the defaults, with `vars` over both; None without such a section."""
    own = entries(parser, section)
    if own is None:
        return None
    made = Mapping(dict(held_by(parser, DEFAULTS).cells))
    sections = held_by(parser, SECTIONS).cells.get(section, ABSENT)
    for source in (held_by(parser, DEFAULTS), own):
        if source.open:
            made.more["rest"] = source.more["rest"]
    machine.update_mapping(made, own)
    if any(choice is ABSENT for choice in each(sections)) and section != default_section(parser):
        machine.may_throw(frozenset(_NO_SECTION))
        for name, held in list(made.cells.items()):
            made.cells[name] = join(held, ABSENT)
    extra = plain_object(call.kwargs.get("vars", Known(None)))
    if isinstance(extra, Mapping):
        if extra.open:
            machine.obscure(made)
        for name, held in extra.cells.items():
            text = machine.compute(call.place, lambda value: None if value is None else str(value), held, of="str")
            machine.set_item(made, option_name(machine, parser, Known(str(name)), call.place), text)
    elif not isinstance(extra, Known):
        machine.obscure(made)
    return made


def missing(machine: Interpreter, parser: Instance, where: Mapping, call: Call, name: tuple[str, str]) -> Abstract:
    """Return the fallback for an option that is not there.

    Raises:
        ThrownError: there is no fallback.
    """
    fallback = call.kwargs.get("fallback")
    section, option = name
    told = f"no option {option!r} in section {section!r}" if option else f"no section {section!r}"
    if where.open:
        machine.may_throw(ANY_ERROR)
        why = getattr(where.more["rest"], "why", "") or f"{option or section} may be set in a way that is not known"
        vague: Abstract = Unknown(why, Origin(call.place))
        return vague if fallback is None else join(fallback, vague)
    if fallback is not None:
        hop = (call.place, f"{told}: fallback", repr(fallback.value) if isinstance(fallback, Known) else None)
        if not isinstance(fallback, Known):
            return fallback
        return Known(fallback.value, fallback.origin.then(hop))
    file = parser.cells.get(MISSING)
    if isinstance(file, Known) and not machine.catches("NoSectionError", "NoOptionError", "Error"):
        machine.may_throw(ANY_ERROR)
        why = f"{file.value} has to set {option or section}, and is not in the repository"
        return Unknown(why, Origin(call.place, ((call.place, why, None),)), kind="external", of="str")
    raise ThrownError(_NO_OPTION if option else _NO_SECTION, told, call.place)


def replaced(
    machine: Interpreter, parser: Instance, held: Abstract, texts: Mapping, call: Call, name: tuple[str, str]
) -> Abstract:
    """Return a text with its references replaced."""
    kind = parser.facts.get("interpolation", "")
    raw = machine.truth(call.kwargs.get("raw", Known(value=False)))
    mark = {"basic": "%", "extended": "$"}.get(kind)
    plainly = isinstance(held, Known) and (held.value is None or (mark is not None and mark not in str(held.value)))
    if raw or kind == "none" or plainly:
        return held
    if raw is None or not kind or not isinstance(held, Known):
        machine.may_throw(ANY_ERROR)
        return machine.unknown_of(call.place, held, Unknown("references in it may be replaced"), of="str")
    return _interpolated(machine, parser, held, texts, call, name)


def _interpolated(
    machine: Interpreter, parser: Instance, held: Known, texts: Mapping, call: Call, name: tuple[str, str]
) -> Abstract:
    unknown: list[Abstract] = []

    def known(table: Mapping) -> dict[str, str | None]:
        return {str(option): _text(value, unknown) for option, value in table.cells.items()}

    sections = {
        str(section): known(target)
        for section, value in held_by(parser, SECTIONS).cells.items()
        if isinstance(target := plain_object(value), Mapping)
    }
    section, option = name
    sections[default_section(parser)] = known(held_by(parser, DEFAULTS))
    told = ini_text.Told(sections, default_section(parser))
    told.optionxform = partial(_kept, machine, parser, call.place)  # type: ignore[method-assign]
    own = known(texts)
    kind = parser.facts["interpolation"]
    try:
        result = ini_text.interpolated(held.value, kind, told, section, option, own)
    except configparser.Error as error:
        kinds = tuple(cls.__name__ for cls in type(error).__mro__[:-1])
        if texts.open or held_by(parser, SECTIONS).open or unknown:
            machine.may_throw(frozenset(kinds))
            return Unknown("a reference in it may be set in a way that is not known", Origin(call.place), of="str")
        raise ThrownError(kinds, str(error).partition("\n")[0][:200], call.place) from None
    seen = [texts.cells.get(option, ABSENT) for _, option in told.seen]
    origin = combined(held.origin.home, held.origin, *(origin_of(one) for one in seen if one is not ABSENT))
    used = [index for index in range(len(unknown)) if ini_text.UNKNOWN.format(index) in result]
    if not used:
        return Known(result, Origin(held.origin.home, origin.hops, origin.unset, pinned=held.origin.pinned))
    return _filled(machine, result, [(index, unknown[index]) for index in used], kind, call.place)


def _kept(machine: Interpreter, parser: Instance, place: Place, name: str) -> str:
    """Return the name under which an option is kept, as Python's own parser asks for it."""
    found = option_name(machine, parser, Known(name), place)
    return str(found.value) if isinstance(found, Known) else name


def _text(value: Abstract, unknown: list[Abstract]) -> str | None:
    """Return a text, or what stands for one that is not known."""
    if isinstance(value, Known) and (value.value is None or isinstance(value.value, str)):
        return value.value
    unknown.append(value)
    return ini_text.UNKNOWN.format(len(unknown) - 1)


def _filled(machine: Interpreter, result: str, parts: list[tuple[int, Abstract]], kind: str, place: Place) -> Abstract:
    """Return a text in which some parts are one of several, unknown when one is not known at all."""
    mark = "%" if kind == "basic" else "$"

    def fill(*texts: Any) -> str:  # noqa: ANN401 - any constant
        found = result
        for (index, _), text in zip(parts, texts, strict=True):
            if not isinstance(text, str) or mark in text:
                raise TypeError("references inside of a reference")
            found = found.replace(ini_text.UNKNOWN.format(index), text)
        return found

    try:
        return machine.compute(place, fill, *(part for _, part in parts), of="str")
    except ThrownError:
        return machine.unknown_of(place, *(part for _, part in parts), of="str")


# Methods of parsers


@calls(f"{RAW}.get")
def _get_method(machine: Interpreter, call: Call) -> Abstract:
    parser = parser_of(call)
    section, option = call.get("section", 0), call.get("option", 1)
    if parser is None or section is None or option is None:
        return lost(call)
    return _get(machine, parser, section, option, call)


def boolean(machine: Interpreter, parser: Instance, held: Abstract, place: Place) -> Abstract:
    """Return what `getboolean` makes of a text."""
    states = _STATES
    if machine.hooked(parser, "BOOLEAN_STATES") or "BOOLEAN_STATES" in parser.cells:
        plain = machine.plain(machine.get_attribute(parser, "BOOLEAN_STATES", place))
        if plain is None:
            return machine.unknown_of(place, held, of="bool")
        states = plain[0]

    def convert(text: str) -> Any:  # noqa: ANN401 - what the project's states say
        if text.lower() not in states:
            raise ValueError(f"Not a boolean: {text}")
        return states[text.lower()]

    return machine.compute(place, convert, held, of="bool")


def cast_of(kind: str) -> Callable[[Interpreter, Instance, Abstract, Place], Abstract]:
    """Return the cast that `get<kind>` does."""
    if kind == "boolean":
        return boolean
    function = int if kind == "int" else float
    return lambda machine, _parser, held, place: machine.compute(place, function, held, of=kind)


def read(machine: Interpreter, parser: Instance, call: Call, section: Abstract, option: Abstract) -> Abstract:
    """Return `parser.get(…)` by the project's own method where its class has one."""
    inner = Call([section, option], dict(call.kwargs), call.place, open=call.open, receiver=parser)
    if machine.hooked(parser, "get"):
        inner.kwargs = {"raw": Known(value=False), "vars": Known(None), **inner.kwargs}
        return machine.call(machine.get_attribute(parser, "get", call.place), inner)
    return _get(machine, parser, section, option, inner)


def with_fallback(
    machine: Interpreter,
    parser: Instance,
    call: Call,
    names: tuple[Abstract, Abstract],
    cast: Any,  # noqa: ANN401 - a function of one value
) -> Abstract:
    """Return an option after a cast; the fallback, as it is, where there is none."""
    fallback = call.kwargs.get("fallback")
    plain = Call(call.args, {k: v for k, v in call.kwargs.items() if k != "fallback"}, call.place, open=call.open)
    if fallback is None:
        return cast(read(machine, parser, plain, *names))  # type: ignore[no-any-return]
    machine.catching.append(frozenset({"NoSectionError"}))
    noted, maybe = machine.maybe_thrown, len(machine.maybe)
    try:
        held = read(machine, parser, plain, *names)
    except ThrownError as error:
        if not {"NoSectionError", "NoOptionError"} & set(error.kinds):
            raise
        told = (call.place, f"{error.message}: fallback", repr(getattr(fallback, "value", None)))
        return Known(fallback.value, fallback.origin.then(told)) if isinstance(fallback, Known) else fallback
    finally:
        machine.catching.pop()
    made = cast(held)
    perhaps = any("*" in kinds or {"NoSectionError", "NoOptionError"} & kinds for kinds in machine.maybe[maybe:])
    return join(made, fallback) if perhaps or machine.maybe_thrown > noted else made


def _typed(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    cast = cast_of(kind)

    def model(machine: Interpreter, call: Call) -> Abstract:
        parser = parser_of(call)
        section, option = call.get("section", 0), call.get("option", 1)
        if parser is None or section is None or option is None:
            return lost(call)
        return with_fallback(
            machine, parser, call, (section, option), lambda held: cast(machine, parser, held, call.place)
        )

    return model


for _kind in ("int", "float", "boolean"):
    CALLS[f"{RAW}.get{_kind}"] = _typed(_kind)


def converted(parser: Instance, function: Abstract) -> Callable[[Any, Call], Abstract]:
    """Return the method that a converter of the project becomes."""

    def model(machine: Any, call: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        section, option = call.get("section", 0), call.get("option", 1)
        if section is None or option is None:
            return lost(call)
        return with_fallback(
            machine, parser, call, (section, option), lambda held: machine.call_with(function, [held], call.place)
        )

    return model
