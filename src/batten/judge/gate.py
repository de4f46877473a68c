"""Decides whether the deploy may go on, and says why in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.judge.order import worst_first
from batten.model import Confidence, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.judge.terms import Terms
    from batten.model import Finding, Score, Unsure


def gate(
    findings: Sequence[Finding],
    score: Score,
    *,
    unsure: Sequence[Unsure],
    layers: Mapping[str, str],
    terms: Terms,
) -> Gate:
    """Return the gate: findings shut it first, then a low score, a layer not seen, an empty target.

    `layers` says of each layer `evaluated`, `nothing found` (and why, after a
    colon), `not asked`, or why it could not be looked at. A shut gate is 1 when something was found,
    4 when an asked layer was not seen, 3 when there was nothing to audit.
    """
    failed = tuple(_failures(findings, score, unsure, layers, terms))
    asked = {layer: state for layer, state in layers.items() if state != _NOT_ASKED}
    unseen = tuple(
        f"the {layer} layer could not be looked at: {state}"
        for layer, state in asked.items()
        if state != _EVALUATED and not _is_nothing(state)
    )
    if failed:
        shutting = tuple(finding.fingerprint for finding in findings if finding.fingerprint and _shuts(finding, terms))
        return Gate(passed=False, why=failed + unseen, code=1, shut_by=shutting)
    if unseen:
        return Gate(passed=False, why=unseen, code=4)
    if not findings and not any(state == _EVALUATED for layer, state in asked.items() if layer != _BESIDE):
        reasons = tuple(state.removeprefix(f"{_NOTHING}: ") for state in asked.values() if state != _NOTHING)
        return Gate(passed=False, why=reasons or ("there is nothing here to audit",), code=3)
    return Gate(passed=True, why=tuple(_reasons(findings, unsure, terms)), code=0)


def _failures(
    findings: Sequence[Finding],
    score: Score,
    unsure: Sequence[Unsure],
    layers: Mapping[str, str],
    terms: Terms,
) -> Iterator[str]:
    shutting = [f for f in findings if _shuts(f, terms)]
    if shutting:
        named = [f"{f.rule} at {f.at}" for f in sorted(shutting, key=worst_first)[:_NAMED]]
        more = len(shutting) - len(named)
        tail = f" and {more} more" if more else ""
        yield f"{_are(len(shutting), 'finding')} {_grades(terms)}: {', '.join(named)}{tail}"
    if terms.min_score is not None and score.points < terms.min_score:
        yield f"the score is {score.points}, below the {terms.min_score} that is asked for"
    doubts = [u for u in unsure if layers.get(u.layer) != _NOT_ASKED]
    if terms.strict and doubts:
        yield f"{_number(len(doubts), 'thing')} could not be told, which --strict does not accept"


def _reasons(findings: Sequence[Finding], unsure: Sequence[Unsure], terms: Terms) -> Iterator[str]:
    """Yield why an open gate is open, and what it did not count."""
    yield f"no finding is {_grades(terms)}"
    possible = [f for f in findings if f.graded.at_least(terms.fail_on)]
    if possible:
        yield f"{_are(len(possible), 'finding')} only possible: --strict counts them"
    if unsure:
        yield f"{_number(len(unsure), 'thing')} could not be told: --strict counts them"


def _shuts(finding: Finding, terms: Terms) -> bool:
    counted = terms.strict or finding.confidence is not Confidence.POSSIBLE
    return counted and finding.graded.at_least(terms.fail_on)


def _grades(terms: Terms) -> str:
    return terms.fail_on.value if terms.fail_on.rank == 0 else f"{terms.fail_on.value} or worse"


def _is_nothing(state: str) -> bool:
    return state == _NOTHING or state.startswith(f"{_NOTHING}: ")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _are(count: int, noun: str) -> str:
    return f"{_number(count, noun)} {'is' if count == 1 else 'are'}"


_EVALUATED = "evaluated"
_NOTHING = "nothing found"
_NOT_ASKED = "not asked"
_BESIDE = "dependencies"
"""A layer that makes nothing to deploy by itself."""
_NAMED = 3
