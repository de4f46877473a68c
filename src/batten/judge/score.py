"""The hardening score 2026.1: one table, every point visible, the same number on every machine.

Each finding takes its share of the points that are left, worst first:

| severity | takes | cap when confirmed or certain |
|---|---|---|
| critical | 40 % | 59, an F |
| high | 20 % | 69, a D |
| medium | 8 % | - |
| low | 3 % | - |
| info | nothing | - |

- A *possible* finding takes half of that and never caps.
- A *likely* finding takes all of it and does not cap either: nobody has seen
  or evaluated it. A likely critical alone leaves 60 points, a D.
- The second finding of one rule takes half of its share, the third a quarter,
  and so on: ten places with one fault are not ten faults.
- Coverage caps as well, since unknown is not fine: 97 (no A+) unless every
  applicable check had evidence, 89 (a B) when fewer than nine in ten had, 79
  (a C) when fewer than three in four, 69 (a D) when fewer than half, 0 when none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from batten.judge.order import worst_first
from batten.model import Confidence, Gain, Points, Score, Severity
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.model import Finding


@dataclass(frozen=True, slots=True)
class Weight:
    """What findings of one severity do to the score."""

    percent: int
    """The share of the remaining points that the first one takes."""
    cap: int = 100
    """The most points that can be had while one is confirmed or certain."""


TABLE = {
    Severity.CRITICAL: Weight(40, cap=59),
    Severity.HIGH: Weight(20, cap=69),
    Severity.MEDIUM: Weight(8),
    Severity.LOW: Weight(3),
    Severity.INFO: Weight(0),
}
"""No weight is more than half of the one before: worst first is then also dearest first."""

BANDS = ((98, "A+"), (90, "A"), (80, "B"), (70, "C"), (60, "D"), (0, "F"))
"""The fewest points for each letter."""


def score(findings: Iterable[Finding], *, evaluated: int, applicable: int) -> Score:
    """Return the score of these findings, with its table and the next three fixes.

    Of the `applicable` checks `evaluated` had evidence, whatever they said.
    The gains of `next` are meant in that order: each comes on top of those
    before it, and all three together add their sum.
    """
    ranked = sorted(findings, key=worst_first)
    table = tuple(_table(ranked))
    points, cap = _capped(ranked, evaluated, applicable)
    return Score(
        points=points,
        letter=letter(points),
        evaluated=evaluated,
        applicable=applicable,
        table=table,
        cap=cap,
        next=tuple(_next(ranked, points, evaluated, applicable)),
    )


def letter(points: int) -> str:
    """Return the letter of so many points."""
    return next(name for least, name in BANDS if points >= least)


def _shares(ranked: Sequence[Finding]) -> Iterator[float]:
    """Yield what each finding takes of the points that are left, from 0 to 1."""
    seen: Counter[str] = Counter()
    for finding in ranked:
        share = TABLE[finding.graded].percent / 100
        if finding.confidence is Confidence.POSSIBLE:
            share /= 2
        yield share / 2 ** min(seen[finding.rule], _HALVINGS)
        seen[finding.rule] += 1


def _table(ranked: Sequence[Finding]) -> Iterator[Points]:
    """Yield what each finding costs, to a tenth of a point; the sum is what is missing from 100."""
    left = shown = 100.0
    for finding, share in zip(ranked, _shares(ranked), strict=True):
        left *= 1 - share
        cost = round(shown - round(left, 1), 1)
        shown = round(left, 1)
        yield Points(finding.fingerprint, finding.rule, cost)


def _capped(ranked: Sequence[Finding], evaluated: int, applicable: int) -> tuple[int, str]:
    """Return the points, and why they are fewer than the findings alone would leave."""
    left = 100.0
    for share in _shares(ranked):
        left *= 1 - share
    points, why = int(left + 0.5), ""
    for cap, reason in _caps(ranked, evaluated, applicable):
        if cap < points:
            points, why = cap, reason
    return points, why


def _caps(ranked: Sequence[Finding], evaluated: int, applicable: int) -> Iterator[tuple[int, str]]:
    sure = (Confidence.CONFIRMED, Confidence.CERTAIN)
    for finding in ranked:
        if finding.confidence in sure:
            grade, cap = finding.graded.value, TABLE[finding.graded].cap
            why = f"{finding.rule} is {grade} and {finding.confidence.value}"
            yield cap, f"at most {letter(cap)}: {why}"
            break
    if evaluated <= 0:
        yield 0, "at most F: no check had evidence"
    elif evaluated < applicable:
        cap = next(cap for share, cap in _SEEN if evaluated >= share * applicable)
        yield cap, f"at most {letter(cap)}: {evaluated} of {applicable} checks had evidence"


def _next(ranked: Sequence[Finding], points: int, evaluated: int, applicable: int) -> Iterator[Gain]:
    """Yield up to three fixes, each the one that helps most once those before it are done."""
    left = list(ranked)
    for _ in range(3):
        best, after = -1, points
        tried: set[tuple[str, Severity, Confidence]] = set()
        for index, finding in enumerate(left):
            kind = (finding.rule, finding.graded, finding.confidence)
            if kind in tried or not TABLE[finding.graded].percent:
                continue  # one of a kind stands for all of it: they cost the same
            tried.add(kind)
            without, _why = _capped(left[:index] + left[index + 1 :], evaluated, applicable)
            if best < 0 or without > after:
                best, after = index, without
        if best < 0:
            return
        fixed = left.pop(best)
        yield Gain(fixed.fingerprint, fixed.rule, after - points)
        points = after


_HALVINGS = 20
"""Past it a further finding costs less than a millionth of the first."""
_SEEN = ((0.9, 97), (0.75, 89), (0.5, 79), (0, 69))
"""The share of the applicable checks that had evidence, and the most points that can be had with it."""
