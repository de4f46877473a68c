"""`batten lab tour`: a walk through the open doors, step by step."""

from __future__ import annotations

import sys
from contextlib import ExitStack

import click

from batten.cli import terminal
from batten.cli.lab.running import ended_by_signals, ports
from batten.cli.progress import Progress


@click.command()
@click.option("--pause/--no-pause", default=True, help="Wait for Enter after each step.  [default: on a terminal]")
@ports
def tour(*, pause: bool, port: int) -> int:
    """Walk through what each door of the unlocked shop gives away, and why.

    Uses the lab that runs on the port, or starts one of its own. It asks as a
    visitor does and runs no code in the shop; the hardened twin is asked the same.
    """
    from batten.report import lab as picture  # noqa: PLC0415 - the engine is not needed to print the help
    from batten.run.lab import LESSONS, Site, Stack, running, tour as steps  # noqa: PLC0415 - likewise

    waits = pause and sys.stdin.isatty() and sys.stdout.isatty()
    look = terminal.look()
    with ended_by_signals(), ExitStack() as opened:
        with Progress() as progress:
            progress.show("starting the lab ...")
            here = running(port)
            if here is None:
                stack = opened.enter_context(Stack())
                here = Site(stack.url, stack.cache_port, stack.no_cache)
            twin = opened.enter_context(Stack("hardened"))
        terminal.out(f"The unlocked shop: {here.url}  Its hardened twin: {twin.url}\n")
        for number, one in enumerate(steps(here, Site(twin.url, twin.cache_port, twin.no_cache)), 1):
            terminal.out(picture.step(one, number, len(LESSONS), look))
            if waits and number < len(LESSONS):
                terminal.tell("\nEnter goes on, Ctrl-C ends.")
                sys.stdin.readline()
        terminal.out("\nNow shut them: batten lab up DIRECTORY, edit, batten lab check DIRECTORY\n")
    return 0
