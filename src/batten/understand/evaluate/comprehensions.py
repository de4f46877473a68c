"""Comprehensions and generator expressions."""

from __future__ import annotations

import ast
import contextlib
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.comparisons import Comparisons
from batten.understand.evaluate.frame import Frame, Names
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Enough,
    Known,
    Lazy,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING = Known(None)
_QUIET = frozenset(
    "str int len bool float repr abs min max sum isinstance lower upper strip lstrip rstrip split startswith endswith "
    "replace get items keys values join title isdigit partition format".split()
)
"""Functions and methods that change nothing."""
_OUTERMOST = ".0"
"""The name under which a generator expression holds what it goes through, as CPython 3.11 calls it."""


class _EnoughError(Exception):
    """No further element of a generator is wanted."""


def _quiet(node: ast.AST) -> bool:
    """Return whether nobody can notice that an expression is evaluated."""
    for part in ast.walk(node):
        if isinstance(part, ast.NamedExpr):
            return False
        if isinstance(part, ast.Call):
            name = part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
            if name not in _QUIET:
                return False
    return True


class Comprehensions(Comparisons):
    """The part of the evaluator that follows comprehensions."""

    def eval(self, node: ast.expr, frame: Frame) -> Abstract:
        """Return the value of an expression."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Write `value` to an assignment target."""
        raise NotImplementedError

    def _ListComp(self, node: ast.ListComp, frame: Frame) -> Abstract:
        return self._comprehension("list", node, node.elt, frame)

    def _SetComp(self, node: ast.SetComp, frame: Frame) -> Abstract:
        return self._comprehension("set", node, node.elt, frame)

    def _GeneratorExp(self, node: ast.GeneratorExp, frame: Frame) -> Abstract:
        over = self.eval(node.generators[0].iter, frame)
        return Lazy(
            lambda enough: self._comprehension("iterator", node, node.elt, frame, (over, enough)),
            Origin((frame.path, node)),
            first=None if _quiet(node) else lambda _: True,
        )

    def _comprehension(
        self, of: str, node: Any, element: ast.expr, frame: Frame, lazily: tuple[Abstract, Enough | None] | None = None
    ) -> Sequence:
        """Return the elements; of a generator `lazily` is what it goes through, and which element is enough."""
        found: list[Abstract] = []
        inner = self._inside(frame)
        depth = self.depth_of_ways
        if lazily is not None:
            inner.locals[_OUTERMOST] = lazily[0]
        enough = lazily[1] if lazily is not None else None

        def emit() -> None:
            found.append(self.eval(element, inner))
            if enough is not None and depth == self.depth_of_ways and enough(found[-1]):
                raise _EnoughError

        certain = True
        with contextlib.suppress(_EnoughError):
            certain = self._generate(node.generators, 0, inner, emit, frame, ordered=of != "set")
        if not certain:
            labels = self.unknown_of((frame.path, node), *found)
            return Sequence(
                of, Unknown("built from something that is not known", labels=labels.labels), Origin((frame.path, node))
            )
        return Sequence(of, tuple(found), Origin((frame.path, node)).also(inner.because))

    def _DictComp(self, node: ast.DictComp, frame: Frame) -> Abstract:
        made = Mapping(origin=Origin((frame.path, node)))
        inner = self._inside(frame)

        def add() -> None:
            self.set_item(made, self.eval(node.key, inner), self.eval(node.value, inner))

        if not self._generate(node.generators, 0, inner, add, frame):
            return Mapping(origin=made.origin, more={"rest": Known(value=True)})
        made.origin = made.origin.also(inner.because)
        return made

    @staticmethod
    def _inside(frame: Frame) -> Frame:
        inner = Frame(frame.path, frame.globals, Names(), frame.scope, frame.module)
        inner.comprehension = True
        return inner

    def _generate(
        self,
        generators: list[ast.comprehension],
        level: int,
        inner: Frame,
        emit: Callable[[], object],
        frame: Frame,
        *,
        ordered: bool = True,
    ) -> bool:
        """Call `emit` for each element; return whether it is certain which those are."""
        if level == len(generators):
            emit()
            return True
        generator = generators[level]
        over = None if level else inner.locals.get(_OUTERMOST)
        over = self.eval(generator.iter, inner if level else frame) if over is None else over
        self.begun(plain_object(over))
        elements = self.iterate(over, ordered=ordered)

        def further() -> bool:
            return self._generate(generators, level + 1, inner, emit, frame, ordered=ordered)

        if elements is None:
            self.assign(generator.target, Unknown("an element of something that is not known"), inner)
            mark = self.mark()
            with contextlib.suppress(ThrownError):
                further()
            self.forget(mark, "it is written for each element of something that is not known")
            self.unmark()
            return False
        certain = True
        for element in elements:
            self.step()
            self.assign(generator.target, element, inner)
            truth = self._all_hold(generator.ifs, inner)
            if truth is None:
                self.either_way([lambda: _NOTHING, lambda: Known(further())])
            certain = certain and truth is not None and (truth is False or further())
        return certain

    def _all_hold(self, conditions: list[ast.expr], frame: Frame) -> bool | None:
        """Return whether all conditions hold, evaluated up to the first that does not."""
        result: bool | None = True
        for condition in conditions:
            test = self.eval(condition, frame)
            truth = self.truth(test)
            because = rests_on(test)
            if because.unset and truth is not None:
                frame.because = frame.because.also(because)
            if truth is False:
                return False
            result = result if truth else None
        return result
