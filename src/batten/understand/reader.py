"""Files that are only parts of something, evaluated one after the other; what several import is evaluated once."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.assumed import importable
from batten.understand.entry import Program
from batten.understand.evaluate import library
from batten.understand.evaluate.environ import World
from batten.understand.evaluate.frame import Names
from batten.understand.evaluate.interpreter import Interpreter
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import ABSENT, SERIAL, Known, Module, OwnCells
from batten.understand.stack import Start, Unit

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping

    from batten.understand.entry import Trees
    from batten.understand.evaluate.branches import Exit
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.objects import Abstract, Cells
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack, Variable

NAME = "code"


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
        self.imports_end = self.most_steps
        """The step from which on no further module is evaluated."""
        self.is_whole = True
        """Nothing was left half done."""
        self.beside: tuple[str, Module | None] = "", None
        """The name of the module that is read, and the one of that name which was imported before."""
        self.needs: set[str] = set()
        """Packages whose import changed what was there before, or belongs to another module."""
        self.is_changed = False
        """Something else changed such a thing: a module of another, or the file that is read."""
        self._evaluated: list[Module] = []
        """The modules that are being evaluated, the innermost last."""
        self._since: list[int] = [0]
        self._makers: list[Module | None] = [None]
        """From which serial number on objects came into being while which module was evaluated."""

    def put(self, cells: Cells, key: Any, value: Abstract) -> None:  # noqa: ANN401 - as in the journal
        """Write one cell, see `Journal.put`; a module that writes to what another one made is noticed."""
        if not self.speculative and not self.is_changed and self._is_foreign(cells, key, value):
            package = self._evaluated[1] if len(self._evaluated) > 1 else None
            if package is not None and package.package and "." not in package.name:
                self.needs.add(package.name)
            else:
                self.is_changed = True
        super().put(cells, key, value)

    def _is_foreign(self, cells: Cells, key: Any, value: Abstract) -> bool:  # noqa: ANN401 - as in the journal
        held = cells.get(key, ABSENT)
        if held is value:
            return False
        if not isinstance(cells, OwnCells | Names):  # the names of a body that is run, or what a dict may hold further
            return held is not ABSENT or key in {"rest", "*"}
        if cells.born > self._since[-1] or (held is ABSENT and isinstance(value, Module)):
            return False
        return self._makers[bisect(self._since, cells.born) - 1] is not self._makers[-1]

    def _go_to(self, module: Module | None) -> None:
        """Note that what comes into being from now on is made by a module."""
        self._since.append(next(SERIAL))
        self._makers.append(module)

    def read(self, path: str, most_steps: int, of_imports: int) -> None:
        """Evaluate a file as the module that is run; what it imports takes so many steps of all."""
        self.most_steps = self.steps + most_steps
        self.imports_end = self.steps + of_imports
        name = importable(self.world.sources, path)[1]
        self.beside = name, self.modules.get(name)
        self.modules[name] = module = Module(name, path, package=path.endswith("__init__.py"))
        try:
            self.run_module(module)
        except (ThrownError, ExhaustedError, RecursionError):
            self.is_whole = False

    def clear_away(self, imported: set[str]) -> None:
        """Keep of all that was read only the modules that the file itself imported, and what they hold."""
        for name in set(self.modules) - imported:
            del self.modules[name]
        name, other = self.beside
        self.modules.pop(name, None)
        if other is not None:
            self.modules[name] = other
        self.record, self.functions, self.conditions, self.looks = [], [], {}, {}

    def run_module(self, module: Module, *, anything: bool = False) -> None:
        """Evaluate a module's body; what it defines is not known where imports took all the steps they may take."""
        module.cells["*"] = Known(value=True)
        if self.steps > self.imports_end and module.path != self.world.unit.name:
            module.cells.update(self._globals(module))
            module.loaded, self.is_whole = True, False
            return
        self._evaluated.append(module)
        self._go_to(module)
        if isinstance(module.cells, OwnCells):
            module.cells.born = next(SERIAL)  # its names are its own, not those of the module that imports it
        try:
            super().run_module(module, anything=anything)
        finally:
            self._evaluated.pop()
            self._go_to(self._evaluated[-1] if self._evaluated else None)

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


class Shelf:
    """Readers that have done with a file, with the modules that it imported: the next file finds those evaluated.

    That is as good as evaluating them again where the file changed nothing but itself: neither the environment, nor
    what was there before, nor anything that is not journalled. Else the reader is put away. What a package changes
    when it is imported is so for each file inside of it: Python imports the package first.
    """

    def __init__(self, sources: Sources, stack: Stack, given: Mapping[str, Variable], trees: Trees) -> None:
        """Start empty, for the files of `sources`."""
        self._sources = sources
        self._stack = stack
        self._given = given
        self._trees = trees
        self._free: dict[str, Reader] = {}
        """Readers by the directory that they import from."""
        self._seen: set[str] = set()
        self._before: list[str] = []

    def is_first(self, path: str) -> bool:
        """Return whether a file is the first one that imports from its directory."""
        return importable(self._sources, path)[0] not in self._seen

    def program(self, path: str) -> Program:
        """Return the program of a file, not yet read; it is to be given back before the next one is asked for."""
        at = Location(file=path, line=1)
        roots = (".", *(("src",) if self._sources.exists("src") else ()))
        unit = Unit(path, NAME, Start("python", path), f"python {path}", at, roots=roots)
        root, name = importable(self._sources, path)
        reader = self._free.get(root)
        if reader is None or not all(name.startswith(f"{package}.") for package in reader.needs):
            reader = Reader(World(self._sources, unit, self._stack, self._given), self._trees)
            reader.path.insert(0, root)
        self._free.pop(root, None)
        self._seen.add(root)
        reader.world.unit = unit
        self._before = list(reader.path)
        return Program(unit, reader)

    def give_back(self, program: Program, imported: set[str], *, followed: bool) -> None:
        """Keep the reader of a program for the next file, if that file would not notice.

        `imported` are the modules that the file itself imported: what its functions import as well is forgotten, for
        they were followed as somebody may call them. Where they were not all `followed`, the next file follows them.
        """
        reader = program.machine
        assert isinstance(reader, Reader)  # noqa: S101 - `program` makes no others
        is_kept = followed and reader.is_whole and not reader.is_changed and not reader.hooks
        if is_kept and not reader.logging and not reader.depth and reader.path == self._before:
            self._free[self._before[0]] = reader
        reader.clear_away(imported)
