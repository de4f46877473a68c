"""The finding about a list of who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix

if TYPE_CHECKING:
    from batten.understand.nginx.nouns import AccessHole


def found(hole: AccessHole, says: str, fix: str) -> Finding:
    """Return the finding."""
    return Finding(
        at=hole.at,
        says=says,
        evidence=hole.evidence,
        confidence=hole.confidence,
        fix=Fix(fix),
        symbol=hole.where,
    )
