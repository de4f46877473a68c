"""Commands that a project declares for itself are functions of its code, and are followed."""

from pathlib import Path

import pytest

from batten.model import Confidence
from batten.run import Request, check

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/web.py": "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n",
    "src/shop/cli.py": """\
import argparse

from shop.web import create_app


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command")
    parser.add_argument("--debug", action="store_true")
    given = parser.parse_args()
    if given.command == "serve":
        create_app().run(debug=given.debug)
""",
}
PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n\n[project.scripts]\nshop-web = "shop.cli:main"\n'
DECLARED = {
    "project": {"pyproject.toml": PYPROJECT},
    "poetry": {"pyproject.toml": '[tool.poetry.scripts]\nshop-web = {reference = "shop.cli:main", type = "console"}\n'},
    "setup.cfg": {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n    shop-web = shop.cli:main\n"},
    "setup.py": {
        "setup.py": "from setuptools import setup\n\n"
        'setup(name="shop", entry_points={"console_scripts": ["shop-web=shop.cli:main"]})\n'
    },
    "text": {
        "setup.py": "from setuptools import setup\n\n"
        'setup(name="shop", entry_points="""\n[console_scripts]\nshop-web = shop.cli:main\n[other]\nx = y:z\n""")\n'
    },
}


def told(root: Path, files: dict[str, str], command: str) -> dict[str, Confidence]:
    for name, text in {**FILES, **files, "Procfile": f"web: {command}\n"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = check(Request(target=str(root))).findings
    return {finding.rule: finding.confidence for finding in found if finding.topic in {"debug-mode", "dev-server"}}


@pytest.mark.parametrize("declared", DECLARED.values(), ids=DECLARED)
def test_the_command_is_the_function(tmp_path: Path, declared: dict[str, str]) -> None:
    assert told(tmp_path / "on", declared, "shop-web serve --debug") == {
        "debug-mode/flask": Confidence.CERTAIN,
        "dev-server/app-run": Confidence.CERTAIN,
    }
    assert told(tmp_path / "off", declared, "shop-web serve") == {"dev-server/app-run": Confidence.CERTAIN}


@pytest.mark.parametrize(
    ("declared", "command"),
    [
        (PYPROJECT, "shop-web migrate"),
        (PYPROJECT, "other-web serve --debug"),
        (PYPROJECT.replace("shop.cli:main", "shop.gone:main"), "shop-web serve --debug"),
        (PYPROJECT.replace("shop.cli:main", "not a function"), "shop-web serve --debug"),
        (PYPROJECT.replace("[project.scripts]", "[project.scripts"), "shop-web serve --debug"),
        (PYPROJECT + '\n[tool.poetry.scripts]\nshop-web = "shop.other:main"\n', "shop-web serve --debug"),
    ],
)
def test_a_command_that_serves_nothing_or_is_not_found(tmp_path: Path, declared: str, command: str) -> None:
    assert not told(tmp_path, {"pyproject.toml": declared}, command)


def test_a_worker_that_imports_the_app_serves_it_not(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": PYPROJECT,
        "src/shop/cli.py": "from shop.web import create_app\n\n\ndef main():\n    create_app().debug = True\n",
    }
    assert not told(tmp_path, files, "shop-web")


@pytest.mark.parametrize("command", ["shop-web", "python -m shop.cli"])
def test_a_program_whose_commands_are_not_followed_is_incomplete(tmp_path: Path, command: str) -> None:
    fire = "import fire\nfrom shop.web import create_app\n\n\ndef main():\n    fire.Fire(create_app)\n\n\nmain()\n"
    assert not told(tmp_path, {"pyproject.toml": PYPROJECT, "src/shop/cli.py": fire}, command)
    report = check(Request(target=str(tmp_path)))
    assert report.gate.code == 4
    assert [doubt.why for doubt in report.unsure] == ["it serves no app that was found"]


def test_a_program_of_a_repository_without_an_app_is_no_doubt(tmp_path: Path) -> None:
    files = {"pyproject.toml": PYPROJECT, "src/shop/cli.py": "def main():\n    print('done')\n", "src/shop/web.py": ""}
    assert not told(tmp_path, files, "shop-web")
    assert not check(Request(target=str(tmp_path))).unsure
