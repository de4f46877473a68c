"""The checker of examples tells a rule that does not keep them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from batten.model import Bad, Edit, Good, Location, Rule
from batten.rules import find
from batten.testing import applied, check_rule, examples, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["TESTING"] = True  # <- here
"""


def rule_with(*, bad: tuple[Bad, ...] = (), good: tuple[Good, ...] = ()) -> Rule:
    (testing,) = find("debug-mode/testing")
    return replace(testing, bad=bad, good=good)


def edit(text: str, line: int, start: int, end: int, file: str | None = "app.py") -> Edit:
    return Edit(Location(file=file, line=line, column=start, end_line=line, end_column=end), text)


def test_marks_are_taken_off_and_remembered() -> None:
    written = Bad("on", {"app.py": APP}, fixed={"app.py": APP.replace("True", "False")}, env={"X": "1  # <- here"})
    (example,) = examples(rule_with(bad=(written,)))
    assert example.expected == {"app.py:4", "--env X"}
    assert example.files == {"app.py": APP.replace("  # <- here", "")}
    assert example.fixed == {"app.py": APP.replace("True  # <- here", "False")}
    assert example.env == {"X": "1"}
    assert str(example) == "debug-mode/testing: on"
    (example,) = examples(rule_with(good=(Good("marked by its twin", {"app.py": APP}),)))
    assert example.expected == frozenset()


@pytest.mark.parametrize(
    ("files", "fixed", "message"),
    [
        ({"app.py": APP.replace("  # <- here", "")}, None, "found, not expected: app.py:4"),
        ({"app.py": APP.replace("TESTING", "TESTED")}, None, "expected, not found: app.py:4"),
        ({"app.py": APP}, None, "the fix has edits; add `fixed`"),
        ({"app.py": APP}, {"app.py": APP.replace("True", "None")}, "app.py after the fix:"),
    ],
)
def test_a_broken_example_is_shown(files: Mapping[str, str], fixed: Mapping[str, str] | None, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        check_rule(rule_with(bad=(Bad("broken", files, fixed=fixed),)))


def test_a_good_example_has_to_be_silent() -> None:
    with pytest.raises(AssertionError, match=r"found, not expected: app\.py:4"):
        check_rule(rule_with(good=(Good("loud", {"app.py": APP}),)))


def test_a_fix_that_does_not_help_is_told() -> None:
    text = APP.replace("True", "bool(1)") + 'app.config["TESTING"] = bool(2)  # <- here\n'
    text = text.replace("bool(1)  # <- here", "bool(1)")
    (example,) = examples(rule_with(bad=(Bad("no edits", {"app.py": text}, fixed={"app.py": text}),)))
    with pytest.raises(AssertionError, match="after the fix the rule still says"):
        verify(example)


def test_edits_are_made_from_the_end_and_once() -> None:
    files = {"app.py": "one two\nthree\n", "other.py": "x"}
    edits = [edit("1", 1, 1, 4), edit("2", 1, 5, 8), edit("3", 2, 1, 6), edit("1", 1, 1, 4)]
    assert applied(files, edits) == {"app.py": "1 2\n3\n", "other.py": "x"}
    assert applied(files, []) == files


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([edit("1", 1, 1, 4), edit("2", 1, 3, 8)], "overlap"),
        ([edit("1", 1, 1, 4, file=None)], "names no span"),
        ([edit("1", 1, 1, 4, file="missing.py")], "names no span"),
        ([Edit(Location(file="app.py", line=1), "x")], "names no span"),
    ],
)
def test_edits_that_cannot_be_made(edits: list[Edit], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        applied({"app.py": "one two\n"}, edits)
