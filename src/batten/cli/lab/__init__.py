"""`batten lab`: the bundled apps to learn on, one left open and one battened down: found, copied, started, graded."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

import batten
from batten.cli import terminal
from batten.cli.help import helped
from batten.cli.lab.graded import check
from batten.cli.lab.running import up
from batten.cli.lab.walk import tour
from batten.model import BattenError

TWINS = ("unlocked", "hardened")
_ROOT = Path(batten.__file__).parent / "lab"


@click.group(invoke_without_command=True)
@click.pass_context
def lab(context: click.Context) -> int:
    """Start, walk through and mend a demo app that is open on purpose.

    `unlocked` is an app left open on purpose, `hardened` its battened-down twin.
    """
    return helped(context)


@lab.command()
@click.argument("twin", required=False, type=click.Choice(TWINS))
def path(twin: str | None) -> None:
    """Print the folder of a demo app, or the folder that holds both."""
    terminal.out(f"{_ROOT / twin if twin else _ROOT}\n")


@lab.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def copy(directory: Path) -> None:
    """Copy both demo apps into DIRECTORY, to change them and see what happens."""
    for twin in TWINS:
        if (directory / twin).exists():
            raise BattenError(f"{directory / twin} is there already", hint="name a new directory")
    try:
        for twin in TWINS:
            shutil.copytree(_ROOT / twin, directory / twin, ignore=shutil.ignore_patterns("__pycache__"))
    except OSError as error:
        raise BattenError(f"cannot copy to {directory}: {error}") from error
    terminal.out("".join(f"{directory / twin}\n" for twin in TWINS))


for command in (up, tour, check):
    lab.add_command(command)
