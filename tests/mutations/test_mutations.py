"""Each single misconfiguration of a hardened stack gives exactly its finding."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from batten.run.static import check_files

HERE = Path(__file__).parent
MUTATIONS: list[dict[str, Any]] = [
    one for path in sorted(HERE.glob("*.toml")) for one in tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
]
APPS = ("shop/", "office/")
"""What the Kubernetes twin takes from the compose project."""


def held(stack: str) -> dict[str, str]:
    root = HERE / stack
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


COMPOSE = held("compose")
STACKS = {
    "compose": COMPOSE,
    "kubernetes": {path: text for path, text in COMPOSE.items() if path.startswith(APPS)} | held("kubernetes"),
}


def mutated(mutation: dict[str, Any]) -> dict[str, str]:
    """Return the files of the stack with the misconfiguration in place."""
    files = dict(STACKS[mutation["stack"]])
    edits = [*([mutation] if "old" in mutation else []), *mutation.get("edits", [])]
    for edit in edits:
        text = files[edit["file"]]
        assert text.count(edit["old"]) == 1, f"{edit['old']!r} stands {text.count(edit['old'])} times in {edit['file']}"
        files[edit["file"]] = text.replace(edit["old"], edit["new"])
    for path in mutation.get("remove", []):
        del files[path]
    added: dict[str, str] = mutation.get("add", {})
    return files | added


@pytest.mark.parametrize("stack", STACKS)
def test_the_hardened_stack_has_no_finding(stack: str) -> None:
    assert [f"{one.at}: {one.rule}: {one.says}" for one in check_files(STACKS[stack])] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one["says"])
def test_a_misconfiguration_gives_its_finding(mutation: dict[str, Any]) -> None:
    found = check_files(mutated(mutation))
    assert sorted(one.rule for one in found) == sorted(mutation["expect"]), [
        f"{f.at}: {f.rule}: {f.says}" for f in found
    ]
    if not found:
        return
    first = next(one for one in found if one.rule == mutation["expect"][0])
    if "at" in mutation:
        assert first.at.file == mutation["at"]
    if "severity" in mutation:
        assert first.graded.value == mutation["severity"]


def test_each_misconfiguration_is_told_apart() -> None:
    names = [one["says"] for one in MUTATIONS]
    assert len(set(names)) == len(names)
