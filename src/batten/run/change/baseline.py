"""Accepts what a project has today: `batten baseline`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.collect import directory_of, read_anywhere
from batten.judge.baseline import FILE, needs_owner, parse, written
from batten.model.data import dataclass
from batten.run.static import check

if TYPE_CHECKING:
    from batten.model import Finding
    from batten.run.request import Request


@dataclass(frozen=True, slots=True)
class Drawn:
    """A baseline, to be written."""

    path: str
    text: str
    held: int
    """Findings in it."""
    gone: int
    """Rows of the one before that met no finding."""
    unowned: tuple[Finding, ...] = ()
    """Findings that are left out: they need an owner."""


def baseline(request: Request, *, owner: str = "") -> Drawn:
    """Return the baseline of a project as it is today.

    Critical findings go in only with an `owner`, or with the one that they had.

    Raises:
        BattenError: the target does not exist, or a setting is malformed.
    """
    directory = directory_of(request.target)
    path = f"{directory}/{FILE}"
    old = parse(read_anywhere(path) or "", FILE)
    name = old.name or directory.rpartition("/")[2]
    report = check(replace(request, baseline=False, name=name, new_since=""))
    before = {row.fingerprint: row for row in old.rows}
    owned = {row.fingerprint for row in old.rows if row.owner}
    left = tuple(f for f in report.findings if needs_owner(f) and not owner and f.fingerprint not in owned)
    kept = [finding for finding in report.findings if finding not in left]
    gone = len(before.keys() - {finding.fingerprint for finding in report.findings})
    return Drawn(path, written(kept, name, owner, before), len(kept), gone, left)
