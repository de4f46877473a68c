"""`batten check`: the static audit of a project."""

from __future__ import annotations

import os
from typing import Any

import click

from batten.cli.options import Flags, shared
from batten.cli.output import write
from batten.model import BattenError


@click.command()
@click.argument("path", default=".", type=click.Path())
@shared
def check(path: str, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options of `shared` by name
    """Audit a project's source, configuration and deployment.

    PATH is the project's directory, or the file that makes the app. Nothing in
    it is imported or run. Variables that the host sets are told with --env.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    if not os.path.lexists(path):
        raise BattenError(f"{path}: no such file or directory", hint="batten check DIRECTORY")
    flags = Flags(**typed)
    outputs = flags.outputs()
    report = run.check(flags.request(path))
    write(outputs, report, flags.wishes(path))
    return report.gate.code
