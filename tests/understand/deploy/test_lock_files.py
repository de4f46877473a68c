"""Lock files of all kinds, in one shape."""

from __future__ import annotations

import pytest

from batten.understand.deploy.lock_files import Lock, is_lock, read

UV = """\
version = 1

[[package]]
name = "shop"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "Flask" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[package.optional-dependencies]
prod = [{ name = "gunicorn" }]

[[package]]
name = "flask"
version = "3.1.2"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "click" }]
wheels = [{ url = "https://x", hash = "sha256:aa" }]

[[package]]
name = "click"
version = "8.3"
source = { git = "https://h/click" }

[[package]]
name = "pytest"
version = "8.4"
"""

POETRY = """\
[[package]]
name = "flask"
version = "3.1.2"
groups = ["main", "dev"]
files = [{file = "x", hash = "sha256:aa"}]

[package.dependencies]
click = ">=8"

[[package]]
name = "pytest"
version = "8.4"
groups = ["dev"]
files = []

[[package]]
name = "old"
version = "1"
category = "dev"
"""

PIPFILE = """\
{
    "default": {
        "flask": {
            "hashes": ["sha256:aa"],
            "version": "==3.1.2"
        },
        "mine": {
            "path": "."
        }
    },
    "develop": {
        "pytest": {
            "version": "==8.4"
        }
    }
}
"""


def rows(lock: Lock) -> list[tuple[str, str, int, bool]]:
    return [(one.name, one.version, one.line, one.is_hashed) for one in lock.packages]


def test_a_lock_of_uv() -> None:
    lock = read("uv.lock", UV)
    assert rows(lock) == [
        ("shop", "0.1", 5, False),
        ("flask", "3.1.2", 17, True),
        ("click", "8.3", 24, False),
        ("pytest", "8.4", 29, False),
    ]
    shop, flask, click, _ = lock.packages
    assert shop.is_local
    assert shop.grouped == {"": ("flask",), "dev": ("pytest",), "extra:prod": ("gunicorn",)}
    assert (flask.from_index, click.from_index) == (True, False)
    assert [one.name for one in lock.reached(["flask", "gone"])] == ["flask", "click"]


def test_a_lock_of_poetry() -> None:
    lock = read("poetry.lock", POETRY)
    assert rows(lock) == [("flask", "3.1.2", 3, True), ("pytest", "8.4", 12, False), ("old", "1", 18, False)]
    assert [one.groups for one in lock.packages] == [("", "dev"), ("dev",), ("dev",)]
    assert lock.packages[0].needs == ("click",)


def test_a_lock_of_pipenv() -> None:
    lock = read("Pipfile.lock", PIPFILE)
    assert rows(lock) == [("flask", "3.1.2", 3, True), ("mine", "", 7, False), ("pytest", "8.4", 12, False)]
    assert [(one.groups, one.from_index) for one in lock.packages] == [(("",), True), (("",), False), (("dev",), True)]


def test_a_lock_of_pep_751() -> None:
    lock = read(
        "pylock.toml",
        '[[packages]]\nname = "flask"\nversion = "3.1"\n[[packages]]\nname = "mine"\ndirectory = {path = "."}\n',
    )
    assert [(one.name, one.line, one.is_local) for one in lock.packages] == [("flask", 3, False), ("mine", 4, True)]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("uv.lock", "[[package", "it is not valid TOML"),
        ("Pipfile.lock", "{", "it is not valid JSON"),
        ("uv.lock", "a = " + "[" * 5000, "it is not valid TOML"),
    ],
)
def test_what_cannot_be_read(name: str, text: str, why: str) -> None:
    assert read(name, text).error.startswith(why)


@pytest.mark.parametrize("text", ["", "package = 3", "[[package]]\nversion = 1\n", "[[package]]\nname = 3\n"])
def test_what_holds_nothing(text: str) -> None:
    assert read("poetry.lock", text).packages == ()


def test_names_of_locks() -> None:
    assert [is_lock(one) for one in ("a/uv.lock", "pylock.prod.toml", "Pipfile.lock", "yarn.lock")] == [True] * 3 + [
        False
    ]
