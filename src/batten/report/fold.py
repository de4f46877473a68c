"""Keeps a long report readable: each kind of finding in full a few times, then where else it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Finding
    from batten.report.frame import Shown
    from batten.report.style import Look

IN_FULL = 40
"""Frames; a report with no more is shown whole."""
OF_A_KIND = 2
"""Frames in full for one rule at one severity, in a report that is folded."""
_PLACES = 3


def folded(frames: Sequence[Shown]) -> tuple[list[Shown], list[Finding]]:
    """Return what to show in full, and the findings to tell by rule: all in full where they are few.

    The worst come first, so that what is left out last is what is low.
    """
    if len(frames) <= IN_FULL:
        return list(frames), []
    full: list[Shown] = []
    rest: list[Finding] = []
    seen: dict[tuple[str, Severity], int] = {}
    for shown in frames:
        first = shown.findings[0]
        kind = (first.rule, first.graded)
        seen[kind] = seen.get(kind, 0) + 1
        if len(full) < IN_FULL and seen[kind] <= OF_A_KIND and first.graded.at_least(Severity.MEDIUM):
            full.append(shown)
        else:
            rest += shown.findings
    return full, rest


def told(rest: Sequence[Finding], look: Look) -> Iterator[str]:
    """Yield a line for each rule and severity of what is folded: how many there are, and where the first stand."""
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in rest:
        groups.setdefault((finding.graded, finding.rule), []).append(finding)
    for part in look.wrap(f"{len(rest)} more, folded by rule (--full shows each):", 0):
        yield look.paint(part, "strong")
    for (severity, rule), held in sorted(groups.items(), key=lambda group: list(Severity).index(group[0][0])):
        head = f"{severity.value}[{rule}]:" if len(held) == 1 else f"{severity.value}[{rule}] ×{len(held)}:"
        first, *others = look.wrap(f"{head} {_said(held)}", 2, hanging=4)
        yield f"  {look.paint(head, severity.value)}{first.removeprefix(head)}"
        yield from (f"  {part}" for part in others)


def _said(held: Sequence[Finding]) -> str:
    """Return what is so and where it is, or where the first of several are."""
    places = list(dict.fromkeys(str(finding.at) for finding in held))
    if len(held) == 1:
        return f"{held[0].says} ({places[0]})"
    left = len(places) - _PLACES
    more = f" and {left} more place{'s' if left > 1 else ''}" if left > 0 else ""
    return f"{', '.join(places[:_PLACES])}{more}"
