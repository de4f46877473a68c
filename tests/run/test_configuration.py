"""What production runs with, from a directory: which settings matter, exit codes, masks inside values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.model import State, Value, is_secret
from batten.report import config as text, json as json_report
from batten.run import Request, check, config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from batten.model import AppSummary, Configuration

HEAD = "from flask import Flask\n\napp = Flask(__name__)\n"


def held(folder: Path, files: Mapping[str, str], **given: str) -> Configuration:
    for name, content in files.items():
        (folder / name).write_text(content)
    return config(Request(target=str(folder), env=given))


def app_with(folder: Path, *lines: str) -> AppSummary:
    files = {"app.py": HEAD + "".join(f"{line}\n" for line in lines), "Procfile": "web: gunicorn app:app\n"}
    return held(folder, files).apps[0]


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "JWT_COOKIE_CSRF_PROTECT",
        "STRIPE_API_KEY",
        "DATABASE_URL",
        "REDIS_DSN",
        "ALLOWED_ORIGINS",
        "PASSWORD_HASHERS",
        "LOGIN_DISABLED",
        "SECURITY_REGISTERABLE",
        "HSTS",
    ],
)
def test_what_somebody_wrote_matters_by_its_words(tmp_path: Path, name: str) -> None:
    assert name in app_with(tmp_path, f'app.config["{name}"] = "x"').relevant


@pytest.mark.parametrize("name", ["PAGE_SIZE", "MONKEY", "LANGUAGES", "MAIL_PORT", "THEME", "BABEL_DEFAULT_LOCALE"])
def test_other_settings_do_not_matter(tmp_path: Path, name: str) -> None:
    app = app_with(tmp_path, f'app.config["{name}"] = "x"')
    assert name in app.settings
    assert name not in app.relevant


def test_an_address_with_a_login_matters_whatever_its_name(tmp_path: Path) -> None:
    app = app_with(
        tmp_path, 'app.config["SEARCH"] = "https://u:pw12345@search.example"', 'app.config["SITE"] = "http://a"'
    )
    assert "SEARCH" in app.relevant
    assert "SITE" not in app.relevant


def test_defaults_that_decide_matter_and_others_do_not(tmp_path: Path) -> None:
    app = app_with(tmp_path)
    assert {"DEBUG", "SESSION_COOKIE_SECURE", "SECRET_KEY", "run.server"} <= app.relevant
    assert not {"SESSION_COOKIE_PATH", "MAX_COOKIE_SIZE", "APPLICATION_ROOT"} & app.relevant


def test_nothing_found_and_not_started_have_codes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert config(Request(target=str(tmp_path / "none"))).code == 3
    broken = held(tmp_path, {"app.py": HEAD + "raise RuntimeError('no')\n", "Procfile": "web: gunicorn app:app\n"})
    assert broken.code == 4
    assert "refuses to start" in broken.layers["app"]


def test_how_production_was_found_is_told(tmp_path: Path) -> None:
    app = app_with(tmp_path)
    assert (app.entry.unit, app.entry.command) == ("web", "gunicorn app:app")
    assert [str(hop.at) for hop in app.entry.origin] == ["Procfile:1"]


def test_two_processes_are_two_apps(tmp_path: Path) -> None:
    procfile = "web: gunicorn app:app\nadmin: DEBUG=1 gunicorn app:app\n"
    files = {"app.py": "import os\n" + HEAD + 'app.config["DEBUG"] = "DEBUG" in os.environ\n', "Procfile": procfile}
    apps = held(tmp_path, files).apps
    assert [(app.entry.unit, app.settings["DEBUG"].value) for app in apps] == [("web", False), ("admin", True)]


DJANGO_LIKE = """\
app.config["DATABASES"] = {"default": {"NAME": "shop", "USER": "shop", "PASSWORD": "pw-8Qk2mZ", "PORT": 5432}}
app.config["SERVICES"] = [{"url": "https://ana:pw-1Lm0pQ@search.example/", "api_key": b"k-77xYzQ", "token": True}]
app.config["STAGE"] = "dev"
app.secret_key = "dev"
app.config["BANNER"] = "a development server of the dev team, pw-8Qk2mZ"
app.config["JWT_TOKEN_LOCATION"] = ["cookies"]
"""


def test_secrets_inside_values_are_masked_and_the_rest_is_told(tmp_path: Path) -> None:
    found = held(tmp_path, {"app.py": HEAD + DJANGO_LIKE, "Procfile": "web: gunicorn app:app\n"})
    settings = found.apps[0].settings
    database = {"NAME": "shop", "USER": "shop", "PASSWORD": "*** (9 characters)", "PORT": 5432}
    assert settings["DATABASES"].veiled == {"default": database}
    assert str(settings["DATABASES"]) == repr({"default": database})
    assert settings["SERVICES"].veiled == [
        {"url": "https://ana:***@search.example/", "api_key": "*** (8 characters)", "token": True}
    ]
    assert str(settings["STAGE"]) == "*** (3 characters)"
    assert str(settings["BANNER"]) == "'a development server of the *** team, ***'"
    assert str(settings["JWT_TOKEN_LOCATION"]) == "['cookies']"
    assert "pw-8Qk2mZ" in repr(settings["DATABASES"].value), "a program that asks is told"
    for told in (json_report.configuration(found), text.render(found, everything=True)):
        for secret in ("pw-8Qk2mZ", "pw-1Lm0pQ", "k-77xYzQ"):
            assert secret not in told


def test_a_secret_is_masked_once_in_its_origin(tmp_path: Path) -> None:
    app = app_with(tmp_path, 'app.secret_key = "hunter2hunter2"')
    assert app.settings["SECRET_KEY"].evidence[0].text == "SECRET_KEY is set here to *** (14 characters)"


def test_a_secret_on_the_command_line_is_masked(tmp_path: Path) -> None:
    files = {"app.py": HEAD, "Procfile": "web: env API_TOKEN=tok-5fGh1jK0 gunicorn app:app\n"}
    found = held(tmp_path, files)
    assert found.apps[0].entry.command == "env API_TOKEN=************ gunicorn app:app"
    assert "tok-5fGh1jK0" not in json_report.configuration(found)


@pytest.mark.parametrize("key", ['"hunter2hunter2"', 'os.environ["SHOP_SECRET"]'])
def test_a_secret_in_the_message_of_an_app_that_does_not_start_is_masked(tmp_path: Path, key: str) -> None:
    lines = f'import os\nSECRET_KEY = {key}\nraise ValueError(f"weak key {{SECRET_KEY}}")\n'
    files = {"app.py": HEAD + "import keys\n", "keys.py": lines, "Procfile": "web: gunicorn app:app\n"}
    found = held(tmp_path, files, SHOP_SECRET="hunter2hunter2")
    assert found.layers["app"] == "web: the app refuses to start: weak key ***"
    report = check(Request(target=str(tmp_path), env={"SHOP_SECRET": "hunter2hunter2"}))
    for told in (json_report.configuration(found), text.render(found), json_report.render(report)):
        assert "weak key" in told
        assert "hunter2" not in told
    assert (
        "weak key hunter2hunter2"
        in config(Request(target=str(tmp_path), env={"SHOP_SECRET": "hunter2hunter2"}), reveal_secrets=True).layers[
            "app"
        ]
    )


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY",
        "DB_PASS",
        "MAIL_PASSWORD",
        "api_key",
        "AWS_SECRET_ACCESS_KEY",
        "PASSWORD_SALT",
        "REFRESH_TOKENS",
        "PWD",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "JWT_TOKEN_LOCATION",
        "PASSWORD_HASHERS",
        "TOKEN_MAX_AGE",
        "ACCESS_TOKEN_EXPIRE_MINUTES",
        "REFRESH_TOKEN_EXPIRE_DAYS",
        "AUTH_PASSWORD_VALIDATORS",
        "COMPASS",
        "BYPASS",
        "KEY_FILE",
    ],
)
def test_names_that_only_sound_like_secrets(name: str) -> None:
    assert not is_secret(name)


def test_a_hidden_text_is_masked_whatever_its_name(tmp_path: Path) -> None:
    code = (
        "from fastapi import FastAPI\nfrom pydantic import SecretStr\nfrom pydantic_settings import BaseSettings\n\n\n"
        'class Settings(BaseSettings):\n    word: SecretStr = "open sesame"\n\n\nsettings = Settings()\n'
        "app = FastAPI()\n"
    )
    (tmp_path / "app.py").write_text(code)
    (app,) = config(Request(target=str(tmp_path))).apps
    assert app.settings["settings.word"].secret
    assert "settings.word" in app.relevant
    assert not {"run.port", "fastapi.debug"} & app.relevant
    assert {"run.host", "debug"} <= app.relevant


SETTINGS = """\
from pydantic import SecretStr, computed_field
from pydantic_settings import BaseSettings


class Prod(BaseSettings):
    stage: str = "dev"
    secret_key: SecretStr = SecretStr("abc")

    @computed_field
    @property
    def debug(self) -> bool:
        return self.stage == "dev"

    @computed_field
    @property
    def broken(self) -> str:
        raise AttributeError


{name} = {{"dev": Prod, "prod": Prod}}["prod"]()
"""


@pytest.mark.parametrize(("name", "called"), [("settings", "settings"), ("options", "prod")])
def test_settings_of_pydantic_under_the_name_that_the_program_gives_them(
    tmp_path: Path, name: str, called: str
) -> None:
    files = {
        "app.py": f"from fastapi import FastAPI\nfrom conf import {name}\n\napp = FastAPI(debug={name}.debug)\n",
        "conf.py": SETTINGS.format(name=name),
        "Procfile": "web: uvicorn app:app\n",
    }
    app = config_of(tmp_path, files)
    found = {key: value.value for key, value in app.settings.items() if key.startswith(f"{called}.")}
    assert found == {f"{called}.stage": "dev", f"{called}.secret_key": "abc", f"{called}.debug": True}


def config_of(folder: Path, files: Mapping[str, str]) -> AppSummary:
    for name, content in files.items():
        (folder / name).write_text(content)
    return config(Request(target=str(folder)), reveal_secrets=True).apps[0]


def test_which_of_several_servers_is_started_is_told_when_it_is_not_known(tmp_path: Path) -> None:
    program = (
        "import os\nfrom flask import Flask\nfrom waitress import serve\napp = Flask(__name__)\n"
        "if os.environ['PORT'] == '80':\n    {first}\nelse:\n    {second}\n"
    )

    def settings(first: str, second: str) -> dict[str, Value]:
        files = {"app.py": program.format(first=first, second=second), "Procfile": "web: python app.py\n"}
        return dict(held(tmp_path, files).apps[0].settings)

    found = settings("app.run(port=1, debug=True)", "serve(app, port=1)")
    assert [case.value for case in found["run.server"].cases()] == ["werkzeug", "waitress"]
    assert found["run.server"].state is State.ONE_OF
    assert found["run.port"].value == 1
    assert found["run.debug"].state is State.UNKNOWN
    assert [case.value for case in found["run.debug"].cases()] == [True]
    found = settings("app.run(port=int(os.environ['PORT']))", "app.run(port=2)")
    assert found["run.port"].state is State.UNKNOWN
