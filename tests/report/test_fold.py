"""A report with hundreds of findings, as a person reads it at a terminal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batten.model import Location, Points, Severity
from batten.report import fold
from batten.report.text import render

if TYPE_CHECKING:
    from batten.model import Finding, Report

COST = 1.0


@pytest.fixture
def report(report: Report) -> Report:
    """Return the report of the machine formats, without what was seen live."""
    return replace(report, http=(), listeners=())


def of(report: Report, severity: Severity, rule: str, count: int) -> list[Finding]:
    """Return findings of one rule, each in a file of its own."""
    one = replace(report.findings[0], severity=severity, rule=rule, evidence=(), fix=None)
    return [replace(one, at=Location(f"{rule}/{n}.py", 1), fingerprint=f"{rule}{n}") for n in range(count)]


@pytest.fixture
def long(report: Report) -> Report:
    """Return a report of a hundred findings and one."""
    held = [
        *of(report, Severity.CRITICAL, "debug-mode/flask", 1),
        *of(report, Severity.HIGH, "secret-key/weak", 60),
        *of(report, Severity.MEDIUM, "csrf/off", 30),
        *of(report, Severity.LOW, "image-pin/latest", 9),
        *of(report, Severity.LOW, "version-banner/server", 1),
    ]
    return replace(report, findings=tuple(held))


def frames(text: str) -> list[str]:
    return re.findall(r"(?m)^\w+\[([\w/-]+)\]", text)


def test_each_kind_is_in_full_twice_and_what_is_low_is_not(long: Report) -> None:
    text = render(long, full=False)
    assert frames(text) == ["debug-mode/flask", *["secret-key/weak"] * 2, *["csrf/off"] * 2]
    assert "96 more, folded by rule (--full shows each):" in text
    assert "  high[secret-key/weak] ×58: secret-key/weak/2.py:1, secret-key/weak/3.py:1," in text
    assert "and 55 more places" in text
    assert "  low[version-banner/server]: debug is True" in text, "one alone says what it is"
    assert len(text.splitlines()) < 80


def test_nothing_is_lost_in_the_counts(long: Report) -> None:
    text = render(long, full=False)
    folded = sum(int(n) for n in re.findall(r"\] ×(\d+):", text)) + len(re.findall(r"(?m)^  \w+\[[^]]*\]:", text))
    assert len(frames(text)) + folded == len(long.findings)
    assert "101 findings (1 critical, 60 high, 30 medium, 10 low)" in text


def test_all_are_in_full_where_somebody_wants_them(long: Report) -> None:
    assert len(frames(render(long))) == len(long.findings)


def test_a_short_report_is_never_folded(report: Report) -> None:
    held = replace(report, findings=tuple(of(report, Severity.LOW, "image-pin/latest", fold.IN_FULL)))
    assert render(held, full=False) == render(held)


def test_many_kinds_are_in_full_up_to_a_limit(report: Report) -> None:
    held = [finding for n in range(60) for finding in of(report, Severity.HIGH, f"topic-{n}/x", 1)]
    text = render(replace(report, findings=tuple(held)), full=False)
    assert len(frames(text)) == fold.IN_FULL
    assert "20 more, folded by rule" in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_is_folded_fits_on_the_screen(long: Report, width: int) -> None:
    assert [line for line in render(long, width=width, full=False).splitlines() if len(line) > width] == []


def test_points_of_many_rules_are_summed(report: Report) -> None:
    table = tuple(Points(f"{n}", f"topic-{n}/x", COST) for n in range(30))
    text = render(replace(report, score=replace(report.score, table=table)))
    assert "-20  20 other rules together" in text
    assert text.count("topic-") == 10
