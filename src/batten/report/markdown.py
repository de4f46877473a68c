"""Markdown: a pull request's comment, or a step's summary. Short first, the rest folded.

GitHub takes 65,536 characters in a comment; what does not fit is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Finding, Report

LONGEST = 60_000
"""Characters; a comment may have 65,536."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_UNSURE_SHOWN = 20


def render(report: Report) -> str:
    """Return the report as GitHub Flavored Markdown, which GitLab reads too."""
    head = [*_verdict(report), *_counts(report.findings)]
    shown, left = [], LONGEST - sum(map(len, head)) - 2_000
    for finding in report.findings:
        row = _row(finding)
        left -= len(row)
        if left < 0:
            break
        shown.append(row)
    more = len(report.findings) - len(shown)
    table = ["", "| | what | where | fix |", "|---|---|---|---|", *shown] if shown else []
    if more:
        table += ["", f"and {more} more, which do not fit into a comment."]
    rest = [*_next(report), *_unsure(report), *_accepted(report), *_coverage(report)]
    return "\n".join([*head, *table, *rest]) + "\n"


def _verdict(report: Report) -> Iterator[str]:
    gate = report.gate
    word = "✅ passed" if gate.passed else {3: "⚪ nothing to audit", 4: "⚠️ incomplete"}.get(gate.code, "❌ failed")
    yield f"### Batten: gate {word}"
    yield ""
    points = f"**{report.score.points} of 100, {report.score.letter}**" if gate.code != _NOTHING else ""
    yield " · ".join(filter(None, (points, _plain("; ".join(gate.why)))))


_NOTHING = 3


def _counts(findings: Sequence[Finding]) -> Iterator[str]:
    layers = sorted({finding.layer for finding in findings})
    if len(findings) <= 1 or not layers:
        return
    held = [severity for severity in Severity if any(f.graded is severity for f in findings)]
    yield ""
    yield f"| | {' | '.join(severity.value for severity in held)} |"
    yield f"|---|{'---:|' * len(held)}"
    for layer in layers:
        own = [finding.graded for finding in findings if finding.layer == layer]
        yield f"| {layer} | {' | '.join(str(own.count(severity) or '') for severity in held)} |"


def _row(finding: Finding) -> str:
    fix = _plain(finding.fix.says) if finding.fix and finding.fix.says else ""
    note = f" ({_plain(finding.note)})" if finding.note else ""
    sure = "" if finding.confidence.value == "certain" else f" _{finding.confidence.value}_"
    what = f"`{finding.rule}` {_plain(finding.says)}{sure}{note}"
    return f"| {_MARKS[finding.graded]} {finding.graded.value} | {what} | {_code(str(finding.at))} | {fix} |"


_MARKS = {
    Severity.CRITICAL: "🟥",
    Severity.HIGH: "🟧",
    Severity.MEDIUM: "🟨",
    Severity.LOW: "🟦",
    Severity.INFO: "⬜",
}


def _next(report: Report) -> Iterator[str]:
    places = {finding.fingerprint: finding.at for finding in report.findings}
    steps = [step for step in report.score.next if step.gain]
    if steps:
        yield ""
        told = (f"`{step.rule}` at {_code(str(places.get(step.fingerprint, '')))} (+{step.gain})" for step in steps)
        yield f"**Next fixes:** {', '.join(told)}"


def _unsure(report: Report) -> Iterator[str]:
    yield from _folded(
        f"{len(report.unsure)} could not be told",
        [f"- {_plain(d.what)}: {_plain(d.why)}{f' ({_code(str(d.at))})' if d.at else ''}" for d in report.unsure],
    )


def _accepted(report: Report) -> Iterator[str]:
    yield from _folded(
        f"{len(report.suppressed)} accepted with a reason",
        [f"- `{one.finding.rule}` at {_code(str(one.finding.at))}: {_plain(one.reason)}" for one in report.suppressed],
    )


def _folded(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"<details><summary>{title}</summary>", "")
        yield from lines[:_UNSURE_SHOWN]
        if len(lines) > _UNSURE_SHOWN:
            yield f"- and {len(lines) - _UNSURE_SHOWN} more"
        yield from ("", "</details>")


def _coverage(report: Report) -> Iterator[str]:
    score = report.score
    if report.gate.code == _NOTHING:
        return
    odd = [f"{layer}: {state}" for layer, state in report.layers.items() if state not in ("evaluated", "not asked")]
    told = "; ".join([f"{score.evaluated} of {score.applicable} checks had evidence", *odd])
    yield ""
    yield f"<sub>{_plain(told)} · score {score.version}</sub>"


def _plain(text: str) -> str:
    """Return foreign text on one line that Markdown shows as it is: no markup, no mention, no link."""
    one_line = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", one_line.replace("&", "&amp;")).replace("@", "@\u200b").replace("://", ":\u200b//")


def _code(text: str) -> str:
    """Return text as a code span; a pipe in it would end the cell of a table."""
    clean = " ".join(text.split()).replace("`", "'").replace("|", "\\|")
    return f"`{clean}`" if clean else ""
