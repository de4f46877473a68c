"""The house stands: floors, rules that are alike, pages and locks in order."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import batten
from batten.rules import all_rules
from batten.testing import MARK

if TYPE_CHECKING:
    from types import ModuleType

    from batten.model import Rule

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "batten"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if SOURCE / "lab" not in path.parents)
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)


# The rules


@each_rule
def test_id_is_the_folder_and_the_file(rule: Rule) -> None:
    package, room, _layer, *names = rule.module.split(".")
    assert (package, room) == ("batten", "rules")
    assert rule.id == "/".join(names).replace("_", "-")
    assert rule.id.count("/") == 1


@each_rule
def test_title_fits_and_is_a_sentence(rule: Rule) -> None:
    first, *rest = rule.doc.split("\n")
    assert 0 < len(rule.title) <= 72
    assert first.endswith(".")
    assert rest[:1] == [""], "a blank line parts the title from the page"


@each_rule
def test_page_says_why_and_how_to_fix(rule: Rule) -> None:
    paragraphs = re.split(r"\n\s*\n", rule.doc.strip())
    fixes = [part for part in paragraphs if part.startswith("Fix:")]
    assert len(fixes) == 1
    assert len(fixes[0]) > len("Fix: x")
    assert len(paragraphs) > len(fixes) + 1, "between title and fix stands why it matters"


@each_rule
def test_examples_show_the_fault_and_a_near_miss(rule: Rule) -> None:
    for asked in rule.questions:
        assert asked.bad
        assert asked.good
        for bad in asked.bad:
            told = (*bad.files.values(), *bad.env.values(), *bad.answers, bad.listeners)
            assert any(MARK.search(text) for text in told), bad.says
        says = [bad.says for bad in asked.bad] + [good.says for good in asked.good]
        assert len(says) == len(set(says))


@each_rule
def test_weakness_and_sources_are_named(rule: Rule) -> None:
    assert rule.cwe > 0
    assert rule.sources
    assert all(source.strip() for source in rule.sources)


def test_ids_and_aliases_are_unique() -> None:
    names = [name for rule in all_rules() for name in (rule.id, *rule.aliases)]
    assert len(names) == len(set(names))


def test_every_file_of_the_rules_is_one_rule() -> None:
    deep = [path for path in (SOURCE / "rules").glob("*/*/*.py") if path.name[0] != "_"]
    files = {".".join(path.relative_to(ROOT / "src").with_suffix("").parts) for path in deep}
    modules = [rule.module for rule in all_rules()]
    assert files == set(modules)
    assert len(modules) == len(files)


# The floors


@pytest.mark.process
def test_imports_go_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.process
def test_starting_imports_nothing_heavy() -> None:
    code = "import sys, batten.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"asyncio", "click", "rich", "yaml", "batten.run", "batten.rules", "batten.understand"}
    assert "batten.__main__" in done.stdout.split()
    assert not heavy & set(done.stdout.split())


TO_BE_SPLIT = {
    "src/batten/understand/libraries/aiohttp_web.py": "its answers and its server are two subjects",
    "src/batten/understand/libraries/pydantic_check.py": "single values and containers are two subjects",
    "src/batten/understand/libraries/sanic.py": "its configuration and its answers are two subjects",
}
"""Files over the limit, with where they part; the list only gets shorter."""


def test_a_file_has_one_subject() -> None:
    lines = {_name(path): len(_lines(path)) for path in MODULES}
    assert {name for name, count in lines.items() if count > 400} == set(TO_BE_SPLIT)


def test_names_say_what_a_module_holds() -> None:
    empty = {"base", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
    assert not [_name(path) for path in MODULES if empty & {path.stem, *path.relative_to(SOURCE).parts}]


def test_every_exception_to_a_lint_has_its_reason() -> None:
    reasoned = re.compile(r"# noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* - \S")
    bare = [
        f"{_name(path)}:{number}"
        for path in MODULES
        for number, line in enumerate(_lines(path), start=1)
        if "# noqa" in line and not reasoned.search(line)
    ]
    assert not bare


# What the repository holds


def test_generated_files_are_fresh() -> None:
    stale = _generator().stale()
    assert not stale, f"run `make docs`: {', '.join(stale)}"


def test_changelog_tells_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(batten.__version__)}\b", text, re.MULTILINE)


@each_lock
def test_lock_pins_hashes_and_names_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pinned = re.split(r"^(?=\w)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)
    assert len(pinned) > 5
    for requirement in filter(None, pinned):
        assert re.match(r"[\w.-]+(\[[\w, -]+\])?==[\w.]+ .*--hash=sha256:[0-9a-f]{64}", requirement, re.DOTALL)
    assert "//" not in text
    assert "@" not in text


@pytest.mark.process
def test_no_file_names_a_machine_or_a_registry() -> None:
    git = shutil.which("git")
    if not git:
        pytest.skip("git says what belongs to the project, and is not installed")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("git says what belongs to the project, and this is not a checkout")
    registry = re.compile(rb"\b(?:pypi|pythonhosted|npmjs|crates)\.(?:com|io|org)\b")
    machine = [f"{Path.home()}/.".encode()]
    if len(ROOT.parts) > 3:  # a shorter path, such as /srv/app, is a fair word in an example
        machine.append(f"{ROOT}/".encode())
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    for path in filter(Path.is_file, paths):
        content = path.read_bytes()
        assert not registry.search(content), path
        assert not any(place in content for place in machine), path


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _generator() -> ModuleType:
    """Load docs/generate.py, which is a script and in no package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
