"""A variable looked up by a library: the environment first, then a file, then a default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import SYSTEM, defaulted, read
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, each
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
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
