"""Code without a web app: each file is followed as a program of its own, its functions as if somebody called them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location, State, Value
from batten.understand import requests, settings_modules
from batten.understand.assumed import set_aside
from batten.understand.code_facts import Uses, keys_of
from batten.understand.committed import uncommitted
from batten.understand.conditions import conditions
from batten.understand.evaluate.objects import plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.frameworks import logins, parts
from batten.understand.reader import NAME, Reader, Shelf
from batten.understand.stack import Start, Unit
from batten.understand.subjects import App, CsrfGuard
from batten.understand.words import FILE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.conditions import Condition
    from batten.understand.entry import Program, Trees
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Variable
    from batten.understand.subjects import Credential, DebugTool

STEPS_OF_A_FILE = 60_000
"""Steps that evaluating one file, with what it imports, may take; and again as many for its functions."""
STEPS_OF_THE_FIRST = 240_000
"""The same of the first file that imports from a directory: the others find what it imports evaluated."""
PARTS_FOR_IMPORTS = 8
"""What a file imports takes at most this part of the steps that are left: the later it is read, the less."""
STEPS_OF_ALL = 1_000_000
MOST_FILES = 2_000
NO_APP = Value(State.UNKNOWN, why="there is no app, only code")


def understood(
    sources: Sources,
    stack: Stack,
    given: Mapping[str, Variable],
    trees: Trees,
    deployed: list[Program],
    only: str = "",
) -> tuple[App | None, list[Program]]:
    """Return what the code of a project without an app does as a subject of rules, and the programs followed for it.

    `deployed` are the programs that were evaluated already; `only` is the one
    file that was asked for. None when there is nothing for a rule to look at.
    """
    reading = _Reading(Uses())
    for program in deployed:
        reading.take(program)
    shelf = Shelf(sources, stack, given, trees)
    used = {path for program in deployed if not program.stopped for path in program.machine.world.used}
    for path in _files(sources, only):
        if reading.left <= 0:
            reading.programs[-1].machine.doubt(NAME, "it is too much to follow all of it")
            break
        if path not in used or "__main__" in (sources.read(path) or ""):
            used |= reading.read(shelf, path).machine.world.used
    return reading.subject(sources), reading.programs


class _Reading:
    """What was read so far, and how much more may be."""

    def __init__(self, uses: Uses) -> None:
        self.uses = uses
        self.tools: dict[DebugTool, None] = {}
        self.credentials: dict[Credential, None] = {}
        self.programs: list[Program] = []
        self.conditions: dict[Condition, None] = {}
        self.left = STEPS_OF_ALL
        self.functions: set[object] = set()
        """Function statements that were followed."""
        self.settings: set[tuple[str, str]] = set()
        """Settings that were read."""

    def read(self, shelf: Shelf, path: str) -> Program:
        """Evaluate a file, follow its functions, and gather what it does."""
        most, imports = STEPS_OF_A_FILE, self.left // PARTS_FOR_IMPORTS
        if shelf.is_first(path):
            most = imports = STEPS_OF_THE_FIRST
        program = shelf.program(path)
        reader = program.machine
        assert isinstance(reader, Reader)  # noqa: S101 - a shelf holds no others
        if not self.programs or all(other.machine is not reader for other in self.programs):
            self.programs.append(program)
        begun = reader.steps
        reader.read(path, min(most, self.left), imports)
        self.left -= reader.steps - begun
        imported = set(reader.modules)
        shelf.give_back(program, imported, followed=self.take(program))
        return program

    def take(self, program: Program) -> bool:
        """Follow a program's functions, and gather what it does; return whether all of them could be followed."""
        machine = program.machine
        visitor = requests.Visitor(machine, steps=min(STEPS_OF_A_FILE, max(self.left, 0)), kept=frozenset({"listen"}))
        begun = visitor.left
        visitor.all_functions(self.functions)
        self.left -= begun - visitor.left
        self._settings(program)
        self.uses.gather(machine)
        self.credentials.update(dict.fromkeys(logins.of_calls(machine)))
        at = program.unit.at or Location(file=program.unit.name, line=1)
        self.tools.update(dict.fromkeys(parts.tools(machine, at)))
        self.conditions.update(dict.fromkeys(conditions(machine)))
        return visitor.left > 0

    def _settings(self, program: Program) -> None:
        """Gather what a settings module of Django says of itself."""
        machine = program.machine
        for module in list(machine.modules.values()):
            at = Location(file=module.path, line=1)
            for name in ("TEMPLATES", "REST_FRAMEWORK"):
                held = module.cells.get(name)
                if held is None or (module.path, name) in self.settings:
                    continue
                self.settings.add((module.path, name))
                at = locate(plain_object(held).origin.home) or at
                if name == "TEMPLATES":
                    self.uses.templates += settings_modules.engines(machine, held, at)
                elif (found := settings_modules.rest_framework(machine, held, at)) is not None:
                    self.uses.code.append(found)

    def subject(self, sources: Sources) -> App | None:
        """Return all of it as the subject of rules, None when it is nothing."""
        if not self.uses and not self.tools and not self.credentials:
            return None
        uses = self.uses
        places = sorted({(one.at.file, one.at.line) for one in uses.all() if one.at is not None and one.at.file})
        at = Location(file=places[0][0], line=places[0][1]) if places else Location(file=".", line=1)
        return replace(
            bare(sources, at),
            keys=keys_of(uses.tokens),
            cookies=tuple(uses.cookies),
            csrf=tuple(CsrfGuard(NO_APP, at, exempt=(one,)) for one in dict.fromkeys(uses.exempt)),
            templates=tuple(uses.templates),
            clients=tuple(uses.clients),
            tokens=tuple(uses.tokens),
            tools=tuple(self.tools),
            credentials=tuple(self.credentials),
            code=tuple(uses.code),
            conditions=tuple(self.conditions),
        )


def bare(sources: Sources, at: Location) -> App:
    """Return the subject that stands for the code of a project without an app, with nothing in it."""
    return App(
        name=NAME,
        framework="",
        root=".",
        unit=Unit(NAME, NAME, Start(NAME), "", None),
        at=at,
        settings={},
        handles_errors=NO_APP,
        uncommitted=uncommitted(sources),
    )


def _files(sources: Sources, only: str) -> Iterator[str]:
    """Yield the files that are worth reading."""
    if only:
        yield only
        return
    found = [path for path in sources.mentioning(FILE_WORDS) if not set_aside(path)]
    yield from found[:MOST_FILES]
