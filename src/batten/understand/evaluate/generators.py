"""Generators: functions that yield, followed as far as nobody can tell when they run."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate import unfollowed
from batten.understand.evaluate.arguments import Arguments
from batten.understand.evaluate.objects import (
    Abstract,
    Function,
    Items,
    Known,
    Lazy,
    Sequence,
    Unknown,
    each,
    join,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.library import Call

MOST_YIELDED = 2_000


class Generators(Arguments):
    """The part of the evaluator that follows generators.

    A generator runs when it is asked for its elements, a part at a time. Where all are wanted at once, or where it
    changes nothing that others see, its body is followed to the end when the first one is wanted.
    """

    def generated(self, function: Function, call: Call, receiver: Abstract | None) -> Abstract:
        """Return the generator that a call of a function makes."""
        if self.speculative or not _ends(function.node):
            self.unfollowed(function, call)
            return Unknown(f"{function.name}() is a generator", Origin(call.place))

        def make(_enough: Callable[[Abstract], bool] | None) -> Sequence:
            sink = Sequence("iterator", (), Origin(call.place))
            self.followed(function, call, receiver, sink)
            return sink

        made = Lazy(make, Origin(call.place))
        if unfollowed.changes(self, function, call):
            made.in_parts = lambda: self.unfollowed(function, call)
        return made

    def unfollowed(self, function: Function, call: Call | None) -> None:
        """Make unknown what a function that is not followed may change."""
        raise NotImplementedError

    def followed(
        self, function: Function, call: Call, receiver: Abstract | None, sink: Sequence | None = None
    ) -> Abstract:
        """Return what a function returns; what it yields goes into `sink`."""
        raise NotImplementedError

    def _Yield(self, node: ast.Yield, frame: Frame) -> Abstract:
        value = self.eval(node.value, frame) if node.value is not None else Known(None)
        self._emit(frame, [self.controlled(value)])
        return Known(None) if frame.sink is not None else Unknown("what is sent to a generator")

    def _YieldFrom(self, node: ast.YieldFrom, frame: Frame) -> Abstract:
        self._emit(frame, self.iterate(self.eval(node.value, frame)))
        return Unknown("what another generator returns")

    def _emit(self, frame: Frame, values: list[Abstract] | None) -> None:
        """Add elements to those that a generator gave."""
        if frame.sink is None:
            return
        made: Abstract | None = None
        for content in each(frame.sink.cells["items"]):
            one: Abstract = Unknown("what it yields is not known")
            if isinstance(content, Items) and values is not None and len(content.items) < MOST_YIELDED:
                one = Items((*content.items, *values))
            made = one if made is None else join(made, one)
        self.put(frame.sink.cells, "items", made or Unknown("nothing"))


def _ends(function: ast.AST) -> bool:
    """Return whether a generator may be followed to its end: it is not asynchronous, and has no loop without one."""
    if isinstance(function, ast.AsyncFunctionDef):
        return False
    loops = [node for node in ast.walk(function) if isinstance(node, ast.While)]
    return not any(isinstance(loop.test, ast.Constant) for loop in loops)
