"""What git tracks, read from its index as git writes it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from batten.collect import Tree
from batten.collect.git_index import tracked

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("git") is None, reason="git writes the index, and is not installed"),
]
NAMES = ["a.py", ".env", "shop/web/x.txt", "shop/web/ü.txt", "shop/" + "n" * 200, "shop/web/" + "m" * 90]


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def repository(folder: Path, version: str = "2", form: str = "sha1") -> Path:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q", f"--object-format={form}")
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    git(folder, "add", ".")
    (folder / "later").write_text("")
    git(folder, "add", "-N", "later")
    git(folder, "update-index", "--index-version", version)
    (folder / "untracked").write_text("")
    return folder


@pytest.mark.parametrize("version", ["2", "3", "4"])
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_an_index(tmp_path: Path, version: str, form: str) -> None:
    held = tracked(str(repository(tmp_path / "r", version, form)))
    assert held == frozenset({*NAMES, "later"})


def test_a_directory_of_a_repository(tmp_path: Path) -> None:
    root = repository(tmp_path)
    assert tracked(str(root / "shop" / "web")) == frozenset({"x.txt", "ü.txt", "m" * 90})
    tree = Tree(str(root))
    assert (tree.tracked(".env"), tree.tracked("untracked")) == (True, False)


def test_a_worktree(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a")
    git(root, "worktree", "add", "-q", str(tmp_path / "w"))
    assert (tracked(str(tmp_path / "w")) or set()) >= set(NAMES)


def test_a_split_index_is_not_told(tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    git(root, "update-index", "--split-index")
    assert tracked(str(root)) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"DIRC",
        b"DIRC\0\0\0\x02\xff\xff\xff\xff",
        b"DIRC\0\0\0\x09\0\0\0\0",
        b"DIRC\0\0\0\x04\0\0\0\x01" + b"\xff" * 90,
    ],
)
def test_a_broken_index_is_not_told(tmp_path: Path, data: bytes) -> None:
    root = repository(tmp_path / "r")
    (root / ".git" / "index").write_bytes(data)
    assert tracked(str(root)) is None


def test_no_repository(tmp_path: Path) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    assert tracked(str(tmp_path / "r")) is None
    assert Tree(str(tmp_path / "r")).tracked("x") is None


def test_the_bytes_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff\0")
    tree = Tree(str(tmp_path))
    assert (tree.raw("a", 2), tree.raw("a", 1), tree.raw("b", 9)) == (b"\xff\0", None, None)
    (tmp_path / "a").unlink()
    assert tree.raw("a", 9) is None
    assert tree.unsure == []
