"""What the rules share over frameworks whose debug mode shows errors to visitors, without a console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence, Finding, Severity
from batten.rules.form import first, one_per_place, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import App


def shown(app: App, setting: str, effect: str, fix: str, *, severity: Severity = Severity.HIGH) -> Iterator[Finding]:
    """Yield a finding for each place that turns a setting on; `effect` is what a visitor then gets."""
    yield from one_per_place(
        _finding(app, setting, case, effect, fix, severity) for case in app.setting(setting).cases() if case.value
    )


def _finding(app: App, setting: str, case: Value, effect: str, fix: str, severity: Severity) -> Finding:
    name = setting.rpartition(".")[2]
    value = str(case) if isinstance(case.value, bool) else f"{case} (true in Python)"
    server = app.servers[0] if app.servers else None
    guessed = server is not None and server.assumed
    return Finding(
        at=first(case.at, app.at),
        says=f"{name} is {value}: {effect}",
        evidence=(*case.evidence, *(server.evidence if server is not None else ())),
        confidence=case.confidence.weakest(Confidence.LIKELY) if guessed else case.confidence,
        severity=severity,
        fix=replaced(case, "False", fix),
        symbol=setting,
        proof=server.kind if server is not None else "",
    )
