"""Prints what Batten costs: whole processes, beside Python, ruff and bandit, in one run.

It judges nothing but prints which budgets are met. It leaves with 1 only when
a command could not be run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Command, CommandFailedError, Cost, compare
from tree import LINES, Tree, build

if TYPE_CHECKING:
    from collections.abc import Sequence

BIN = Path(sys.executable).parent
DEMO = Path(__file__).parents[1] / "src" / "batten" / "lab" / "unlocked"
RUFF_RULES = "S104,S105,S106,S107,S113,S201,S501,S701"
MEGABYTE = 1_000_000
AUDITED = (0, 1)
"""Exit codes of an audit that was carried out: the gate passed, the gate failed."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A promise, and how it stands."""

    says: str
    limit: float
    seen: float
    unit: str

    def __str__(self) -> str:
        """Return the line of the table."""
        verdict = "met" if self.seen <= self.limit else "MISSED"
        return f"  {self.says:<52}{self.seen:>9.2f} {self.unit:<3}{self.limit:>8g} {self.unit:<3} {verdict}"


def main() -> int:
    """Measure, print the tables and return the exit code."""
    options = _options()
    print(_machine())
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            root = Path(folder).resolve()
            budgets = _start_up(options.runs, root) + _audits(options, root)
    except CommandFailedError as error:
        print(f"bench: could not be run: {error}", file=sys.stderr)
        return 1
    print(f"\n  {'budgets':<52}{'seen':>9}    {'at most':>8}")
    print(*budgets, sep="\n")
    return 0


def _start_up(runs: int, home: Path) -> list[Budget]:
    """Measure starting Python, starting Batten, and a check of the demo app."""
    python, version, demo = _measured(
        [
            Command("python -c pass", (sys.executable, "-c", "pass")),
            Command("batten --version", (_program("batten"), "--version")),
            Command("batten check (demo app)", (_program("batten"), "check", str(DEMO)), AUDITED),
        ],
        runs * 4,
        home,
    )
    return [
        Budget("batten --version, by python -c pass", 3, version.wall_s / python.wall_s, "x"),
        Budget("batten check, demo app", 0.3, demo.wall_s, "s"),
    ]


def _audits(options: argparse.Namespace, home: Path) -> list[Budget]:
    """Measure the same audit of the large tree by Batten, ruff and bandit."""
    root = home / "tree"
    root.mkdir()
    tree = build(root, options.lines)
    print(f"\ntree: {tree.lines:,} lines in {tree.files:,} Python files, one Flask app; {_seen(tree)}")
    batten_check = Command("batten check", (_program("batten"), "check", str(root)), AUDITED)
    ruff_check = Command(
        "ruff check (8 S rules, no cache)",
        (_program("ruff"), "check", "--no-cache", "--isolated", "--select", RUFF_RULES, str(root)),
        (0, 1),
    )
    batten, ruff = _measured([batten_check, ruff_check], options.runs, home)
    if options.bandit:
        argv = (sys.executable, "-m", "bandit", "--quiet", "--recursive", str(root))
        (bandit,) = _measured([Command("bandit", argv, (0, 1))], 1, home, warm=False)
        print(
            f"\n  bandit takes {bandit.wall_s / batten.wall_s:.1f} x the wall time of batten check",
            end="",
        )
        print(f" and {bandit.peak_bytes / batten.peak_bytes:.1f} x its memory.")
    return [
        Budget("batten check, large tree, by ruff's wall time", 2, batten.wall_s / ruff.wall_s, "x"),
        Budget("batten check, large tree, peak memory", 150, batten.peak_bytes / MEGABYTE, "MB"),
    ]


def _measured(commands: Sequence[Command], runs: int, home: Path, *, warm: bool = True) -> list[Cost]:
    """Return the costs of `commands`, printed as a table."""
    costs = compare(commands, runs, _environment(home), warm=warm)
    print(f"\n  {'command':<34}{'runs':>4}{'wall s':>9}{'min..max':>17}{'cpu s':>9}{'peak MB':>9}")
    for cost in costs:
        walls = [run.wall_s for run in cost.runs]
        span = f"{min(walls):.3f}..{max(walls):.3f}"
        print(
            f"  {cost.command.name:<34}{len(walls):>4}{cost.wall_s:>9.3f}{span:>17}"
            f"{cost.cpu_s:>9.3f}{cost.peak_bytes / MEGABYTE:>9.1f}"
        )
    return costs


def _seen(tree: Tree) -> str:
    """Return what Batten found in the tree: a fast answer that is empty is no answer."""
    argv = [_program("batten"), "check", "--format", "json", str(tree.root)]
    done = subprocess.run(argv, capture_output=True, check=False, env=_environment(tree.root.parent))
    if done.returncode not in AUDITED:
        message = f"batten check on the large tree: exit code {done.returncode}"
        raise CommandFailedError(message)
    report = json.loads(done.stdout)
    return f"Batten finds {len(report['apps'])} app, {len(report['findings'])} findings"


def _program(name: str) -> str:
    """Return the program of this environment, never a shim that only looks for it."""
    return str(BIN / name)


def _environment(home: Path) -> dict[str, str]:
    """Return a small environment: without the caches and settings of whoever runs this."""
    return {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8"}


def _machine() -> str:
    """Return the line that says what was measured on what."""
    tools = ", ".join(f"{name} {metadata.version(name)}" for name in ("batten", "ruff", "bandit"))
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} "
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {tools}"
    )


def _options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure Batten beside ruff and bandit.")
    parser.add_argument("--runs", type=int, default=5, help="rounds on the large tree (4 x as many on small ones)")
    parser.add_argument("--lines", type=int, default=LINES, help="lines of the large tree")
    parser.add_argument("--no-bandit", dest="bandit", action="store_false", help="skip bandit (half a minute)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
