"""`batten lab check`: which doors of a copy are still open."""

from __future__ import annotations

import click

from batten.cli import terminal
from batten.cli.lab.running import ended_by_signals
from batten.cli.progress import Progress
from batten.model import BattenError


@click.command()
@click.argument("directory", default=".", type=click.Path(file_okay=False))
@click.option("--format", "format_", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
def check(directory: str, *, format_: str) -> int:
    """Tell which doors of your copy in DIRECTORY are still open.

    It starts the copy on free ports of 127.0.0.1, audits files and running
    site, and ends it. Exit codes: 0 all doors are shut, 1 some are open, 4 not all could be tried.
    """
    from batten.report import lab as picture  # noqa: PLC0415 - the engine is not needed to print the help
    from batten.run.lab import Stack, grade, is_copy  # noqa: PLC0415 - likewise

    if not is_copy(directory):
        raise BattenError(f"{directory} holds no copy of the lab", hint="batten lab up DIRECTORY makes one")
    with ended_by_signals():
        with Progress() as progress:
            progress.show("starting your copy ...")
            with Stack(directory=directory) as stack:
                graded = grade(stack, doing=lambda text: progress.show(f"{text} ..."))
        text = picture.render(graded, format_, terminal.look())
        (terminal.out if format_ == "text" else terminal.out_utf8)(text)
    return graded.code
