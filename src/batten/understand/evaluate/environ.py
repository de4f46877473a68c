"""The world an app starts in: its files, its packages and its environment variables."""

from __future__ import annotations

import posixpath
import re
import sys
from typing import TYPE_CHECKING

from batten.model import Evidence, Location, is_secret
from batten.understand.deploy import files
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Cells,
    Environ,
    Known,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.sources import join as join_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.understand.evaluate.library import Call
    from batten.understand.evaluate.machine import Machine
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Unit, Variable

SYSTEM = frozenset(
    "HOME PATH PWD USER LOGNAME SHELL LANG LC_ALL TERM HOSTNAME TMPDIR TMP TEMP PORT APPDATA USERPROFILE "
    "COMPUTERNAME OS SYSTEMROOT VIRTUAL_ENV PYTHONPATH TZ DYNO".split()
)
"""Variables that the machine or the platform sets as it likes."""

_OF_PLATFORMS = tuple(
    "AWS_ AZURE_ CI CLOUD DYNO ECS_ FLY_ FUNCTIONS_ GAE_ GCP_ GITHUB_ GITLAB_ GOOGLE_ HEROKU_ K_ KUBERNETES_ NETLIFY "
    "RAILWAY_ RENDER_ VERCEL WEBSITE_ _".split()
)
"""How variables begin that platforms set by themselves."""


class OtherVariable(Unknown):
    """The name that stands for all variables which no file sets, in a loop over the environment."""

    __slots__ = ()


_FILLED = ("_URL", "_URI", "_DSN")
"""What ends the name of a variable that, like a secret, is never set to nothing."""

UNPLACED = "/\0"
"""Stands for the directory of the project on the server, which is not known."""

_ABOVE = type("directory above the project, whose place on the server is not known", (), {})()


def placed(function: Callable[[str], str]) -> Callable[[str], object]:
    """Return a function of a path that gives no path where it leaves the directory of the project."""

    def apply(path: str) -> object:
        found = function(path)
        return _ABOVE if UNPLACED in path and UNPLACED not in found else found

    return apply


_DEVELOPMENT = re.compile(r"(^|[/._-])(dev|devel|development|local|test|testing|tests)([/._-]|$)", re.IGNORECASE)

_DISTRIBUTIONS = {
    "dotenv": "python-dotenv",
    "yaml": "pyyaml",
    "jwt": "pyjwt",
    "decouple": "python-decouple",
    "environ": "django-environ",
    "bs4": "beautifulsoup4",
    "PIL": "pillow",
    "flask_debugtoolbar": "flask-debugtoolbar",
    "secure": "secure",
}


class World:
    """Everything outside the code that evaluation may ask for."""

    def __init__(
        self,
        sources: Sources,
        unit: Unit,
        stack: Stack,
        given: Mapping[str, Variable] | None = None,
        required: Mapping[str, str] | None = None,
    ) -> None:
        """Describe the process of `unit`.

        `given` holds variables from the command line, over all others.
        `required` maps variables that production is bound to set (the app
        refuses to start otherwise) to the reason.
        """
        self.sources = sources
        self.unit = unit
        self.stack = stack
        self.given = dict(given or {})
        self.required = dict(required or {})
        self.outside: list[Evidence] = []
        """Files outside the project that the program itself takes variables from."""
        self.used: set[str] = set()
        """Repository files that were read."""
        self.renamed = {
            path: file for path, file in files.renamed(unit).items() if not self._mounted_for_development(file)
        }
        """Python files that the image holds under another path."""

    def repo_path(self, path: str) -> str | None:
        """Return the repository path of a file as the process names it, None when there is none."""
        if path.startswith(UNPLACED):
            return join_path(path[len(UNPLACED) :])
        found: str | None = files.repo_path(self.unit, path)
        return None if found is not None and self._mounted_for_development(found) else found

    def _mounted_for_development(self, path: str) -> bool:
        """Return whether a file reaches the unit by a mount whose path says development."""
        mounts = self.unit.image.volumes if self.unit.image is not None else ()
        return any(
            (path == source or path.startswith(f"{source}/")) and bool(_DEVELOPMENT.search(source))
            for _, source in mounts
        )

    def visible(self, path: str) -> bool:
        """Return whether the process sees a file of the repository."""
        return self.sources.exists(path) and files.contains(self.unit, path)

    def upward(self, directory: str, *names: str) -> str | None:
        """Return the first file of these names in a repository directory or above it, as the process sees them.

        An image may hold it under another name than the repository does
        (`COPY .env.example .env`), and above another directory.
        """
        place = files.unit_path(self.unit, directory or ".")
        while place is not None:
            for name in names:
                found = self.repo_path(posixpath.join(place, name))
                if found is not None and self.sources.read(found) is not None:
                    return found
            place = posixpath.dirname(place) if place != "/" else None
        inside = directory or "."
        while True:
            found = next((path for name in names if (path := self.beside(inside, name)) is not None), None)
            if found is not None or inside == ".":
                return found
            inside = posixpath.dirname(inside) or "."

    def beside(self, directory: str, name: str) -> str | None:
        """Return the file of that name in a repository directory, as the process sees it, None when there is none."""
        place = files.unit_path(self.unit, directory or ".")
        placed_there = None if place is None else self.repo_path(posixpath.join(place, name))
        for path in (placed_there, join_path(directory or ".", name)):
            if path is not None and self.visible(path) and self.sources.read(path) is not None:
                return path
        return None

    def packaged(self) -> tuple[str, ...]:
        """Return directories whose packages an image installs rather than copies (`pip install .`)."""
        if self.unit.image is None or not any(self.sources.exists(n) for n in ("pyproject.toml", "setup.py")):
            return ()
        return (".", "src") if self.sources.exists("src") else (".",)

    def process_path(self, path: str) -> str:
        """Return how the process names a repository file; under `UNPLACED` when that is not known."""
        return files.unit_path(self.unit, path) or f"{UNPLACED}/{path}"

    def directory(self, path: str) -> str | None:
        """Return the repository directory that the process names `path`."""
        found = self.repo_path(path)
        return found if found is not None and self.sources.exists(found) else None

    def read(self, path: str) -> str | None:
        """Return the text of a repository file that the process sees."""
        return self.take(path) if self.visible(path) else None

    def take(self, path: str) -> str | None:
        """Return the text of a repository file, whether it lies where the process would look or not."""
        text = self.sources.read(path)
        if text is not None:
            self.used.add(path)
        return text

    def installed(self, module: str) -> bool | None:
        """Return whether a third-party module is installed, None when the repository does not say."""
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names:
            return True
        if not self.stack.has_requirements:
            return None
        name = re.sub(r"[-_.]+", "-", _DISTRIBUTIONS.get(top, top)).lower()
        return True if name in self.stack.requirements else None

    def version(self, distribution: str) -> tuple[int, ...] | None:
        """Return the pinned version of a distribution, None when it is not pinned."""
        match = re.match(r"={2,3}\s*v?(\d+(?:\.\d+)*)", self.stack.requirements.get(distribution, ""))
        return tuple(int(part) for part in match[1].split(".")) if match else None

    def at_least(self, distribution: str, *wanted: int) -> bool:
        """Return whether the pinned (or, unpinned, the newest) version is `wanted` or later."""
        version = self.version(distribution)
        return version is None or version >= wanted

    def unread(self, names: frozenset[str]) -> tuple[Evidence, ...]:
        """Return where the process takes variables from that are not in the repository, if one of `names` is one.

        Such a source is there to set variables, so a default is one possibility, not the likely one. A file that is
        given on the command line stands in for it.
        """
        if any(variable.says == "--env-file" for variable in self.given.values()):
            return ()
        return (*self.unit.unread, *self.outside) if any(not name.endswith(".py") for name in names) else ()

    def variables(self) -> Cells:
        """Return the environment that the process starts with."""
        cells: Cells = {}
        deployed = {name: held for name, held in self.unit.env.items() if not _of_development(held)}
        for name, variable in {**deployed, **{v.name: v for v in self.unit.start.env}, **self.given}.items():
            cells[name] = from_variable(variable)
        for name, why in self.required.items():
            cells.setdefault(name, required(why))
            if not isinstance(cells[name], Unknown):
                cells[name] = required(why)
        return cells


def _of_development(variable: Variable) -> bool:
    """Return whether an environment file whose path says development sets the variable."""
    path = variable.at.file or ""
    return "env" in path.rpartition("/")[2] and bool(_DEVELOPMENT.search(path))


def from_variable(variable: Variable) -> Abstract:
    """Return the value of a variable that something sets."""
    if variable.value is None:
        return Unknown(
            f"{variable.name} is set by {variable.says}, to a value that is not in the repository",
            Origin(variable.at, ((variable.at, f"{variable.says} sets {variable.name}", None),)),
            of="str",
            kind="external",
            truth=True if is_secret(variable.name) or variable.name.endswith(_FILLED) else None,
        )
    hop = (variable.at, f"{variable.says} sets {variable.name} to", repr(variable.value))
    unset = frozenset({variable.name}) if variable.default else frozenset()
    return Known(variable.value, Origin(variable.at, (hop,), unset, pinned=True))


def set_here(held: Abstract, name: str, place: Place) -> Abstract:
    """Return a variable that the program itself sets: the line that does is where its value is written."""
    if not isinstance(held, Known) or held.origin.pinned:
        return held
    home = held.origin.home if isinstance(held.origin.home, tuple) else place
    origin = held.origin.then((place, f"the program sets {name} to", repr(held.value)))
    return Known(held.value, Origin(home, origin.hops, origin.unset, pinned=True))


def required(why: str) -> Unknown:
    """Return a variable that production must set, or the app does not start."""
    return Unknown(why, kind="error", truth=True, of="str")


def read(machine: Machine, cells: Cells, name: str, default: Abstract | None, place: Place) -> Abstract:
    """Return what `os.environ.get(name, default)` gives; without a default, what `os.environ[name]` gives."""
    held = machine.environ.held(name) if cells is machine.environ.cells else cells.get(name, ABSENT)
    result: Abstract | None = None
    for choice in each(held):
        one = _unset(machine, cells, name, default, place) if choice is ABSENT else found(choice, name, place)
        result = one if result is None else join(result, one)
    return result or ABSENT


def found(held: Abstract, name: str, place: Place) -> Abstract:
    """Return the value of a variable that is set, read at `place`."""
    result: Abstract | None = None
    for choice in each(held):
        one = choice
        if isinstance(choice, Known):
            one = Known(choice.value, choice.origin.then((place, f"{name} is read", None)))
        result = one if result is None else join(result, one)
    return result or ABSENT


def _unset(machine: Machine, cells: Cells, name: str, default: Abstract | None, place: Place) -> Abstract:
    if name in SYSTEM:
        return Unknown(f"{name} is set by the system", of="str", truth=True if default is None else None)
    if default is None:
        value = required(f"{name} is not set: the app does not start without it")
        value.origin = Origin(place, ((place, f"{name} has to be set", None),))
        machine.put(cells, name, value)
        return value
    return defaulted(machine, name, default, place)


def defaulted(machine: Machine, name: str, default: Abstract, place: Place) -> Abstract:
    """Return a default that applies because the variable `name` is not set."""
    if isinstance(default, Known):
        says = f"{name} is not set"
        hop = (place, says, None) if default.value is None else (place, f"{says}: default", repr(default.value))
        origin = default.origin
        home = origin.home if origin.home is not None and (origin.hops or origin.pinned) else place
        return Known(
            default.value,
            Origin(home, (*origin.hops, hop), origin.unset | {name}, pinned=origin.pinned),
        )
    return machine.tainted(default, Origin(None, ((place, f"{name} is not set", None),), frozenset({name})))


def entries(environ: Environ) -> list[tuple[Abstract, Abstract]] | None:
    """Return what a loop over the environment sees, None when a name among it is not known.

    That is what files set, what the machine may set, and one that stands for all others.
    """
    if "rest" in environ.more or any(choice is ABSENT for held in environ.cells.values() for choice in each(held)):
        return None
    made = Unknown("a variable of the machine", of="str")
    machine = [(Known(name), made) for name in sorted(SYSTEM) if name not in environ.cells]
    other = OtherVariable("a variable that no file sets", of="str")
    return [*((Known(str(name)), held) for name, held in environ.cells.items()), *machine, (other, made)]


def begins(call: Call) -> Abstract | None:
    """Return whether a variable that no file sets begins so (`name.startswith("SHOP_")`): it would have to be set."""
    held = plain_object(call.args[0]) if len(call.args) == 1 else None
    parts = (held.items or ()) if isinstance(held, Sequence) else (held,)
    words = [part.value for part in parts if isinstance(part, Known) and isinstance(part.value, str)]
    if len(words) != len(parts) or any(
        word[:1] in {"", "_"} or word.upper().startswith(_OF_PLATFORMS) for word in words
    ):
        return None
    hop = (call.place, f"no variable begins with {' or '.join(words)}", None)
    return Known(value=False, origin=Origin(call.place, (hop,), frozenset(f"{word}…" for word in words)))


def command_line(name: str) -> Location:
    """Return the place of a variable given with `--env`."""
    return Location(variable=name)
