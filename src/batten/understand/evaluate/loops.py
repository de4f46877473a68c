"""Loops: turned as often as Python would, or until another turn changes nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate import missed
from batten.understand.evaluate.branches import Branches, Exit, Path
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Mapping,
    OneOf,
    Sequence,
    Unknown,
    View,
    distinct,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import combined
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.journal import Writes
    from batten.understand.evaluate.origin import Place

MOST_TURNS = 2_000
MOST_ITEMS = 2_000
MOST_EXITS = 24
"""Turns of a `for` that may have ended it, until it is followed as a loop that turns any number of times."""
MOST_ENDS = 2
"""The same of a `while`, which nothing else may end."""
MOST_JOINED = 2
"""Turns of such a loop whose values are kept apart."""
MOST_ROUNDS = 8
_RESIZED = ("RuntimeError", "Exception", "BaseException")
_LOOPED = "it is written in a loop that turns an unknown number of times"


class Loops(Branches):
    """The part of the evaluator that turns loops."""

    def _do_For(self, node: ast.For, frame: Frame) -> Exit | None:
        over = self.eval(node.iter, frame)
        ways = [
            partial(self._for, node, choice, frame, content) for choice in each(over) for content in contents(choice)
        ]
        return self.all_ways(ways, frame) if len(ways) > 1 else self._for(node, over, frame)

    def _for(self, node: ast.For, over: Abstract, frame: Frame, content: Abstract | None = None) -> Exit | None:
        """Go through a value; `content` is what it holds, where that is one of several."""
        live = plain_object(over)
        if content is not None and isinstance(live, Sequence):
            self.put(live.cells, "items", content)
        self.begun(live)
        items = self.iterate(over)
        because, rest = rests_on(over), len(self.rest)
        missed.note(self, node.body, because, frame)
        self.rest[rest:] = [entry for entry in self.rest[rest:] if entry[0]]  # its `continue` ends with the loop

        def unknown_turn() -> Exit | None:
            self.assign(node.target, Unknown("an element that is not known"), frame)
            return self.block(node.body, frame)

        size = _size(live)

        def turns() -> Exit:
            kept = len(frame.exits)
            for position in range(MOST_ITEMS + 1):
                self.step()
                if size is not None and _size(live) != size:
                    self._resized(live, (frame.path, node))
                now = live.items if isinstance(live, Sequence) and live.of == "list" else items
                if now is None or len(now) > MOST_ITEMS or len(frame.exits) > kept + MOST_EXITS:
                    self.may_throw(VALUE_ERRORS)
                    self.parts_lost(over)
                    return self._undecided(node, unknown_turn, frame)
                if position >= len(now):
                    break
                self.assign(node.target, self.tainted(now[position], because), frame)
                left = self._turn(lambda: self.block(node.body, frame), frame)
                if left is not None:
                    missed.note(self, node.body, left.because, frame)
                    return left
            return Exit("done")

        with self.under(because):
            return self._loop(turns, node.orelse, frame)

    _do_AsyncFor = _do_For

    def _resized(self, live: Abstract, place: Place) -> None:
        """Do what Python does about a dict or set that a loop over it changes."""
        if _size(live) is not None:
            raise ThrownError(_RESIZED, "it changed size during iteration", place)
        self.may_throw(frozenset(_RESIZED))

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Write `value` to an assignment target."""
        raise NotImplementedError

    def _do_While(self, node: ast.While, frame: Frame) -> Exit | None:
        def turn() -> Exit | None:
            truth = self.truth(self.eval(node.test, frame))
            return None if truth is False else self.block(node.body, frame)

        def turns() -> Exit:
            kept = len(frame.exits)
            for _ in range(MOST_TURNS):
                self.step()
                test = self.eval(node.test, frame)
                truth = self.truth(test)
                if truth is False:
                    missed.note(self, node.body, rests_on(test), frame)
                    return Exit("done")
                if truth is None or len(frame.exits) > kept + MOST_ENDS:
                    return self._undecided(node, turn, frame, first=lambda: self.block(node.body, frame))
                with self.under(rests_on(test)):
                    left = self._turn(lambda: self.block(node.body, frame), frame)
                if left is not None:
                    missed.note(self, node.body, left.because, frame)
                    return missed.leaving(left, rests_on(test)) or left
            why = f"it runs more than {MOST_TURNS:,} times; it was not followed to its end"
            self.doubt("a while loop", why, (frame.path, node))
            return self._undecided(node, turn, frame)

        return self._loop(turns, node.orelse, frame)

    def _turn(self, way: Callable[[], Exit | None], frame: Frame) -> Exit | None:
        """Run a loop's body once; whatever continues falls through."""
        mark, kept = self.mark(), len(frame.exits)
        left, error = self._attempt(way)
        if len(frame.exits) == kept:
            self.unmark()
            if error is not None:
                raise error
            return None if left is not None and left.kind == "continue" else left
        paths = self._paths(frame, mark, kept, error or left)
        return self._go_on(frame, mark, [path.without("continue") for path in paths])

    def _loop(self, turns: Callable[[], Exit], orelse: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run a loop: what breaks falls through, what is done goes on with `else`."""
        mark, kept, rest = self.mark(), len(frame.exits), len(self.rest)
        left, error = self._attempt(turns)
        broken = combined(None, *(origin for returns, origin in self.rest[rest:] if not returns))
        self.rest[rest:] = [entry for entry in self.rest[rest:] if entry[0]]

        def otherwise() -> Exit | None:
            with self.under(broken):
                return self.block(orelse, frame)

        if len(frame.exits) == kept:
            self.unmark()
            if error is not None:
                raise error
            if left is not None and left.kind == "done":
                return otherwise()
            return None if left is not None and left.kind == "break" else left
        paths = [path.without("break") for path in self._paths(frame, mark, kept, error or left)]
        done = [path for path in paths if path.kind == "done"]
        if not done or not orelse:
            return self._go_on(frame, mark, [path.without("done") for path in paths])
        self.replay(self._as_one(done).writes)
        left, error = self._attempt(otherwise)
        others = [path for path in paths if path.kind != "done"]
        return self._go_on(frame, mark, others + self._paths(frame, mark, kept, error or left))

    def _undecided(
        self,
        node: ast.For | ast.While,
        turn: Callable[[], Exit | None],
        frame: Frame,
        first: Callable[[], Exit | None] | None = None,
    ) -> Exit:
        """Run a loop that turns any number of times, not at all perhaps.

        The body is followed again and again from the join of all states it was begun in, until that is a state
        which the body does not change; what keeps changing becomes unknown. `first` is the first turn where it is
        another: its condition was asked already.
        """
        noted = len(self.record)
        for count in range(MOST_ROUNDS):
            mark, kept = self.mark(), len(frame.exits)
            begins = first is not None and not count
            left, error = self._attempt(first if first is not None and begins else turn)
            paths = [path.without("continue") for path in self._paths(frame, mark, kept, error or left)]
            going = [path.writes for path in paths if path.kind == ""]
            if not self._widened(going, known=count < MOST_JOINED) and not begins:
                break
            self.unmark()
            del self.record[noted:]
        else:
            mark = self.mark()
            self.doubt("a loop", "what it changes could not be told", (frame.path, node))
        left = self._go_on(frame, mark, [*(path for path in paths if path.kind), Path({}, Exit("done"))])
        return left or Exit("done")

    def _widened(self, ways: list[Writes], *, known: bool) -> bool:
        """Join the present state with what turns of a loop leave behind; return whether it changed."""
        changed = False
        for cells, key, value in (entry for writes in ways for entry in writes.values()):
            now = cells.get(key, ABSENT)
            both = join(now, value)
            if _covers(now, both) or (isinstance(now, Unknown) and now.why == _LOOPED) or str(key).startswith("hook:"):
                continue
            changed = True
            if not known:
                self.touch(now, value)
            self.put(cells, key, both if known else Unknown(_LOOPED))
        return changed


def _size(value: Abstract) -> int | None:
    """Return how many elements a dict, a view of one or a set has, None of anything else or when that is not known."""
    if isinstance(value, Mapping) and not value.open:
        held = value.cells.values()
        bound = [not any(choice is ABSENT for choice in each(one)) for one in held if one is not ABSENT]
        return len(bound) if all(bound) else None
    if isinstance(value, View) or (isinstance(value, Sequence) and value.of == "set"):
        return len(distinct(value.items)) if value.items is not None else None
    return None


def contents(value: Abstract) -> tuple[Abstract | None, ...]:
    """Return each content that a list may have where it is one of several, else None alone."""
    target = plain_object(value)
    content = target.cells["items"] if isinstance(target, Sequence) else None
    return content.choices if isinstance(content, OneOf) else (None,)


def _covers(now: Abstract, both: Abstract) -> bool:
    """Return whether a value that was joined with another is what it was before."""
    alike = isinstance(now, Unknown) is isinstance(both, Unknown)
    return both is now or (alike and len([*each(now)]) == len([*each(both)]))
