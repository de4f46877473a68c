"""What commands are given beside their words, against the real commands where there is one to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

from batten.model import Location
from batten.understand.deploy.commands import parse
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.understand.deploy.conftest import Resolved

    Resolve = Callable[[Mapping[str, str]], Resolved]

ENVIRONMENTS: list[tuple[str, list[str], dict[str, str]]] = [
    ("uvicorn", ["main:app"], {"UVICORN_HOST": "0.0.0.0", "UVICORN_PORT": "80"}),
    ("uvicorn", ["main:app", "--host", "::1"], {"UVICORN_HOST": "0.0.0.0"}),
    ("uvicorn", ["main:app"], {"UVICORN_RELOAD": "1"}),
    ("uvicorn", ["main:app"], {"UVICORN_RELOAD": "False"}),
    ("uvicorn", ["main:app"], {"UVICORN_PROXY_HEADERS": "off", "UVICORN_FORWARDED_ALLOW_IPS": "*"}),
    ("uvicorn", [], {"UVICORN_APP": "main:app", "UVICORN_FACTORY": "yes"}),
    ("uvicorn", ["other:app"], {"UVICORN_APP": "main:app"}),
    ("granian", ["main:app"], {"GRANIAN_HOST": "0.0.0.0", "GRANIAN_PORT": "80"}),
    ("granian", ["main:app", "--port", "81"], {"GRANIAN_PORT": "80", "GRANIAN_FACTORY": "true"}),
    ("granian", ["main:app"], {"GRANIAN_RELOAD": "t"}),
]


def variables(env: Mapping[str, str | None]) -> dict[str, Variable]:
    return {name: Variable(name, value, Location(file="x.env", line=1), "test") for name, value in env.items()}


def real(server: str, words: list[str], env: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the real command makes of its words and environment."""
    if server == "uvicorn":
        from uvicorn.main import main as command  # noqa: PLC0415 - the real one
    else:
        from granian.cli import cli as command  # noqa: PLC0415 - the real one
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert isinstance(command, click.Command)
    context = command.make_context(server, list(words), auto_envvar_prefix=server.upper())
    return dict(context.params)


@pytest.mark.parametrize(("server", "words", "env"), ENVIRONMENTS)
def test_options_in_the_environment(
    server: str, words: list[str], env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = parse([server, *words], variables(env))
    truth = real(server, words, env, monkeypatch)
    assert start.target == truth["app"]
    for option, value in start.options.items():
        if option == "app":
            continue
        real_value = truth[option.replace("-", "_")]
        assert value == (real_value if isinstance(real_value, bool) else str(real_value)), option
    for name in ("host", "port", "reload", "factory"):
        default = {"host": "127.0.0.1", "port": 8000}.get(name, False)
        assert name in start.options or truth[name] == default, name


def test_where_an_option_is_written_that_is_not_on_the_command_line() -> None:
    start = parse(["uvicorn", "main:app", "--port", "80"], variables({"UVICORN_HOST": "0.0.0.0", "UVICORN_PORT": "81"}))
    assert {name: str(at) for name, at in start.places.items()} == {"host": "x.env:1"}
    assert start.options == {"host": "0.0.0.0", "port": "80"}
    start = parse(["uvicorn", "main:app"], variables({"UVICORN_HOST": None}))
    assert start.options["host"] == "${UVICORN_HOST}", "it is set, to something that is not known"
    assert parse(["fastapi", "run", "main.py"], variables({"PORT": "80"})).options["port"] == "80"
    assert parse(["hypercorn", "main:app"], variables({"HYPERCORN_BIND": "x"})).options == {}


def started(resolved: Resolve, command: str, **files: str) -> Resolved:
    given = {name.replace("_", "."): text for name, text in files.items()}
    return resolved({"Procfile": f"web: A=own {command}\n", "shop.py": "", **given})


@pytest.mark.parametrize(
    ("command", "own", "more"),
    [
        ("uvicorn shop:app --env-file prod.env", "own", "file"),
        ("uvicorn --env-file=prod.env shop:app", "own", "file"),
        ("granian shop:app --env-files prod.env", "own", "file"),
        ("flask --env-file prod.env run", "own", "file"),
        ("flask -e prod.env run", "own", "file"),
        ("uv run --env-file prod.env gunicorn shop:app", "own", "file"),
        ("uv run --env-file=prod.env -- gunicorn shop:app", "own", "file"),
        ("dotenv -f prod.env run gunicorn shop:app", "file", "file"),
        ("dotenv -f prod.env run -- gunicorn shop:app", "file", "file"),
    ],
)
def test_files_of_variables(resolved: Resolve, command: str, own: str, more: str) -> None:
    found = started(resolved, command, prod_env="A=file\nB=file\nC\n")
    held = {**found.unit.env, **{v.name: v for v in found.unit.start.env}}
    assert {name: held[name].value for name in ("A", "B")} == {"A": own, "B": more}
    assert "C" not in held
    assert (str(held["B"].at), found.doubts) == ("prod.env:2", "")


def test_files_of_variables_in_order(resolved: Resolve) -> None:
    files = {"a_env": "A=a\nB=a\n", "b_env": "B=b\nC=b\n"}
    found = started(resolved, "granian shop:app --env-files a.env --env-files b.env", **files)
    assert {name: v.value for name, v in found.unit.env.items()} == {"A": "a", "B": "b", "C": "b"}


def test_a_file_of_variables_that_is_read_unasked(resolved: Resolve) -> None:
    found = started(resolved, "pipenv run gunicorn shop:app", _env="B=file\n")
    assert found.env("B") == "file"
    found = started(resolved, "pipenv run gunicorn shop:app")
    assert (found.doubts, found.unit.unread) == ("", ())


def test_a_file_of_variables_that_is_not_there(resolved: Resolve) -> None:
    found = started(resolved, "uvicorn shop:app --env-file prod.env")
    assert found.doubts == ("the file prod.env: uvicorn reads it, and it is not in the repository (Procfile:1)")
    assert [one.says for one in found.unit.unread] == ["prod.env, which uvicorn reads, is not in the repository"]


@pytest.mark.parametrize("command", ["doppler run --", "infisical run --env prod --", "chamber exec shop --"])
def test_stores_of_secrets(resolved: Resolve, command: str) -> None:
    found = started(resolved, f"{command} gunicorn shop:app")
    assert found.unit.start.target == "shop:app"
    name = command.partition(" ")[0]
    assert [one.says for one in found.unit.unread] == [f"{name} adds variables that are not in the repository"]
