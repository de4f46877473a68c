"""Which distributions production installs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from batten.understand.deploy.requirements import parse

if TYPE_CHECKING:
    from tests.understand.deploy.conftest import Resolved

Resolve = Callable[[Mapping[str, str]], "Resolved"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Flask==3.1.0", ("flask", "==3.1.0")),
        ("flask", ("flask", "")),
        ("Flask_Login[x, y] >= 0.6, < 1", ("flask-login", ">=0.6,<1")),
        ("zope.interface~=5.0 ; python_version > '3'", ("zope-interface", "~=5.0")),
        ("flask (>=2)", ("flask", ">=2")),
        ("a===1", ("a", "===1")),
        ("shop @ https://example.org/shop.whl", ("shop", "")),
        ("flask==2.*", ("flask", "==2.*")),
        ("", None),
        ("./local", None),
        ("git+https://x/y", None),
        ("-e .", None),
        ("a" + " " * 5000 + "!", None),
    ],
)
def test_a_requirement(text: str, found: tuple[str, str] | None) -> None:
    assert parse(text) == found


def listed(found: Resolved) -> dict[str, str] | None:
    return dict(found.stack.requirements) if found.stack.has_requirements else None


def test_requirements_files(resolved: Resolve) -> None:
    text = (
        "# top\n-r requirements/base.txt\n--requirement requirements/more.txt\n-c limits.txt\n"
        "-r gone.txt\n-r ../up.txt\nflask==3.1.0 # web\ngunicorn \\\n  ==23.0 --hash=sha256:ab\n"
        "-i https://x\n"
    )
    given = {
        "requirements.txt": text,
        "requirements/base.txt": "jinja2\n-r ../requirements.txt\n",
        "requirements/more.txt": "click>=8",
        "requirements/dev.txt": "pytest",
        "requirements-test.txt": "tox",
        "notes.txt": "numpy",
        "limits.txt": "werkzeug==3",
    }
    assert listed(resolved(given)) == {"jinja2": "", "click": ">=8", "flask": "==3.1.0", "gunicorn": "==23.0"}


def test_nothing_listed_is_not_an_empty_list(resolved: Resolve) -> None:
    assert listed(resolved({"app.py": ""})) is None
    assert (
        listed(resolved({"pyproject.toml": "[tool.ruff]\n", "setup.cfg": "[flake8]\n", "setup.py": "setup()"})) is None
    )
    assert listed(resolved({"requirements.txt": "# none\n"})) is None


def test_pinned_stands_over_open_and_shallow_over_deep(resolved: Resolve) -> None:
    assert listed(resolved({"a/requirements.txt": "flask==1\nclick==1", "requirements.txt": "flask==2\nclick"})) == {
        "flask": "==2",
        "click": "==1",
    }


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("pyproject.toml", '[project]\ndependencies = ["flask>=3", "x[y]", 1]\n', {"flask": ">=3", "x": ""}),
        (
            "pyproject.toml",
            (
                '[tool.poetry.dependencies]\npython = "^3.11"\nflask = "^3.0"\nclick = "8.1"\nx = "*"\n'
                'y = {version = "~1.2", extras = ["z"]}\nw = {path = "w"}\n'
                'o = {version = "1", optional = true}\n'
            ),
            {"flask": ">=3.0", "click": "==8.1", "x": "", "y": ">=1.2", "w": ""},
        ),
        ("pyproject.toml", "[project]\ndependencies = 1\n", None),
        (
            "Pipfile",
            '[packages]\nflask = "==3.1"\nx = "*"\n[dev-packages]\npytest = "*"\n',
            {"flask": "==3.1", "x": ""},
        ),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    flask==3\n    click\nzip_safe = false\n",
            {"flask": "==3", "click": ""},
        ),
        (
            "setup.py",
            "from setuptools import setup\nsetup(name='x', install_requires=['flask>=2', other], extras_require={})\n",
            {"flask": ">=2"},
        ),
        ("setup.py", "setup(install_requires=read())\n", None),
        ("setup.py", "setup(install_requires=[)\n", None),
        ("setup.py", "setup(install_requires=[])\n", None),
        (
            "Pipfile.lock",
            (
                '{"default": {"flask": {"version": "==3.1"}, "x": {"git": "y"}}, '
                '"develop": {"pytest": {"version": "==8"}}}'
            ),
            {"flask": "==3.1"},
        ),
        ("Pipfile.lock", "{", None),
        ("Pipfile.lock", "[]", None),
        ("Pipfile.lock", "", None),
        ("uv.lock", '[[package]]\nname = "flask"\nversion = "3.1"\n[[package]]\nname = "odd"\n', {"flask": "==3.1"}),
        ("uv.lock", "package = 1", None),
        ("uv.lock", "package = [1, {name = 2}]", None),
        ("uv.lock", "= x", None),
        ("poetry.toml", "flask = 1", None),
    ],
)
def test_manifests_and_locks(resolved: Resolve, path: str, text: str, found: dict[str, str] | None) -> None:
    assert listed(resolved({path: text})) == found


def test_a_lock_pins_what_the_manifest_reaches(resolved: Resolve) -> None:
    lock = (
        '[[package]]\nname = "flask"\nversion = "3.1"\n'
        'dependencies = [{name = "Jinja2"}, {name = "flask"}, {name = "gone"}, 1]\n'
        '[[package]]\nname = "jinja2"\nversion = "3.1.6"\n[[package]]\nname = "pytest"\nversion = "8"\n'
    )
    assert listed(resolved({"pyproject.toml": '[project]\ndependencies = ["flask>=3"]', "uv.lock": lock})) == {
        "flask": "==3.1",
        "jinja2": "==3.1.6",
    }
    poetry = lock.replace(
        'dependencies = [{name = "Jinja2"}, {name = "flask"}, {name = "gone"}, 1]',
        "[package.dependencies]\nJinja2 = '>=3'\n",
    )
    assert listed(resolved({"pyproject.toml": '[project]\ndependencies = ["flask==2"]', "poetry.lock": poetry})) == {
        "flask": "==2",
        "jinja2": "==3.1.6",
    }
    pdm = lock.replace('{name = "Jinja2"}, {name = "flask"}, {name = "gone"}, 1', '"jinja2>=3"')
    assert listed(resolved({"pyproject.toml": '[project]\ndependencies = ["flask"]', "pdm.lock": pdm})) == {
        "flask": "==3.1",
        "jinja2": "==3.1.6",
    }


def test_what_the_image_installs(resolved: Resolve) -> None:
    text = (
        "FROM python\nCOPY . .\n"
        "RUN pip install --no-cache-dir 'flask==3.1.0' gunicorn>=20 -i https://x -r deps/live.txt "
        "&& python -m pip install -rdeps/more.txt . ./pkg\n"
        "RUN uv pip install --requirement deps/gone.txt \"it's\nRUN apt-get install curl\nCMD flask run\n"
    )
    found = resolved(
        {"Dockerfile": text, "deps/live.txt": "click==8", "deps/more.txt": "jinja2", "requirements.txt": "click"}
    )
    assert listed(found) == {"flask": "==3.1.0", "gunicorn": ">=20", "click": "==8", "jinja2": ""}
    found = resolved(
        {
            "web/Dockerfile": "FROM python\nRUN pip install --requirement=live.txt\nCMD flask run\n",
            "web/live.txt": "click",
        }
    )
    assert listed(found) == {"click": ""}


def test_hostile_files(resolved: Resolve) -> None:
    chain = {f"requirements/r{i}.txt": f"-r r{i + 1}.txt\np{i}" for i in range(300)}
    assert len(resolved(chain).stack.requirements) >= 100
    assert listed(resolved({"requirements.txt": "flask " + "<" * 100_000})) is None
    assert listed(resolved({"requirements.txt": "\ufeffflask==3\r\nclick\r\n"})) == {"flask": "==3", "click": ""}
