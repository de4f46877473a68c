"""A variable looked up by a library: the environment first, then a file, then a default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.environ import SYSTEM, defaulted, read
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Mapping, Unknown, each, join
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place


def found(
    machine: Interpreter,
    name: str,
    in_file: Abstract,
    default: Abstract | None,
    place: Place,
    error: tuple[str, ...],
) -> list[tuple[Abstract, bool]]:
    """Return the values a variable may have, each with whether it is the default.

    `in_file` is ABSENT when no file sets it. Without a default production is
    bound to set the variable, as for `os.environ[name]`.

    Raises:
        ThrownError: nothing sets it, and the program catches `error`.
    """
    values: list[tuple[Abstract, bool]] = []
    held = machine.environ.held(name)
    for choice in each(held):
        if choice is not ABSENT:
            values.append((_read(choice, name, place), False))
            continue
        for other in each(in_file):
            if other is not ABSENT:
                values.append((_read(other, name, place), False))
            elif default is not None and name not in SYSTEM:
                values.append((defaulted(machine, name, default, place), True))
            elif (held is ABSENT and in_file is ABSENT) or not machine.catches(*error):
                values.append((_required(machine, name, place, error), False))
            else:
                machine.may_throw(frozenset((*error, "Exception")))
    return values


def _read(value: Abstract, name: str, place: Place) -> Abstract:
    if isinstance(value, Known):
        return Known(value.value, value.origin.then((place, f"{name} is read", None)))
    return value


def _required(machine: Interpreter, name: str, place: Place, error: tuple[str, ...]) -> Abstract:
    if name not in SYSTEM and machine.catches(*error):
        thrown = ThrownError((*error, "Exception"), f"{name} is not set", place)
        thrown.unset = Origin(None, ((place, f"{name} is not set", None),), frozenset({name}))
        raise thrown
    return read(machine, machine.environ.cells, name, None, place)


def settings_of_url(
    machine: Interpreter,
    name: Abstract,
    default: Abstract,
    parse: Callable[[Abstract], Abstract],
    place: Place,
) -> Abstract:
    """Return `parse` of the URL in a variable, an empty dict where it is not set or empty."""
    if not isinstance(name, Known):
        return machine.unknown_of(place, name)
    held = read(machine, machine.environ.cells, str(name.value), default, place)
    result: Abstract | None = None
    for choice in each(held):
        truth = machine.truth(choice)
        made: Abstract = Known(None)
        if truth is not False:
            made = parse(choice)
        if truth is not True:
            empty: Abstract = machine.tainted(Mapping(origin=Origin(place)), origin_of(choice))
            made = empty if truth is False else join(made, empty)
        result = made if result is None else join(result, made)
    return result or Unknown("a URL that is not known", Origin(place))


def parsed_url(
    machine: Interpreter,
    url: Abstract,
    parse: Callable[[str], dict[str, Any]],
    place: Place,
    finish: Callable[[Mapping, bool], Mapping] = lambda made, _known: made,
) -> Abstract:
    """Return the dict that `parse` makes of a URL; `finish` adds to it what does not come from the URL.

    Of a URL that is not known it is a dict that may hold anything, which `finish` is told.
    """
    result: Abstract | None = None
    for choice in each(url):
        if isinstance(choice, Unknown):
            machine.may_throw(VALUE_ERRORS)
            made: Abstract = finish(Mapping(origin=choice.origin, more={"rest": Known(value=True)}), False)  # noqa: FBT003 - known or not
        else:
            made = machine.compute(place, parse, choice)
            if isinstance(made, Mapping):
                origin = Origin(None, made.origin.hops, made.origin.unset)
                made = machine.tainted(finish(made, True), origin)  # noqa: FBT003 - known or not
        result = made if result is None else join(result, made)
    return result or Unknown("a URL that is not known", Origin(place))
