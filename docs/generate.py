"""Writes docs/rules and the index of rules from the rules themselves; `--check` only says what is stale."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from batten.report.pages import filename, index, page
from batten.rules import all_rules, index as subjects, standards

DOCS = Path(__file__).parent
RULES = DOCS / "rules"
INDEX = DOCS.parent / "src" / "batten" / "rules" / "index.json"


def pages() -> dict[Path, str]:
    """Return the text of each generated page."""
    rules = all_rules()
    made = {RULES / filename(rule): page(rule, standards(rule)) for rule in rules}
    made[RULES / "README.md"] = index(rules)
    made[INDEX] = json.dumps(subjects(), indent=0) + "\n"
    return made


def stale() -> list[str]:
    """Return the pages that differ, are missing, or stand for a rule that is gone."""
    wanted = pages()
    paths = [*RULES.rglob("*.md"), *([INDEX] if INDEX.exists() else [])]
    held = {path: path.read_text(encoding="utf-8") for path in paths}
    differing = [path for path in wanted.keys() | held.keys() if wanted.get(path) != held.get(path)]
    return sorted(path.relative_to(DOCS.parent).as_posix() for path in differing)


def write() -> None:
    """Make docs/rules what `pages` says; a page of a rule that is gone is deleted."""
    wanted = pages()
    for path in set(RULES.rglob("*.md")) - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main() -> int:
    """Write the pages, or with `--check` print the stale ones; return the exit code."""
    if sys.argv[1:] != ["--check"]:
        write()
        return 0
    late = stale()
    for name in late:
        print(f"stale: {name} (run `make docs`)")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
