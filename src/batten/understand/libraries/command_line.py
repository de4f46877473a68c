"""`sys.argv`, as the command that production starts makes it (CPython 3.11, Using Python, command line).

The name of a server's own program is the path it is installed at, which only
the server knows; what follows is as the deployment writes it.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import value
from batten.understand.evaluate.objects import Abstract, Known, Sequence, Unknown
from batten.understand.evaluate.open_ended import OpenEnded
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.stack import Unit

_PROGRAMS = {
    "gunicorn": "gunicorn",
    "uvicorn": "uvicorn",
    "hypercorn": "hypercorn",
    "daphne": "daphne",
    "granian": "granian",
    "waitress": "waitress-serve",
    "flask": "flask",
    "celery": "celery",
}
"""Server, to the program that puts its own arguments into `sys.argv`."""
_INSTALLED = "/…"
"""A path that only the server knows."""
_ASSUMED = [_INSTALLED, "-$"]
"""Of a server that is only assumed: it has options, and is no command like `test`."""
_UNTOLD = "nothing in the repository says with which arguments it is started"
_EXPANDED = re.compile(r"[$`]")


@value("sys.argv")
def _argv(machine: Interpreter, place: Place) -> Abstract:
    """Return the list; the same one however often it is read."""
    held: list[Abstract] = machine.hooks.setdefault("sys.argv", [])
    if not held:
        unit = machine.world.unit
        words = _words(unit)
        origin = Origin(unit.at, ((unit.at, f"started by {unit.command}", None),), pinned=True)
        if unit.start.server in ("wsgi", "asgi"):
            words = _ASSUMED
        if words is None:
            return Unknown("it depends on the server", Origin(place), kind="runtime")
        told = tuple(_word(word, origin) for word in words)
        is_assumed = unit.kind == "assumed" and not unit.start.options
        held.append(OpenEnded(told, _UNTOLD, Origin(place)) if is_assumed else Sequence("list", told, Origin(place)))
    return held[0]


def command_words(machine: Interpreter) -> tuple[list[str], Origin] | None:
    """Return what follows the program in `sys.argv`, and where it is written; None where it is not known."""
    words = _argv(machine, None)
    items = words.items if isinstance(words, Sequence) else None
    if items is None or not all(isinstance(word, Known) and isinstance(word.value, str) for word in items[1:]):
        return None
    unit = machine.world.unit
    origin = Origin(unit.at, ((unit.at, f"started by {unit.command}", None),), pinned=True)
    return [word.value for word in items[1:] if isinstance(word, Known)], origin


def arguments(unit: Unit) -> list[str]:
    """Return what follows the program of a Python command, as it is written."""
    given = unit.start.options.get("arguments")
    return shlex.split(given) if isinstance(given, str) else []


def _words(unit: Unit) -> list[str] | None:
    """Return the words of the list, None where they are not known."""
    start = unit.start
    if start.server == "python" and start.target:
        return [_INSTALLED if start.is_module else start.target, *arguments(unit)]
    if start.server == "uwsgi":
        return None if "pyargv" in start.options else ["uwsgi"]
    program = start.target if start.server == "django" else _PROGRAMS.get(start.server)
    try:
        words = shlex.split(unit.command)
    except ValueError:
        return None
    for position, word in enumerate(words):
        if program and posixpath.basename(word) == posixpath.basename(program):
            own = word if word.endswith(".py") else _INSTALLED
            return [own, *words[position + 1 :]]
    return None


def _word(word: str, origin: Origin) -> Abstract:
    expanded = _EXPANDED.search(word)
    if word != _INSTALLED and expanded is None:
        return Known(word, origin)
    prefix = "/" if expanded is None else word[: expanded.start()]
    return Unknown("it depends on the server", origin, kind="runtime", truth=True, of="str", prefix=prefix)
