"""The pre-deploy checklist: one page, each line ticked, crossed or not evaluated, from the report's evidence."""

from __future__ import annotations

import base64
import hashlib
from enum import Enum
from typing import TYPE_CHECKING

from batten import __version__
from batten.model import Severity
from batten.model.data import dataclass
from batten.report.lines import DEBUG, PARTS
from batten.report.page.look import CSS
from batten.report.page.parts import prose, text
from batten.report.style import Look
from batten.report.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.model import Finding, Report


class State(Enum):
    """What the evidence says of a line."""

    TICKED = "ok"
    CROSSED = "open"
    UNKNOWN = "not evaluated"


_MARKS = {State.TICKED: "✓", State.CROSSED: "✗", State.UNKNOWN: "?"}
_BOXES = {State.TICKED: "[x]", State.CROSSED: "[ ] ❌", State.UNKNOWN: "[ ] ❔"}
_MEANINGS = {State.TICKED: "good", State.CROSSED: "high", State.UNKNOWN: "medium"}
_KINDS = {State.TICKED: "passed", State.CROSSED: "failed", State.UNKNOWN: "open"}


@dataclass(frozen=True, slots=True)
class Checked:
    """A line with its state, and why."""

    says: str
    state: State
    why: str
    names: tuple[str, ...]


def checked(report: Report, requirements: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, list[Checked]]]:
    """Return the parts of the checklist, each with its lines, or with `requirements` those of ASVS.

    `requirements` maps rule ids to requirements as text: `v5.0.0-13.4.2 (L2)`.
    """
    if requirements is None:
        return [(part.title, [_judged(line.says, line.names, report) for line in part.lines]) for part in PARTS]
    by_name: dict[str, list[str]] = {}
    for rule, names in requirements.items():
        for name in names:
            by_name.setdefault(name, []).append(rule)
    found = [
        _judged(f"{name}: {_about(rules)}", tuple(sorted(rules)), report)
        for name, rules in sorted(by_name.items(), key=lambda held: _numbers(held[0]))
    ]
    return [("ASVS 5.0, configuration", found)]


def _about(rules: Sequence[str]) -> str:
    topics = {rule.partition("/")[0] for rule in rules}
    lines = [
        line for part in PARTS for line in part.lines if any(name.partition("/")[0] in topics for name in line.names)
    ]
    return lines[0].says.lower() if len(lines) == 1 else ", ".join(sorted(topics))


def _numbers(name: str) -> list[int]:
    digits = name.partition(" ")[0].rpartition("-")[2].split(".")
    return [int(part) for part in digits if part.isdigit()]


def _judged(says: str, names: tuple[str, ...], report: Report) -> Checked:
    found = [f for f in report.findings if _is_of(f.rule, names) and f.graded is not Severity.INFO]
    accepted = [one for one in report.suppressed if _is_of(one.finding.rule, names)]
    seen = {rule: all_told for rule, all_told in report.checks.items() if _is_of(rule, names)}
    if found:
        return Checked(says, State.CROSSED, _worst(found), names)
    if not seen:
        return Checked(says, State.UNKNOWN, _absent(names, report), names)
    if not all(seen.values()):
        why = f"{sum(not told for told in seen.values())} of {len(seen)} checks could not be told"
        return Checked(says, State.UNKNOWN, why, names)
    kept = f", {len(accepted)} accepted with a reason" if accepted else ""
    return Checked(says, State.TICKED, f"{len(seen)} check{'s' if len(seen) > 1 else ''}{kept}", names)


def _is_of(rule: str, names: tuple[str, ...]) -> bool:
    return rule in names or rule.partition("/")[0] in names


def _worst(found: Sequence[Finding]) -> str:
    first = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{first.graded.value}: {first.says} ({first.at}){more}"


def _absent(names: tuple[str, ...], report: Report) -> str:
    """Return why nothing was there to look at."""
    live = [layer for layer in ("http", "ports") if report.layers.get(layer) == "not asked"]
    if set(names) <= _LIVE and live:
        return "only a look at what runs tells: batten audit --url, --host"
    return "nothing of the kind was found in the repository"


_LIVE = frozenset(("exposed-path", "open-port/unnamed", "open-port/debugger", "open-port/control", "footprint"))


def _tally(parts: Sequence[tuple[str, Sequence[Checked]]]) -> str:
    held = [line.state for _, lines in parts for line in lines]
    return ", ".join(f"{held.count(state)} {state.value}" for state in State)


def render(report: Report, requirements: Mapping[str, Sequence[str]] | None = None, *, look: Look | None = None) -> str:
    """Return the checklist for a terminal."""
    look = look or Look()
    parts = checked(report, requirements)
    lines: list[str] = []
    for title, held in parts:
        lines += ["", look.paint(title, "strong")]
        for line in held:
            mark = look.paint(_MARKS[line.state], _MEANINGS[line.state])
            first, *rest = look.wrap(line.says, 4)
            lines += [f"  {mark} {first}", *(f"    {more}" for more in rest)]
            if line.state is not State.TICKED:
                lines += [f"      {more}" for more in look.wrap(line.why, 6)]
    lines += ["", *look.wrap(f"Why debug mode is critical: {DEBUG}", 0), "", _tally(parts), _verdict(report)]
    return look.finish("\n".join(lines).lstrip("\n") + "\n")


def _verdict(report: Report) -> str:
    word = "passed" if report.gate.passed else "not passed"
    return f"gate {word}: {'; '.join(report.gate.why)}"


def markdown(report: Report, requirements: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the checklist as a task list of GitHub Flavored Markdown."""
    parts = checked(report, requirements)
    lines = [f"# Pre-deploy checklist: {_plain(report.target)}", "", f"{_tally(parts)}. {_plain(_verdict(report))}"]
    for title, held in parts:
        lines += ["", f"## {title}", ""]
        for line in held:
            why = f" — {_plain(line.why)}" if line.state is not State.TICKED else ""
            lines.append(f"- {_BOXES[line.state]} {_plain(line.says)}{why}")
    lines += ["", "## Why debug mode is critical", "", DEBUG]
    return "\n".join(lines) + "\n"


def _plain(said: str) -> str:
    one_line = " ".join(said.split()).replace("&", "&amp;").replace("<", "&lt;")
    return one_line.replace("@", "@\u200b").replace("|", "\\|")


def html(report: Report, requirements: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the checklist as one HTML page that prints to one sheet."""
    css = CSS + _SHEET
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    parts = checked(report, requirements)
    lines = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{text(f'Pre-deploy checklist: {report.target}')}</title><style>{css}</style></head>",
        '<body class="sheet"><header><div class="brand">Batten · pre-deploy checklist</div>',
        f"<h1>{text(report.target)}</h1><p>{text(_tally(parts))}. {text(_verdict(report))}</p></header><main>",
        '<div class="columns">',
        *(row for title, held in parts for row in _section(title, held)),
        f"</div><h2>Why debug mode is critical, and not cosmetic</h2><p>{prose(DEBUG)}</p></main>",
        f"<footer>Batten {__version__}</footer></body></html>",
    ]
    return "\n".join(lines) + "\n"


def _section(title: str, held: Sequence[Checked]) -> Iterator[str]:
    yield f'<section><h2>{text(title)}</h2><ul class="plain ticks">'
    for line in held:
        why = f' <span class="soft">{text(line.why)}</span>' if line.state is State.CROSSED else ""
        why = why or (' <span class="soft">not evaluated</span>' if line.state is State.UNKNOWN else "")
        mark = (
            f'<span class="{_KINDS[line.state]}" role="img" aria-label="{line.state.value}">{_MARKS[line.state]}</span>'
        )
        yield f"<li>{mark} {text(line.says)}{why}</li>"
    yield "</ul></section>"


_SHEET = """
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2.5rem; }
.columns h2 { margin-top: 1rem; }
.ticks li { padding-left: 1.4rem; text-indent: -1.4rem; } .ticks .soft { font-size: .88em; }
.ticks [role=img] { display: inline-block; width: 1.2rem; text-indent: 0; }
@media print { @page { size: A4; margin: 9mm; } .sheet { font-size: 7.6pt; line-height: 1.22; }
  .sheet h1 { font-size: 13pt; } .sheet h2 { font-size: 9.5pt; margin: .4rem 0 .2rem; } .sheet p { margin: .2rem 0; }
  .sheet .columns { grid-template-columns: 1fr 1fr; gap: 0 1.2rem; }
  .ticks li { padding-top: 0; padding-bottom: .05rem; }
  .sheet header { padding-top: 0; } .sheet footer { padding: .3rem 0 0; } }
"""


def as_json(report: Report, requirements: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the checklist as JSON."""
    parts = checked(report, requirements)
    return written(
        {
            "schema": "batten/checklist/1",
            "target": report.target,
            "gate": {"passed": report.gate.passed, "why": list(report.gate.why)},
            "parts": [
                {
                    "title": title,
                    "lines": [
                        {"says": one.says, "state": one.state.value, "why": one.why, "decided_by": list(one.names)}
                        for one in held
                    ],
                }
                for title, held in parts
            ],
        }
    )
