"""The one order of findings: worst first, then by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence

if TYPE_CHECKING:
    from batten.model import Finding

Key = tuple[object, ...]

FIRST = frozenset({"debug-mode"})
"""Topics told first among equals: whoever runs code on the server has everything else too."""


def worst_first(finding: Finding) -> Key:
    """Return the sort key: severity, topic, confidence, path, line, rule, and what tells twins apart.

    Two findings have the same key only when no reader could tell them apart, so
    that a report does not depend on the order in which rules ran.
    """
    doubtful = finding.confidence is Confidence.POSSIBLE
    return (finding.graded.rank, doubtful, finding.topic not in FIRST, finding.confidence.rank, *_place(finding))


def surest_first(finding: Finding) -> Key:
    """Return the sort key under which a possible finding never stands before a sure one."""
    return (finding.confidence is Confidence.POSSIBLE, *worst_first(finding))


def _place(finding: Finding) -> Key:
    at = finding.at
    return (
        at.file or "",
        at.line or 0,
        finding.rule,
        at.column or 0,
        str(at),
        finding.app,
        finding.environment,
        finding.symbol,
        finding.says,
        finding.proof,
        repr((finding.evidence, finding.fix)),
    )
