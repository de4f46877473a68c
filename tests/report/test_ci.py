"""The formats that CI systems read, each by its consumer's own rules."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from batten.model import Location, Severity
from batten.report import github, gitlab, junit, markdown
from batten.rules import static_rules

if TYPE_CHECKING:
    from batten.model import Report

CODE_QUALITY = {"description", "check_name", "fingerprint", "severity", "location"}
"""GitLab 17 docs, Code Quality report format."""
STRANGE = "a|b `c` <img src=x> @here [x](http://x.example) % \n::error::x \x00\x1b[31m"


def strange(report: Report) -> Report:
    first = report.findings[0]
    return replace(report, findings=(replace(first, says=STRANGE), *report.findings[1:]))


def many(report: Report, count: int) -> Report:
    first = report.findings[0]
    rows = (
        replace(first, fingerprint=f"{number:032x}", says=f"finding {number} " + "x" * 300) for number in range(count)
    )
    return replace(report, findings=tuple(rows))


# GitHub annotations


def test_annotations_are_few_and_say_how_many_more(report: Report) -> None:
    lines = github.render(many(report, 40)).splitlines()
    assert len(lines) == github.MOST + 2
    assert lines[-2].endswith("and 31 more: the whole report has them")


def test_an_annotation_names_a_file_of_the_repository_and_a_line(report: Report) -> None:
    for line in github.render(report, prefix="services/shop").splitlines()[:-1]:
        assert re.match(r"::(error|warning|notice) file=services/shop/[^:,]+,line=\d+,title=[^:]+::.", line), line


def test_no_text_of_a_stranger_becomes_a_command(report: Report) -> None:
    lines = github.render(strange(report)).splitlines()
    assert len(lines) == len(report.findings) + 1
    assert all(re.match(r"::(error|warning|notice) (file=|title=)", line) for line in lines)


# GitLab code quality


def test_code_quality(report: Report) -> None:
    rows = json.loads(gitlab.render(report, prefix="shop"))
    assert len(rows) == len(report.findings)
    assert len({row["fingerprint"] for row in rows}) == len(rows)
    for row in rows:
        assert row.keys() == CODE_QUALITY
        assert row["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert row["location"]["path"].startswith("shop/")
        assert row["location"]["lines"]["begin"] >= 1
        assert row["description"]


def test_a_live_finding_stands_at_a_file(report: Report) -> None:
    bare = replace(report.findings[0], at=Location(url="http://127.0.0.1/"), evidence=(), app="")
    (row,) = json.loads(gitlab.render(replace(report, findings=(bare,), apps=(), inputs=("pyproject.toml",))))
    assert row["location"] == {"path": "pyproject.toml", "lines": {"begin": 1}}
    assert "(http://127.0.0.1/)" in row["description"]


# JUnit


def cases(text: str) -> list[ET.Element]:
    return list(ET.fromstring(text).iter("testcase"))


def test_junit_counts_what_it_holds(report: Report) -> None:
    root = ET.fromstring(junit.render(report, static_rules()))
    suites = list(root.iter("testsuite"))
    for suite in suites:
        held = list(suite.iter("testcase"))
        assert int(suite.get("tests", "")) == len(held)
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name, "")) == sum(1 for case in held if case.find(tag) is not None)
    assert int(root.get("tests", "")) == sum(int(suite.get("tests", "")) for suite in suites)


def test_a_finding_that_shuts_the_gate_fails_its_case_and_no_other(report: Report) -> None:
    shut = report.findings[0].fingerprint
    held = replace(report, gate=replace(report.gate, shut_by=(shut,)))
    failed = [case.get("name", "") for case in cases(junit.render(held, ())) if case.find("failure") is not None]
    assert failed == [f"{report.findings[0].rule} at {report.findings[0].at}"]


def test_what_was_accepted_is_skipped_with_its_reason(report: Report) -> None:
    skipped = [case.find("skipped") for case in cases(junit.render(report, ()))]
    told = [one.get("message", "") for one in skipped if one is not None]
    assert len(told) == len(report.suppressed) > 0
    assert report.suppressed[0].reason in told[0]


def test_a_check_without_a_finding_passes(report: Report) -> None:
    names = {case.get("name") for case in cases(junit.render(report, static_rules()))}
    quiet = {rule.id for rule in static_rules() if rule.layer == "app"} - {f.rule for f in report.findings}
    assert quiet - {one.finding.rule for one in report.suppressed} <= names


def test_junit_of_strange_text_is_xml(report: Report) -> None:
    assert len(cases(junit.render(strange(report), ()))) >= len(report.findings)


# Markdown


def test_markdown_says_the_verdict_first_and_each_finding(report: Report) -> None:
    text = markdown.render(report)
    assert text.startswith("### Batten: gate ")
    assert sum(1 for line in text.splitlines() if line.startswith(("| 🟥", "| 🟧", "| 🟨", "| 🟦", "| ⬜"))) == len(
        report.findings
    )
    assert "**Next fixes:**" in text


def test_markdown_fits_into_a_comment_and_says_what_does_not(report: Report) -> None:
    text = markdown.render(many(report, 2_000))
    assert len(text) < 65_536
    shown = text.count("finding ")
    assert f"and {2_000 - shown} more, which do not fit" in text


def test_markdown_shows_strange_text_as_text(report: Report) -> None:
    text = markdown.render(strange(report))
    (row,) = [line for line in text.splitlines() if "src=x" in line]
    assert "<img" not in row.replace("\\<", "")
    assert "@here" not in row
    assert "http://x.example" not in row
    assert row.count(" | ") == 3


def test_an_empty_report(empty: Report) -> None:
    assert "nothing to audit" in markdown.render(empty)
    assert json.loads(gitlab.render(empty)) == []
    assert len(github.render(empty).splitlines()) == 1
    assert cases(junit.render(empty, ())) == []


@pytest.mark.parametrize("render", [markdown.render, gitlab.render, github.render, lambda held: junit.render(held, ())])
def test_no_secret_comes_out(report: Report, secret: str, render: object) -> None:
    assert secret not in render(report)  # type: ignore[operator]


def test_every_severity_has_its_word(report: Report) -> None:
    for severity in Severity:
        held = replace(report, findings=(replace(report.findings[0], severity=severity),))
        assert severity.value in markdown.render(held)
        assert json.loads(gitlab.render(held))[0]["severity"]
