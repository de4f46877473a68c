"""`batten check` as users type it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from batten.cli import options
from batten.run import Request, check, settings_files

if TYPE_CHECKING:
    from pathlib import Path

    from batten.model import Report

    from .conftest import Typed

pytestmark = pytest.mark.usefixtures("shop")  # the user stands in the shop's directory


def test_findings_shut_the_gate(batten: Typed) -> None:
    said = batten("check")
    assert said.code == 1
    assert said.err == ""
    assert "critical[debug-mode/flask]: " in said.out
    assert "  ::: Procfile:1: " in said.out
    assert "hunter2" not in said.out
    assert "findings (2 critical, " in said.out.splitlines()[-1]
    assert max(map(len, said.out.splitlines())) <= 80


def test_the_file_that_makes_the_app_may_be_named(batten: Typed) -> None:
    assert "debug-mode/flask" in batten("check", "app.py").out


def test_variables_of_the_host_are_told(batten: Typed, shop: Path) -> None:
    (shop / "prod.env").write_text("APP_DEBUG=true\n", encoding="utf-8")
    assert "debug-mode/flask" not in batten("check", "--env", "APP_DEBUG=false").out
    assert "debug-mode/flask" in batten("check", "--env-file", "prod.env").out
    assert "debug-mode/flask" not in batten("check", "--env-file", "prod.env", "--env", "APP_DEBUG=no").out


def test_quiet_prints_the_gate_line_only(batten: Typed) -> None:
    said = batten("check", "-q")
    assert said.code == 1
    assert said.out.startswith("gate ✗ failed: ")
    assert said.out.count("\n") == 1


def test_show_inputs_lists_what_decided(batten: Typed) -> None:
    out = batten("check", "--show-inputs").out
    assert "  decided by  " in out
    assert "  files read  " in out
    assert "app.py" in out.partition("files read")[2]


def test_select_and_ignore_take_rules_and_topics(batten: Typed) -> None:
    def rules(*args: str) -> set[str]:
        return {f["rule"] for f in json.loads(batten("check", "--format", "json", *args).out)["findings"]}

    every = rules()
    assert rules("--select", "debug-mode") == {"debug-mode/flask"}
    assert rules("--select", "debug-mode,secret-key/hardcoded") == {"debug-mode/flask", "secret-key/hardcoded"}
    assert rules("--ignore", "debug-mode", "--ignore", "secret-key") == {
        rule for rule in every if not rule.startswith(("debug-mode/", "secret-key/"))
    }


def test_fail_on_and_min_score_move_the_gate(batten: Typed) -> None:
    narrow = ("check", "--select", "cookie-flags")
    assert batten(*narrow).code == 0
    assert batten(*narrow, "--fail-on", "medium").code == 1
    assert batten(*narrow, "--min-score", "100").code == 1


def test_settings_apply_and_flags_stand_over_them(batten: Typed, shop: Path) -> None:
    (shop / "batten.toml").write_text('select = ["cookie-flags"]\nfail-on = "medium"\n', encoding="utf-8")
    assert batten("check").code == 1
    assert batten("check", "--fail-on", "high").code == 0
    (shop / "batten.toml").write_text('fail_on = "medium"\n', encoding="utf-8")
    said = batten("check")
    assert said.code == 2
    assert said.out == ""
    assert "batten.toml: unknown setting 'fail_on'" in said.err
    assert "did you mean fail-on?" in said.err


def test_an_acceptance_in_the_settings_is_counted_not_hidden(batten: Typed, shop: Path) -> None:
    text = '[[ignore]]\nrule = "secret-key"\nreason = "a sandbox"\nuntil = 2999-01-01\n'
    (shop / "batten.toml").write_text(text, encoding="utf-8")
    out = batten("check").out
    assert "critical[secret-key/hardcoded]" not in out
    assert "accepted  1 finding, with a reason" in out
    assert "secret-key/hardcoded until 2999-01-01: a sandbox (batten.toml:1)" in out


def test_several_outputs_in_one_run(batten: Typed, shop: Path) -> None:
    (shop / "out").mkdir()
    said = batten("check", "--output", "sarif=out/b.sarif", "--output", "json=out/b.json", "--output", "text=out/b.txt")
    assert "critical[debug-mode/flask]" in said.out
    assert json.loads((shop / "out/b.sarif").read_bytes())["version"] == "2.1.0"
    assert json.loads((shop / "out/b.json").read_bytes())["schema"] == "batten/1"
    assert (shop / "out/b.txt").read_text(encoding="utf-8") == said.out


def test_an_output_to_a_dash_takes_standard_output(batten: Typed) -> None:
    said = batten("check", "--output", "json=-")
    assert said.code == 1
    assert json.loads(said.out)["gate"]["passed"] is False


def test_a_file_never_holds_colour(batten: Typed, shop: Path) -> None:
    said = batten("check", "--color", "always", "--output", "text=b.txt")
    assert "\x1b[" in said.out
    assert "\x1b" not in (shop / "b.txt").read_text(encoding="utf-8")


def test_sarif_names_files_as_the_repository_does(batten: Typed, shop: Path) -> None:
    (shop / "web").mkdir()
    (shop / "app.py").rename(shop / "web/app.py")
    said = batten("check", "web", "--format", "sarif")
    results = json.loads(said.out)["runs"][0]["results"]
    assert results
    assert {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results} == {
        "web/app.py"
    }


def test_nothing_to_audit(batten: Typed, shop: Path) -> None:
    (shop / "empty").mkdir()
    said = batten("check", "empty")
    assert said.code == 3
    assert "nothing to audit" in said.out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nowhere"], "nowhere: no such file or directory"),
        (["--env", "DEBUG"], "--env DEBUG: not a variable and its value\n  try: --env NAME=VALUE"),
        (["--env", "=1"], "--env =1: not a variable and its value"),
        (["--env-file", "nowhere"], "'nowhere' does not exist"),
        (["--format", "xml"], "'xml' is not one of 'text', 'json', 'sarif'"),
        (["--output", "xml=a"], "unknown format 'xml'\n  try: one of text, json, sarif"),
        (["--output", "json"], "--output json: no file given\n  try: --output json=FILE"),
        (["--output", "json=no/b.json"], "cannot write no/b.json: the directory does not exist\n  try: mkdir -p no"),
        (["--output", "json=."], "cannot write .: it is a directory"),
        (["--output", "json=a", "--output", "sarif=a"], "two formats would be written to a"),
        (["--format", "text", "--output", "json=-"], "two formats would be written to standard output"),
        (["--select", "debug-mod"], "'debug-mod'\n  did you mean debug-mode"),
        (["--ignore", "debug-mode/flsk"], "did you mean debug-mode/flask"),
        (["--fail-on", "urgent"], "'urgent' is not one of 'critical', 'high'"),
        (["--min-score", "101"], "101 is not in the range"),
        (["--formt", "json"], "'--formt'"),
    ],
)
def test_a_typing_error_is_told_before_the_audit(batten: Typed, args: list[str], told: str) -> None:
    said = batten("check", *args)
    assert said.code == 2
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert told in said.err


def test_a_file_that_cannot_be_written_is_an_error(batten: Typed, shop: Path) -> None:
    (shop / "out").mkdir()
    (shop / "out" / "b.json").symlink_to("b.json")
    said = batten("check", "--output", "json=out/b.json")
    assert said.code == 2
    assert "error: cannot write out/b.json: " in said.err


def test_our_own_bug_is_incomplete_and_no_verdict(batten: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise KeyError("layers")

    monkeypatch.setattr("batten.run.check", broken)
    said = batten("check")
    assert said.code == 4
    assert said.err.startswith("error: Batten itself failed, the audit is incomplete: KeyError: 'layers'\n")
    assert "Traceback" not in said.err
    monkeypatch.setenv("BATTEN_DEBUG", "1")
    assert "Traceback" in batten("check").err


def test_an_interrupt_leaves_with_130(batten: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("batten.run.check", interrupted)
    assert batten("check").code == 130


def test_flags_and_settings_know_the_same_personas() -> None:
    assert options.PERSONAS == settings_files.PERSONAS


def test_the_request_holds_what_was_typed(batten: Typed, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def noted(request: Request) -> Report:
        asked.append(request)
        return check(request)

    monkeypatch.setattr("batten.run.check", noted)
    (shop / "batten.toml").write_text(
        'env = {A = "1", B = "1"}\nstrict = true\npersona = "auditor"\n', encoding="utf-8"
    )
    batten("check", "--env", "B=2=3", "--no-strict", "--persona", "regular", ".")
    assert (asked[0].env, asked[0].strict, asked[0].persona) == ({"A": "1", "B": "2=3"}, False, "regular")
    batten("check")
    assert (asked[1].target, asked[1].strict, asked[1].persona) == (".", True, "auditor")
