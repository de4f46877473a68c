"""The report for a terminal: a frame for each finding, then what production is, the score, the gate."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.report import fold
from batten.report.frame import Shown, frame
from batten.report.panel import drawn, gate, rows
from batten.report.style import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.model import Finding, Report, Rule

_NOTHING = 3
"""The gate's exit code when there was nothing to audit."""


def render(  # noqa: PLR0913 - one keyword for each wish that a reader may have
    report: Report,
    rules: Mapping[str, Rule] | None = None,
    *,
    color: bool = False,
    width: int = 80,
    links: bool = False,
    ascii: bool = False,  # noqa: A002 - the word for it
    quiet: bool = False,
    show_inputs: bool = False,
    full: bool = True,
) -> str:
    """Return the report as text for a person.

    `rules` maps rule ids to rules, for the sentence that says why. `quiet`
    leaves the gate line only; `show_inputs` lists what decided the verdict. Without
    `full` a long report is folded.
    """
    look = Look(color=color, width=width, links=links, ascii=ascii)
    if quiet:
        says, meaning = gate(report)
        return look.finish(look.paint(look.clean(f"gate {says}"), meaning) + "\n")
    panel = drawn(rows(report, show_inputs=show_inputs), look)
    blocks = [*_frames(report, rules or {}, look, full=full), panel, *_summary(report, look)]
    return look.finish("\n\n".join(blocks) + "\n")


def _frames(report: Report, rules: Mapping[str, Rule], look: Look, *, full: bool) -> Iterator[str]:
    told: set[str] = set()
    frames = list(_framed(report.findings, several=len(report.apps) > 1))
    whole, rest = (frames, []) if full else fold.folded(frames)
    for shown in whole:
        yield "\n".join(frame(shown, rules, told, look))
    if rest:
        yield "\n".join(fold.told(rest, look))


def _framed(findings: Sequence[Finding], *, several: bool) -> Iterator[Shown]:
    """Yield findings by frame: what reads the same once, neighbours at one place together."""
    waiting: list[Finding] = []
    names: tuple[str, ...] = ()
    for finding, apps in _distinct(findings):
        told = apps if several else ()
        if waiting and (told, _frame_of(finding)) != (names, _frame_of(waiting[0])):
            yield Shown(tuple(waiting), names)
            waiting = []
        waiting.append(finding)
        names = told
    if waiting:
        yield Shown(tuple(waiting), names)


def _frame_of(finding: Finding) -> object:
    return finding.at, finding.evidence, finding.graded, finding.confidence, finding.note


def _distinct(findings: Sequence[Finding]) -> list[tuple[Finding, tuple[str, ...]]]:
    """Return findings that read the same once, with the names of the apps that have them."""
    groups: dict[object, tuple[Finding, dict[str, None]]] = {}
    for finding in findings:
        key = (finding.rule, finding.says, finding.fix, _frame_of(finding))
        _, names = groups.setdefault(key, (finding, {}))
        if finding.app:
            other = finding.environment not in ("", "production")
            names[f"{finding.app} in {finding.environment}" if other else finding.app] = None
    return [(finding, tuple(names)) for finding, names in groups.values()]


def _summary(report: Report, look: Look) -> Iterator[str]:
    """Yield the last line: how many of what, or the reward."""
    if report.findings:
        counts = Counter(finding.graded for finding in report.findings)
        each = [look.paint(f"{counts[s]} {s.value}", s.value) for s in Severity if counts[s]]
        fixable = sum(1 for finding in report.findings if finding.fix and finding.fix.edits)
        total = f"{len(report.findings)} finding" + ("s" if len(report.findings) > 1 else "")
        yield f"{look.paint(total, 'strong')} ({', '.join(each)})" + (f" · {fixable} fixable" if fixable else "")
    elif report.score.applicable > report.score.evaluated > 0:
        missing = report.score.applicable - report.score.evaluated
        yield f"no findings; {missing} of {report.score.applicable} checks had nothing to look at: see unsure"
    elif report.gate.passed and report.score.letter.startswith("A"):
        score = f"{report.score.points} of 100, {report.score.letter}"
        yield look.paint(f"✓ Battened down: no findings, {score}.", "good")
    elif report.gate.code != _NOTHING:
        yield "no findings"
