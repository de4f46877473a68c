"""An audit imports the rules only that have something to look at, and misses none by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batten.rules import all_rules, index, rules_named, rules_over, static_rules
from batten.run import Request, check
from batten.run.asking import Thing, ask, kinds
from batten.run.coverage import coverage_around, examined
from batten.run.evaluated import evaluated
from tests.mutations.test_mutations import STACKS

if TYPE_CHECKING:
    from pathlib import Path

    from batten.understand.infrastructure.nouns import Infrastructure


def test_the_index_names_every_rule() -> None:
    assert len(index()) == len(all_rules())
    assert json.dumps(index())


def test_rules_by_name() -> None:
    assert [rule.id for rule in rules_named({"debug-mode/flask", "open-port/unnamed"})] == [
        "debug-mode/flask",
        "open-port/unnamed",
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_missed(stack: str, tmp_path: Path) -> None:
    for path, text in STACKS[stack].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / "shop" / "config.py").write_text("class Config:\n    DEBUG = True\n    SECRET_KEY = 'dev'\n")
    held = evaluated(Request(target=str(tmp_path)))
    around: Infrastructure | None = held.around
    assert around is not None
    things: list[Thing] = [*held.seen.apps, around]
    needed = rules_over(kinds(things), examined(around))
    assert len(needed) < len(static_rules())
    found = ask(static_rules(), things, lambda _: None)
    assert found
    assert ask(needed, things, lambda _: None) == found
    assert sorted(coverage_around(needed, around)) == sorted(coverage_around(static_rules(), around))
    assert {one.rule for one in check(Request(target=str(tmp_path))).findings} <= {one.rule for one in found}
