"""`batten config` as users type it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import batten.report

if TYPE_CHECKING:
    from .conftest import Typed

SCHEMA = Path(batten.report.__file__).with_name("schema") / "batten-1.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))

CONFIG = """\
import os

SECRET_KEY = os.environ.get("SECRET_KEY", "hunter2hunter2")
DEBUG = os.environ.get("SHOP_DEBUG", "true") == "true"
SQLALCHEMY_DATABASE_URI = "postgresql://shop:pw-8Qk2mZ@db/shop"
PAGE_SIZE = 20
"""
APP = """\
from flask import Flask

app = Flask(__name__)
app.config.from_object("config")

if __name__ == "__main__":
    app.run(debug=True)
"""


@pytest.fixture(autouse=True)
def store(shop: Path) -> Path:
    """Return the directory of a shop with a settings module, behind gunicorn; the user stands in it."""
    (shop / "app.py").write_text(APP, encoding="utf-8")
    (shop / "config.py").write_text(CONFIG, encoding="utf-8")
    (shop / "Procfile").write_text("web: gunicorn app:app\n", encoding="utf-8")
    return shop


def told(batten: Typed, *args: str) -> dict[str, Any]:
    """Return the settings of the first app, as `--format json` tells them."""
    said = batten("config", "--format", "json", *args)
    document = json.loads(said.out)
    VALIDATOR.validate(document)
    settings: dict[str, Any] = document["apps"][0]["settings"]
    return settings


def test_it_shows_what_production_runs_with_and_why(batten: Typed) -> None:
    said = batten("config")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("app (flask)\n  production = gunicorn app:app (Procfile:1)\n")
    assert "  DEBUG                    likely    True\n" in said.out
    assert "config.py:4 SHOP_DEBUG is not set: default" in said.out
    assert "SESSION_COOKIE_SECURE    default   False\n" in said.out
    assert "not deployed  " in said.out
    assert "hunter2" not in said.out
    assert "pw-8Qk2mZ" not in said.out
    assert "'postgresql://shop:***@db/shop'" in said.out
    assert max(map(len, said.out.splitlines())) <= 80


def test_what_does_not_matter_for_security_is_shown_on_demand(batten: Typed) -> None:
    assert "PAGE_SIZE" not in batten("config").out
    every = batten("config", "--all").out
    assert "PAGE_SIZE" in every
    assert "MAX_COOKIE_SIZE" in every
    assert "other settings: --all" not in every


def test_variables_of_the_host_are_told(batten: Typed, shop: Path) -> None:
    (shop / "prod.env").write_text("SHOP_DEBUG=false\nSECRET_KEY=from-the-file-42\n", encoding="utf-8")
    (shop / "batten.toml").write_text('env = {SHOP_DEBUG = "no"}\n', encoding="utf-8")
    assert told(batten)["DEBUG"]["value"] is False
    assert told(batten)["DEBUG"]["confidence"] == "certain"
    assert told(batten, "--env", "SHOP_DEBUG=true")["DEBUG"]["value"] is True
    assert told(batten, "--env-file", "prod.env", "--reveal-secrets")["SECRET_KEY"]["value"] == "from-the-file-42"


def test_a_variable_that_nothing_reads_is_noted(batten: Typed) -> None:
    out = batten("config", "--env", "SHOP_DEBG=0").out
    assert "note  SHOP_DEBG is given, and no Python file names it: did you" in out
    assert "note" not in batten("config", "--env", "SHOP_DEBUG=0", "--env", "OTHER=1").out


def test_secrets_are_shown_on_demand_only(batten: Typed) -> None:
    assert told(batten)["SECRET_KEY"]["value"] == "*** (14 characters)"
    assert "hunter2" not in json.dumps(told(batten))
    assert told(batten, "--reveal-secrets")["SECRET_KEY"]["value"] == "hunter2hunter2"
    assert "default 'hunter2hunter2'" in json.dumps(told(batten, "--reveal-secrets"))
    out = batten("config", "--reveal-secrets").out
    assert "'hunter2hunter2'" in out
    assert "'postgresql://shop:pw-8Qk2mZ@db/shop'" in out
    assert "secrets  shown: keep this screen to yourself" in out


def test_json_has_every_setting_and_fits_the_schema_of_the_report(batten: Typed) -> None:
    settings = told(batten)
    assert settings["PAGE_SIZE"]["value"] == 20
    assert settings["DEBUG"]["origin"][0]["file"] == "config.py"
    checked = json.loads(batten("check", "--format", "json").out)["apps"][0]
    shown = json.loads(batten("config", "--format", "json").out)["apps"][0]
    assert shown == checked


def test_chosen_settings_are_told_in_full(batten: Typed) -> None:
    out = batten("config", "--setting", "debug", "--setting", "SESSION_COOKIE_S*").out
    assert "config.py:4 SHOP_DEBUG is not set: default\n" in out
    assert out.count("app.py:4 the app takes it here\n") == 1
    assert "SESSION_COOKIE_SAMESITE" in out
    assert "SECRET_KEY" not in out
    assert set(told(batten, "--setting", "page_size")) == {"PAGE_SIZE"}


def test_quiet_prints_names_and_values(batten: Typed) -> None:
    said = batten("config", "-q")
    assert "DEBUG = True\n" in said.out
    assert "SECRET_KEY = *** (14 characters)\n" in said.out
    assert all(" = " in line for line in said.out.splitlines())


def test_several_outputs_in_one_run(batten: Typed, shop: Path) -> None:
    said = batten("config", "--color", "always", "--output", "json=c.json", "--output", "text=c.txt")
    assert "\x1b[" in said.out
    text = (shop / "c.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "likely    True" in text
    assert json.loads((shop / "c.json").read_bytes())["schema"] == "batten/1"


def test_the_file_that_makes_the_app_may_be_named(batten: Typed) -> None:
    assert batten("config", "app.py").out.startswith("app (flask)\n  production = python app.py, assumed: ")


def test_nothing_to_show(batten: Typed, shop: Path) -> None:
    (shop / "empty").mkdir()
    said = batten("config", "empty")
    assert said.code == 3
    assert "no Python web app was found here" in said.out
    said = batten("config", "empty", "--format", "json", "--setting", "DEBUG")
    assert said.code == 3
    VALIDATOR.validate(json.loads(said.out))


def test_an_app_that_does_not_start_is_incomplete(batten: Typed, shop: Path) -> None:
    (shop / "config.py").write_text('raise ImportError("no settings for you")\n', encoding="utf-8")
    said = batten("config")
    assert said.code == 4
    assert "it does not start: no settings for you\n" in said.out
    assert "incomplete  web: the app refuses to start: no settings for you\n" in said.out


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["nowhere"], "nowhere: no such file or directory\n  try: batten config DIRECTORY"),
        (["--env", "DEBUG"], "--env DEBUG: not a variable and its value\n  try: --env NAME=VALUE"),
        (["--format", "sarif"], "'sarif' is not one of 'text', 'json'"),
        (["--output", "sarif=a"], "unknown format 'sarif'\n  try: one of text, json"),
        (["--setting", "DEBG"], "--setting DEBG: no app here has that setting\n  did you mean DEBUG?"),
        (["--setting", "quokka"], "no app here has that setting\n  try: batten config --all"),
        (["--select", "debug-mode"], "'--select'"),
    ],
)
def test_a_typing_error_is_told(batten: Typed, args: list[str], told: str) -> None:
    said = batten("config", *args)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("error: ")
    assert told in said.err


def test_from_python_it_is_typed(shop: Path) -> None:
    held = batten.config(str(shop), env={"SHOP_DEBUG": "false"})
    assert held.apps[0].settings["DEBUG"].is_false()
    assert str(held.apps[0].settings["SECRET_KEY"]) == "*** (14 characters)"
    bared = batten.config(str(shop), reveal_secrets=True)
    assert bared.apps[0].settings["SECRET_KEY"].value == "hunter2hunter2"
    assert str(bared.apps[0].settings["SECRET_KEY"]) == "'hunter2hunter2'"
