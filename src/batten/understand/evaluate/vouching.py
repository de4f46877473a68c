"""What a condition vouches for: an origin that was looked up in a list is not just any."""

from __future__ import annotations

import ast
import contextlib
from typing import TYPE_CHECKING

from batten.understand.evaluate.comprehensions import Comprehensions
from batten.understand.evaluate.objects import Abstract, Known, OneOf, Sequence, Unknown, plain_object
from batten.understand.evaluate.reasons import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.frame import Frame

ORIGIN = "origin"
"""The label of a request's own `Origin`."""
MOST_LISTED = 6
_ASKS_NOTHING = frozenset({"isinstance", "bool", "str", "len", "print", "startswith", "lower", "strip", "rstrip"})


class Vouching(Comprehensions):
    """The part of the evaluator that knows which origins were looked up."""

    vouched = False
    """The origin of the request is one that was looked up."""

    def eval(self, node: ast.expr, frame: Frame) -> Abstract:
        """Return the value of an expression."""
        raise NotImplementedError

    def chosen_by(self, test: ast.expr, node: ast.expr, frame: Frame, *, holds: bool) -> Abstract:
        """Evaluate one side of a conditional expression whose condition is not decided."""
        with self.vouching(test, frame, holds=holds):
            return self.eval(node, frame)

    @contextlib.contextmanager
    def vouching(self, test: ast.expr, frame: Frame, *, holds: bool) -> Iterator[None]:
        """Take an origin that a condition checks for one that may ask, where the condition holds (or does not)."""
        vouched = self.vouched
        for one, container in checked(test, holds=holds):
            if not isinstance(one, ast.Name | ast.Call | ast.Attribute | ast.Subscript):
                continue
            held = frame.lookup(one.id) if isinstance(one, ast.Name) else self.eval(one, frame)
            if not (isinstance(held, Unknown) and ORIGIN in held.labels):
                continue
            self.vouched = True
            if isinstance(one, ast.Name) and one.id in frame.target(one.id):
                self.put(frame.target(one.id), one.id, self._looked_up_in(held, container, frame))
        try:
            yield
        finally:
            self.vouched = vouched

    def _looked_up_in(self, held: Abstract, container: ast.expr | None, frame: Frame) -> Abstract:
        """Return an origin that is in a list, or was asked about."""
        listed = plain_object(self.eval(container, frame)) if container is not None else None
        items = listed.items if isinstance(listed, Sequence) else None
        if items and len(items) <= MOST_LISTED and all(isinstance(item, Known) for item in items):
            return OneOf(items) if len(items) > 1 else items[0]
        return Unknown("an origin that was looked up first", origin_of(held), kind="runtime", of="str")


def checked(test: ast.expr, *, holds: bool) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Yield what is compared with something, or asked about, where a condition holds (or does not).

    With it comes the list that it is in, where the condition says so.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from checked(test.operand, holds=not holds)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) is holds:
            for part in test.values:
                yield from checked(part, holds=holds)
    elif isinstance(test, ast.Compare):
        yield from _compared(test, holds=holds)
    elif isinstance(test, ast.Call) and holds:
        name = getattr(test.func, "attr", None) or getattr(test.func, "id", "")
        if name not in _ASKS_NOTHING:
            asked = [*test.args, *([test.func.value] if isinstance(test.func, ast.Attribute) else [])]
            yield from ((one, None) for one in asked)


def _compared(test: ast.Compare, *, holds: bool) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    kind, other = test.ops[0], test.comparators[0]
    if len(test.ops) > 1 or (isinstance(other, ast.Constant) and not other.value):
        return
    if isinstance(kind, ast.In if holds else ast.NotIn):
        yield test.left, other
    elif isinstance(kind, ast.Eq if holds else ast.NotEq):
        yield test.left, None
        yield other, None
