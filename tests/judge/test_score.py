"""The score 2026.1: its table, caps, letters and the next three fixes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from batten.judge import BANDS, TABLE, letter, score
from batten.model import Confidence, Finding, Location, Score, Severity

if TYPE_CHECKING:
    import random


def found(severity: Severity, confidence: Confidence = Confidence.CERTAIN, *, rule: str = "", line: int = 1) -> Finding:
    return Finding(
        Location("app.py", line),
        "it is open",
        severity=severity,
        confidence=confidence,
        rule=rule or f"{severity.value}/{confidence.value}",
        fingerprint=f"{severity.value}-{rule}-{line}",
    )


def scored(*findings: Finding, evaluated: int = 10, applicable: int = 10) -> Score:
    return score(findings, evaluated=evaluated, applicable=applicable)


findings = st.builds(
    found,
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
    rule=st.sampled_from(["a/a", "a/b", "b/a", "c/c"]),
    line=st.integers(1, 9),
)
groups = st.lists(findings, max_size=15)


@given(groups, st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(group: list[Finding], shuffle: random.Random) -> None:
    mixed = list(group)
    shuffle.shuffle(mixed)
    assert scored(*group) == scored(*mixed)


@given(groups, st.data())
def test_fixing_something_never_lowers_the_score(group: list[Finding], draw: st.DataObject) -> None:
    rest = draw.draw(st.lists(st.sampled_from(group), unique_by=id)) if group else []
    kept = [one for one in group if not any(one is other for other in rest)]
    assert scored(*kept).points >= scored(*group).points


@given(groups)
def test_costs_add_up_to_what_is_missing_before_the_cap(group: list[Finding]) -> None:
    result = scored(*group)
    left = 100 - sum(one.cost for one in result.table)
    assert len(result.table) == len(group)
    assert all(one.cost >= 0 for one in result.table)
    if result.cap:
        assert result.points <= left + 0.6
    else:
        assert result.points == pytest.approx(left, abs=0.56)


@given(st.lists(findings, max_size=10, unique_by=lambda one: one.fingerprint))
def test_the_next_fixes_gain_what_they_promise(group: list[Finding]) -> None:
    result = scored(*group)
    left, points = list(group), result.points
    for gain in result.next:
        left = [one for one in left if one.fingerprint != gain.fingerprint]
        assert gain.gain >= 0
        points += gain.gain
        assert scored(*left).points == points
    costly = [one for one in group if one.graded is not Severity.INFO]
    assert len(result.next) == min(3, len(costly))


def test_nothing_wrong_and_everything_seen_is_the_best_letter() -> None:
    clean = scored()
    assert (clean.points, clean.letter, clean.cap, clean.next, clean.table) == (100, "A+", "", (), ())
    assert clean.version == "2026.1"
    assert (clean.evaluated, clean.applicable) == (10, 10)


@pytest.mark.parametrize(
    ("severity", "confidence", "points", "letter"),
    [
        (Severity.CRITICAL, Confidence.CONFIRMED, 59, "F"),
        (Severity.CRITICAL, Confidence.CERTAIN, 59, "F"),
        (Severity.CRITICAL, Confidence.LIKELY, 60, "D"),
        (Severity.CRITICAL, Confidence.POSSIBLE, 80, "B"),
        (Severity.HIGH, Confidence.CERTAIN, 69, "D"),
        (Severity.HIGH, Confidence.LIKELY, 80, "B"),
        (Severity.HIGH, Confidence.POSSIBLE, 90, "A"),
        (Severity.MEDIUM, Confidence.CERTAIN, 92, "A"),
        (Severity.MEDIUM, Confidence.POSSIBLE, 96, "A"),
        (Severity.LOW, Confidence.CERTAIN, 97, "A"),
        (Severity.LOW, Confidence.POSSIBLE, 99, "A+"),
        (Severity.INFO, Confidence.CONFIRMED, 100, "A+"),
    ],
)
def test_one_finding_alone(severity: Severity, confidence: Confidence, points: int, letter: str) -> None:
    result = scored(found(severity, confidence))
    assert (result.points, result.letter) == (points, letter)


def test_each_finding_takes_its_share_of_what_is_left() -> None:
    group = [found(s, Confidence.LIKELY) for s in (Severity.HIGH, Severity.MEDIUM, Severity.LOW)]
    result = scored(*group)
    assert [one.cost for one in result.table] == [20, 6.4, 2.2]
    assert result.points == 71


def test_more_findings_of_one_rule_cost_half_each_time() -> None:
    same = [found(Severity.MEDIUM, rule="cookie-flags/set-cookie", line=n) for n in range(1, 4)]
    assert [one.cost for one in scored(*same).table] == [8, 3.7, 1.7]
    assert scored(*(found(Severity.LOW, rule="a/a", line=n) for n in range(1, 3000))).points == 94


def test_the_cap_says_which_finding_holds_the_letter_down() -> None:
    one = found(Severity.CRITICAL, rule="debug-mode/flask")
    assert scored(one).cap == "at most F: debug-mode/flask is critical and certain"
    many = [found(Severity.CRITICAL, rule=f"a/{n}") for n in range(3)]
    assert scored(*many).cap == "", "the points alone are lower"


def test_a_surer_finding_caps_though_a_worse_one_is_only_likely() -> None:
    result = scored(found(Severity.MEDIUM, Confidence.LIKELY), found(Severity.HIGH, rule="cors/any-origin"))
    assert result.cap == "at most D: cors/any-origin is high and certain"
    result = scored(found(Severity.CRITICAL, Confidence.POSSIBLE), found(Severity.HIGH, rule="cors/any-origin"))
    assert result.points == 64


@pytest.mark.parametrize(
    ("evaluated", "applicable", "points", "cap"),
    [
        (58, 58, 100, ""),
        (57, 58, 97, "at most A: 57 of 58 checks had evidence"),
        (52, 58, 89, "at most B: 52 of 58 checks had evidence"),
        (43, 58, 79, "at most C: 43 of 58 checks had evidence"),
        (29, 58, 79, "at most C: 29 of 58 checks had evidence"),
        (28, 58, 69, "at most D: 28 of 58 checks had evidence"),
        (0, 58, 0, "at most F: no check had evidence"),
        (0, 0, 0, "at most F: no check had evidence"),
    ],
)
def test_what_was_not_seen_is_not_fine(evaluated: int, applicable: int, points: int, cap: str) -> None:
    result = scored(evaluated=evaluated, applicable=applicable)
    assert (result.points, result.cap) == (points, cap)


def test_the_lower_of_two_caps_holds() -> None:
    low = scored(found(Severity.CRITICAL), evaluated=9, applicable=10)
    assert (low.points, low.cap.partition(":")[0]) == (59, "at most F")


def gains(result: Score) -> list[tuple[str, int]]:
    return [(one.rule, one.gain) for one in result.next]


def test_the_next_fixes_are_those_that_help_most_one_after_the_other() -> None:
    result = scored(
        found(Severity.CRITICAL, rule="debug-mode/flask"),
        found(Severity.HIGH, rule="cors/any-origin"),
        found(Severity.MEDIUM, rule="csrf/off"),
        found(Severity.LOW, rule="cookie-flags/lifetime"),
        found(Severity.INFO, rule="no-effect/env"),
    )
    assert result.points == 43
    assert gains(result) == [("debug-mode/flask", 26), ("cors/any-origin", 20), ("csrf/off", 8)]


def test_the_gain_holds_the_lifting_of_the_cap() -> None:
    assert gains(scored(found(Severity.HIGH, rule="cors/any-origin"))) == [("cors/any-origin", 31)]


def test_two_findings_under_one_cap_share_its_lifting() -> None:
    two = [found(Severity.HIGH, rule="a/a"), found(Severity.HIGH, rule="b/b")]
    assert gains(scored(*two)) == [("a/a", 5), ("b/b", 31)]


def test_many_criticals_still_leave_something_to_gain() -> None:
    many = [found(Severity.CRITICAL, rule=f"a/{n}") for n in range(6)]
    assert [gain for _rule, gain in gains(scored(*many))] == [3, 5, 9]


def test_a_cap_that_takes_nothing_is_not_named() -> None:
    low = scored(found(Severity.LOW), evaluated=9, applicable=10)
    assert (low.points, low.cap) == (97, "")


@pytest.mark.parametrize(
    ("points", "name"),
    [
        (100, "A+"),
        (98, "A+"),
        (97, "A"),
        (90, "A"),
        (89, "B"),
        (80, "B"),
        (79, "C"),
        (70, "C"),
        (69, "D"),
        (60, "D"),
        (59, "F"),
        (0, "F"),
    ],
)
def test_each_letter_begins_where_the_table_says(points: int, name: str) -> None:
    assert letter(points) == name


def test_the_tables_are_in_order() -> None:
    weights = [TABLE[severity].percent for severity in Severity]
    assert all(milder * 2 <= worse for worse, milder in pairwise(weights))
    assert list(BANDS) == sorted(BANDS, reverse=True)
    assert BANDS[-1][0] == 0
