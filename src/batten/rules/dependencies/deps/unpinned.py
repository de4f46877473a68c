"""What production installs is decided on the day of the build.

Without exact versions two builds of one commit differ. A new release that is broken, or
that somebody planted with a stolen account, is in production with the next deploy, and
nobody chose it.

One finding for each list, with the names. Severity: low, and medium where not one version
of all that production installs is decided.

Silent where a lock that the installing tool follows is in step (`uv.lock`, `poetry.lock`,
`pdm.lock`, `Pipfile.lock`), where constraints or another list of the same image name the
version, for what installs the rest (pip, setuptools, uv), for lists that only developers
or tests use, and for a library that nothing here deploys.

Fix: install from a compiled list: `uv pip compile --generate-hashes` or `pip-compile`, or
a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.dependencies.deps._shown import FLASK, listed
from batten.understand.infrastructure.dependencies.nouns import Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGE = "FROM python:3.13-slim\nCOPY . .\nRUN pip install -r requirements.txt\nCMD gunicorn app:app\n"
UV = "FROM python:3.13-slim\nCOPY . .\nRUN uv sync --no-dev\nCMD gunicorn app:app\n"
PROJECT = '[project]\nname = "shop"\ndependencies = ["flask>=3"]\n'
LOCK = '[[package]]\nname = "flask"\nversion = "3.1.2"\n'


@rule(
    id="deps/unpinned",
    severity=Severity.LOW,
    cwe=1357,
    over=Installed,
    sources=["OWASP A03:2025", "pip 25 docs, Repeatable Installs", "SLSA 1.0"],
    bad=[
        Bad("in a list", {**FLASK, "requirements.txt": "flask==3.1.2\ngunicorn>=23  # <- here\nrequests\n"}),
        Bad("what an image installs", {"app.py": "", "Dockerfile": IMAGE, "requirements.txt": "flask  # <- here\n"}),
        Bad(
            "in a command",
            {"Dockerfile": "FROM python:3.13\nRUN pip install gunicorn  # <- here\nCMD gunicorn app:app\n"},
        ),
        Bad("a project", {**FLASK, "pyproject.toml": PROJECT.replace('"]\n', '"]  # <- here\n')}),
        Bad(
            "pip does not follow the lock",
            {
                "Dockerfile": UV.replace("uv sync --no-dev", "pip install ."),
                "pyproject.toml": PROJECT.replace('"]\n', '"]  # <- here\n'),
                "uv.lock": LOCK,
            },
        ),
        Bad(
            "the lock is out of step",
            {
                "Dockerfile": UV,
                "pyproject.toml": PROJECT.replace('"]\n', '", "redis"]  # <- here\n'),
                "uv.lock": LOCK,
            },
        ),
        Bad("a range of versions", {**FLASK, "requirements.txt": "flask==3.1.*  # <- here\n"}),
    ],
    good=[
        Good("pinned", {**FLASK, "requirements.txt": "flask==3.1.2\ngunicorn==23.0.0\n"}),
        Good("the lock decides", {"Dockerfile": UV, "pyproject.toml": PROJECT, "uv.lock": LOCK}),
        Good(
            "constraints decide",
            {**FLASK, "requirements.txt": "-c limits.txt\nflask\n", "limits.txt": "flask==3.1.2\n"},
        ),
        Good(
            "another list of the image decides",
            {
                "Dockerfile": IMAGE.replace("requirements.txt", "requirements.txt && pip install ."),
                "pyproject.toml": PROJECT,
                "requirements.txt": "flask==3.1.2\n",
            },
        ),
        Good("only developers", {**FLASK, "requirements.txt": "flask==3.1.2\n", "requirements-dev.txt": "pytest\n"}),
        Good("a library", {"pyproject.toml": PROJECT, "shop/__init__.py": ""}),
        Good("what installs the rest", {"Dockerfile": "FROM python:3.13\nRUN pip install -U pip\nCMD python app.py\n"}),
        Good(
            "another platform",
            {**FLASK, "requirements.txt": 'flask==3.1.2\npywin32; sys_platform == "win32"\n'},
        ),
    ],
)
def decided_at_build(installed: Installed) -> Iterator[Finding]:
    """Yield a finding for a list that leaves versions open."""
    found = installed.open
    if not found:
        return
    names = listed(dict.fromkeys(one.name for one in found))
    lock = f"{installed.lock} does not hold {names}" if installed.lock else ""

    many = len(found) > 1
    yield Finding(
        at=found[0].at,
        says=lock
        or f"the {'versions' if many else 'version'} of {names} {'are' if many else 'is'} decided when it is built",
        evidence=installed.evidence,
        severity=Severity.MEDIUM if installed.alone else Severity.LOW,
        fix=Fix(
            f"Write {installed.lock} again."
            if installed.lock
            else "Install from a compiled list with exact versions: `uv pip compile`, `pip-compile`, or a lock."
        ),
        symbol=f"{installed.path} {installed.kind}",
    )
