"""The checklist: every line ticked, crossed or not evaluated, from evidence."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from batten.report import checklist
from batten.report.checklist import State, checked
from batten.report.lines import DEBUG, PARTS
from batten.rules import all_rules
from batten.run import check
from batten.run.request import Request

if TYPE_CHECKING:
    from pathlib import Path

    from batten.model import Report

NAMES = [name for part in PARTS for line in part.lines for name in line.names]


def states(report: Report) -> dict[str, State]:
    return {line.says: line.state for _, lines in checked(report) for line in lines}


def test_every_line_names_rules_that_exist_and_no_topic_is_left_out() -> None:
    known = {name for rule in all_rules() for name in (rule.id, rule.topic)}
    assert set(NAMES) <= known
    left = {rule.id for rule in all_rules() if rule.persona == "regular" and not {rule.id, rule.topic} & set(NAMES)}
    assert left == set()


def test_a_finding_crosses_its_line_and_says_what_and_where(report: Report) -> None:
    held = {line.says: line for _, lines in checked(report) for line in lines}
    line = held["Debug mode, debuggers and toolbars are off"]
    assert line.state is State.CROSSED
    assert str(report.findings[0].at) in line.why


def test_what_was_not_looked_at_is_never_ticked(report: Report) -> None:
    bare = replace(report, findings=(), suppressed=(), checks={})
    assert set(states(bare).values()) == {State.UNKNOWN}


def test_a_check_that_could_not_be_told_leaves_its_line_open(report: Report) -> None:
    held = replace(report, findings=(), checks={"csrf/off": True, "csrf/exempt": False, "cors/any-origin": True})
    found = states(held)
    assert found["Forms are guarded against cross-site requests"] is State.UNKNOWN
    assert found["Other sites read only what is meant for them"] is State.TICKED


def test_a_real_project(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from flask import Flask\n\napp = Flask(__name__)\napp.run(debug=True)\n")
    (tmp_path / "Procfile").write_text("web: python app.py\n")
    report = check(Request(target=str(tmp_path)))
    found = states(report)
    assert found["Debug mode, debuggers and toolbars are off"] is State.CROSSED
    assert found["A production server serves the app, without reload"] is State.CROSSED
    assert found["No bucket is open to everyone"] is State.UNKNOWN


def test_the_text_holds_every_line_and_why_debug_is_critical(report: Report) -> None:
    text = checklist.render(report)
    for part in PARTS:
        assert part.title in text
    assert " ".join(DEBUG.split())[:40] in " ".join(text.split())
    assert all(len(line) <= 80 for line in text.splitlines()), "80 columns"


def test_markdown_is_a_task_list(report: Report) -> None:
    rows = [line for line in checklist.markdown(report).splitlines() if line.startswith("- [")]
    assert len(rows) == sum(len(part.lines) for part in PARTS)
    assert sum(row.startswith("- [x]") for row in rows) == list(states(report).values()).count(State.TICKED)


def test_html_runs_nothing_and_fetches_nothing(report: Report) -> None:
    found: list[str] = []

    class Page(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append(tag)
            assert not {name for name, _ in attrs} & {"src", "href", "style", "onclick"}

    Page().feed(checklist.html(report))
    assert not {"script", "img", "link"} & set(found)
    assert found.count("li") == sum(len(part.lines) for part in PARTS)


def test_json_says_what_decided(report: Report) -> None:
    document = json.loads(checklist.as_json(report))
    lines = [line for part in document["parts"] for line in part["lines"]]
    assert {line["state"] for line in lines} <= {"ok", "open", "not evaluated"}
    assert all(line["decided_by"] for line in lines)


def test_requirements_of_asvs_in_their_place(report: Report) -> None:
    needed = {"debug-mode/flask": ["v5.0.0-13.4.2 (L2)"], "csrf/off": ["v5.0.0-3.5.1 (L1)"]}
    ((title, lines),) = checked(report, needed)
    assert title.startswith("ASVS")
    assert [line.says.split(" ")[0] for line in lines] == ["v5.0.0-3.5.1", "v5.0.0-13.4.2"]
    assert lines[1].state is State.CROSSED
