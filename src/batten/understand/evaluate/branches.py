"""Conditions and loops; undecided ones are followed both ways and joined."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.understand.evaluate import first_start, missed
from batten.understand.evaluate.instances import Instances
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Known,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence as Seq

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.journal import Writes
    from batten.understand.evaluate.origin import Hop


_DEPLOYED = frozenset({"tool", "serve", "client"})
"""Facts that a setting decides rather than a request, whatever function notes them."""


class Branches(Instances):
    """The part of the evaluator that decides which way to go."""

    def block(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run statements in order; return the way out, None at the end."""
        raise NotImplementedError

    def run_body(self, body: list[ast.stmt], frame: Frame) -> Abstract:
        """Run a function's body; join all its ways out; return its value."""
        mark, rest = self.mark(), self.rest
        self.rest = []
        left, error = self._attempt(lambda: self.block(body, frame))
        for start, hop in frame.passed:
            self._depend([(self.record[start:], hop)])
        if left is None:
            left = Exit("return", self.controlled(Known(None)))
        self.rest = rest
        if error is not None or frame.exits:
            paths = self._paths(frame, mark, 0, error or left)
            left = self._go_on(frame, mark, [path.returning() for path in paths])
        else:
            self.unmark()
        value = left.value if left is not None and left.value is not None else Known(None)
        for other in frame.returned:
            value = join(other, value)
        return value

    def _do_If(self, node: ast.If, frame: Frame) -> Exit | None:
        test = self.eval(node.test, frame)
        truth = self.truth(test)
        if truth is not None:
            because = rests_on(test)
            missed.note(self, node.orelse if truth else node.body, because, frame)
            with self.under(because):
                return missed.leaving(self._guarded(node.body if truth else node.orelse, frame), because)
        return self.both_ways(
            lambda: self._narrowed(node.test, frame, node.body, wanted=True),
            lambda: self._narrowed(node.test, frame, node.orelse, wanted=False),
            frame,
            _hop(node.test, frame, wanted=True),
            _hop(node.test, frame, wanted=False),
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
        self._narrow_error(test, frame, wanted=wanted)
        with self.vouching(test, frame, holds=wanted):
            return self._narrowed_names(test, frame, body, wanted=wanted)

    def _narrowed_names(self, test: ast.expr, frame: Frame, body: list[ast.stmt], *, wanted: bool) -> Exit | None:
        bound = {n.target.id for n in ast.walk(test) if isinstance(n, ast.NamedExpr)}
        for name in sorted({n.id for n in ast.walk(test) if isinstance(n, ast.Name)} - bound):
            held = frame.lookup(name)
            if isinstance(held, OneOf) and name in frame.target(name):
                kept = [choice for choice in held.choices if self._holds(test, frame, name, choice) is not (not wanted)]
                if kept:
                    self.put(frame.target(name), name, kept[0] if len(kept) == 1 else OneOf(tuple(kept)))
        return self.block(body, frame)

    def _narrow_error(self, test: ast.expr, frame: Frame, *, wanted: bool) -> None:
        """Forget that a value is just any error where a test says that it is a particular one."""
        called = test.func.id if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) else ""
        if not wanted or called != "isinstance" or not isinstance(test, ast.Call) or not test.args[1:]:
            return
        name = test.args[0].id if isinstance(test.args[0], ast.Name) else ""
        held = frame.lookup(name)
        if isinstance(held, Unknown) and "error" in held.labels:
            kind = plain_object(self.eval(test.args[1], frame))
            if getattr(kind, "name", "") not in {"Exception", "BaseException"}:
                particular = Unknown(held.why, held.origin, kind=held.kind, truth=held.truth)
                self.put(frame.target(name), name, particular)

    def _holds(self, test: ast.expr, frame: Frame, name: str, choice: Abstract) -> bool | None:
        """Return the truth of a condition if a name held that choice; leaves no trace."""
        mark, noted = self.mark(), len(self.record)
        try:
            self.put(frame.target(name), name, choice)
            return self.truth(self.eval(test, frame))
        except ThrownError:
            return None
        finally:
            self.rollback(mark)
            self.unmark()
            del self.record[noted:]

    def both_ways(
        self,
        first: Callable[[], Exit | None],
        second: Callable[[], Exit | None],
        frame: Frame,
        when: Hop | None = None,
        otherwise: Hop | None = None,
    ) -> Exit | None:
        """Run both alternatives of an undecided condition and join what they leave behind.

        Raises:
            ThrownError: both raise.
        """
        return self.all_ways((first, second), frame, (when, otherwise))

    def all_ways(self, ways: Seq[Callable[[], Exit | None]], frame: Frame, hops: Seq[Hop | None] = ()) -> Exit | None:
        """Run several alternatives, one of which is taken, and join what they leave behind.

        What falls through is the present state afterwards; other ways out wait in the frame's exits.

        Raises:
            ThrownError: all of them raise.
        """
        mark, kept = self.mark(), len(frame.exits)
        paths: list[Path] = []
        noted: list[tuple[list[Any], Hop]] = []
        for index, way in enumerate(ways):
            before = len(self.record)
            left, error = self._attempt(way)
            hop = hops[index] if index < len(hops) else None
            paths += [path._replace(hop=hop) for path in self._paths(frame, mark, kept, error or left)]
            if hop is not None:
                noted.append((self.record[before:], hop))
        if sum(path.kind != "raise" for path in paths) > 1:
            self._depend(noted)
        left = self._go_on(frame, mark, paths)
        on = [path.hop for path in paths if path.kind == ""]
        if left is None and len(on) == 1 and on[0] is not None and any(path.kind == "return" for path in paths):
            frame.passed.append((len(self.record), on[0]))
        return left

    def _depend(self, noted: list[tuple[list[Any], Hop]]) -> None:
        """Note that facts rest on undecided conditions; what a request decides is no question of the deployment."""
        for facts, hop in noted:
            for fact in facts:
                if not self.speculative or fact[0] in _DEPLOYED:
                    self.conditions.setdefault(id(fact), (fact, hop))

    def _paths(self, frame: Frame, mark: int, kept: int, out: Exit | ThrownError | None) -> list[Path]:
        """Undo everything since `mark`; return each path that leads on from there, the present one last."""
        paths: list[Path] = []
        for opened, writes, way in frame.exits[kept:]:
            paths.append(Path({**self.written(mark, opened), **writes}, way))
            self.unmark()
        del frame.exits[kept:]
        paths.append(Path(self.rollback(mark), out))
        return paths

    def _go_on(self, frame: Frame, mark: int, paths: list[Path]) -> Exit | None:
        """Close `mark` and take all paths from there at once; return how the present one leaves.

        Raises:
            ThrownError: no path does anything else.
        """
        groups: dict[str, list[Path]] = {}
        for path in paths:
            groups.setdefault(path.kind, []).append(path)
        raising = groups.pop("raise", [])
        for path in raising:
            assert isinstance(path.out, ThrownError)  # noqa: S101 - that is its kind
            if len(paths) > 1:
                self.may_throw(frozenset(path.out.kinds))
        joined = {kind: self._as_one(found) for kind, found in (groups or {"raise": raising}).items()}
        present = joined.pop("") if "" in joined else joined.pop(next(reversed(joined)))
        for path in joined.values():
            self.mark()
            assert isinstance(path.out, Exit)  # noqa: S101 - what raises or falls through is not among them
            frame.exits.append((mark, path.writes, path.out))
        self.replay(present.writes)
        self.unmark()
        if isinstance(present.out, ThrownError):
            raise present.out
        return present.out

    def _as_one(self, paths: list[Path]) -> Path:
        """Return one path for several that leave in the same manner."""
        out = paths[-1].out
        writes = self.joined([(path.writes, path.hop) for path in paths])
        if isinstance(out, Exit) and out.kind == "return":
            value: Abstract | None = None
            for path in paths:
                one = (path.out.value if isinstance(path.out, Exit) else None) or Known(None)
                value = one if value is None else join(value, one)
            out = Exit("return", value)
        return Path(writes, out)

    def _settle(self, frame: Frame, kept: int) -> None:
        """Forget the ways out that were opened since, after their returned values are noted."""
        while len(frame.exits) > kept:
            _, _, out = frame.exits.pop()
            if out.kind == "return":
                frame.returned.append(out.value or Known(None))
            self.unmark()

    @staticmethod
    def _attempt(way: Callable[[], Exit | None]) -> tuple[Exit | None, ThrownError | None]:
        try:
            return way(), None
        except ThrownError as error:
            return None, error

    def _do_Match(self, node: ast.Match, frame: Frame) -> Exit | None:
        return self._match(self.eval(node.subject, frame), node.cases, frame)

    def _match(self, subject: Abstract, cases: list[ast.match_case], frame: Frame) -> Exit | None:
        if not cases:
            return None
        case, rest = cases[0], cases[1:]
        bound: dict[str, Abstract] = {}
        truth = self._fits(subject, case.pattern, frame, bound)

        def otherwise() -> Exit | None:
            return self._match(subject, rest, frame)

        def taken() -> Exit | None:
            for name, held in bound.items():
                self.put(frame.target(name), name, held)
            guard = Known(value=True) if case.guard is None else self.eval(case.guard, frame)
            holds = self.truth(guard)
            if holds is None:
                return self.both_ways(lambda: self.block(case.body, frame), otherwise, frame)
            for other in rest if holds else [case]:
                missed.note(self, other.body, rests_on(guard), frame)
            with self.under(rests_on(guard)):
                return missed.leaving(self.block(case.body, frame) if holds else otherwise(), rests_on(guard))

        if truth is None:
            return self.both_ways(taken, otherwise, frame)
        because = rests_on(subject)
        for other in rest if truth else [case]:
            missed.note(self, other.body, because, frame)
        with self.under(because):
            return missed.leaving(taken() if truth else otherwise(), because)

    def _fits(self, subject: Abstract, pattern: ast.pattern, frame: Frame, bound: dict[str, Abstract]) -> bool | None:
        """Return whether a pattern matches; the names that it then binds are put into `bound`."""
        if isinstance(pattern, ast.MatchAs):
            truth = True if pattern.pattern is None else self._fits(subject, pattern.pattern, frame, bound)
            if pattern.name:
                bound[pattern.name] = subject
            return truth
        if isinstance(pattern, ast.MatchOr):
            return self._fits_one(subject, pattern.patterns, frame, bound)
        if isinstance(pattern, ast.MatchValue):
            wanted = self.eval(pattern.value, frame)
            return self.truth(self.compare(ast.Eq, subject, wanted, (frame.path, pattern)))
        if isinstance(pattern, ast.MatchSingleton):
            return self.truth(self.compare(ast.Is, subject, Known(pattern.value), (frame.path, pattern)))
        if isinstance(pattern, ast.MatchSequence):
            return self._fits_each(subject, pattern.patterns, frame, bound)
        if isinstance(pattern, ast.MatchMapping) and not pattern.rest:
            return self._fits_entries(subject, pattern, frame, bound)
        return _unfitted(pattern, bound)

    def _fits_entries(
        self, subject: Abstract, pattern: ast.MatchMapping, frame: Frame, bound: dict[str, Abstract]
    ) -> bool | None:
        target = plain_object(subject)
        if not isinstance(target, Mapping):
            return False if isinstance(target, Known | Sequence) else _unfitted(pattern, bound)
        truths: list[bool | None] = []
        for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
            wanted = self.eval(key, frame)
            held = target.cells.get(wanted.value, ABSENT) if isinstance(wanted, Known) else ABSENT
            missing = any(choice is ABSENT for choice in each(held))
            if not isinstance(wanted, Known) or (missing and (target.open or held is not ABSENT)):
                return _unfitted(pattern, bound)
            truths.append(False if missing else self._fits(held, inner, frame, bound))
        return False if False in truths else (None if None in truths else True)

    def _fits_one(
        self, subject: Abstract, patterns: list[ast.pattern], frame: Frame, bound: dict[str, Abstract]
    ) -> bool | None:
        for pattern in patterns:
            one: dict[str, Abstract] = {}
            truth = self._fits(subject, pattern, frame, one)
            if truth is not False:
                if truth is None:
                    one = {name: Unknown("a part of something that is matched") for name in one}
                bound.update(one)
                return truth
        return False

    def _fits_each(
        self, subject: Abstract, patterns: list[ast.pattern], frame: Frame, bound: dict[str, Abstract]
    ) -> bool | None:
        target = plain_object(subject)
        items = target.items if isinstance(target, Sequence) and target.of in ("list", "tuple") else None
        if isinstance(target, Known | Mapping):
            return False
        star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
        if items is None or (star is not None and getattr(patterns[star], "name", None)):
            for inner in (i for pattern in patterns for i in ast.walk(pattern)):
                if isinstance(getattr(inner, "name", None), str):
                    bound[inner.name] = Unknown("a part of something that is matched")  # type: ignore[attr-defined]
            return None
        after = 0 if star is None else len(patterns) - star - 1
        if len(items) < len(patterns) - (star is not None) or (star is None and len(items) != len(patterns)):
            return False
        pairs = [*zip(patterns[:star], items, strict=False)]
        if star is not None and after:
            pairs += zip(patterns[-after:], items[-after:], strict=True)
        truths = [self._fits(item, inner, frame, bound) for inner, item in pairs]
        return False if False in truths else (None if None in truths else True)


def _unfitted(pattern: ast.pattern, bound: dict[str, Abstract]) -> bool | None:
    """Bind the names of a pattern that may or may not match to something unknown."""
    for inner in ast.walk(pattern):
        name = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(name, str):
            bound[name] = Unknown("a part of something that is matched")
    return None


class Path(NamedTuple):
    """One way to go on from a state: what it writes, and how it leaves."""

    writes: Writes
    out: Exit | ThrownError | None
    hop: Hop | None = None
    """The condition that leads there."""

    @property
    def kind(self) -> str:
        """How it leaves: `return`, `break`, `continue`, `done`, `raise`, or nothing when it falls through."""
        return "raise" if isinstance(self.out, ThrownError) else self.out.kind if self.out else ""

    def without(self, kind: str) -> Path:
        """Return the path, falling through when it leaves in that manner."""
        return self._replace(out=None) if self.kind == kind else self

    def returning(self) -> Path:
        """Return the path, returning None when it falls through."""
        return self._replace(out=Exit("return", Known(None))) if self.out is None else self


class Exit:
    """A way out of a block: return, break or continue."""

    __slots__ = ("because", "kind", "value")

    def __init__(self, kind: str, value: Abstract | None = None) -> None:
        """Hold what leaves, and the returned value."""
        self.kind = kind
        self.value = value
        self.because = NOWHERE
        """The variables whose absence leads to it."""


def _hop(test: ast.expr, frame: Frame, *, wanted: bool) -> Hop | None:
    if first_start.holds(test, frame, wanted=wanted):
        return None  # production gets there, once
    return ((frame.path, test), f"{'if' if wanted else 'unless'} {_source(test)}", None)


def _source(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a readable length
