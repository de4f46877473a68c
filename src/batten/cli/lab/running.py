"""`batten lab up`: the demo stack, on this machine alone, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from batten.cli import terminal
from batten.cli.codes import INCOMPLETE
from batten.cli.progress import Progress
from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from batten.run.lab import Stack

ADDRESS = "127.0.0.1"
PORT = 5050
_LAST_PORT = 65_534
_LOOK_S = 0.5
"""How often an edit is looked for."""

ports = click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=PORT,
    show_default=True,
    metavar="N",
    help="Where the shop listens; Redis is on the next one. 0: on free ones.",
)


@click.command()
@click.argument("directory", default="", type=click.Path(file_okay=False))
@click.option("--hardened", is_flag=True, help="Start the battened-down twin.")
@click.option("--host", default=ADDRESS, metavar="ADDRESS", help="127.0.0.1; every other address is refused.")
@ports
def up(directory: str, *, hardened: bool, host: str, port: int) -> int:
    """Start the unlocked shop on 127.0.0.1, and tell each of its doors.

    What is served is a copy in DIRECTORY, made there if there is none, for you
    to edit: an edit restarts the shop. Ctrl-C ends all that was started.
    """
    if host != ADDRESS:
        raise BattenError(
            f"the lab is not started on {host}: whoever reaches it runs Python on this machine",
            hint=f"leave --host out; it listens on {ADDRESS} only",
        )
    from batten.run.lab import Stack  # noqa: PLC0415 - the engine is not needed to print the help

    if hardened and _is_copy(directory):
        raise BattenError(f"{directory} holds a copy already", hint="name a new directory, or leave --hardened out")
    with ended_by_signals(), Progress() as progress:
        progress.show("starting the lab ...")
        with Stack("hardened" if hardened else "unlocked", directory, port) as stack:
            progress.__exit__()
            terminal.out(_told(stack, hardened=hardened))
            try:
                return _watched(stack)
            finally:
                terminal.tell("the lab has ended")


def _is_copy(directory: str) -> bool:
    from batten.run.lab import is_copy  # noqa: PLC0415 - the engine is not needed to print the help

    return bool(directory) and is_copy(directory)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """End as by Ctrl-C when the terminal is closed or the process is told to end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, held in zip(numbers, before, strict=True):
            signal.signal(number, held)


def _told(stack: Stack, *, hardened: bool) -> str:
    redis = f"127.0.0.1:{stack.cache_port}" if stack.cache_port else f"not started: {stack.no_cache}"
    where = stack.copy.directory
    kept = "" if stack.is_kept else " (removed at the end)"
    lines = [f"The chandlery, {'hardened' if hardened else 'as tutorials leave it'}, on this machine only.", ""]
    lines.append(f"  shop         {stack.url}")
    if not hardened and stack.pin:
        lines += [
            f"  debugger     {stack.url}price/anchor/usd (an error), {stack.url}console (PIN {stack.pin})",
            f"  traceback    {stack.url}api/orders",
            f"  .env         {stack.url}.env",
            f"  .git         {stack.url}.git/HEAD",
            f"  listing      {stack.url}files/",
            f"  login        {stack.url}admin/ (admin, admin)",
        ]
    lines.append(f"  redis        {redis}")
    there = os.path.relpath(where) if stack.is_kept else where
    lines += [
        "",
        f"  served from  {there}{kept}",
        f"  walk         batten lab tour --port {stack.ports[0]}",
        f"  grade        batten lab check {there}",
        "",
        "Ctrl-C ends it.",
    ]
    return "\n".join(lines) + "\n"


def _watched(stack: Stack) -> int:
    """Wait for Ctrl-C; an edit restarts the stack, and one that does not start waits for the next edit."""
    trouble = ""
    try:
        while True:
            time.sleep(_LOOK_S)
            if stack.is_edited():
                trouble = ""
                _restarted(stack)
                continue
            said = stack.trouble()
            if said and said != trouble:
                trouble = said
                terminal.tell(said)
                if not stack.is_kept:
                    return INCOMPLETE
    except KeyboardInterrupt:
        return 0


def _restarted(stack: Stack) -> None:
    try:
        stack.start()
    except BattenError as error:
        stack.end()
        terminal.tell(f"{error}\n  waiting for the next edit")
    else:
        terminal.tell(f"edited: started again on {stack.url}")
