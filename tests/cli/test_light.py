"""`batten check` reads no answers: what reads them is not imported, or every start would pay for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import batten

SOURCE = str(Path(batten.__file__).parents[1])
DEMO = Path(batten.__file__).parent / "lab" / "unlocked"
ROOMS = ("batten.understand.answers.", "batten.understand.exposures.", "batten.rules.http.", "batten.run.live.")
ALLOWED = frozenset(
    f"batten.{room}.{name}"
    for room, names in {
        "understand.answers": (
            "addresses cookie_facts cookies crossing dates facts framing http named_hosts openings page "
            "policies policy_facts sharing shown site strict_transport suffixes traces visit"
        ),
    }.items()
    for name in names.split()
)
"""What rules name that a project and a site are both asked about. It should get shorter, not longer."""


def test_a_check_imports_little_of_the_live_half() -> None:
    code = (
        "import sys\nfrom batten import run\nrequest = run.Request(target=sys.argv[1])\nreport = run.check(request)\n"
        "assert report.findings\nrun.rules_told(report)\n"
        "print(*sys.modules, sep='\\n')"
    )
    argv, env = [sys.executable, "-c", code, str(DEMO)], {"PYTHONPATH": SOURCE}
    done = subprocess.run(argv, env=env, check=True, capture_output=True, text=True, timeout=60)
    live = {name for name in done.stdout.split() if name.startswith(ROOMS)}
    assert live - ALLOWED == set()
    assert ALLOWED - live == set(), "it is not imported any more: take it off the list"
