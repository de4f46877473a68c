"""Commands of typer as it reads them (measured on typer 0.29), and of Flask's own group."""

from __future__ import annotations

import pytest

from batten.model import Value
from batten.understand import DictSources, resolve
from batten.understand.apps import understand

HEAD = """\
from typing import Annotated, Optional

import typer
from flask import Flask

app = Flask(__name__)
cli = typer.Typer()
more = typer.Typer()
"""
SERVE = """
@cli.command()
def serve(
    context: typer.Context,
    where: str,
    host: str = "127.0.0.1",
    port: int = typer.Option(8000, "--port", "-p", envvar="SHOP_PORT"),
    debug: bool = False,
    fast_mode: Annotated[bool, typer.Option("--fast/--slow")] = True,
    level: Optional[str] = None,
):
    app.config.update(WHERE=where, HOST=host, PORT=port, FAST=fast_mode, LEVEL=level)
    app.run(host=host, port=port, debug=debug)
"""
OTHERS = """
@cli.command("migrate")
def move():
    app.config["WHERE"] = "moved"


@more.command()
def seed_all(count: int = typer.Argument(3)):
    app.config["WHERE"] = count


cli.add_typer(more, name="data")
"""
END = '\nif __name__ == "__main__":\n    cli()\n'


def told(code: str, words: str, *names: str) -> list[object]:
    sources = DictSources({"app.py": code, "Procfile": f"web: python app.py {words}\n"})
    seen = understand(sources, resolve(sources, lambda _: None), {})
    settings = seen.apps[0].settings if seen.apps else {}
    held = [settings.get(name) for name in names]
    return [one.value if isinstance(one, Value) and one.cases() else None for one in held]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("serve here", ["here", "127.0.0.1", 8000, True, None, False]),
        ("serve there --host ::1 -p 81 --debug --slow --level=low", ["there", "::1", 81, False, "low", True]),
        ("serve here --no-debug --fast", ["here", "127.0.0.1", 8000, True, None, False]),
    ],
)
def test_parameters_are_options(words: str, expected: list[object]) -> None:
    names = ("WHERE", "HOST", "PORT", "FAST", "LEVEL", "run.debug")
    assert told(HEAD + SERVE + OTHERS + END, words, *names) == expected


@pytest.mark.parametrize(
    ("words", "expected"), [("migrate", "moved"), ("data seed-all", 3), ("data seed-all 7", 7), ("bogus", None)]
)
def test_commands_below_commands(words: str, expected: object) -> None:
    assert told(HEAD + SERVE + OTHERS + END, words, "WHERE") == [expected]


def test_one_command_needs_no_name() -> None:
    assert told(HEAD + SERVE + END, "here --debug", "WHERE", "run.debug") == ["here", True]


def test_a_callback_runs_before_and_names_are_needed() -> None:
    callback = '\n@cli.callback()\ndef before(quiet: bool = False):\n    app.config["QUIET"] = quiet\n'
    code = HEAD + SERVE + callback + END
    assert told(code, "--quiet serve here --debug", "QUIET", "WHERE", "run.debug") == [True, "here", True]


def test_a_function_that_is_run() -> None:
    code = HEAD + "\n\ndef main(debug: bool = True):\n    app.run(debug=debug)\n\n\ntyper.run(main)\n"
    assert told(code, "", "run.debug") == [True]
    assert told(code, "--no-debug", "run.debug") == [False]


def test_a_type_that_is_not_followed_is_not_known() -> None:
    taken = (
        HEAD + '\n\ndef main(mode: Mode = "a"):\n    app.config["MODE"] = mode\n    app.run()\n\n\ntyper.run(main)\n'
    )
    assert told("from enum import Enum as Mode\n" + taken, "--mode b", "MODE") == [None]


GROUP = """\
from flask import Flask
from flask.cli import FlaskGroup


def create_app():
    app = Flask(__name__)
    app.config["MADE"] = True
    return app


cli = FlaskGroup(create_app=create_app)


@cli.command("seed")
def seed():
    create_app()


if __name__ == "__main__":
    cli()
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("run -h 0.0.0.0 --port=81", [False, "0.0.0.0", 81]),
        ("--debug run", [True, "127.0.0.1", 5000]),
        ("run --debug --no-reload", [True, "127.0.0.1", 5000]),
        ("seed", [None, None, None]),
    ],
)
@pytest.mark.parametrize(
    "made",
    [
        "cli = FlaskGroup(create_app=create_app)\n",
        "@click.group(cls=FlaskGroup, create_app=create_app)\ndef cli():\n    ...\n",
    ],
)
def test_a_group_of_flask(words: str, expected: list[object], made: str) -> None:
    code = "import click\n" + GROUP.replace("cli = FlaskGroup(create_app=create_app)\n", made)
    assert told(code, words, "run.debug", "run.host", "run.port") == expected


@pytest.mark.parametrize("settings", ["", ', context_settings={"ignore_unknown_options": True}'])
def test_options_that_a_command_passes_on(settings: str) -> None:
    code = (
        HEAD + f'\n\n@cli.command("serve"{settings})\ndef serve(debug: bool = False):\n    app.run(debug=debug)\n' + END
    )
    assert told(code, "--debug --workers 2", "run.debug") == ([True] if settings else [None])
