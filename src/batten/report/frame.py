"""Draws one finding the way rustc draws an error: place, line, underline, chain, fix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.report.pages import why
from batten.report.style import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from batten.model import Evidence, Finding, Location, Rule
    from batten.report.style import Look

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"
_NOT_SET = re.compile(r"^(\w+) is not set\b")
"""How the evaluator says that a default applies."""
_LINE_KEPT = 3
"""A cut line keeps at least so many characters before the marked place, to be recognised."""


def frame(finding: Finding, rule: Rule | None, look: Look, *, apps: Sequence[str], first: bool) -> list[str]:
    """Return the lines that show a finding.

    `apps` names the apps that have it, when the reader needs to be told;
    `first` says that no finding of this rule was shown before.
    """
    primary, hops = _split(finding)
    gutter = _gutter(finding.at, [e.at for e in hops if e.source is not None])
    lines = [*_title(finding, look), _arrow("-->", _place(finding.at), gutter, look)]
    bar = look.paint(f"{'':{gutter}} |", "frame")
    if primary is not None and primary.source is not None:
        lines += [bar, *_source(finding.at, primary, gutter, look), bar]
    elif hops:
        lines.append(bar)
    lines += _chain(finding.at, hops, gutter, look)
    if any(hop.source is not None for hop in hops):
        lines.append(bar)
    for label, text in _notes(finding, rule, apps=apps, first=first):
        lines += _note(label, text, gutter, look)
    return lines


def _title(finding: Finding, look: Look) -> list[str]:
    severity = finding.graded.value
    head = f"{severity}[{finding.rule}]:"
    name = look.link(finding.rule, _CWE.format(finding.cwe)) if finding.cwe else finding.rule
    first, *rest = look.wrap(f"{head} {finding.says}", 0, hanging=4)
    said = look.paint(first.removeprefix(head), "strong")
    lines = [look.paint(f"{severity}[{name}]", severity) + look.paint(":", "strong") + said]
    return lines + [f"    {look.paint(part.strip(), 'strong')}" for part in rest]


def _arrow(sign: str, says: str, gutter: int, look: Look) -> str:
    return f"{'':{gutter}}{look.paint(sign, 'frame')} {look.clean(says)}"


def _place(at: Location) -> str:
    return f"{at}:{at.column}" if at.file and at.line and at.column else str(at)


def _gutter(at: Location, others: Iterable[Location]) -> int:
    return max(2, *(len(str(place.line or 0)) for place in (at, *others)))


def _split(finding: Finding) -> tuple[Evidence | None, list[Evidence]]:
    """Return the evidence at the finding's own line, and the other hops without repeats."""
    primary = None
    hops: list[Evidence] = []
    for seen in finding.evidence:
        if seen.source is not None and primary is None and _same_line(seen.at, finding.at):
            primary = seen
        elif seen not in hops:
            hops.append(seen)
    return primary, hops


def _same_line(one: Location, other: Location) -> bool:
    return one.file is not None and (one.file, one.line) == (other.file, other.line)


def _source(at: Location, seen: Evidence, gutter: int, look: Look) -> list[str]:
    """Return the source line, and the underline with what is so there."""
    room = look.width - gutter - 3
    text, before, marked = _cut(seen.source or "", at, room, look)
    number = look.paint(f"{at.line:>{gutter}} |", "frame")
    bar = look.paint(f"{'':{gutter}} |", "frame")
    line = f"{number} {text}".rstrip()
    if not marked:
        return [line]
    label = look.clean(seen.text)
    sign = "^" * marked
    if before + marked + 1 + len(label) <= room:
        return [line, f"{bar} {'':{before}}{look.paint(f'{sign} {label}'.rstrip(), 'high')}"]
    under = [f"{bar} {'':{before}}{look.paint(sign, 'high')}"]
    return [line, *under, *(f"{bar} {part}" for part in look.wrap(label, gutter + 3))]


def _cut(source: str, at: Location, room: int, look: Look) -> tuple[str, int, int]:
    """Return the line as shown, the columns before the mark, and the mark's own columns.

    A line that is too long is cut on both sides of the marked place.
    """
    source = source.rstrip("\r\n")
    start = min(max((at.column or 1) - 1, 0), len(source))
    end = _end(source, at, start)
    shown = [look.visible(c) for c in source]
    left = 0
    if sum(map(columns, shown)) > room:
        wanted = columns("".join(shown[:end])) + 1
        while wanted > room and left < start - _LINE_KEPT:
            wanted -= columns(shown[left])
            left += 1
    head = "…" if left else ""
    text = head + "".join(shown[left:])
    before = columns(head + "".join(shown[left:start]))
    marked = columns("".join(shown[start:end])) if at.column else 0
    if columns(text) > room:
        text = _clip(text, room - 1) + "…"
        marked = min(marked, max(columns(text) - before, 1))
    return text, before, marked


def _end(source: str, at: Location, start: int) -> int:
    """Return the offset after the marked place; a place of several lines is marked to the end."""
    if at.end_line not in (None, at.line):
        return len(source)
    if at.end_column is None:
        return min(start + 1, len(source))
    return max(start + 1, min(at.end_column - 1, len(source)))


def _clip(text: str, room: int) -> str:
    while columns(text) > room:
        text = text[:-1]
    return text


def _chain(at: Location, hops: Sequence[Evidence], gutter: int, look: Look) -> list[str]:
    """Return the further hops: where each stands, what is so there, and its line once."""
    lines: list[str] = []
    told = [at]
    for hop in hops:
        place = "" if str(hop.at) == "nowhere" else f"{hop.at}: "
        head = _arrow(":::", "", gutter, look).rstrip()
        first, *rest = look.wrap(f"{place}{hop.text}", gutter + 4)
        lines.append(f"{head} {first}")
        lines += [f"{'':{gutter + 4}}{part}" for part in rest]
        if hop.source is not None and not any(_same_line(hop.at, known) for known in told):
            told.append(hop.at)
            text, _, _ = _cut(hop.source, hop.at, look.width - gutter - 3, look)
            lines.append(f"{look.paint(f'{hop.at.line:>{gutter}} |', 'frame')} {text}".rstrip())
    return lines


def _notes(finding: Finding, rule: Rule | None, *, apps: Sequence[str], first: bool) -> Iterable[tuple[str, str]]:
    """Yield the labelled sentences under the frame."""
    if finding.confidence is not Confidence.CERTAIN:
        yield "confidence", _sure(finding)
    if apps:
        yield ("apps" if len(apps) > 1 else "app"), ", ".join(apps)
    if finding.note:
        yield "note", finding.note
    if first and rule is not None and (reason := why(rule.doc)):
        yield "why", reason
    if finding.fix is not None:
        yield "fix", finding.fix.says
    if first:
        yield "explain", f"batten explain {finding.rule}"


def _note(label: str, text: str, gutter: int, look: Look) -> list[str]:
    head = f"{'':{gutter}} = {label}: "
    first, *rest = look.wrap(text, len(head))
    sign = f"{'':{gutter}} {look.paint('=', 'frame')} {look.paint(f'{label}:', 'strong')}"
    return [f"{sign} {first}", *(f"{'':{len(head)}}{part}" for part in rest)]


def _sure(finding: Finding) -> str:
    """Return how the fact is known, and how to say otherwise."""
    if finding.confidence is Confidence.CONFIRMED:
        return "confirmed: seen on the running app"
    if finding.confidence is Confidence.POSSIBLE:
        return "possible: it holds in one of several cases, named above"
    unset = list(dict.fromkeys(name for seen in finding.evidence for name in _NOT_SET.findall(seen.says)))
    if not unset:
        return "likely: a default applies, because nothing in the repository sets it otherwise"
    verb = "is" if len(unset) == 1 else "are"
    given = " ".join(f"--env {name}=…" for name in unset)
    return f"likely: {' and '.join(unset)} {verb} not set in the repository; say otherwise with {given}"
