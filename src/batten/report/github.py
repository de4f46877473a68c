"""GitHub annotations: workflow commands, the worst few and how many more there are.

GitHub shows ten of each level a step and drops the rest without a word
(Actions limits); so nine are written and a tenth says how many there are besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity
from batten.report.anchors import anchor, under

if TYPE_CHECKING:
    from batten.model import Finding, Report

MOST = 9
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


def render(report: Report, *, prefix: str = "") -> str:
    """Return the annotations; `prefix` is the directory of the target inside the repository."""
    lines = [_annotation(finding, report, prefix) for finding in report.findings[:MOST]]
    more = len(report.findings) - MOST
    if more > 0:
        lines.append(f"::notice title=Batten::and {more} more: the whole report has them")
    verdict = "passed" if report.gate.passed else "failed"
    level = "notice" if report.gate.passed else "error"
    why = "; ".join(report.gate.why)
    lines.append(f"::{level} title=Batten gate {verdict}::{_data(why)}")
    return "\n".join(lines) + "\n"


def _annotation(finding: Finding, report: Report, prefix: str) -> str:
    at = anchor(finding, report)
    place = "" if at == finding.at else f" ({finding.at})"
    fix = f"\nFix: {finding.fix.says}" if finding.fix and finding.fix.says else ""
    parts = {
        "file": under(prefix, at.file or ""),
        "line": str(at.line or 1),
        "title": f"{finding.graded.value}: {finding.rule}",
    }
    told = ",".join(f"{name}={_property(text)}" for name, text in parts.items())
    return f"::{_LEVELS[finding.graded]} {told}::{_data(finding.says + place + fix)}"


def _data(text: str) -> str:
    """Return a message as a workflow command takes it (actions/toolkit 1.11 command.ts, escapeData)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Return a property likewise (escapeProperty)."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
