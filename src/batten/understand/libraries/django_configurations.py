"""django-configurations 2.5: settings as classes, one of which DJANGO_CONFIGURATION chooses.

Facts from `configurations.importer.ConfigurationLoader` and
`configurations.base.Configuration`. Its values (`values.BooleanValue(…)`)
are modelled where `configurations.values` is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.evaluate import library
from batten.understand.evaluate.environ import read
from batten.understand.evaluate.library import ALIASES, VALUES, Call, calls
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import django

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

VARIABLE = "DJANGO_CONFIGURATION"
VALUE = "configurations.values."
SETUP = "configurations.values.Value.setup"
"""Called with a value object as receiver and the setting's name: returns what the setting is."""
ALIASES.update(
    {
        "configurations.wsgi.get_wsgi_application": "configurations.get_application",
        "configurations.asgi.get_asgi_application": "configurations.get_application",
        "configurations.wsgi.application": "configurations.application",
        "configurations.asgi.application": "configurations.application",
        "configurations.importer.install": "configurations.setup",
    }
)


def _install(machine: Interpreter) -> None:
    machine.hooks["django.settings"] = [_chosen]


@calls("configurations.get_application")
def _get_application(machine: Interpreter, call: Call) -> Abstract:
    _install(machine)
    return django.application(machine, call.place)


def _application(machine: Interpreter, place: Place) -> Abstract:
    _install(machine)
    return django.application(machine, place)


VALUES["configurations.application"] = _application


def _importer(machine: Interpreter, place: Place) -> Abstract:
    """Importing `configurations.wsgi` installs the importer, which wants both variables set by then."""
    for name in (django.VARIABLE, VARIABLE):
        read(machine, machine.environ.cells, name, None, place)
    return Library("configurations.get_application")


VALUES["configurations.get_application"] = _importer


@calls("configurations.setup")
def _setup(machine: Interpreter, call: Call) -> Abstract:
    _install(machine)
    del call
    return Known(None)


@calls("configurations.management.execute_from_command_line")
def _manage(machine: Interpreter, call: Call) -> Abstract:
    _install(machine)
    chosen = machine.world.unit.start.options.get("configuration")
    if isinstance(chosen, str):
        at = machine.world.unit.at
        hop = (at, "--configuration on the command line", chosen)
        machine.put(machine.environ.cells, VARIABLE, Known(chosen, Origin(at, (hop,), pinned=True)))
    return django.manage(machine, call)


def _chosen(machine: Interpreter, module: Module, found: Mapping, place: Place) -> None:
    """Put the attributes of the chosen class over the settings of its module."""
    name = read(machine, machine.environ.cells, VARIABLE, None, place)
    choices = list(each(name))
    cls = plain_object(module.cells.get(str(choices[0].value), ABSENT)) if isinstance(choices[0], Known) else ABSENT
    if len(choices) != 1 or not isinstance(choices[0], Known) or not isinstance(cls, Class):
        why = f"which class {VARIABLE} names is not known"
        machine.doubt(VARIABLE, why, place)
        found.more["rest"] = Unknown(why)
        return
    origin = choices[0].origin
    hops = tuple(origin.hops[:1])
    with machine.under(Origin(None, hops, origin.unset)):
        _load_dotenv(machine, cls)
        for step in ("pre_setup", "setup"):
            _step(machine, cls, step, place)
        for setting, held in _attributes(machine, cls, place).items():
            found.cells[setting] = machine.controlled(held)
        _step(machine, cls, "post_setup", place)


def _step(machine: Interpreter, cls: Class, name: str, place: Place) -> None:
    if any(isinstance(base, Class) and name in base.cells for base in cls.order):
        machine.call_with(machine.get_attribute(cls, name, place), [], place)


def _attributes(machine: Interpreter, cls: Class, place: Place) -> dict[str, Abstract]:
    made = machine.call(cls, Call([], {}, place))
    names = {str(name): None for base in cls.order if isinstance(base, Class) for name in base.cells}
    found: dict[str, Abstract] = {}
    for name in (name for name in names if name.isupper()):
        held = machine.get_attribute(made, name, place)
        if isinstance(held, Bound) and isinstance(held.function, Function):
            held = machine.call_with(held, [], place)
        inner = plain_object(held)
        if isinstance(inner, Instance) and inner.library.startswith(VALUE):
            setup = library.CALLS.get(SETUP)
            held = (
                setup(machine, Call([Known(name)], {}, inner.made, receiver=inner))
                if setup is not None
                else Unknown(f"{inner.library} is not followed", Origin(inner.made))
            )
        found[name] = held
    return found


_LINE = re.compile(r"([A-Za-z_0-9]+)=(.*)")


def _load_dotenv(machine: Interpreter, cls: Class) -> None:
    """`Configuration.load_dotenv`: `os.environ.setdefault` for each line of the file that DOTENV names."""
    held = next((b.cells["DOTENV"] for b in cls.order if isinstance(b, Class) and "DOTENV" in b.cells), None)
    if held is None or machine.truth(held) is False:
        return
    text = machine.special(held, "__str__", [], None) if isinstance(plain_object(held), Instance) else held
    path = machine.world.repo_path(text.value) if isinstance(text, Known) and isinstance(text.value, str) else None
    lines = (machine.world.read(path) or "").splitlines() if path else None
    if lines is None:
        machine.doubt("DOTENV", "which file it names is not known")
        return
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or match[1] in machine.environ.cells:
            continue
        value = _unquoted(match[2])
        at = Location(file=path, line=number)
        hop = (at, f"DOTENV sets {match[1]} to", repr(value))
        machine.put(machine.environ.cells, match[1], Known(value, Origin(at, (hop,), pinned=True)))


def _unquoted(text: str) -> str:
    """Take off single quotes, then double ones, inside which a backslash stands before any character."""
    text = re.sub(r"\A'(.*)'\Z", r"\1", text)
    inner = re.fullmatch(r'"(.*)"', text)
    return text if inner is None else re.sub(r"\\(.)", r"\1", inner[1])
