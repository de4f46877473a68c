"""What a group of commands says when it is given none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.cli import terminal
from batten.cli.codes import USAGE

if TYPE_CHECKING:
    import click


def helped(context: click.Context) -> int:
    """Print the help when no command was typed, and return the exit code.

    It is not 0: in a build server's script, a line that lost its command must not open the gate.
    """
    if context.invoked_subcommand is not None:
        return 0
    terminal.out(context.get_help() + "\n")
    return USAGE
