"""What the benchmark prints: a table of costs, a line for each budget; and where the programs are that it runs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from measure import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure import Command, Cost

MEGABYTE = 1_000_000
AUDITED = (0, 1)
"""Exit codes of an audit that was carried out: the gate passed, the gate failed."""
_BIN = Path(sys.executable).parent


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


def measured(commands: Sequence[Command], runs: int, home: Path, *, warm: bool = True) -> list[Cost]:
    """Return the costs of `commands`, printed as a table."""
    costs = compare(commands, runs, environment(home), warm=warm)
    print(f"\n  {'command':<34}{'runs':>4}{'wall s':>9}{'min..max':>17}{'cpu s':>9}{'peak MB':>9}")
    for cost in costs:
        walls = [run.wall_s for run in cost.runs]
        span = f"{min(walls):.3f}..{max(walls):.3f}"
        print(
            f"  {cost.command.name:<34}{len(walls):>4}{cost.wall_s:>9.3f}{span:>17}"
            f"{cost.cpu_s:>9.3f}{cost.peak_bytes / MEGABYTE:>9.1f}"
        )
    return costs


def program(name: str) -> str:
    """Return the program of this environment, never a shim that only looks for it."""
    return str(_BIN / name)


def environment(home: Path) -> dict[str, str]:
    """Return a small environment: without the caches and settings of whoever runs this."""
    return {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8"}
