"""python-dotenv 1.x, and Flask's use of it (`flask.cli.load_dotenv`, Flask 3.1)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy import dotenv as grammar
from batten.understand.evaluate.items import bound_only
from batten.understand.evaluate.library import ALIASES, Call, calls
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Mapping, OneOf, Unknown, each
from batten.understand.evaluate.origin import Origin, Place, locate
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


ALIASES.update(
    {
        "dotenv.main.load_dotenv": "dotenv.load_dotenv",
        "dotenv.main.find_dotenv": "dotenv.find_dotenv",
        "dotenv.main.dotenv_values": "dotenv.dotenv_values",
    }
)


NOT_KNOWN = "a file that is not known"


def find(machine: Interpreter, name: str, start: str) -> str | None:
    """Return the first file of that name in `start` or a directory above it, as the process sees it."""
    return machine.world.upward(start, name)


def variable(held: Variable, place: Place) -> Abstract:
    """Return a line of an environment file as a value."""
    if held.value is None:
        why = f"{held.name} is made from a variable that is not known"
        return Unknown(why, Origin(held.at, ((place, f"{held.at.file} is loaded", None),)), of="str")
    hops = (
        (held.at, f"{held.at.file} sets {held.name} to", repr(held.value)),
        (place, f"{held.at.file} is loaded", None),
    )
    return Known(held.value, Origin(held.at, hops, pinned=True))


def around(machine: Interpreter) -> dict[str, Variable]:
    """Return the environment as far as it is known, for the `${X}` of a file."""
    found: dict[str, Variable] = {}
    for key, held in machine.environ.cells.items():
        if held is not ABSENT:
            name = str(key)
            nowhere = Location(variable=name)
            found[name] = Variable(name, None, nowhere, "environ")
            if isinstance(held, Known):
                at = locate(held.origin.home) or nowhere
                found[name] = Variable(name, held.value, at, "environ", default=bool(held.origin.unset))
    return found


def load(machine: Interpreter, path: str, place: Place, *, override: bool | None) -> None:
    """Put the variables of a file into the environment."""
    text = machine.world.read(path)
    for name, held in grammar.parse(text or "", path, around(machine), override=override is not False).items():
        present = machine.environ.held(name)
        value = variable(held, place)
        if present is ABSENT or override:
            machine.put(machine.environ.cells, name, value)
        elif override is None or any(choice is ABSENT for choice in each(present)):
            machine.put(machine.environ.cells, name, machine.either(bound_only(present), value))


def load_unknown(machine: Interpreter, place: Place, *, override: bool | None) -> None:
    """Put the variables of a file that is not known into the environment: it may set any."""
    why = "an environment file that is not known may set it"
    machine.doubt("an environment file", "which one is loaded is not known: it may set any variable", place)
    if override is not False:
        machine.obscure(machine.environ, Unknown(why, Origin(place), of="str"))
    machine.put(machine.environ.more, "rest", Unknown(why, Origin(place), of="str"))


def _path(machine: Interpreter, call: Call) -> tuple[str | None, str]:
    """Return the repository path of the file that a call names, and what to say when there is none."""
    from batten.understand.libraries.paths import text_of  # noqa: PLC0415 - used rarely

    given = call.get("dotenv_path", 0)
    if given is None or (isinstance(given, Known) and not given.value):
        here = str(call.place[0]).rpartition("/")[0]
        return find(machine, ".env", here), ".env"
    text = text_of(machine, given, call.place)
    if not isinstance(text, Known) or not isinstance(text.value, str):
        return None, NOT_KNOWN
    found = machine.world.repo_path(text.value)
    shown = text.value.replace("\0", "").lstrip("/") if "\0" in text.value else text.value
    return (found if found and machine.world.visible(found) else None), shown


def _naming(call: Call, path: Abstract) -> Call:
    """Return the call as if it named that file."""
    kwargs = {name: held for name, held in call.kwargs.items() if name != "dotenv_path"}
    return Call([path, *call.args[1:]], kwargs, call.place, node=call.node, frame=call.frame, open=call.open)


@calls("dotenv.load_dotenv")
def _load(machine: Interpreter, call: Call) -> Abstract:
    given = call.get("dotenv_path", 0)
    if isinstance(given, OneOf):
        return machine.either_way([partial(_load, machine, _naming(call, one)) for one in given.choices])
    override = call.get("override", 3)
    override_truth = False if override is None else machine.truth(override)
    path, name = _path(machine, call)
    if name == NOT_KNOWN or call.get("stream", 1) is not None:
        load_unknown(machine, call.place, override=override_truth)
        return Unknown("whether an environment file is loaded", Origin(call.place), of="bool")
    if path is None:
        machine.record.append(("dotenv missing", name, call.place))
        at = locate(call.place)
        if name.startswith("/") and at is not None:
            machine.doubt(name, "the program loads it, and it is not in the repository", call.place)
            machine.world.outside.append(Evidence(at, f"{name}, which is loaded here, is not in the repository"))
            return Unknown(f"whether {name} is there", Origin(call.place), kind="external", of="bool")
        return Known(value=False)
    load(machine, path, call.place, override=override_truth)
    return Known(value=True)


@calls("dotenv.find_dotenv")
def _find(machine: Interpreter, call: Call) -> Abstract:
    name = call.get("filename", 0) or Known(".env")
    usecwd = call.get("usecwd", 2)
    start = machine.world.unit.cwd if usecwd and machine.truth(usecwd) else str(call.place[0]).rpartition("/")[0]
    if not isinstance(name, Known):
        return Unknown("an environment file that is not known", Origin(call.place))
    path = find(machine, str(name.value or ".env"), start)
    return Known(machine.world.process_path(path) if path else "", Origin(call.place))


@calls("dotenv.dotenv_values")
def _values(machine: Interpreter, call: Call) -> Abstract:
    path, name = _path(machine, call)
    made = Mapping(origin=Origin(call.place))
    if path is None:
        if name == NOT_KNOWN:
            made.more["rest"] = Known(value=True)
        else:
            machine.record.append(("dotenv missing", name, call.place))
        return made
    for key, held in grammar.parse(machine.world.read(path) or "", path, around(machine), override=True).items():
        made.cells[key] = variable(held, call.place)
    return made


def flask_files(machine: Interpreter, place: Place, command: str = "flask") -> None:
    """Load `.env`, then `.flaskenv`, as the flask command and `app.run()` do when python-dotenv is there.

    The quart command reads `.quartenv` instead, and QUART_SKIP_DOTENV.
    """
    world = machine.world
    if (
        world.stack.has_requirements
        and world.installed("dotenv") is None
        and "python-dotenv" not in world.stack.requirements
    ):
        return
    disabled = machine.environ.cells.get(f"{command.upper()}_SKIP_DOTENV")
    if isinstance(disabled, Known) and str(disabled.value).lower() not in ("", "0", "false", "no"):
        return
    for name in (".env", f".{command}env"):
        path = find(machine, name, world.unit.cwd)
        if path is not None:
            load(machine, path, place, override=False)
