"""GitLab code quality: a JSON array, shown beside the changed lines of a merge request.

GitLab 17 docs, Code Quality report format: `description`, `check_name`,
`fingerprint`, `severity`, `location.path`, `location.lines.begin`. Two entries of one
fingerprint would be shown once; ours are unique.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.report.anchors import anchor, under
from batten.report.wording import data

if TYPE_CHECKING:
    from batten.model import Finding, Report

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, *, prefix: str = "") -> str:
    """Return the findings; `prefix` is the directory of the target inside the repository."""
    rows = [_row(finding, report, prefix) for finding in report.findings]
    return json.dumps(data(rows), indent=2) + "\n"


def _row(finding: Finding, report: Report, prefix: str) -> dict[str, object]:
    at = anchor(finding, report)
    place = "" if at == finding.at else f" ({finding.at})"
    fix = f" Fix: {finding.fix.says}" if finding.fix and finding.fix.says else ""
    return {
        "description": f"{finding.says}{place}.{fix}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.graded],
        "location": {"path": under(prefix, at.file or ""), "lines": {"begin": at.line or 1}},
    }
