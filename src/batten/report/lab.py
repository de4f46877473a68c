"""The lab: which doors are open, as text, JSON and JUnit, and the steps of the walk as text."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from batten.report.style import Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model.lab import Grade, Step, Tried

FORMATS = ("text", "json", "junit")
_SHOWN = 3
"""Findings of one door that are shown; the rest are counted."""
_INDENT = "    "


def render(grade: Grade, format_: str, look: Look | None = None) -> str:
    """Return the grade in one of the formats."""
    if format_ == "json":
        return _json(grade)
    return _junit(grade) if format_ == "junit" else _text(grade, look or Look())


def _text(grade: Grade, look: Look) -> str:
    lines = [line for one in grade.doors for line in _door(one, look)]
    told = [*(f"note: {note}" for note in grade.notes), *(f"not told: {what}" for what in grade.untried)]
    lines += ["", *(line for text in told for line in look.wrap(text, 0, 2))]
    if grade.open:
        lines.append(f"{look.paint('✗', 'high')} {len(grade.open)} of {len(grade.doors)} doors are open.")
    elif grade.untried:
        lines.append("No door is open, but not all could be tried.")
    else:
        lines.append(f"{look.paint('✓', 'good')} Battened down: all {len(grade.doors)} doors are shut.")
    return look.finish("\n".join(lines) + "\n")


def _door(one: Tried, look: Look) -> Iterator[str]:
    if not one.is_open:
        yield f"{look.paint('✓ shut', 'good')}  {one.door.name}"
        return
    yield f"{look.paint('✗ open', 'high')}  {look.paint(one.door.name, 'strong')}: {one.door.title}"
    for text in _found(one):
        yield from (f"{_INDENT}{line}" for line in look.wrap(text, len(_INDENT), 2))
    yield from (f"{_INDENT}{line}" for line in look.wrap(f"hint: {one.door.hint}", len(_INDENT), 6))


def _found(one: Tried) -> Iterator[str]:
    if one.seen:
        yield one.seen
    for finding in one.findings[:_SHOWN]:
        yield f"{finding.at}: {finding.says} [{finding.rule}]"
    if len(one.findings) > _SHOWN:
        yield f"and {len(one.findings) - _SHOWN} more"


def _json(grade: Grade) -> str:
    doors = [
        {
            "door": one.door.name,
            "open": one.is_open,
            "title": one.door.title,
            "hint": one.door.hint if one.is_open else "",
            "seen": one.seen,
            "findings": [
                {"rule": f.rule, "severity": f.graded.value, "at": str(f.at), "message": f.says} for f in one.findings
            ],
        }
        for one in grade.doors
    ]
    held = {"schema": "batten/lab-1", "target": grade.target, "open": len(grade.open), "doors": doors}
    return (
        dumps({**held, "notes": list(grade.notes), "untried": list(grade.untried)}, indent=2, ensure_ascii=False) + "\n"
    )


def _junit(grade: Grade) -> str:
    cases = len(grade.doors) + len(grade.untried)
    counts = f'tests="{cases}" failures="{len(grade.open)}" errors="{len(grade.untried)}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="batten lab" {counts}>']
    lines.append(f'  <testsuite name="batten.lab" {counts} skipped="0">')
    look = Look()
    for one in grade.doors:
        head = f'    <testcase classname="batten.lab" name={quoteattr(one.door.name)}'
        if not one.is_open:
            lines.append(f"{head}/>")
            continue
        told = "\n".join(look.clean(text) for text in (*_found(one), f"hint: {one.door.hint}"))
        lines.append(f"{head}><failure message={quoteattr(one.door.title)}>{escape(told)}</failure></testcase>")
    for text in grade.untried:
        error = f"<error message={quoteattr(look.clean(text))}/>"
        lines.append(f'    <testcase classname="batten.lab" name="every door could be tried">{error}</testcase>')
    return "\n".join([*lines, "  </testsuite>", "</testsuites>"]) + "\n"


def step(one: Step, number: int, of: int, look: Look) -> str:
    """Return one step of the walk."""
    lines = ["", look.paint(f"{number} of {of}  {one.title}", "strong"), ""]
    lines.append(f"  $ {one.asked}")
    lines += (_line(text, look) for text in one.got)
    lines += ["", "  the same, asked of the hardened twin"]
    lines += (_line(text, look) for text in one.twin)
    for paragraph in one.why:
        lines += ["", *(f"  {line}" for line in look.wrap(paragraph, 2))]
    lines += ["", f"  batten explain {one.rules[0]}"]
    return look.finish("\n".join(lines) + "\n")


def _line(text: str, look: Look) -> str:
    """Return a line of an answer, as much as fits; its spaces say something in source and tracebacks."""
    shown = "".join(look.visible(c) for c in text.rstrip())
    return f"  {look.paint('|', 'frame')} {shown[: max(look.width - 4, 20)]}".rstrip()
