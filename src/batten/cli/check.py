"""`batten check`: the static audit of a project."""

from __future__ import annotations

from typing import Any

import click

from batten.cli.options import LOOKED_UP, Flags, shared, there
from batten.cli.output import audit, stack, write


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--show", type=click.Choice(["stack"]), help="Print this instead: the stack, as Batten understands it.")
@LOOKED_UP
@shared
def check(path: str, show: str | None, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options of `shared` by name
    """Audit a project's source, configuration and deployment.

    PATH is the project's directory, or the file that makes the app. Nothing in
    it is imported or run. Variables that the host sets are told with --env.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    there(path, "batten check DIRECTORY")
    flags = Flags(**typed)
    outputs, wishes = flags.outputs(), flags.wishes(path)
    report = run.check(flags.request(path))
    if show:
        write(outputs, lambda output: stack(output, report, wishes))
        return 0 if report.stack.boxes else report.gate.code
    write(outputs, lambda output: audit(output, report, wishes))
    return report.gate.code
