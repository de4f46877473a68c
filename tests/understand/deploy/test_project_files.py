"""What projects list for themselves, with the lines."""

from __future__ import annotations

import pytest

from batten.understand.deploy.project_files import Manifest, read

PEP621 = """\
[project]
name = "Shop_App"
requires-python = ">=3.11"
dependencies = [
    "flask>=3",  # the web
    'redis==5.0',
]

[project.optional-dependencies]
prod = ["gunicorn"]

[dependency-groups]
test = ["pytest"]
dev = [{include-group = "test"}, "ruff"]

[tool.uv]
default-groups = ["test"]
extra-index-url = ["https://more.example"]

[[tool.uv.index]]
url = "http://pypi.example"
explicit = true

[tool.setuptools.dynamic]
dependencies = {file = "base.txt"}
"""

POETRY = """\
[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.8"
flask = "^3.0"
redis = "5.0.1"
old = "*"
mine = {path = "../mine"}
forked = {git = "https://h/forked.git", rev = "abc"}
extra = {version = ">=1", optional = true, markers = "os_name == 'nt'"}
many = [{version = "1.0"}, {version = "2.0"}]

[tool.poetry.group.test.dependencies]
pytest = "8.0"

[tool.poetry.group.late]
optional = true

[tool.poetry.group.late.dependencies]
late = "1.0"

[[tool.poetry.source]]
name = "own"
url = "https://own.example"
priority = "supplemental"
"""

PIPFILE = """\
[[source]]
url = "https://own.example"
verify_ssl = false

[packages]
flask = "==3.1"

[dev-packages]
pytest = "*"

[requires]
python_version = "3.8"
"""


def rows(found: Manifest | None) -> list[tuple[str, str, int]]:
    assert found is not None
    return [
        (f"{one.asked.name}{one.asked.specifier}{one.asked.url}", one.group, one.asked.line) for one in found.listed
    ]


def test_a_project_of_pep_621() -> None:
    found = read("pyproject.toml", PEP621)
    assert rows(found) == [
        ("flask>=3", "", 5),
        ("redis==5.0", "", 6),
        ("gunicorn", "extra:prod", 10),
        ("pytest", "test", 13),
        ("pytest", "dev", 13),
        ("ruff", "dev", 14),
    ]
    assert found is not None
    assert (found.name, found.python, found.default_groups, found.files) == (
        "shop-app", (">=3.11", 3), ("test",), ("base.txt",)
    )  # fmt: skip
    assert [(one.url, one.line, one.how) for one in found.indexes] == [
        ("http://pypi.example", 21, "explicit"),
        ("https://more.example", 18, "index"),
    ]


def test_a_project_of_poetry() -> None:
    found = read("pyproject.toml", POETRY)
    assert rows(found) == [
        ("flask>=3.0", "", 6),
        ("redis==5.0.1", "", 7),
        ("old", "", 8),
        ("mine../mine", "", 9),
        ("forkedgit+https://h/forked.git@abc", "", 10),
        ("extra>=1", "extra:", 11),
        ("many==1.0", "", 12),
        ("pytest==8.0", "test", 15),
        ("late==1.0", "optional:late", 21),
    ]
    assert found is not None
    assert found.python == ("^3.8", 5)
    assert [(one.url, one.how) for one in found.indexes] == [("https://own.example", "index")]


def test_a_pipfile() -> None:
    found = read("Pipfile", PIPFILE)
    assert rows(found) == [("flask==3.1", "", 6), ("pytest", "dev", 9)]
    assert found is not None
    assert found.python == ("==3.8.*", 12)
    assert [(one.url, one.line, one.is_verified) for one in found.indexes] == [("https://own.example", 2, False)]


def test_setuptools() -> None:
    cfg = "[options]\npython_requires = >=3.8\ninstall_requires =\n    flask==3.0\n    # no\n    redis # yes\nzip = 1\n"
    assert rows(read("setup.cfg", cfg)) == [("flask==3.0", "", 4), ("redis", "", 6)]
    py = 'setup(\n\n    python_requires=">=3.8",\n    install_requires=[\n        "flask",\n        NAME,\n    ],\n)\n'
    found = read("a/setup.py", py)
    assert rows(found) == [("flask", "", 5)]
    assert found is not None
    assert found.python == (">=3.8", 3)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("setup.py", "install_requires = ("),
        ("setup.py", "print(1)"),
        ("setup.cfg", ""),
        ("pyproject.toml", "[project]\ndependencies = 3\noptional-dependencies = []\n[tool]\nuv = []\npoetry = 1\n"),
        ("pyproject.toml", '[dependency-groups]\na = [{include-group = "b"}]\nb = [{include-group = "a"}, 3]\n'),
        ("Pipfile", "source = []\npackages = 3\n"),
    ],
)
def test_files_that_say_nothing(path: str, text: str) -> None:
    found = read(path, text)
    assert found is not None
    assert (found.listed, found.error) == ((), "")


@pytest.mark.parametrize(
    ("path", "text"), [("pyproject.toml", "[project"), ("Pipfile", "a ="), ("pyproject.toml", "a=" + "[" * 5000)]
)
def test_files_that_cannot_be_read(path: str, text: str) -> None:
    found = read(path, text)
    assert found is not None
    assert found.error.startswith("it is not valid TOML")


def test_no_manifest() -> None:
    assert read("shop.toml", "") is None
