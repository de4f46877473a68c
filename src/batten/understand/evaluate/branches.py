"""Conditions and loops; undecided ones are followed both ways and joined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.evaluate.calls import Calls
from batten.understand.evaluate.machine import ThrownError, Writes
from batten.understand.evaluate.objects import (
    Abstract,
    Known,
    OneOf,
    Unknown,
    join,
)
from batten.understand.evaluate.operators import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.origin import Hop

MOST_TURNS = 2_000
MOST_ITEMS = 2_000


class Branches(Calls):
    """The part of the evaluator that decides which way to go."""

    def block(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run statements in order; return the way out, None at the end."""
        raise NotImplementedError

    def run_body(self, body: list[ast.stmt], frame: Frame) -> Abstract:
        """Run a function's body; join all its ways out; return its value."""
        try:
            try:
                left = self.block(body, frame)
                value = left.value if left is not None and left.value is not None else Known(None)
            except ThrownError:
                value = self._last_way_out(frame)
            for other in frame.returned:
                value = join(other, value)
            for mark, writes, out in reversed(frame.exits):
                if out.kind == "return":
                    self.merge(mark, writes)
                    value = join(out.value or Known(None), value)
            return value
        finally:
            for _ in frame.exits:
                self.unmark()
            frame.exits.clear()

    def _last_way_out(self, frame: Frame) -> Abstract:
        """Leave a body whose end raises by the latest return that was passed, if there is one."""
        for index in range(len(frame.exits) - 1, -1, -1):
            mark, writes, out = frame.exits[index]
            if out.kind == "return":
                self.maybe_thrown += 1
                del frame.exits[index:]
                self.rollback(mark)
                self._replay(writes)
                self.unmark()
                return out.value or Known(None)
        if frame.returned:
            self.maybe_thrown += 1
            return frame.returned.pop()
        raise  # noqa: PLE0704 - called from the handler

    def _do_If(self, node: ast.If, frame: Frame) -> Exit | None:
        test = self.eval(node.test, frame)
        truth = self.truth(test)
        if truth is not None:
            with self.under(origin_of(test)):
                return self._guarded(node.body if truth else node.orelse, frame)
        return self.both_ways(
            lambda: self._narrowed(node.test, frame, node.body, wanted=True),
            lambda: self._narrowed(node.test, frame, node.orelse, wanted=False),
            frame,
            ((frame.path, node.test), f"if {_source(node.test)}", None),
            ((frame.path, node.test), f"unless {_source(node.test)}", None),
        )

    def _guarded(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        try:
            return self.block(body, frame)
        except ThrownError as error:
            if not error.control:
                error.control = self.control
            raise

    def _narrowed(self, test: ast.expr, frame: Frame, body: list[ast.stmt], *, wanted: bool) -> Exit | None:
        """Run a branch knowing that its condition holds (or does not)."""
        names = {n.id for n in ast.walk(test) if isinstance(n, ast.Name)}
        for name in names:
            held = frame.lookup(name)
            if isinstance(held, OneOf) and name in frame.target(name):
                kept = []
                for choice in held.choices:
                    cells = frame.target(name)
                    self.put(cells, name, choice)
                    try:
                        truth = self.truth(self.eval(test, frame))
                    except ThrownError:
                        truth = None
                    if truth is None or truth is wanted:
                        kept.append(choice)
                result = kept or list(held.choices)
                self.put(frame.target(name), name, result[0] if len(result) == 1 else OneOf(tuple(result)))
        return self.block(body, frame)

    def both_ways(
        self,
        first: Callable[[], Exit | None],
        second: Callable[[], Exit | None],
        frame: Frame,
        when: Hop | None = None,
        otherwise: Hop | None = None,
    ) -> Exit | None:
        """Run both alternatives of an undecided condition and join what they leave behind."""
        mark = self.mark()
        kept = len(frame.exits)
        one, one_error = self._attempt(first)
        self._settle(frame, kept)
        one_writes = self.rollback(mark)
        two, two_error = self._attempt(second)
        self._settle(frame, kept)
        if one_error is not None or two_error is not None:
            self.maybe_thrown += 1
            if one_error is not None and two_error is not None:
                self.unmark()
                raise two_error
            if two_error is not None:
                self.rollback(mark)
                self._replay(one_writes)
            self.unmark()
            return one if two_error is not None else two
        if one is None and two is None:
            self.merge(mark, one_writes, otherwise, when)
            self.unmark()
            return None
        if one is not None and two is not None and one.kind == two.kind:
            self.merge(mark, one_writes, otherwise, when)
            self.unmark()
            if one.kind != "return":
                return one
            return Exit("return", join(one.value or Known(None), two.value or Known(None)))
        if one is not None:
            frame.exits.append((mark, one_writes, one))
            return two
        two_writes = self.rollback(mark)
        self._replay(one_writes)
        assert two is not None  # noqa: S101 - else both were None
        frame.exits.append((mark, two_writes, two))
        return None

    def _settle(self, frame: Frame, kept: int) -> None:
        """Join ways out that opened inside an alternative: they cannot outlive its rollback."""
        while len(frame.exits) > kept:
            mark, writes, out = frame.exits.pop()
            if out.kind == "return":
                frame.returned.append(out.value or Known(None))
            self.merge(mark, writes)
            self.unmark()

    @staticmethod
    def _attempt(way: Callable[[], Exit | None]) -> tuple[Exit | None, ThrownError | None]:
        try:
            return way(), None
        except ThrownError as error:
            return None, error

    def _replay(self, writes: Writes) -> None:
        for cells, key, value in writes.values():
            self.put(cells, key, value)

    def _do_Match(self, node: ast.Match, frame: Frame) -> Exit | None:
        return self._match(self.eval(node.subject, frame), node.cases, frame)

    def _match(self, subject: Abstract, cases: list[ast.match_case], frame: Frame) -> Exit | None:
        if not cases:
            return None
        case, rest = cases[0], cases[1:]
        truth = self._fits(subject, case.pattern, frame)
        if truth and case.guard is not None:
            truth = self.truth(self.eval(case.guard, frame))
        if truth is not None:
            with self.under(origin_of(subject)):
                return self.block(case.body, frame) if truth else self._match(subject, rest, frame)
        return self.both_ways(lambda: self.block(case.body, frame), lambda: self._match(subject, rest, frame), frame)

    def _fits(self, subject: Abstract, pattern: ast.pattern, frame: Frame) -> bool | None:
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            if pattern.name:
                self.put(frame.target(pattern.name), pattern.name, subject)
            return True
        if isinstance(pattern, ast.MatchOr):
            answers = [self._fits(subject, inner, frame) for inner in pattern.patterns]
            return True if True in answers else (None if None in answers else False)
        if isinstance(pattern, ast.MatchValue):
            wanted = self.eval(pattern.value, frame)
            return self.truth(self.compare(ast.Eq, subject, wanted, (frame.path, pattern)))
        if isinstance(pattern, ast.MatchSingleton):
            wanted = Known(pattern.value)
            return self.truth(self.compare(ast.Is, subject, wanted, (frame.path, pattern)))
        return None

    def _do_For(self, node: ast.For, frame: Frame) -> Exit | None:
        items = self.iterate(self.eval(node.iter, frame))
        if items is None or len(items) > MOST_ITEMS:
            return self._unknown_loop(
                node.body, frame, lambda: self.assign(node.target, Unknown("an element that is not known"), frame)
            )
        kept = len(frame.exits)
        for item in items:
            self.step()
            self.assign(node.target, item, frame)
            left = self._turn(node.body, frame)
            if left is not None:
                return self._after_loop(frame, kept, None if left.kind == "break" else left)
        left = self.block(node.orelse, frame) if node.orelse else None
        return self._after_loop(frame, kept, left)

    _do_AsyncFor = _do_For

    def _turn(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        kept = len(frame.exits)
        left = self.block(body, frame)
        for index in range(len(frame.exits) - 1, kept - 1, -1):
            mark, writes, out = frame.exits[index]
            if out.kind == "continue":
                del frame.exits[index]
                if left is None or left.kind == "continue":
                    self.merge(mark, writes)
                self.unmark()
        return None if left is not None and left.kind == "continue" else left

    def _after_loop(self, frame: Frame, kept: int, left: Exit | None) -> Exit | None:
        for index in range(len(frame.exits) - 1, kept - 1, -1):
            mark, writes, out = frame.exits[index]
            if out.kind == "break":
                del frame.exits[index]
                self.merge(mark, writes)
                self.unmark()
        return left

    def _unknown_loop(self, body: list[ast.stmt], frame: Frame, begin: Callable[[], None]) -> Exit | None:
        mark = self.mark()
        kept = len(frame.exits)
        left: Exit | None = None
        try:
            begin()
            left = self.block(body, frame)
        except ThrownError:
            self.maybe_thrown += 1
        self._settle(frame, kept)
        self.forget(mark, "it is written in a loop over something that is not known")
        self.unmark()
        if left is not None and left.kind == "return":
            frame.exits.append((self.mark(), {}, left))
        return None

    def _do_While(self, node: ast.While, frame: Frame) -> Exit | None:
        kept = len(frame.exits)
        for _ in range(MOST_TURNS):
            self.step()
            truth = self.truth(self.eval(node.test, frame))
            if truth is None:
                return self._unknown_loop(node.body, frame, lambda: None)
            if not truth:
                left = self.block(node.orelse, frame) if node.orelse else None
                return self._after_loop(frame, kept, left)
            left = self._turn(node.body, frame)
            if left is not None:
                return self._after_loop(frame, kept, None if left.kind == "break" else left)
            if len(frame.exits) > kept:
                return self._unknown_loop(node.body, frame, lambda: None)
        self.doubt(
            "a while loop",
            f"it runs more than {MOST_TURNS:,} times; it was not followed to its end",
            (frame.path, node),
        )
        return self._unknown_loop(node.body, frame, lambda: None)


class Exit:
    """A way out of a block: return, break or continue."""

    __slots__ = ("kind", "value")

    def __init__(self, kind: str, value: Abstract | None = None) -> None:
        """Hold what leaves, and the returned value."""
        self.kind = kind
        self.value = value


def _source(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a readable length
