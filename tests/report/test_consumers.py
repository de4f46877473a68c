"""Findings of every topic and layer in each format that a CI reads, held against its consumer's own rules."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft7Validator

from batten import testing
from batten.model import Severity
from batten.report import github, gitlab, junit, sarif
from batten.rules import all_rules
from tests.report.test_sarif import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding, Report, Rule

RULES = tuple(all_rules())
LAYERS = {"app", "server", "container", "data", "cloud", "dependencies", "http", "ports"}

CODE_QUALITY = Draft7Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": "^(?!/|\\./|.*://).+"},
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": {"begin": {"type": "integer", "minimum": 1}},
                        },
                    },
                },
            },
        },
    }
)
"""GitLab 17 docs, Code Quality report format: paths are relative and without `./`."""

JENKINS = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, {"testsuite"}),
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "time",
            "disabled",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
        },
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""Element to its attributes and children, as jenkins-junit.xsd has them; a strict reader refuses any other."""


def _of_each_topic() -> Iterator[Finding]:
    """Yield what the first bad example of each topic and layer finds."""
    seen: set[tuple[str, str]] = set()
    for rule in RULES:
        if (rule.layer, rule.topic) not in seen:
            seen.add((rule.layer, rule.topic))
            example = next(testing.examples(rule))
            yield from testing._audit(example, example.files)


@pytest.fixture(scope="module")
def found() -> tuple[Finding, ...]:
    """Return findings of every topic, each with a fingerprint of its own."""
    held = tuple(replace(one, fingerprint=f"{number:032x}") for number, one in enumerate(_of_each_topic()))
    assert {finding.layer for finding in held} == LAYERS
    return held


@pytest.fixture
def whole(report: Report, found: tuple[Finding, ...]) -> Report:
    """Return a report of all layers, the gate shut by what is high."""
    shut = tuple(one.fingerprint for one in found if one.graded.at_least(Severity.HIGH))
    layers = dict.fromkeys(sorted(LAYERS), "evaluated")
    return replace(report, findings=found, layers=layers, gate=replace(report.gate, shut_by=shut))


def test_code_scanning_takes_every_layer(whole: Report) -> None:
    document = read(whole, RULES)
    ids = [run["automationDetails"]["id"] for run in document["runs"]]
    assert sorted(ids) == sorted(f"batten/{layer}/" for layer in LAYERS)
    assert sum(len(run["results"]) for run in document["runs"]) == len(whole.findings)
    for run in document["runs"]:
        for rule in run["tool"]["driver"]["rules"]:
            assert rule["properties"]["tags"][0].startswith("external/cwe/cwe-"), rule["id"]
            assert re.fullmatch(r"\d\.\d", rule["properties"]["security-severity"])
            assert rule["shortDescription"]["text"] != rule["id"], "a rule is described by its page"


def test_code_scanning_takes_thousands(report: Report) -> None:
    one = replace(report.findings[0], evidence=(), fix=None)
    held = tuple(replace(one, fingerprint=f"{number:032x}") for number in range(25_100))
    (run, *_) = json.loads(sarif.render(replace(report, findings=held, layers={}), ()))["runs"]
    assert len(run["results"]) == 25_000


def test_code_scanning_takes_a_long_trail(report: Report) -> None:
    first = report.findings[0]
    trail = tuple(replace(first.evidence[0], at=replace(first.at, line=number)) for number in range(1, 300))
    document = read(replace(report, findings=(replace(first, evidence=trail),)))
    (result,) = document["runs"][0]["results"]
    assert 0 < len(result["relatedLocations"]) <= 100
    text = json.dumps(document)
    assert len(gzip.compress(text.encode())) < 10_000_000 / 20


def test_gitlab_takes_every_layer(whole: Report) -> None:
    rows = json.loads(gitlab.render(whole))
    CODE_QUALITY.validate(rows)
    assert len({row["fingerprint"] for row in rows}) == len(rows) == len(whole.findings)


def test_jenkins_takes_every_layer(whole: Report) -> None:
    root = ET.fromstring(junit.render(whole, RULES))
    _strict(root)
    cases = Counter((case.get("classname"), case.get("name")) for case in root.iter("testcase"))
    assert [name for name, times in cases.items() if times > 1] == []
    assert root.get("failures") == str(len(whole.gate.shut_by))


def _strict(element: ET.Element) -> None:
    attributes, children = JENKINS[element.tag]
    assert set(element.keys()) <= attributes
    assert {child.tag for child in element} <= children
    if element.tag in {"testsuite", "testcase"}:
        assert element.get("name")
    for child in element:
        _strict(child)


def test_two_findings_of_one_rule_at_one_place_are_two_cases(report: Report) -> None:
    one = report.findings[0]
    twice = replace(report, findings=(one, replace(one, fingerprint="f" * 32)), suppressed=())
    names = [case.get("name") for case in ET.fromstring(junit.render(twice, ())).iter("testcase")]
    assert names[:2] == [f"{one.rule} at {one.at}", f"{one.rule} at {one.at} (2)"]


def test_annotations_of_every_layer_stand_at_a_file_and_a_line(whole: Report) -> None:
    kinds: dict[str, Finding] = {finding.layer: finding for finding in whole.findings}
    lines = github.render(replace(whole, findings=tuple(kinds.values()))).splitlines()[:-1]
    assert len(lines) == len(LAYERS)
    for line in lines:
        assert re.match(r"::(error|warning|notice) file=[^/:,][^:,]*,line=[1-9]\d*,title=[^:]+::.", line), line


def test_a_rule_of_each_layer_has_a_severity_that_code_scanning_shows() -> None:
    shown: dict[str, list[Rule]] = {}
    for rule in RULES:
        shown.setdefault(rule.layer, []).append(rule)
    assert shown.keys() >= LAYERS
    found: Any = [rule.id for held in shown.values() for rule in held if not rule.cwe]
    assert found == [], "code scanning sorts by the weakness"
