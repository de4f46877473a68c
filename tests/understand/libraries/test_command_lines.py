"""Command lines as argparse and click read them: the same program here and in a process of its own."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from batten.understand import DictSources, resolve
from batten.understand.entry import Trees, evaluate
from batten.understand.evaluate.objects import Instance

from .conftest import plain

if TYPE_CHECKING:
    from pathlib import Path

    from batten.understand.entry import Program

ARGPARSE = """\
import argparse, json, os
parser = argparse.ArgumentParser(description="serve", prog="serve")
parser.add_argument("target", nargs="?", default="app")
parser.add_argument("-d", "--debug", action="store_true", default=bool(os.environ.get("APP_DEBUG")))
parser.add_argument("-p", "--port", type=int, default="8000", choices=range(80, 9999))
parser.add_argument("--no-reload", dest="reload", action="store_false")
parser.add_argument("--tag", action="append")
parser.add_argument("--level", action="store_const", const="high", default="low")
group = parser.add_argument_group("more").add_argument_group("still more")
group.add_argument("--color", action=argparse.BooleanOptionalAction, default=True)
group.add_argument("--ratio", type=lambda text: float(text) / 2, nargs=2)
parser.set_defaults(kept="k")
"""
COMMANDS = """\
import argparse, json
def develop(args): return "develop", args.port
def serve(args): return "serve", args.workers
parser = argparse.ArgumentParser()
parser.add_argument("--quiet", action="store_true")
commands = parser.add_subparsers(dest="command")
dev = commands.add_parser("dev", help="x")
dev.add_argument("--port", type=int, default=5000)
dev.set_defaults(run=develop)
prod = commands.add_parser(name="serve")
prod.add_argument("--workers", type=int, default=2)
prod.set_defaults(run=serve)
args = parser.parse_args()
RESULT = [args.command, args.quiet, *(args.run(args) if args.command else [])]
"""
CLICK = """\
import click, json
RESULT = []
@click.command()
@click.argument("target", default="app")
@click.option("-p", "--port", default=8000, show_default=True)
@click.option("--debug/--no-debug", "debugging", default=True, envvar="APP_DEBUG")
@click.option("--reload", is_flag=True)
@click.option("--ratio", type=int)
@click.option("--name", default=lambda: "made")
@click.option("--log-level", type=str, default="info")
@click.version_option("1")
def main(target, port, debugging, reload, ratio, name, log_level):
    RESULT.extend([target, port, debugging, reload, ratio, name, log_level])
"""
GROUP = """\
import click, json
RESULT = []
@click.group()
@click.option("--quiet", is_flag=True)
@click.pass_context
def cli(ctx, quiet):
    RESULT.append(quiet)
@cli.command()
@click.option("--workers", default=2)
def serve_all(workers):
    RESULT.append(workers)
@cli.command("dev")
def develop():
    RESULT.append("dev")
@click.command
def extra():
    RESULT.append("extra")
cli.add_command(extra)
cli.add_command(develop, "other")
"""
MAIN = {
    ARGPARSE: "RESULT = vars(parser.parse_args())\n",
    COMMANDS: "",
    CLICK: "main(standalone_mode=False)\n",
    GROUP: "cli(standalone_mode=False)\n",
}


def run(tmp_path: Path, source: str, argv: str, env: dict[str, str]) -> Any:  # noqa: ANN401 - plain data
    """Return what the program makes of a command line, `refused` where it ends."""
    (tmp_path / "app.py").write_text(f"{source}print(json.dumps(RESULT))\n")
    words = [sys.executable, "app.py", *shlex.split(argv)]
    done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else "refused"


def started(source: str, argv: str, env: dict[str, str]) -> Program:
    """Return the program that a Procfile starts with a command line, evaluated."""
    variables = "".join(f"{name}={value} " for name, value in env.items())
    sources = DictSources({"app.py": source, "Procfile": f"web: {variables}python app.py {argv}\n"})
    stack = resolve(sources, lambda _: None)
    return evaluate(sources, stack, stack.units[0], {}, Trees(lambda _: None))


def understood(source: str, argv: str, env: dict[str, str]) -> Any:  # noqa: ANN401 - plain data
    """Return what the evaluator makes of the same."""
    program = started(source, argv, env)
    if program.stopped:
        return "refused"
    found = program.machine.modules["__main__"].cells["RESULT"]
    return json.loads(json.dumps(plain(found)))


@pytest.mark.parametrize(
    ("source", "argv", "env"),
    [
        (ARGPARSE, "", {}),
        (ARGPARSE, "shop -d --port 90 --no-reload --tag a --tag=b --level --no-color --ratio 1 3", {}),
        (ARGPARSE, "-p90", {"APP_DEBUG": "x"}),
        (ARGPARSE, "--port many", {}),
        (ARGPARSE, "--nonsense", {}),
        (COMMANDS, "", {}),
        (COMMANDS, "--quiet dev --port 7", {}),
        (COMMANDS, "serve", {}),
        (COMMANDS, "other", {}),
        (CLICK, "", {}),
        (CLICK, "shop --port=9 --no-debug --reload --ratio 3 --log-level warning", {}),
        (CLICK, "-p 9", {"APP_DEBUG": "off"}),
        (CLICK, "--debug", {"APP_DEBUG": "off"}),
        (CLICK, "", {"APP_DEBUG": "maybe"}),
        (CLICK, "--nonsense", {}),
        (CLICK, "shop more", {}),
        (GROUP, "serve-all --workers 3", {}),
        (GROUP, "--quiet dev", {}),
        (GROUP, "extra", {}),
        (GROUP, "other", {}),
        (GROUP, "nonsense", {}),
    ],
)
def test_a_command_line_is_read_as_the_library_does(
    tmp_path: Path, source: str, argv: str, env: dict[str, str]
) -> None:
    program = source + MAIN[source]
    assert understood(program, argv, env) == run(tmp_path, program, argv, env)


UNCLEAR = [
    "parser.add_argument('--x', **{'type': int}, **unknown())",
    "parser.add_argument(unknown())",
    "parser.add_argument('--x', action=unknown())",
    "parser.add_argument('--x', action='nonsense')",
    "parser = argparse.ArgumentParser(parents=[parser])",
]


@pytest.mark.parametrize("line", UNCLEAR)
def test_arguments_that_are_not_followed_leave_the_options_unknown(line: str) -> None:
    source = f"import argparse, json\nfrom lib import unknown\nparser = argparse.ArgumentParser()\n{line}\n"
    found = started(f"{source}RESULT = parser.parse_args()\n", "--x 1", {}).machine.modules["__main__"].cells["RESULT"]
    assert plain(found) == "?runtime"


def test_words_that_the_server_decides_are_not_known() -> None:
    source = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--port', type=int)\n"
    cells = started(f"{source}A = parser.parse_args()\n", "--port $PORT", {}).machine.modules["__main__"].cells
    assert plain(cells["A"]) == "?runtime"
    cells = started(f"{source}A = parser.parse_args(open('x').read())\n", "", {}).machine.modules["__main__"].cells
    assert plain(cells["A"]) == "?runtime"


def test_words_that_are_given_and_words_that_are_left() -> None:
    source = (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--port', type=int)\n"
        "A, rest = parser.parse_known_args(['--port', '7', '--more'])\nB = A.port\n"
    )
    cells = started(source, "", {}).machine.modules["__main__"].cells
    assert isinstance(cells["A"], Instance)
    assert (plain(cells["B"]), plain(cells["rest"])) == (7, ["--more"])


@pytest.mark.parametrize(
    ("options", "argv", "expected"),
    [
        ("'--x', multiple=True", "--x 1", "?unknown"),
        ("'--x', default='d'", "--x $WHO", "?unknown"),
        ("'--x', envvar=['A', 'B']", "", "?unknown"),
        ("'--x', type=click.Choice(['a', 'b'])", "--x a", "a"),
        ("'--x', type=click.INT", "--x 3", 3),
        ("'--x', type=click.File()", "--x f", "?unknown"),
        ("'--x', default=True", "--x no", False),
        ("'--x/--no-x', ' /-X'", "-X", False),
    ],
)
def test_options_of_click_that_are_typed_or_not_followed(options: str, argv: str, expected: object) -> None:
    source = (
        f"import click\nRESULT = []\n@click.command()\n@click.option({options})\ndef main(x=None):\n"
        "    RESULT.append(x)\nmain()\n"
    )
    found = plain(started(source, argv, {}).machine.modules["__main__"].cells["RESULT"])
    assert found == ([expected] if expected != "?unknown" else found)
    assert expected != "?unknown" or found in ([None], ["?unknown"], ["?runtime"])


def test_a_command_that_is_called_with_words_of_its_own() -> None:
    source = (
        "import click\nRESULT = []\n@click.option('--x', default=1)\n@click.command()\ndef main(x):\n"
        "    RESULT.append(x)\nmain.main(['--x', '4'])\n"
    )
    assert plain(started(source, "", {}).machine.modules["__main__"].cells["RESULT"]) == [4]
