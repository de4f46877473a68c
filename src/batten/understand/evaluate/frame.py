"""Where names live while a body is evaluated."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from batten.understand.evaluate.objects import ABSENT, SERIAL, Abstract, Cells
from batten.understand.evaluate.origin import NOWHERE

if TYPE_CHECKING:
    from batten.understand.evaluate.branches import Exit
    from batten.understand.evaluate.journal import Writes
    from batten.understand.evaluate.objects import Class, Module, Sequence
    from batten.understand.evaluate.origin import Hop


class Names(dict[Any, "Abstract"]):
    """The local names of one call; they know when it began."""

    __slots__ = ("born",)

    def __init__(self) -> None:
        """Start empty, born now."""
        super().__init__()
        self.born = next(SERIAL)


class Frame:
    """The names visible in one body, innermost first."""

    __slots__ = (
        "asked",
        "because",
        "comprehension",
        "exits",
        "globals",
        "globals_declared",
        "locals",
        "module",
        "outer",
        "owner",
        "owns",
        "passed",
        "path",
        "returned",
        "self_",
        "sink",
    )

    def __init__(self, path: str, globals_: Cells, locals_: Cells, outer: Frame | None, module: Module) -> None:
        """Start a body of the file `path`; `outer` is the frame it closes over."""
        self.path = path
        self.globals = globals_
        self.locals = locals_
        self.outer = outer
        self.module = module
        self.globals_declared: dict[str, Cells] = {}
        self.exits: list[tuple[int, Writes, Exit]] = []
        """Ways out of the body under undecided conditions: mark, writes, the way out."""
        self.passed: list[tuple[int, Hop]] = []
        """How many facts were noted when an undecided condition was passed that ends the function, and that one."""
        self.returned: list[Abstract] = []
        """Values that may have been returned on ways that were joined already."""
        self.asked: set[str] = set()
        """Names that hold what a database answered."""
        self.because = NOWHERE
        """What the conditions of a comprehension depend on."""
        self.comprehension = False
        """The frame of a list comprehension or the like: `:=` binds outside of it."""
        self.owns: frozenset[str] = frozenset()
        """Names that the function assigns: they are never looked up outside of it."""
        self.owner: Class | None = None
        self.self_: Abstract | None = None
        self.sink: Sequence | None = None
        """What the body of a generator yielded until now."""

    def lookup(self, name: str) -> Abstract:
        """Return what a name is bound to, ABSENT when it is not."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.globals_declared:
                return frame.globals_declared[name].get(name, ABSENT)
            if name in frame.locals or name in frame.owns:
                return frame.locals.get(name, ABSENT)
            frame = frame.outer
        return self.globals.get(name, ABSENT)

    @property
    def open(self) -> bool:
        """Whether names may have come from a star import that was not read, or from code that is not followed."""
        return "*" in self.globals

    @property
    def is_class(self) -> bool:
        """Whether this is the body of a class, whose names the functions in it do not see."""
        return self.owner is not None and self.locals is self.owner.cells

    @property
    def scope(self) -> Frame:
        """The frame that functions, lambdas, comprehensions and classes written here close over."""
        frame = self
        while frame.is_class and frame.outer is not None:
            frame = frame.outer
        return frame

    def mangled(self, name: str) -> str:
        """Return a private name as Python writes it inside a class."""
        frame: Frame | None = self
        while frame is not None and name.startswith("__") and not name.endswith("__"):
            if frame.owner is not None:
                return f"_{frame.owner.name.lstrip('_')}{name}"
            frame = frame.outer
        return name

    def target(self, name: str) -> Cells:
        """Return the cells that an assignment to `name` writes."""
        return self.globals_declared.get(name, self.locals)


def owned(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> frozenset[str]:
    """Return the names that a function assigns and that are therefore its own."""
    found = _OWNED.get(node)
    if found is None:
        bound: set[str] = set()
        outside: set[str] = set()
        for part in node.body if isinstance(node.body, list) else []:
            _bindings(part, bound, outside)
        found = _OWNED[node] = frozenset(bound - outside)
    return found


def _bindings(node: ast.AST, bound: set[str], outside: set[str]) -> None:
    """Collect the names that a statement binds, and those that it declares to live outside."""
    if isinstance(node, ast.Global | ast.Nonlocal):
        outside.update(node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        bound.add(node.name)
        return
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        bound.add(node.id)
    elif isinstance(node, ast.alias):
        bound.add(node.asname or node.name.partition(".")[0])
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        bound.add(node.name)
    elif isinstance(node, ast.MatchMapping) and node.rest:
        bound.add(node.rest)
    elif isinstance(node, ast.Lambda):
        return
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
        bound.update(n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
        return
    for child in ast.iter_child_nodes(node):
        _bindings(child, bound, outside)


_OWNED: WeakKeyDictionary[ast.AST, frozenset[str]] = WeakKeyDictionary()
