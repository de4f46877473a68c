"""Measures the scan of all ports of this machine, beside nmap in the same run, and the list from inside."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from measure import Command
from table import AUDITED, Budget, measured, program

if TYPE_CHECKING:
    from pathlib import Path

_SCAN = "from batten.collect.host.scan import scan; print(len(scan('127.0.0.1').open))"
_LIST = "from batten.collect.host.listeners import listening; print(len(listening()[0]))"
_NOTHING = "import psutil; from batten.collect.host.listeners import listening"
"""What the list costs before it begins: Python, and what reads it."""


def open_ports(runs: int, home: Path, *, with_peers: bool) -> list[Budget]:
    """Measure the scan of 65,535 ports, the list of sockets, and nmap where it is."""
    print("\nports: all 65,535 of 127.0.0.1, by plain connections")
    nmap = shutil.which("nmap") if with_peers else None
    commands = [
        Command("start (python, psutil)", (sys.executable, "-c", _NOTHING)),
        Command("list from inside", (sys.executable, "-c", _LIST)),
        Command("scan from outside", (sys.executable, "-c", _SCAN)),
        Command("batten ports --no-scan", (program("batten"), "ports", "--no-scan", "--no-login"), AUDITED),
    ]
    if nmap is not None:
        commands.append(Command("nmap -sT -p- -Pn -n", (nmap, "-sT", "-p-", "-Pn", "-n", "127.0.0.1")))
    else:
        print("\n  nmap was not measured: it is not installed here (apt-get install nmap).")
    start, listed, scan, _, *peer = measured(commands, runs, home)
    budgets = [Budget("list of sockets, cpu after start", 0.1, max(0.0, listed.cpu_s - start.cpu_s), "s")]
    if peer:
        budgets.append(Budget("scan of all ports, of nmap's time", 0.5, scan.wall_s / peer[0].wall_s, "x"))
    return budgets
