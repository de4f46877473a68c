"""The evaluator's state: budget, journal of writes, control dependence, environment."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from batten.model import Location, Unsure
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Cells,
    Instance,
    Known,
    Module,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    join,
)
from batten.understand.evaluate.origin import Hop, Origin, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.environ import World

MOST_STEPS = 600_000
DEEPEST_CALL = 40

Writes = dict[tuple[int, Any], tuple[Cells, Any, Abstract]]


class ThrownError(Exception):
    """The evaluated program raises, for certain, here."""

    def __init__(self, kinds: tuple[str, ...], message: str, place: Place, value: Abstract | None = None) -> None:
        """Keep the names of the exception's class and its bases, the message and the place."""
        super().__init__(message)
        self.kinds = kinds
        self.message = message
        self.place = place
        self.value = value
        self.control: tuple[Origin, ...] = ()
        self.unset = Origin()
        """The variable whose absence raises."""


class ExhaustedError(Exception):
    """The budget is spent."""


class Machine:
    """State that every part of the evaluator shares."""

    def __init__(self, world: World) -> None:
        """Start with an empty record in `world`."""
        self.world = world
        self.steps = 0
        self.depth = 0
        self.modules: dict[str, Module] = {}
        self.unsure: dict[tuple[str, str], Unsure] = {}
        self.record: list[Any] = []
        """Facts that library models noted, in order."""
        self.functions: list[Any] = []
        """Functions of the project that were defined, in order."""
        self.speculative = False
        """The body being evaluated runs at request time, with arguments that are not known."""
        self.looks: dict[Abstract, int] = {}
        """How often each function was followed at request time."""
        self.most_steps = MOST_STEPS
        self.catching: list[frozenset[str]] = []
        self.maybe_thrown = 0
        self._control: list[Origin] = []
        self._log: list[tuple[Cells, Any, Abstract]] = []
        self._logging = 0

    # Budget

    def step(self, cost: int = 1) -> None:
        """Spend budget.

        Raises:
            ExhaustedError: nothing is left.
        """
        self.steps += cost
        if self.steps > self.most_steps:
            raise ExhaustedError

    def doubt(self, what: str, why: str, place: Place = None) -> None:
        """Note once that something could not be told."""
        from batten.understand.evaluate.origin import locate  # noqa: PLC0415 - used rarely

        self.unsure.setdefault((what, why), Unsure(what, why, locate(place)))

    # Writes

    def put(self, cells: Cells, key: Any, value: Abstract) -> None:
        """Write one cell, journalled, with the conditions it depends on."""
        if self._control and isinstance(value, Known | Sequence | Ref | OneOf):
            value = self.controlled(value)
        if self._logging:
            self._log.append((cells, key, cells.get(key, ABSENT)))
        if value is ABSENT:
            cells.pop(key, None)
        else:
            cells[key] = value

    def controlled(self, value: Abstract) -> Abstract:
        """Return the value with the conditions under which it is being written."""
        for origin in self._control:
            if origin.unset or origin.hops:
                value = self.tainted(value, origin)
        return value

    @contextmanager
    def under(self, origin: Origin) -> Iterator[None]:
        """Make writes inside depend on `origin` too (the condition of a decided branch)."""
        self._control.append(origin)
        try:
            yield
        finally:
            self._control.pop()

    @property
    def control(self) -> tuple[Origin, ...]:
        """The conditions that led here, outermost first."""
        return tuple(self._control)

    @staticmethod
    def tainted(value: Abstract, origin: Origin) -> Abstract:
        """Return `value` with `origin` added to what it depends on."""
        if not (origin.unset or origin.hops):
            return value
        if isinstance(value, Known):
            return Known(value.value, value.origin.also(origin))
        if isinstance(value, OneOf):
            return OneOf(tuple(Machine.tainted(choice, origin) for choice in value.choices))
        if isinstance(value, Ref):
            return Ref(value.target, value.origin.also(origin))
        if isinstance(value, Module | Instance):
            return value
        from batten.understand.evaluate.objects import Object  # noqa: PLC0415 - keeps the list above short

        if isinstance(value, Object):
            return Ref(value, Origin(None, origin.hops, origin.unset))
        return value

    # Journal

    def mark(self) -> int:
        """Start recording writes; return the position to come back to."""
        self._logging += 1
        return len(self._log)

    def unmark(self) -> None:
        """Stop recording for one `mark`."""
        self._logging -= 1
        if not self._logging:
            self._log.clear()

    @property
    def logging(self) -> int:
        """How many marks are open."""
        return self._logging

    def reset_logging(self, count: int) -> None:
        """Go back to that many open marks, after an error passed through."""
        self._logging = count

    def rollback(self, mark: int) -> Writes:
        """Undo all writes since `mark`; return what they had made."""
        writes: Writes = {}
        while len(self._log) > mark:
            cells, key, old = self._log.pop()
            writes.setdefault((id(cells), key), (cells, key, cells.get(key, ABSENT)))
            if old is ABSENT:
                cells.pop(key, None)
            else:
                cells[key] = old
        return writes

    def since(self, mark: int) -> Writes:
        """Return the cells written since `mark` with what they held before."""
        before: Writes = {}
        for cells, key, old in self._log[mark:]:
            before.setdefault((id(cells), key), (cells, key, old))
        return before

    def merge(self, mark: int, other: Writes, here: Hop | None = None, there: Hop | None = None) -> None:
        """Join the present state with another that left the same `mark`.

        `other` is what `rollback` returned for the other way; `here` and
        `there` say which condition leads to which.
        """
        before = self.since(mark)
        for ident in {**before, **other}:
            cells, key, _ = other.get(ident) or before[ident]
            now = cells.get(key, ABSENT)
            then = other[ident][2] if ident in other else before[ident][2]
            if now is not then:
                self.put(cells, key, join(labelled(now, here), labelled(then, there)))

    def forget(self, mark: int, why: str) -> None:
        """Make every cell written since `mark` unknown (a loop that could not be followed)."""
        for cells, key, old in list(self.since(mark).values()):
            if cells.get(key, ABSENT) is not old:
                self.put(cells, key, Unknown(why))


def labelled(value: Abstract, hop: Hop | None) -> Abstract:
    """Return a constant (or list) with the condition that led to it."""
    if hop is None:
        return value
    if isinstance(value, Known):
        return Known(value.value, value.origin.then(hop))
    return value


def nowhere(path: str) -> Location:
    """Return the beginning of a file."""
    return Location(file=path, line=1)
