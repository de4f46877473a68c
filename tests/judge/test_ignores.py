"""`[[tool.batten.ignore]]`: what a table may hold, and what the user is told when it is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from batten.judge import Ignore, ignore_from
from batten.model import BattenError, Location

AT = Location("pyproject.toml", 12)
KNOWN = {"debug-mode", "debug-mode/flask", "cors", "cors/any-origin"}
TABLE: dict[str, object] = {"rule": "debug-mode/flask", "reason": "the lab is open on purpose"}


def read(**more: object) -> Ignore:
    return ignore_from({**TABLE, **more}, known=KNOWN, at=AT)


def test_a_table_becomes_a_suppression() -> None:
    assert read(path="lab/**", app="lab", env="staging", until="2027-03-01", owner="ana") == Ignore(
        rules=("debug-mode/flask",),
        reason="the lab is open on purpose",
        at=AT,
        path="lab/**",
        app="lab",
        env="staging",
        until="2027-03-01",
        owner="ana",
    )


def test_several_rules_and_topics_may_be_listed() -> None:
    assert read(rule=["debug-mode", "cors/any-origin"]).rules == ("debug-mode", "cors/any-origin")


@pytest.mark.parametrize(
    "until", [date(2027, 3, 1), datetime(2027, 3, 1, 12, tzinfo=UTC), "2027-03-01", " 2027-03-01 "]
)
def test_dates_may_be_written_as_toml_dates(until: object) -> None:
    assert read(until=until).until == "2027-03-01"


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({"rules": "cors"}, "unknown key 'rules'", "did you mean 'rule'?"),
        ({"zzz": 1}, "unknown key 'zzz'", "known are: app, env"),
        (
            {"rule": "debug-mode/flsk"},
            "no rule or topic is called 'debug-mode/flsk'",
            "did you mean 'debug-mode/flask'?",
        ),
        ({"rule": ["cors", "qqqq"]}, "no rule or topic is called 'qqqq'", "`batten rules` lists them"),
        ({"rule": None}, "needs `rule`", "rule ="),
        ({"rule": []}, "needs `rule`", "rule ="),
        ({"rule": ["cors", 7]}, "needs `rule`", "rule ="),
        ({"rule": ""}, "needs `rule`", "rule ="),
        ({"reason": ""}, "needs `reason`", "say why"),
        ({"reason": "  "}, "needs `reason`", "say why"),
        ({"reason": 4}, "`reason` of an ignore table must be a string", "reason ="),
        ({"path": ["a"]}, "`path` of an ignore table must be a string", "path ="),
        ({"until": 2027}, "`until` of an ignore table must be a string", "until ="),
    ],
)
def test_a_wrong_table_is_refused_with_what_to_write(table: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(BattenError) as caught:
        read(**table)
    assert str(caught.value).startswith("pyproject.toml:12: ")
    assert message in str(caught.value)
    assert hint in caught.value.hint
    assert caught.value.code == 2


@pytest.mark.parametrize("key", ["rule", "reason"])
def test_rule_and_reason_are_mandatory(key: str) -> None:
    table = {name: value for name, value in TABLE.items() if name != key}
    with pytest.raises(BattenError, match=f"needs `{key}`"):
        ignore_from(table, known=KNOWN, at=AT)


@pytest.mark.parametrize("until", ["", "2027-03-01", "9999-12-31"])
def test_it_holds_up_to_and_on_its_last_day(until: str) -> None:
    assert read(until=until).refused(date(2027, 3, 1)) == ""


def test_it_fails_from_the_day_after() -> None:
    assert read(until="2027-03-01").refused(date(2027, 3, 2)) == "suppression expired on 2027-03-01"


@pytest.mark.parametrize(
    "until", ["soon", "2027-02-30", "01.03.2027", "20270301", "2027-W09-1", "2027-3-1", "\uff12027-03-01"]
)
def test_a_date_that_cannot_be_read_counts_as_past(until: str) -> None:
    assert read(until=until).refused(date(2020, 1, 1)).startswith(f"suppression has a malformed date: {until}")


@pytest.mark.parametrize(
    ("path", "file", "covered"),
    [
        ("", "web/app.py", True),
        ("", None, True),
        ("app.py", "app.py", True),
        ("app.py", "web/app.py", True),
        ("app.py", "web/myapp.py", False),
        ("app.py", None, False),
        ("*.py", "web/deep/app.py", True),
        ("web/*.py", "web/app.py", True),
        ("web/*.py", "web/deep/app.py", False),
        ("web/**/*.py", "web/app.py", True),
        ("web/**/*.py", "web/deep/er/app.py", True),
        ("web/**", "web/deep/app.py", True),
        ("web/**", "webby/app.py", False),
        ("web", "web/deep/app.py", True),
        ("web/", "web/app.py", True),
        ("./web/app.py", "web/app.py", True),
        ("app.p?", "app.py", True),
        ("a.py", "axpy", False),
        ("a[b].py", "a[b].py", True),
        ("deep/app.py", "web/deep/app.py", False),
    ],
)
def test_paths_are_patterns_as_in_gitignore(path: str, file: str | None, covered: bool) -> None:  # noqa: FBT001 - the expected answer
    assert read(path=path).covers_file(file) is covered
