"""Which panels a visitor opened, told alike by the live halves of this topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Location
from batten.rules.app.docs_exposed._shown import POWERS, POWERS_SAY
from batten.understand.answers.site import seen

if TYPE_CHECKING:
    from batten.model import Severity
    from batten.understand.exposures.panels import SeenPanel


def told(what: str, parts: list[SeenPanel], severity: Severity, effect: str, fix: str) -> Finding:
    """Return the finding about one panel, with every address at which it was opened."""
    first = max(parts, key=lambda part: list(POWERS)[::-1].index(part.power) if part.power else -1)
    evidence = [seen(part.answer, f"answered 200: {part.line}") for part in parts]
    evidence += [seen(answer, "answered 200 as well") for part in parts for answer in part.more]
    return Finding(
        at=Location(url=first.answer.url),
        says=f"{what} {POWERS_SAY.get(first.power, effect)}",
        evidence=tuple(evidence[:_MOST]),
        severity=POWERS.get(first.power, severity),
        fix=Fix(fix),
        symbol=what,
    )


_MOST = 3
"""Addresses that are shown."""
