"""Calls that production may or may not get to: the condition that they stand under could not be decided."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.model import Evidence
from batten.model.data import dataclass
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.origin import locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.evaluate.machine import Machine


@dataclass(frozen=True, slots=True)
class Condition:
    """Lines of a file, and the condition under which they are run."""

    file: str
    first: int
    last: int
    evidence: Evidence

    def covers(self, at: Location) -> bool:
        """Return whether a place is one of the lines."""
        return at.file == self.file and at.line is not None and self.first <= at.line <= self.last


def conditions(machine: Machine) -> tuple[Condition, ...]:
    """Return the calls that were noted only on a way that may not be taken."""
    sure = {
        place for fact in machine.record if id(fact) not in machine.conditions for place in _lines(fact)
    }  # noted elsewhere without a condition
    found: dict[tuple[str, int, int], Condition] = {}
    for fact, (test, says, _) in machine.conditions.values():
        at = locate(test)
        for lines in _lines(fact):
            if at is not None and lines not in sure:
                told = Evidence(at, f"production gets there only {says}, which is not known")
                found.setdefault(lines, Condition(*lines, told))
    return tuple(found[key] for key in sorted(found))


def _lines(fact: Any) -> Iterator[tuple[str, int, int]]:  # noqa: ANN401 - a fact has any form
    """Yield the lines of the calls that a fact speaks of."""
    for part in fact if isinstance(fact, tuple) else ():
        place = part.place if isinstance(part, Call) else part
        if isinstance(place, tuple) and len(place) == 2 and isinstance(place[1], ast.expr):  # noqa: PLR2004 - a file and a node
            yield place[0], place[1].lineno, place[1].end_lineno or place[1].lineno
