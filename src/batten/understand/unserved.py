"""Code without a web app: each file is followed as a program of its own, its functions as if somebody called them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location, State, Value
from batten.understand import requests, settings_modules
from batten.understand.assumed import importable, set_aside
from batten.understand.code_facts import Uses, keys_of
from batten.understand.committed import uncommitted
from batten.understand.conditions import conditions
from batten.understand.entry import Program
from batten.understand.evaluate import library
from batten.understand.evaluate.environ import World
from batten.understand.evaluate.interpreter import Interpreter
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import Known, Module, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.frameworks import logins, parts
from batten.understand.stack import Start, Unit
from batten.understand.subjects import App, CsrfGuard
from batten.understand.words import FILE_WORDS

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    from batten.understand.conditions import Condition
    from batten.understand.entry import Trees
    from batten.understand.evaluate.branches import Exit
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.objects import Cells
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Variable
    from batten.understand.subjects import Credential, DebugTool

NAME = "code"
STEPS_OF_A_FILE = 60_000
"""Steps that evaluating one file, with what it imports, may take; and again as many for its functions."""
STEPS_OF_ALL = 1_500_000
MOST_FILES = 2_000
NO_APP = Value(State.UNKNOWN, why="there is no app, only code")


class Reader(Interpreter):
    """Evaluates a file that is only a part of something.

    A name that it does not define comes from elsewhere, and a statement of a
    module that raises ends that statement, not the module: what is missing may
    be what the part was cut from.
    """

    def __init__(self, world: World, parse: Trees) -> None:
        """Evaluate in `world`; what is only known by a method's name is looked for too."""
        for name in ("logging", "ssl"):
            library.load(name)
        super().__init__(world, parse)

    def run_module(self, module: Module, *, anything: bool = False) -> None:
        """Evaluate a module's body."""
        module.cells["*"] = Known(value=True)
        super().run_module(module, anything=anything)

    def _globals(self, module: Module) -> Cells:
        """Return the names that Python gives to a module; the one that was asked for is run, not imported."""
        found = super()._globals(module)
        return {**found, "__name__": Known("__main__")} if module.path == self.world.unit.name else found

    def block(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run statements in order; see `Statements.block`."""
        if frame.locals is not frame.globals or self.catching:
            return super().block(body, frame)
        for statement in body:
            try:
                left = super().block([statement], frame)
            except ThrownError:
                continue
            if left is not None:
                return left
        return None


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
    used = {path for program in deployed if not program.stopped for path in program.machine.world.used}
    for path in _files(sources, only):
        if reading.left <= 0:
            reading.programs[-1].machine.doubt(NAME, "it is too much to follow all of it")
            break
        if path not in used or "__main__" in (sources.read(path) or ""):
            program = _program(sources, stack, given, trees, path)
            reading.run(program)
            reading.take(program)
            used |= program.machine.world.used
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

    def run(self, program: Program) -> None:
        """Evaluate a file."""
        machine = program.machine
        machine.most_steps = min(STEPS_OF_A_FILE, self.left)
        path = program.unit.name
        root, name = importable(machine.world.sources, path)
        machine.path.insert(0, root)
        module = Module(name, path, package=path.endswith("__init__.py"))
        machine.modules[name] = module
        self.programs.append(program)
        try:
            machine.run_module(module)
        except (ThrownError, ExhaustedError, RecursionError):
            pass
        finally:
            self.left -= machine.steps

    def take(self, program: Program) -> None:
        """Follow a program's functions, and gather what it does."""
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


def _program(sources: Sources, stack: Stack, given: Mapping[str, Variable], trees: Trees, path: str) -> Program:
    at = Location(file=path, line=1)
    roots = (".", *(("src",) if sources.exists("src") else ()))
    unit = Unit(path, NAME, Start("python", path), f"python {path}", at, roots=roots)
    return Program(unit, Reader(World(sources, unit, stack, given), trees))
