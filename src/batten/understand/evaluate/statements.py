"""Statements change the state; undecided conditions are followed both ways and joined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import first_start, missed
from batten.understand.evaluate.branches import Exit
from batten.understand.evaluate.exceptions import Exceptions
from batten.understand.evaluate.objects import (
    Known,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame


class Statements(Exceptions):
    """The part of the evaluator that runs statements."""

    def block(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run statements in order; return the way out, None at the end."""
        for position, statement in enumerate(body):
            self.step()
            method: Callable[[Any, Frame], Exit | None] | None = getattr(self, f"_do_{type(statement).__name__}", None)
            if method is None:
                self.doubt(f"a {type(statement).__name__} statement", "it is not followed", (frame.path, statement))
                continue
            left = method(statement, frame)
            if left is not None:
                if left.because.unset:
                    missed.note(self, body[position + 1 :], left.because, frame)
                return left
        return None

    # Simple statements

    def _do_Expr(self, node: ast.Expr, frame: Frame) -> None:
        if not isinstance(node.value, ast.Constant):
            self.eval(node.value, frame)

    def _do_Pass(self, node: ast.Pass, frame: Frame) -> None:
        pass

    def _do_Assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self.eval(node.value, frame)
        if first_start.is_asked(node.value):
            frame.asked.update(target.id for target in node.targets if isinstance(target, ast.Name))
        for target in node.targets:
            self.assign(target, self.rehomed(value, node.value, target, frame), frame)

    def _do_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        if frame.is_class and frame.owner is not None and isinstance(node.target, ast.Name):
            frame.owner.facts.setdefault("annotations", {})[node.target.id] = node.annotation
        if node.value is not None:
            value = self.eval(node.value, frame)
            self.assign(node.target, self.rehomed(value, node.value, node.target, frame), frame)

    def _do_Global(self, node: ast.Global, frame: Frame) -> None:
        frame.globals_declared.update(dict.fromkeys(node.names, frame.globals))

    def _do_Nonlocal(self, node: ast.Nonlocal, frame: Frame) -> None:
        for name in node.names:
            outer = frame.outer
            while outer is not None and name not in outer.locals:
                outer = outer.outer
            if outer is not None:
                frame.globals_declared[name] = outer.locals

    def _do_Return(self, node: ast.Return, frame: Frame) -> Exit:
        return Exit("return", self.controlled(self.eval(node.value, frame)) if node.value else Known(None))

    def _do_Break(self, node: ast.Break, frame: Frame) -> Exit:
        del node, frame
        return Exit("break")

    def _do_Continue(self, node: ast.Continue, frame: Frame) -> Exit:
        del node, frame
        return Exit("continue")

    # Definitions

    # Branches

    # Loops

    # Exceptions and contexts
