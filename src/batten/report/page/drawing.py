"""The stack as a picture: SVG, from the outside on the left to the stores on the right, open doors marked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.report.page.parts import text
from batten.report.stack import ordered
from batten.report.style import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.model import Box, Door, Finding, Link, Location, Picture, Report

WIDE, HIGH = 200, 62
GAP_X, GAP_Y, MARGIN = 100, 32, 24
OUTSIDE = 96
FIRST = MARGIN + OUTSIDE + GAP_X // 2
"""Where the first column stands; what is open further right has a short way from outside, which crosses no box."""
STUB = 44
ROWS = 12
SMALL = 560
"""Pixels; a picture no wider is still readable when it shrinks to a phone, a wider one scrolls."""
MIDDLE = 1_400
"""Pixels; a picture no wider may shrink to a desk's page, which is 1,048 wide."""
MOST = 40
"""Boxes that are drawn; the first are those that are reached from outside."""
MOST_MAYBE = 12
"""Lines between boxes that only share a network; where there are more, they hide what is known."""
_INSIDE = frozenset(("database", "cache", "broker", "search", "storage", "admin"))
"""Kinds whose doors should lead to no stranger."""
_FITS, _FITS_NAME = 27, 20
"""Columns of a line in a box, and of its name, which is larger."""


def draw(report: Report) -> str:
    """Return the picture as an SVG element; empty where nothing is known to run."""
    picture = replace(report.stack, links=tuple(shown_links(report.stack)))
    if not picture.boxes:
        return ""
    boxes = ordered(picture)[:MOST]
    places = _places(boxes, picture)
    width = max(x for x, _ in places.values()) + WIDE + GAP_X // 3 + MARGIN
    height = max(y for _, y in places.values()) + HIGH + MARGIN
    standing = standing_at(boxes, report)
    lines = [*_outside(height), *_ways(boxes, picture, places)]
    for box in boxes:
        lines += _box(box, places[box.name], standing[box.name])
    says = text("; ".join(_told(box, standing[box.name]) for box in boxes))
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    kind = "stack small" if width <= SMALL else "stack middle" if width <= MIDDLE else "stack"
    head = f'<svg class="{kind}" {size} role="img" aria-label="{says}">'
    return "\n".join((head, *lines, "</svg>"))


def shown_links(picture: Picture) -> Iterable[Link]:
    """Return the links to draw: all that are known, the others where they are few."""
    maybe = sum(1 for link in picture.links if not link.is_known)
    return picture.links if maybe <= MOST_MAYBE else (link for link in picture.links if link.is_known)


def standing_at(boxes: Sequence[Box], report: Report) -> dict[str, list[Finding]]:
    """Return the findings of each box: those with a place of the box in their evidence, and those that name it."""
    places = {box.name: {_line(at) for at in (box.at, *(door.at for door in box.doors)) if at} for box in boxes}
    starts = {
        app.name: {_line(at) for at in (app.entry.at, *(e.at for e in app.entry.origin)) if at} for app in report.apps
    }
    held: dict[str, list[Finding]] = {box.name: [] for box in boxes}
    for finding in report.findings:
        seen = {_line(at) for at in (finding.at, *(e.at for e in finding.evidence))} | starts.get(finding.app, set())
        for box in boxes:
            if seen & places[box.name] or _names(finding, box):
                held[box.name].append(finding)
    return held


def _line(at: Location) -> tuple[str, int | None]:
    return at.file or "", at.line


def _names(finding: Finding, box: Box) -> bool:
    """Return whether a finding in the file of a box speaks of the box by its name."""
    if box.at is None or not box.at.file or finding.at.file != box.at.file:
        return False
    return re.search(rf"(?<![\w.-]){re.escape(box.name)}(?![\w.-])", finding.says) is not None


def _places(boxes: list[Box], picture: Picture) -> dict[str, tuple[int, int]]:
    """Return the corner of each box: a column for each step away from the outside."""
    names = {box.name for box in boxes}
    depth = {box.name: 0 for box in boxes if any(door.is_open for door in box.doors)}
    waiting = list(depth)
    while waiting:
        name = waiting.pop(0)
        for link in picture.links:
            if link.begin == name and link.end in names and link.end not in depth:
                depth[link.end] = depth[name] + 1
                waiting.append(link.end)
    for box in boxes:
        depth.setdefault(box.name, 1 if box.kind in {"app", "worker", "other", "proxy"} else 2)
    places: dict[str, tuple[int, int]] = {}
    x = FIRST
    for column in sorted(set(depth.values())):
        held = [box.name for box in boxes if depth[box.name] == column]
        # A column that grows too tall for a page goes on in the next.
        for start in range(0, len(held), ROWS):
            for row, name in enumerate(held[start : start + ROWS]):
                places[name] = (x, MARGIN + row * (HIGH + GAP_Y))
            x += WIDE + GAP_X
    return places


def _outside(height: int) -> Iterator[str]:
    edge = MARGIN // 2
    yield f'<rect class="outside" x="{edge}" y="{edge}" width="{OUTSIDE}" height="{height - MARGIN}" rx="12"/>'
    yield f'<text class="name" x="{MARGIN // 2 + 14}" y="{height // 2 - 4}">whoever</text>'
    yield f'<text class="small" x="{MARGIN // 2 + 14}" y="{height // 2 + 12}">is outside</text>'


def _ways(boxes: list[Box], picture: Picture, places: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for box in boxes:
        x, y = places[box.name]
        if any(door.is_open for door in box.doors):
            yield _way(MARGIN // 2 + OUTSIDE if x == FIRST else x - STUB, y + HIGH // 2, x - 8, y + HIGH // 2)
    for link in picture.links:
        if link.begin not in places or link.end not in places:
            continue
        (x1, y1), (x2, y2) = places[link.begin], places[link.end]
        known = "" if link.is_known else " maybe"
        if x2 > x1:
            yield _way(x1 + WIDE, y1 + HIGH // 2, x2, y2 + HIGH // 2, known)
        else:
            yield _back(x1, y1, x2, y2, known) if x2 == x1 else _left(x1, y1 + HIGH // 2 + 10, x2 + WIDE, y2, known)


def _back(x1: int, y1: int, x2: int, y2: int, more: str) -> str:
    """Return a way within a column: around the right of both boxes."""
    begin, end, y_begin, y_end = x1 + WIDE, x2 + WIDE, y1 + HIGH // 2 + 10, y2 + HIGH // 2 - 10
    out = begin + GAP_X // 3
    line = f'<path class="way{more}" d="M{begin} {y_begin} C{out} {y_begin} {out} {y_end} {end} {y_end}"/>'
    return f'{line}<path class="tip" d="M{end} {y_end} l8 -4 v8 z"/>'


def _left(x1: int, y1: int, x2: int, y2: int, more: str) -> str:
    """Return a way to a column further out."""
    bend, y_end = GAP_X // 2, y2 + HIGH // 2 + 10
    line = f'<path class="way{more}" d="M{x1} {y1} C{x1 - bend} {y1} {x2 + bend} {y_end} {x2} {y_end}"/>'
    return f'{line}<path class="tip" d="M{x2} {y_end} l8 -4 v8 z"/>'


def _way(x1: int, y1: int, x2: int, y2: int, more: str = "") -> str:
    bend = max(20, abs(x2 - x1) // 2)
    line = f'<path class="way{more}" d="M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    return f'{line}<path class="tip" d="M{x2} {y2} l-8 -4 v8 z"/>'


def _box(box: Box, place: tuple[int, int], found: Sequence[Finding]) -> Iterator[str]:
    x, y = place
    bad = " bad" if any(_is_bad(box, door, found) for door in box.doors) else ""
    yield f"<g><title>{text(_told(box, found))}</title>"
    yield f'<rect class="box{bad}" x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8"/>'
    yield f'<text class="name" x="{x + 12}" y="{y + 21}">{_cut(box.name, _FITS_NAME)}</text>'
    kind = f"{box.kind}, {box.runs}" if box.runs else box.kind
    yield f'<text class="small" x="{x + 12}" y="{y + 37}">{_cut(kind)}</text>'
    yield f'<text class="small" x="{x + 12}" y="{y + 53}">{_cut(_doors(box))}</text>'
    if any(door.is_open for door in box.doors):
        yield f'<circle class="door{bad}" cx="{x}" cy="{y + HIGH // 2}" r="6"/>'
    if found:
        yield from _mark(x + WIDE - 10, y, found)
    yield "</g>"


def _mark(right: int, y: int, found: Sequence[Finding]) -> Iterator[str]:
    """Yield the worst that was found at a box, on its upper edge."""
    says = _worst(found)
    wide = 7 * len(says) + 14
    yield f'<g class="{says.split()[-1]}">'
    yield f'<rect class="mark" x="{right - wide}" y="{y - 9}" width="{wide}" height="18" rx="9"/>'
    yield f'<text class="told" x="{right - wide // 2}" y="{y + 4}" text-anchor="middle">{says}</text></g>'


def _worst(found: Sequence[Finding]) -> str:
    """Return how many findings there are of the worst severity: `2 critical`."""
    grades = [finding.graded for finding in found]
    worst = next(severity for severity in Severity if severity in grades)
    return f"{grades.count(worst)} {worst.value}"


def _is_bad(box: Box, door: Door, found: Sequence[Finding]) -> bool:
    """Return whether an open door leads to what should be kept inside, or a finding says that it should be shut."""
    published = (finding for finding in found if finding.topic == "published-port")
    told = door.at is not None and any(_line(finding.at) == _line(door.at) for finding in published)
    return door.is_open and (box.kind in _INSIDE or told)


def _doors(box: Box) -> str:
    """Return the doors that fit on a line, and how many more there are."""
    doors = [str(door) for door in box.doors if door.address]
    if not doors:
        return "" if box.doors else "not published"
    for shown in range(len(doors), 0, -1):
        more = f" +{len(doors) - shown}" if shown < len(doors) else ""
        if len(said := ", ".join(doors[:shown]) + more) <= _FITS:
            return said
    return doors[0]


def _told(box: Box, found: Sequence[Finding]) -> str:
    doors = ", ".join(f"{'open' if door.is_open else 'local'} on {door}" for door in box.doors if door.address)
    worst = f", {_worst(found)}" if found else ""
    return f"{box.name}: {box.runs or box.kind}, {doors or 'not published'}{worst}"


def _cut(said: str, room: int = _FITS) -> str:
    if _wide(said) > room:
        while _wide(said) > room - 1:
            said = said[:-1]
        said += "…"
    return text(said)


def _wide(said: str) -> float:
    """Return how many letters of the usual width a line is as wide as."""
    return columns(said) + 0.7 * sum(said.count(letter) for letter in "WMm@%ЖШЩЮ")
