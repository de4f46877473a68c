"""Runs whole commands and reads what the kernel says they cost."""

from __future__ import annotations

import os
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024
"""Unit of `ru_maxrss`: getrusage(2) says bytes on macOS, kilobytes on Linux."""


class CommandFailedError(Exception):
    """A command could not be started, or left with a code that means it did not do its work."""


@dataclass(frozen=True, slots=True)
class Command:
    """One program as a user would start it."""

    name: str
    argv: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    """Exit codes that mean the work was done; a failing gate is one."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of a command cost, with all processes that it waited for."""

    wall_s: float
    cpu_s: float
    """User and system time together."""
    peak_bytes: int
    """Resident memory of its largest process."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Several runs of one command."""

    command: Command
    runs: tuple[Run, ...]

    @property
    def wall_s(self) -> float:
        """Median wall time."""
        return statistics.median(run.wall_s for run in self.runs)

    @property
    def cpu_s(self) -> float:
        """Median processor time."""
        return statistics.median(run.cpu_s for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        """Largest memory of any run."""
        return max(run.peak_bytes for run in self.runs)


def run(command: Command, environment: Mapping[str, str]) -> Run:
    """Run `command` once, its output thrown away, and return its cost.

    On Linux the peak starts at the size of this process, because a child
    begins as its copy: keep this process small.

    Raises:
        CommandFailedError: it could not be started, or left with another code.
    """
    nowhere = os.open(os.devnull, os.O_RDWR)
    streams = [(os.POSIX_SPAWN_DUP2, nowhere, stream) for stream in (0, 1, 2)]
    start = time.perf_counter()
    try:
        pid = os.posix_spawn(command.argv[0], command.argv, environment, file_actions=streams)
    except OSError as error:
        message = f"{command.name}: {error.strerror}"
        raise CommandFailedError(message) from error
    finally:
        os.close(nowhere)
    _, status, usage = os.wait4(pid, 0)
    wall_s = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    if code not in command.codes:
        message = f"{command.name}: exit code {code}"
        raise CommandFailedError(message)
    return Run(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * MAXRSS_BYTES)


def compare(commands: Sequence[Command], runs: int, environment: Mapping[str, str], *, warm: bool = True) -> list[Cost]:
    """Return the cost of each command over `runs` rounds.

    The commands take turns, so that what else the machine does falls on all of
    them. One round before the first (`warm`) fills the file cache and is not counted.

    Raises:
        CommandFailedError: one of them could not be run.
    """
    seen: list[list[Run]] = [[] for _ in commands]
    for counted in [False] * warm + [True] * runs:
        for command, costs in zip(commands, seen, strict=True):
            cost = run(command, environment)
            if counted:
                costs.append(cost)
    return [Cost(command, tuple(costs)) for command, costs in zip(commands, seen, strict=True)]
