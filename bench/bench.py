"""Prints what Batten costs: whole processes, beside Python, ruff, bandit, wapiti and nmap, in one run.

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
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from measure import Command, CommandFailedError
from ports import open_ports
from probes import probes
from table import AUDITED, MEGABYTE, Budget, environment, measured, program
from tree import LINES, build

if TYPE_CHECKING:
    from tree import Tree

DEMO = Path(__file__).parents[1] / "src" / "batten" / "lab" / "unlocked"
RUFF_RULES = "S104,S105,S106,S107,S113,S201,S501,S701"


def main() -> int:
    """Measure, print the tables and return the exit code."""
    options = _options()
    print(_machine())
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            root = Path(folder).resolve()
            budgets = _start_up(options.runs, root) + _audits(options, root)
            budgets += probes(options.runs, root, with_peers=options.peers)
            budgets += open_ports(options.runs, root, with_peers=options.peers)
    except CommandFailedError as error:
        print(f"bench: could not be run: {error}", file=sys.stderr)
        return 1
    print(f"\n  {'budgets':<52}{'seen':>9}    {'at most':>8}")
    print(*budgets, sep="\n")
    return 0


def _start_up(runs: int, home: Path) -> list[Budget]:
    """Measure starting Python, starting Batten, and a check of the demo app."""
    python, version, demo = measured(
        [
            Command("python -c pass", (sys.executable, "-c", "pass")),
            Command("batten --version", (program("batten"), "--version")),
            Command("batten check (demo app)", (program("batten"), "check", str(DEMO)), AUDITED),
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
    batten_check = Command("batten check", (program("batten"), "check", str(root)), AUDITED)
    ruff_check = Command(
        "ruff check (8 S rules, no cache)",
        (program("ruff"), "check", "--no-cache", "--isolated", "--select", RUFF_RULES, str(root)),
        (0, 1),
    )
    batten, ruff = measured([batten_check, ruff_check], options.runs, home)
    if options.bandit:
        argv = (sys.executable, "-m", "bandit", "--quiet", "--recursive", str(root))
        (bandit,) = measured([Command("bandit", argv, (0, 1))], 1, home, warm=False)
        print(
            f"\n  bandit takes {bandit.wall_s / batten.wall_s:.1f} x the wall time of batten check",
            end="",
        )
        print(f" and {bandit.peak_bytes / batten.peak_bytes:.1f} x its memory.")
    return [
        Budget("batten check, large tree, by ruff's wall time", 3, batten.wall_s / ruff.wall_s, "x"),
        Budget("batten check, large tree, peak memory", 150, batten.peak_bytes / MEGABYTE, "MB"),
    ]


def _seen(tree: Tree) -> str:
    """Return what Batten found in the tree: a fast answer that is empty is no answer."""
    argv = [program("batten"), "check", "--format", "json", str(tree.root)]
    done = subprocess.run(argv, capture_output=True, check=False, env=environment(tree.root.parent))
    if done.returncode not in AUDITED:
        message = f"batten check on the large tree: exit code {done.returncode}"
        raise CommandFailedError(message)
    report = json.loads(done.stdout)
    return f"Batten finds {len(report['apps'])} app, {len(report['findings'])} findings"


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
    parser.add_argument("--no-peers", dest="peers", action="store_false", help="skip wapiti and nikto (half a minute)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
