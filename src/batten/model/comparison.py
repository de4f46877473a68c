"""Two reports beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass
from batten.model.scale import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports beside each other; a finding is a row of the JSON report."""

    before: str
    after: str
    points: tuple[int, int]
    new: tuple[Mapping[str, Any], ...]
    fixed: tuple[Mapping[str, Any], ...]
    unchanged: tuple[Mapping[str, Any], ...]
    changed: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]
    """Of another severity: as it was, as it is."""

    def worsened(self, fail_on: Severity) -> list[Mapping[str, Any]]:
        """Return what is new or got worse, at a severity or above; only possible findings are left out."""
        risen = [now for was, now in self.changed if rank(now) < rank(was)]
        counted = (*self.new, *risen)
        return [row for row in counted if rank(row) <= fail_on.rank and row.get("confidence") != "possible"]


def rank(row: Mapping[str, Any]) -> int:
    """Return the rank of a finding's severity in a JSON report; 0 is the worst."""
    return Severity(row["severity"]).rank
