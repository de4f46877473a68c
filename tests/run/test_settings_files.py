"""What settings files say, where they are looked for, and what is told when they are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import BattenError, Location, Severity
from batten.run.settings_files import Settings, settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def said(files: Mapping[str, str], directory: str = "/repo") -> Settings:
    return settings(directory, files.get)


def complaint(text: str, file: str = "/repo/batten.toml") -> BattenError:
    with pytest.raises(BattenError) as raised:
        said({file: text})
    assert raised.value.code == 2
    assert str(raised.value).startswith(file)
    return raised.value


def test_without_files_nothing_is_said() -> None:
    assert said({}) == Settings()


def test_every_key_of_a_project_file() -> None:
    text = """
[project]
name = "shop"

[tool.batten]
fail-on = "medium"
min-score = 80
strict = true
persona = "auditor"
select = ["debug-mode", "secret-key/default"]
env = { FLASK_DEBUG = "0" }
env-files = ["deploy/prod.env"]
targets = ["shop.example"]

[[tool.batten.ignore]]
rule = "debug-mode/flask"
path = "web/"
reason = "the VPN"
until = 2027-03-01
owner = "ops"

[[ tool.batten.ignore ]]  # the second
rule = "secret-key"
reason = "a sandbox"
"""
    held = said({"/repo/pyproject.toml": text})
    assert held.fail_on is Severity.MEDIUM
    assert (held.min_score, held.strict, held.persona) == (80, True, "auditor")
    assert held.select == ("debug-mode", "secret-key/default")
    assert held.env == {"FLASK_DEBUG": "0"}
    assert held.env_files == ("/repo/deploy/prod.env",)
    assert held.targets == ("shop.example",)
    assert held.ignore == ()
    first, second = held.accepted
    assert (first.rules, first.path, first.until, first.owner) == (("debug-mode/flask",), "web/", "2027-03-01", "ops")
    assert first.at == Location("pyproject.toml", 15)
    assert (second.rules, second.reason, second.at.line) == (("secret-key",), "a sandbox", 22)
    assert held.files == ("/repo/pyproject.toml",)


def test_the_own_file_has_its_keys_at_the_top() -> None:
    assert said({"/repo/batten.toml": "strict = true"}).strict is True
    assert said({"/repo/batten.toml": "[tool.batten]\nstrict = true"}).strict is True


def test_ignore_takes_ids_and_tables_in_one_list() -> None:
    held = said({"/repo/batten.toml": 'ignore = ["debug-mode", {rule = "secret-key", reason = "why"}]'})
    assert held.ignore == ("debug-mode",)
    assert [one.reason for one in held.accepted] == ["why"]


def test_the_nearer_file_wins_and_inherits() -> None:
    files = {
        "/repo/pyproject.toml": "[tool.batten]\nfail-on='low'\nmin-score=50\nignore=['debug-mode']\nenv={A='1', B='1'}"
        "\nenv-files=['all.env']\nselect=['debug-mode']",
        "/repo/web/batten.toml": "fail-on='high'\nignore=['secret-key']\nenv={B='2'}\nenv-files=['web.env']\nselect=[]",
    }
    held = said(files, "/repo/web/shop")
    assert (held.fail_on, held.min_score) == (Severity.HIGH, 50)
    assert held.ignore == ("debug-mode", "secret-key")
    assert held.env == {"A": "1", "B": "2"}
    assert held.env_files == ("/repo/all.env", "/repo/web/web.env")
    assert held.select == ()
    assert held.files == ("/repo/pyproject.toml", "/repo/web/batten.toml")


@pytest.mark.parametrize("mark", ["/repo/.git", "/repo/.git/HEAD"])
def test_what_stands_above_the_repository_is_not_read(mark: str) -> None:
    above = {"/batten.toml": "strict = true"}
    assert said({**above, mark: "ref: refs/heads/main"}, "/repo/web").strict is None
    assert said(above, "/repo/web").strict is True


def test_an_acceptance_above_tells_where_it_stands() -> None:
    files = {"/repo/batten.toml": '[[ignore]]\nrule = "debug-mode"\nreason = "why"'}
    assert [str(one.at) for one in said(files, "/repo/web").accepted] == ["../batten.toml:1"]


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("fail_on = 'high'", "unknown setting 'fail_on'", "did you mean fail-on?"),
        ("colour = 'red'", "unknown setting 'colour'", "known: fail-on, min-score"),
        ("fail-on = 'urgent'", "fail-on must be one of critical, high, medium, low, info", ""),
        ("fail-on = 1", "fail-on must be one of", ""),
        ("min-score = 101", "min-score must be a whole number from 0 to 100", ""),
        ("min-score = true", "min-score must be a whole number", ""),
        ("strict = 'yes'", "strict must be true or false", ""),
        ("persona = 'paranoid'", "persona must be one of regular, auditor", ""),
        ("select = 'debug-mode'", "select must be a list of strings", ""),
        ("select = ['debug-mod']", "select names no rule or topic: debug-mod", "did you mean debug-mode?"),
        ("ignore = ['zzz']", "ignore names no rule or topic: zzz", "`batten rules` lists them"),
        ("ignore = [1]", "ignore must be a list of rule ids and of tables", ""),
        ("env = {A = 1}", "env must be a table of strings", ""),
        ("env-files = [1]", "env-files must be a list of strings", ""),
        ("strict = ", "is not valid TOML", ""),
        ("x = " + "[" * 100_000, "is not valid TOML", ""),
        ("ignore = ['debug-mode']\n[[ignore]]\nrule='x'", "is not valid TOML", "ids and tables in one list"),
    ],
)
def test_a_mistake_names_file_key_and_the_right_word(text: str, what: str, hint: str) -> None:
    error = complaint(text)
    assert what in str(error)
    assert hint in error.hint


@pytest.mark.parametrize(
    "table", ["reason = 'why'", "rule = 'debug-mode'", "rule = 'debug-mod'\nreason = 'x'", "rul = 'debug-mode'"]
)
def test_a_mistake_in_an_acceptance_names_its_line(table: str) -> None:
    with pytest.raises(BattenError, match=r"^batten\.toml:1: "):
        said({"/repo/batten.toml": f"[[ignore]]\n{table}"})


def test_two_files_side_by_side_are_refused() -> None:
    files = {"/repo/batten.toml": "", "/repo/pyproject.toml": "[tool.batten]\nstrict = true"}
    with pytest.raises(BattenError, match="both hold settings"):
        said(files)


def test_a_project_file_that_is_not_about_us_may_be_broken() -> None:
    assert said({"/repo/pyproject.toml": "[tool.black"}) == Settings()
    assert said({"/repo/pyproject.toml": "# batten\n[tool.black"}) == Settings()
    assert said({"/repo/pyproject.toml": "tool = 'batten'"}) == Settings()
    complaint("[tool.batten]\nstrict =", "/repo/pyproject.toml")
    complaint("[tool]\nbatten = 1  # tool.batten", "/repo/pyproject.toml")
