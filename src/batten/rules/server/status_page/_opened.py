"""A status page that a server's file opens, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Severity
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.understand.infrastructure.web import StatusPage


def opened(page: StatusPage) -> Finding:
    """Return the finding about a page; that only other containers reach is low, one that tells all or acts high."""
    inside = page.reach in {Reach.INTERNAL, Reach.LOOPBACK}
    is_worse = page.tells_much and page.reach is not Reach.UNKNOWN
    severity = Severity.LOW if inside else Severity.HIGH if is_worse else Severity.MEDIUM
    return Finding(
        at=page.at, says=page.says, evidence=page.evidence, severity=severity, fix=Fix(page.fix), symbol=page.kind
    )
