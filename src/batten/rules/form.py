"""The form that findings share: their place, a fix by literal, one finding at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Edit, Finding, Fix, FixKind, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Value

_PYTHON = (".py", ".cfg", ".pyw")
"""Files in which a literal is Python's (`from_pyfile` reads `.cfg`)."""


def first(*places: Location | None) -> Location:
    """Return the first place that is known; the last ought to be."""
    return next((place for place in places if place is not None), Location())


def is_python(place: Location | None) -> bool:
    """Return whether a place is a line of Python."""
    return place is not None and place.file is not None and place.file.endswith(_PYTHON)


def replaced(case: Value, text: str, says: str, kind: FixKind = FixKind.BEHAVIOURAL) -> Fix:
    """Return the fix that writes the literal `text` in place of the one that decides `case`.

    Words only where there is no such literal: the value is computed, or comes
    from a file that is not Python.
    """
    if case.plain and case.at is not None and is_python(case.at):
        return Fix(says, kind, (Edit(case.at, text),))
    return Fix(says)


def one_per_place(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield one finding for each place and symbol: the worst, the surest among equals."""
    kept: dict[tuple[Location, str], Finding] = {}
    for finding in findings:
        key = (finding.at, finding.symbol)
        if key not in kept or _rank(finding) < _rank(kept[key]):
            kept[key] = finding
    yield from kept.values()


def _rank(finding: Finding) -> tuple[int, int]:
    return finding.graded.rank, finding.confidence.rank
