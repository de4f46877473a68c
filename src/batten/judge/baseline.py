"""What is accepted as it is today: a file of fingerprints, one finding a line, and whatever else is known from before.

No time and no count stands in it, so that two branches merge; the words beside a
fingerprint are for people and are not read back.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Confidence, Location, Severity, Suppressed
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from batten.model import Finding

FILE = "batten.baseline.jsonl"
_FORM = "batten/baseline/1"


@dataclass(frozen=True, slots=True)
class Known:
    """A finding that was there before."""

    fingerprint: str
    rule: str
    reason: str
    at: Location
    """Where that is written."""
    owner: str = ""
    is_bare: bool = False
    """It speaks for a critical or confirmed finding too, without an owner: the finding is older than the change."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The file, read."""

    name: str = ""
    """What the repository was called when it was made: secrets enter fingerprints with that name as their salt."""
    rows: tuple[Known, ...] = ()
    problems: tuple[str, ...] = ()


def needs_owner(finding: Finding) -> bool:
    """Return whether somebody has to answer for accepting it by name."""
    return finding.graded is Severity.CRITICAL or finding.confidence is Confidence.CONFIRMED


def parse(text: str, path: str) -> Baseline:
    """Return the rows of a baseline; a line that is none is a problem, and the rest still holds."""
    name, rows, problems = "", [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            held = json.loads(line)
        except ValueError:
            held = None
        if not isinstance(held, dict):
            problems.append(f"{path}:{number}: the baseline's line is no JSON object")
        elif "form" in held:
            name = str(held.get("name", ""))
        elif isinstance(held.get("fingerprint"), str):
            place = Location(file=path, line=number)
            owner = str(held.get("owner") or "")
            rows.append(Known(held["fingerprint"], str(held.get("rule", "")), "in the baseline", place, owner))
        else:
            problems.append(f"{path}:{number}: the baseline's line has no fingerprint")
    return Baseline(name, tuple(rows), tuple(problems))


def written(findings: Iterable[Finding], name: str, owner: str, before: Mapping[str, Known]) -> str:
    """Return the baseline of findings as text, sorted; owners that stood there before stay."""
    lines = [json.dumps({"form": _FORM, "name": name})]
    rows = []
    for finding in findings:
        held = before.get(finding.fingerprint)
        row = {
            "fingerprint": finding.fingerprint,
            "rule": finding.rule,
            "where": finding.at.file or str(finding.at),
            "says": finding.says,
        }
        responsible = (held.owner if held is not None else "") or owner
        if responsible and needs_owner(finding):
            row["owner"] = responsible
        rows.append(row)
    rows.sort(key=lambda row: (row["rule"], row["where"], row["fingerprint"]))
    return "\n".join([*lines, *(json.dumps(row) for row in rows)]) + "\n"


def apart(findings: Sequence[Finding], known: Mapping[str, Known]) -> tuple[list[Finding], list[Suppressed], set[str]]:
    """Return the findings that are new, those that were known, and the fingerprints that were met."""
    kept: list[Finding] = []
    accepted: list[Suppressed] = []
    met: set[str] = set()
    for finding in findings:
        row = known.get(finding.fingerprint)
        if row is None:
            kept.append(finding)
            continue
        met.add(finding.fingerprint)
        if needs_owner(finding) and not row.owner and not row.is_bare:
            kept.append(_unowned(finding))
        else:
            accepted.append(Suppressed(finding, row.reason, row.at, "", row.owner))
    return kept, accepted, met


def _unowned(finding: Finding) -> Finding:
    why = "critical" if finding.graded is Severity.CRITICAL else "confirmed live"
    note = f"the baseline names no owner for it, and it is {why}"
    return replace(finding, note="; ".join(filter(None, (finding.note, note))))
