"""Production installs what only developers need.

Debuggers, test runners and linters bring code that nobody wants to answer for on a
server: more to patch, tools at hand for whoever got in, and a debugger's toolbar is one
setting away from showing everything.

Told once for a list, and once for a group (`uv sync` installs `dev` unless told
otherwise).

Silent for lists and groups that production does not install, and for a builder stage
whose packages are not copied.

Fix: move them to a group or a list of their own; install with `uv sync --no-dev`,
`poetry install --only main`, `pip install -r requirements.txt`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, around, rule
from batten.rules.dependencies.deps._shown import FLASK, listed
from batten.understand.infrastructure.dependencies.nouns import Group, Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

UV = "FROM python:3.13-slim\nCOPY . .\nRUN uv sync --frozen  # <- here\nCMD gunicorn app:app\n"
PROJECT = '[project]\nname = "shop"\ndependencies = ["flask==3.1.2"]\n\n[dependency-groups]\ndev = ["pytest==8.4.2"]\n'
LISTS = {**FLASK, "requirements.txt": "flask==3.1.2\npytest==8.4.2  # <- here\npytest-cov==7.0.0\n"}


@rule(
    id="deps/dev-in-production",
    severity=Severity.LOW,
    cwe=1395,
    over=Installed,
    sources=["ASVS 5.0 13.4.2 and 15.2.3", "OWASP A02:2025"],
    bad=[
        Bad("a test runner in the list", LISTS),
        Bad("a debugger", {**FLASK, "requirements.txt": "ipdb==0.13.13  # <- here\n"}),
    ],
    good=[
        Good(
            "a list of their own",
            {**FLASK, "requirements.txt": "flask==3.1.2\n", "requirements-dev.txt": "pytest==8.4.2\n"},
        ),
        Good("another name", {**FLASK, "requirements.txt": "pytester-web==1.0\n"}),
    ],
)
def tools_in_list(installed: Installed) -> Iterator[Finding]:
    """Yield a finding for a list that brings the tools of developers."""
    found = [one for one in installed.dependencies if _TOOLS.fullmatch(one.name) and not one.group and one.is_direct]
    if found and installed.kind != "lock":
        yield Finding(
            at=found[0].at,
            says=f"production installs {listed(dict.fromkeys(one.name for one in found))}",
            evidence=installed.evidence,
            fix=Fix("Move them to a list or group of their own that production does not install."),
            symbol=installed.path,
        )


@around(
    over=Group,
    layer="dependencies",
    bad=[Bad("uv installs the group", {"Dockerfile": UV, "pyproject.toml": PROJECT})],
    good=[
        Good(
            "it is told not to", {"Dockerfile": UV.replace("--frozen", "--frozen --no-dev"), "pyproject.toml": PROJECT}
        ),
        Good("nothing installs it", {**FLASK, "pyproject.toml": PROJECT}),
    ],
)
def group_installed(group: Group) -> Iterator[Finding]:
    """Yield a finding for a group of development that production's command installs."""
    names = listed(dict.fromkeys(one.name for one in group.dependencies))
    yield Finding(
        at=group.at,
        says=f"{group.tool} installs the group {group.name} in production: {names}",
        fix=Fix(_LEFT_OUT.get(group.tool, "Leave the group out.")),
        symbol=f"group {group.name}",
    )


_TOOLS = re.compile(
    r"pytest(?:-(?:cov|xdist|mock|asyncio|django|flask|env|runner|sugar|randomly|timeout|benchmark|httpx|order|html))?"
    r"|ipdb|pdbpp|pudb|web-pdb|remote-pdb|debugpy|ptvsd|pydevd(?:-pycharm)?|(?:flask|django|pyramid|fastapi)-debug-?toolbar"
    r"|coverage|tox|nox|nose2?|mock|black|flake8(?:-[\w-]+)?|pylint(?:-[\w-]+)?|mypy|pyright|ruff|isort|autopep8|yapf"
    r"|pycodestyle|pyflakes|pre-commit|bandit|pytest-bdd|factory-boy|freezegun|responses|moto|vcrpy|requests-mock"
    r"|django-browser-reload|livereload|flask-testing|webtest|hypothesis|sphinx|mkdocs(?:-[\w-]+)?"
)
"""Debuggers, test runners, linters, formatters, builders of documentation."""
_LEFT_OUT = {
    "uv": "Add `--no-dev`.",
    "poetry": "Add `--only main`.",
    "pdm": "Add `--prod`.",
    "pipenv": "Take `--dev` away.",
}
