"""The journal of writes: what is done on one way can be undone, joined with other ways, and done again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.objects import (
    ABSENT,
    SERIAL,
    Abstract,
    Cells,
    Class,
    Instance,
    Items,
    Known,
    Mapping,
    Module,
    Object,
    OneOf,
    OwnCells,
    Ref,
    Sequence,
    Unknown,
    alike,
    join,
)
from batten.understand.evaluate.origin import NOWHERE, Hop, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence as Seq

    from batten.understand.evaluate.objects import Environ

Writes = dict[tuple[int, Any], tuple[Cells, Any, Abstract]]


class Journal:
    """All writes of the evaluated program, with the conditions that they depend on."""

    environ: Environ

    def __init__(self) -> None:
        """Start with nothing written."""
        self.rest: list[tuple[bool, Origin]] = []
        """What the rest of the present function (True) or loop depends on: a way out of it that was not taken."""
        self.raised: list[Origin] = []
        """What the rest of the bodies of `try` depends on: an exception that is not raised there."""
        self.missing: dict[tuple[int, Any], tuple[Cells, Origin]] = {}
        """Cells that hold nothing because a variable is not set."""
        self._control: list[Origin] = []
        self._log: list[tuple[Cells, Any, Abstract]] = []
        self._orders: list[tuple[int, Cells, tuple[Any, ...]]] = []
        """Where an entry was deleted: the position in the log, and the order of the keys until then."""
        self._logging = 0
        self._marked_at = -1
        self._serials: dict[int, int] = {}
        """Position in the log to the serial number of the objects made from then on."""
        self._imports: list[tuple[int, str, Cells]] = []
        """Modules imported since the first open mark: the position in the log, and the environment then."""
        self._history: list[tuple[Cells, Any, Abstract, Abstract]] = []
        self._watching = 0
        self.elsewhere: dict[str, Cells] = {}
        """Modules that were imported on a way which was left again, with the environment of that time."""

    # Writes

    def put(self, cells: Cells, key: Any, value: Abstract) -> None:
        """Write one cell, journalled, with the conditions it depends on."""
        if (self._control or self.rest) and (
            isinstance(value, Known | Sequence | Ref | OneOf | Items)
            or (isinstance(value, Mapping) and value.of == "dict")
        ):
            value = self.controlled(value)
        if self._logging and not (isinstance(cells, OwnCells) and cells.born > self._marked_at):
            if value is ABSENT and key in cells:
                self._orders.append((len(self._log), cells, tuple(cells)))
            self._log.append((cells, key, cells.get(key, ABSENT)))
        if self._watching:
            self._history.append((cells, key, cells.get(key, ABSENT), value))
        if value is ABSENT:
            cells.pop(key, None)
        else:
            cells[key] = value

    def controlled(self, value: Abstract) -> Abstract:
        """Return the value with the conditions under which it is being written."""
        for origin in (*self._control, *(origin for _, origin in self.rest)):
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
        if isinstance(value, Items):
            if not origin.unset:
                return value
            return Items(tuple(Journal.tainted(item, origin) for item in value.items))
        if isinstance(value, OneOf):
            return OneOf(tuple(Journal.tainted(choice, origin) for choice in value.choices))
        if isinstance(value, Ref):
            return Ref(value.target, value.origin.also(origin), value.others)
        if isinstance(value, Module) or (isinstance(value, Instance) and value.library and not _is_member(value)):
            return value
        if isinstance(value, Object):
            return Ref(value, Origin(None, origin.hops, origin.unset))
        return value

    # Journal

    @property
    def depth_of_ways(self) -> int:
        """How many ways that may not be taken are being followed inside of each other."""
        return self._logging

    def mark(self) -> int:
        """Start recording writes; return the position to come back to."""
        self._logging += 1
        self._marked_at = next(SERIAL)
        self._serials[len(self._log)] = self._marked_at
        return len(self._log)

    def unmark(self) -> None:
        """Stop recording for one `mark`."""
        self._logging -= 1
        if not self._logging:
            self._log.clear()
            self._orders.clear()
            self._imports.clear()

    @property
    def logging(self) -> int:
        """How many marks are open."""
        return self._logging

    def reset_logging(self, count: int) -> None:
        """Go back to that many open marks, after an error passed through."""
        self._logging = count

    def rollback(self, mark: int) -> Writes:
        """Undo all writes since `mark`; return what they had made, in the order they were made."""
        writes: Writes = {}
        serial = self._serials.get(mark, -1)
        for cells, key, old in self._log[mark:]:
            if isinstance(cells, OwnCells) and cells.born > serial >= 0:
                continue  # made on this way: nothing else can reach it
            ident, now = (id(cells), key), cells.get(key, ABSENT)
            again = old is ABSENT and ident in writes
            if again:
                del writes[ident]
            if again and now is not ABSENT:
                now = join(now, ABSENT)  # it was deleted in between: where it stands among the others is not known
            writes.setdefault(ident, (cells, key, now))
        while self._imports and self._imports[-1][0] >= mark:
            _, name, environment = self._imports.pop()
            self.elsewhere[name] = environment
        while len(self._log) > mark:
            cells, key, old = self._log.pop()
            if isinstance(cells, OwnCells) and cells.born > serial >= 0:
                continue
            if old is ABSENT:
                cells.pop(key, None)
            else:
                cells[key] = old
        self._reorder(mark, serial)
        return writes

    def _reorder(self, mark: int, serial: int) -> None:
        """Put entries back in the order they had at `mark`, where one was deleted since."""
        while self._orders and self._orders[-1][0] >= mark:
            _, cells, keys = self._orders.pop()
            if not (isinstance(cells, OwnCells) and cells.born > serial >= 0):
                held = dict(cells)
                cells.clear()
                cells.update({key: held.pop(key) for key in keys if key in held})
                cells.update(held)

    def written(self, mark: int, until: int) -> Writes:
        """Return the cells written between two positions, with what they held at the second."""
        later: Writes = {}
        for cells, key, old in self._log[until:]:
            later.setdefault((id(cells), key), (cells, key, old))
        found: Writes = {}
        for cells, key, _ in self._log[mark:until]:
            ident = (id(cells), key)
            found[ident] = (cells, key, later[ident][2] if ident in later else cells.get(key, ABSENT))
        born, now = self._serials.get(mark, -1), self._serials.get(until, -1)
        for ident, (cells, key, old) in later.items():
            if isinstance(cells, OwnCells) and born < cells.born < now:
                found.setdefault(ident, (cells, key, old))  # made before, not undone afterwards
        return found

    def replay(self, writes: Writes) -> None:
        """Do writes again that were undone."""
        for cells, key, value in writes.values():
            self.put(cells, key, value)

    @staticmethod
    def joined(ways: Seq[tuple[Writes, Hop | None]]) -> Writes:
        """Return the writes that stand for several ways from the present state, one of which is taken."""
        if len(ways) == 1:
            return ways[0][0]
        found: Writes = {}
        for ident, (cells, key, _) in {ident: entry for writes, _ in ways for ident, entry in writes.items()}.items():
            now = cells.get(key, ABSENT)
            values = [(writes[ident][2] if ident in writes else now, hop) for writes, hop in ways]
            value = values[0][0]
            if any(other is not value for other, _ in values):
                value = labelled(*values[0])
                for other, hop in values[1:]:
                    value = join(value, labelled(other, hop))
            found[ident] = (cells, key, value)
        orders = [[ident for ident in writes if found[ident][1] not in found[ident][0]] for writes, _ in ways]
        shared = set(orders[0]).intersection(*orders[1:])
        if len({tuple(ident for ident in order if ident in shared) for order in orders}) > 1:
            for ident in shared:  # new entries in an order that is not known
                cells, key, value = found[ident]
                found[ident] = (cells, key, join(value, ABSENT))
        return found

    def since(self, mark: int) -> Writes:
        """Return the cells written since `mark` with what they held before."""
        before: Writes = {}
        for cells, key, old in self._log[mark:]:
            before.setdefault((id(cells), key), (cells, key, old))
        return before

    def forget(self, mark: int, why: str) -> None:
        """Make every cell written since `mark` unknown (a loop that could not be followed)."""
        for cells, key, old in list(self.since(mark).values()):
            if cells.get(key, ABSENT) is not old:
                self.put(cells, key, Unknown(why))

    # What is missing, and what was imported

    def lacking(self, cells: Cells, key: Any) -> Origin:
        """Return why a cell holds nothing: the variables whose absence kept it from being written."""
        held = self.missing.get((id(cells), key))
        return held[1] if held is not None and held[0] is cells else NOWHERE

    def lacked(self, cells: Cells) -> list[tuple[Any, Origin]]:
        """Return the cells that hold nothing because a variable is not set, each with the reason."""
        return [(key, because) for (_, key), (owner, because) in self.missing.items() if owner is cells]

    def imported(self, name: str) -> None:
        """Note that a module is imported here: it counts as imported only on this way."""
        if self._logging:
            self._imports.append((len(self._log), name, dict(self.environ.cells)))

    def same_environment(self, before: Cells) -> bool:
        """Return whether the environment is what it was."""
        now = self.environ.cells
        return before.keys() == now.keys() and all(alike(held, now[name]) for name, held in before.items())


def _is_member(value: Instance) -> bool:
    """Return whether an object is a member of an enumeration of the project."""
    return isinstance(value.of, Class) and bool(value.of.facts.get("enum"))


def labelled(value: Abstract, hop: Hop | None) -> Abstract:
    """Return a constant (or list) with the condition that led to it."""
    if hop is None:
        return value
    if isinstance(value, Known):
        return Known(value.value, value.origin.then(hop))
    return value
