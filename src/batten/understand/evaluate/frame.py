"""Where names live while a body is evaluated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import ABSENT, Abstract, Cells

if TYPE_CHECKING:
    from batten.understand.evaluate.branches import Exit
    from batten.understand.evaluate.machine import Writes
    from batten.understand.evaluate.objects import Class, Module


class Frame:
    """The names visible in one body, innermost first."""

    __slots__ = (
        "comprehension",
        "exits",
        "globals",
        "globals_declared",
        "locals",
        "module",
        "open",
        "outer",
        "owner",
        "path",
        "returned",
        "self_",
    )

    def __init__(self, path: str, globals_: Cells, locals_: Cells, outer: Frame | None, module: Module) -> None:
        """Start a body of the file `path`; `outer` is the frame it closes over."""
        self.path = path
        self.globals = globals_
        self.locals = locals_
        self.outer = outer
        self.module = module
        self.globals_declared: dict[str, Cells] = {}
        self.open = False
        """Names may have come from a star import that was not read."""
        self.exits: list[tuple[int, Writes, Exit]] = []
        """Ways out of the body under undecided conditions: mark, writes, the way out."""
        self.returned: list[Abstract] = []
        """Values that may have been returned on ways that were joined already."""
        self.comprehension = False
        """The frame of a list comprehension or the like: `:=` binds outside of it."""
        self.owner: Class | None = None
        self.self_: Abstract | None = None

    def lookup(self, name: str) -> Abstract:
        """Return what a name is bound to, ABSENT when it is not."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.globals_declared:
                return frame.globals_declared[name].get(name, ABSENT)
            if name in frame.locals:
                return frame.locals[name]
            frame = frame.outer
        return self.globals.get(name, ABSENT)

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

    def target(self, name: str) -> Cells:
        """Return the cells that an assignment to `name` writes."""
        return self.globals_declared.get(name, self.locals)
