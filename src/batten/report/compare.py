"""Two reports compared: for a terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.report.style import Look
from batten.report.wording import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.model.comparison import Comparison


def render(held: Comparison, *, color: bool = False, width: int = 80, ascii: bool = False) -> str:  # noqa: A002 - the word for it
    """Return a comparison as text: new first, then what changed, then what is fixed."""
    look = Look(color=color, width=width, ascii=ascii)
    lines = [
        *_group("new", held.new, "high", look),
        *(line for was, now in held.changed for line in _changed(was, now, look)),
        *_group("fixed", held.fixed, "good", look),
    ]
    was, now = held.points
    counts = (
        f"{len(held.new)} new, {len(held.changed)} changed, {len(held.fixed)} fixed, {len(held.unchanged)} unchanged"
    )
    lines += ["", f"{counts}; score {was} → {now}"]
    return look.finish("\n".join(lines).lstrip("\n") + "\n")


def _group(word: str, rows: Sequence[Mapping[str, Any]], meaning: str, look: Look) -> Iterator[str]:
    for row in rows:
        head = f"{word:>7} {row['severity']}[{row['rule']}]"
        yield from _row(head, row, meaning, look)


def _changed(was: Mapping[str, Any], now: Mapping[str, Any], look: Look) -> Iterator[str]:
    head = f"changed {was['severity']} → {now['severity']}[{now['rule']}]"
    yield from _row(head, now, "medium", look)


def _row(head: str, row: Mapping[str, Any], meaning: str, look: Look) -> Iterator[str]:
    at = row.get("location") or {}
    place = f"{at['file']}:{at['line']}" if at.get("file") and at.get("line") else at.get("file") or at.get("url") or ""
    yield f"{look.paint(look.clean(head), meaning)} {look.clean(str(place))}"
    yield from (f"        {line}" for line in look.wrap(str(row["message"]), 8))


def as_json(held: Comparison) -> str:
    """Return a comparison as JSON."""
    was, now = held.points
    return written(
        {
            "schema": "batten/diff/1",
            "before": held.before,
            "after": held.after,
            "score": {"before": was, "after": now},
            "new": list(held.new),
            "fixed": list(held.fixed),
            "unchanged": list(held.unchanged),
            "changed": [{"before": a["severity"], "after": b["severity"], "finding": b} for a, b in held.changed],
        }
    )
