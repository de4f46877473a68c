"""Draws one finding the way rustc draws an error: place, line, underline, chain, fix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Confidence, Severity
from batten.model.data import dataclass
from batten.report.pages import why
from batten.report.style import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.model import Evidence, Finding, Location, Rule
    from batten.report.style import Look

_CWE = "https://cwe.mitre.org/data/definitions/{}.html"
_NOT_SET = re.compile(r"(?:^|\bbecause )(\w+) is not set(?:: default)?$")
"""How the evaluator says that a default applies."""
_ASSUMED = "nothing in the repository says what starts it"
"""What the evidence says when the usual start was assumed."""
_ON_CONDITION = "production gets there only "
"""What the evidence says of a line under a condition that could not be decided."""
_PLAINLY = "here"
"""What the evidence says that `run` adds for the line itself: nothing that the underline does not."""
_LINE_KEPT = 3
"""A cut line keeps at least so many characters before the marked place, to be recognised."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Findings that share one frame: they differ only in what they say and how they are fixed."""

    findings: tuple[Finding, ...]
    apps: tuple[str, ...] = ()
    """The apps that have them, where the reader needs to be told."""


def frame(shown: Shown, rules: Mapping[str, Rule], told: set[str], look: Look) -> list[str]:
    """Return the lines that show findings at one place.

    `told` holds the rules that were explained before; it grows.
    """
    finding = shown.findings[0]
    primary, hops = _split(finding)
    gutter = _gutter(finding.at, [hop.at for hop in hops if _worth(hop)])
    lines = [line for each in shown.findings for line in _title(each, look)]
    lines.append(_arrow("-->", _place(finding.at), gutter, look))
    bar = look.paint(f"{'':{gutter}} |", "frame")
    if primary is not None and _worth(primary):
        lines += [bar, *_source(finding.at, primary, gutter, look), bar]
    elif hops:
        lines.append(bar)
    lines += _chain(finding.at, hops, gutter, look)
    if any(_worth(hop) for hop in hops):
        lines.append(bar)
    for label, text in _notes(shown, rules, told):
        lines += _note(label, text, gutter, look)
    return lines


def _worth(seen: Evidence) -> bool:
    """Return whether the source line tells something; the first line of a module stands for the file."""
    whole = seen.at.line == 1 and seen.at.column is None and (seen.at.file or "").endswith(".py")
    return seen.source is not None and not whole


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
        elif not any(seen.text == hop.text and _same_line(seen.at, hop.at) for hop in hops):
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
    label = "" if seen.text == _PLAINLY else look.clean(seen.text)
    sign = "^" * marked
    if before + marked + 1 + len(label) <= room:
        return [line, f"{bar} {'':{before}}{look.paint(f'{sign} {label}'.rstrip(), 'high')}"]
    if not label:
        return [line, f"{bar} {'':{before}}{look.paint(sign, 'high')}"]
    indent = before if before + len(label) <= room else 0
    below = (f"{bar} {'':{indent}}{part}" for part in look.wrap(label, gutter + 3 + indent))
    return [line, f"{bar} {'':{before}}{look.paint(sign, 'high')}", *below]


def _cut(source: str, at: Location, room: int, look: Look) -> tuple[str, int, int]:
    """Return the line as shown, the columns before the mark, and the mark's own columns.

    A line that is too long is cut on the right, and on the left where the
    marked place begins in the second half of the screen.
    """
    source = source.rstrip("\r\n")
    start = min(max((at.column or 1) - 1, 0), len(source))
    end = _end(source, at, start)
    shown = [look.visible(c) for c in source]
    left = 0
    if columns("".join(shown[:start])) > room // 2 and columns("".join(shown)) > room:
        wanted = columns("".join(shown[:end])) + (2 if end < len(shown) else 1)
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
        if _worth(hop) and not any(_same_line(hop.at, known) for known in told):
            told.append(hop.at)
            text, _, _ = _cut(hop.source or "", hop.at, look.width - gutter - 3, look)
            lines.append(f"{look.paint(f'{hop.at.line:>{gutter}} |', 'frame')} {text}".rstrip())
    return lines


def _notes(shown: Shown, rules: Mapping[str, Rule], told: set[str]) -> Iterator[tuple[str, str]]:
    """Yield the labelled sentences under the frame."""
    finding = shown.findings[0]
    if finding.confidence is not Confidence.CERTAIN:
        yield "confidence", _sure(finding)
    if shown.apps:
        yield ("apps" if len(shown.apps) > 1 else "app"), ", ".join(shown.apps)
    if finding.note:
        yield "note", finding.note
    rule = rules.get(finding.rule)
    if rule is not None and finding.rule not in told and finding.graded.at_least(Severity.MEDIUM):
        yield "why", why(rule.doc)
    for each in shown.findings:
        if each.fix is not None:
            detail = each.rule.partition("/")[2]
            yield (f"fix {detail}" if len(shown.findings) > 1 else "fix"), each.fix.says
    for name in _names(shown.findings, told):
        yield "explain", f"batten explain {name}"
    told.update(each.rule for each in shown.findings)


def _names(findings: Sequence[Finding], told: set[str]) -> Iterator[str]:
    """Yield what to ask `batten explain` for: a rule, or the topic where several rules share it."""
    topics: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule not in told:
            topics.setdefault(finding.rule.partition("/")[0], []).append(finding.rule)
    for topic, ids in topics.items():
        yield ids[0] if len(ids) == 1 else topic


def _note(label: str, text: str, gutter: int, look: Look) -> list[str]:
    head = f"{'':{gutter}} = {label}: "
    first, *rest = look.wrap(text, len(head))
    sign = f"{'':{gutter}} {look.paint('=', 'frame')} {look.paint(f'{label}:', 'strong')}"
    return [f"{sign} {first}", *(f"{'':{len(head)}}{part}" for part in rest)]


def _sure(finding: Finding) -> str:
    """Return how the fact is known, and how to say otherwise."""
    if finding.confidence is Confidence.CONFIRMED:
        return "confirmed: seen live"
    if finding.confidence is Confidence.POSSIBLE:
        if any(seen.says.startswith(_ON_CONDITION) for seen in finding.evidence):
            return "possible: it holds only where the condition does"
        return "possible: it holds in one of several cases, named above"
    unset = list(dict.fromkeys(name for seen in finding.evidence for name in _NOT_SET.findall(seen.says)))
    if unset:
        verb = "is" if len(unset) == 1 else "are"
        given = " ".join(f"--env {name}=…" for name in unset)
        return f"likely: {' and '.join(unset)} {verb} not set in the repository; say otherwise with {given}"
    if any(_ASSUMED in seen.says for seen in finding.evidence):
        return "likely: nothing in the repository says what starts the app; a Procfile or Dockerfile would"
    return "likely: a default applies, because nothing in the repository sets it otherwise"
