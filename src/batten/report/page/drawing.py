"""The stack as a picture: SVG, from the outside on the left to the stores on the right, open doors marked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from batten.report.stack import ordered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.model import Box, Door, Finding, Picture, Report

WIDE, HIGH = 190, 62
GAP_X, GAP_Y, MARGIN = 110, 26, 24
OUTSIDE = 96
_MOST = 40
_INSIDE = frozenset(("database", "cache", "broker", "search", "storage", "admin"))
"""Kinds whose doors should lead to no stranger."""
_FITS = 25
"""Characters of a line in a box."""


def draw(report: Report) -> str:
    """Return the picture as an SVG element; empty where nothing is known to run."""
    picture = report.stack
    if not picture.boxes:
        return ""
    boxes = ordered(picture)[:_MOST]
    places = _places(boxes, picture)
    width = max(x for x, _ in places.values()) + WIDE + GAP_X // 3 + MARGIN
    height = max(y for _, y in places.values()) + HIGH + MARGIN
    bad = _bad_places(report.findings)
    lines = [*_outside(height), *_ways(boxes, picture, places)]
    for box in boxes:
        lines += _box(box, places[box.name], bad)
    says = escape("; ".join(_told(box) for box in boxes), quote=True)
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg class="stack" {size} role="img" aria-label="{says}">'
    return "\n".join((head, *lines, "</svg>"))


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
    # Where one column is missing, those to its right move up.
    used = {column: number for number, column in enumerate(sorted(set(depth.values())))}
    rows: dict[int, int] = {}
    places = {}
    for box in boxes:
        column = used[depth[box.name]]
        row = rows.get(column, 0)
        rows[column] = row + 1
        places[box.name] = (MARGIN + OUTSIDE + GAP_X // 2 + column * (WIDE + GAP_X), MARGIN + row * (HIGH + GAP_Y))
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
            yield _way(MARGIN // 2 + OUTSIDE, y + HIGH // 2, x - 8, y + HIGH // 2)
    for link in picture.links:
        if link.begin not in places or link.end not in places:
            continue
        (x1, y1), (x2, y2) = places[link.begin], places[link.end]
        known = "" if link.is_known else " maybe"
        if x2 > x1:
            yield _way(x1 + WIDE, y1 + HIGH // 2, x2, y2 + HIGH // 2, known)
        else:
            yield _back(x1, y1, x2, y2, known)


def _back(x1: int, y1: int, x2: int, y2: int, more: str) -> str:
    """Return a way within a column, or back: around the right of both boxes."""
    begin, end, y_begin, y_end = x1 + WIDE, x2 + WIDE, y1 + HIGH // 2 + 10, y2 + HIGH // 2 - 10
    out = max(begin, end) + GAP_X // 3
    line = f'<path class="way{more}" d="M{begin} {y_begin} C{out} {y_begin} {out} {y_end} {end} {y_end}"/>'
    return f'{line}<path class="tip" d="M{end} {y_end} l8 -4 v8 z"/>'


def _way(x1: int, y1: int, x2: int, y2: int, more: str = "") -> str:
    bend = max(20, abs(x2 - x1) // 2)
    line = f'<path class="way{more}" d="M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    return f'{line}<path class="tip" d="M{x2} {y2} l-8 -4 v8 z"/>'


def _box(box: Box, place: tuple[int, int], bad: set[tuple[str, int | None]]) -> Iterator[str]:
    x, y = place
    worst = [door for door in box.doors if _is_bad(box, door, bad)]
    yield f"<g><title>{escape(_told(box))}</title>"
    yield f'<rect class="box{" bad" if worst else ""}" x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8"/>'
    yield f'<text class="name" x="{x + 12}" y="{y + 21}">{_cut(box.name)}</text>'
    kind = f"{box.kind}, {box.runs}" if box.runs else box.kind
    yield f'<text class="small" x="{x + 12}" y="{y + 37}">{_cut(kind)}</text>'
    doors = ", ".join(str(door) for door in box.doors if door.address) or ("" if box.doors else "not published")
    yield f'<text class="small" x="{x + 12}" y="{y + 53}">{_cut(doors)}</text>'
    if any(door.is_open for door in box.doors):
        yield f'<circle class="door{" bad" if worst else ""}" cx="{x}" cy="{y + HIGH // 2}" r="6"/>'
    yield "</g>"


def _is_bad(box: Box, door: Door, bad: set[tuple[str, int | None]]) -> bool:
    at = door.at
    return door.is_open and (box.kind in _INSIDE or (at is not None and (at.file or "", at.line) in bad))


def _bad_places(findings: tuple[Finding, ...]) -> set[tuple[str, int | None]]:
    """Return the places of findings about published ports."""
    return {(f.at.file or "", f.at.line) for f in findings if f.topic == "published-port"}


def _told(box: Box) -> str:
    doors = ", ".join(f"{'open' if door.is_open else 'local'} on {door}" for door in box.doors if door.address)
    return f"{box.name}: {box.runs or box.kind}, {doors or 'not published'}"


def _cut(text: str) -> str:
    return escape(text if len(text) <= _FITS else f"{text[: _FITS - 1]}…")
