"""What the rules over cookies share: when a setting's cookie counts, and where a flag is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Finding, FixKind, Severity
from batten.rules import advice
from batten.rules.form import first, one_per_place, replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.model import Value
    from batten.understand.subjects import App, Cookie


def matters(cookie: Cookie, case: Value) -> bool:
    """Return whether a flag's value is worth a word.

    What somebody wrote always is. The framework's own default is when the app
    is known to set the cookie, or somebody thought of its other flags.
    """
    flags = (cookie.secure, cookie.httponly, cookie.samesite)
    return not case.default or cookie.used or any(_is_written(flag) for flag in flags)


def off(app: App, role: str, flag: str, severity: Severity, effect: str) -> Iterator[Finding]:
    """Yield a finding for each cookie of the role whose boolean flag may be off."""
    kind = FixKind.SAFE if flag == "httponly" else FixKind.BEHAVIOURAL
    yield from one_per_place(
        Finding(
            at=first(case.at, cookie.at, app.at),
            says=f"{setting(cookie, flag)} is {_said(case)}: {effect}",
            evidence=case.evidence,
            confidence=case.confidence,
            severity=severity,
            fix=replaced(case, "True", advice.setting(setting(cookie, flag), "True"), kind),
            symbol=setting(cookie, flag),
        )
        for cookie, case in flags(app, role, flag)
        if not case.value
    )


def flags(app: App, role: str, flag: str) -> Iterator[tuple[Cookie, Value]]:
    """Yield each value that a flag of the role's cookies can have."""
    values: dict[str, Callable[[Cookie], Value]] = {
        "secure": lambda cookie: cookie.secure,
        "httponly": lambda cookie: cookie.httponly,
        "samesite": lambda cookie: cookie.samesite,
    }
    for cookie in app.cookies:
        if cookie.role == role:
            for case in values[flag](cookie).cases():
                if matters(cookie, case):
                    yield cookie, case


def setting(cookie: Cookie, flag: str) -> str:
    """Return the setting that holds a flag, or the flag and the cookie's name."""
    return cookie.settings.get(flag) or f"{flag} of the cookie {cookie.name!r}"


def _said(case: Value) -> str:
    return f"not set, {case} by default" if case.default else str(case)


def _is_written(flag: Value) -> bool:
    return any(not case.default for case in flag.cases())
