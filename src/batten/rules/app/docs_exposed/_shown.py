"""Which panels every visitor can open, told alike by the rules of this topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, Fix, Severity, State
from batten.rules.form import first, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import Panel

POWERS = {"runs code": Severity.CRITICAL, "changes data": Severity.HIGH}
"""What a visitor can do there beyond reading, and how bad that is."""


def opened(panel: Panel, severity: Severity, effect: str, fix: str) -> Iterator[Finding]:
    """Yield the finding about a panel that is served, and before which nothing asks for a login."""
    if panel.guarded.state not in {State.KNOWN, State.UNSET} or panel.guarded.is_true():
        return
    for case in panel.enabled.cases():
        if case.value:
            yield Finding(
                at=first(panel.at, case.at),
                says=f"{panel.what}{_path(panel)} {POWERS_SAY.get(panel.power, effect)}",
                evidence=(*panel.evidence, *(part for part in case.evidence if part not in panel.evidence)),
                confidence=case.confidence,
                severity=POWERS.get(panel.power, severity),
                fix=_off(panel, case, fix),
                symbol=panel.what.partition(" (")[0],
                proof=panel.path,
            )
            return


POWERS_SAY = {
    "runs code": "runs the code of whoever asks: nothing asks for a login",
    "changes data": "lets every visitor change data: nothing asks for a login",
}


def _path(panel: Panel) -> str:
    return f" on {panel.path}" if panel.path else ""


def _off(panel: Panel, case: Value, fix: str) -> Fix:
    """Return the fix; a literal that switches the panel on is switched off."""
    is_switch = case.plain and case.value is True and not panel.power
    return replaced(case, "False", fix) if is_switch else Fix(fix)
