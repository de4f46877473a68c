"""The commands, and what `batten` says without one; the module of a command is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from batten import __version__
from batten.cli.help import helped

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
MODULES = {
    "audit": "audit",
    "baseline": "change",
    "check": "check",
    "checklist": "checklist",
    "completion": "completion",
    "config": "config",
    "diff": "change",
    "explain": "rules",
    "lab": "lab",
    "ports": "ports",
    "probe": "probe",
    "rules": "rules",
}
"""Command to the module below `batten.cli` that holds it, under its own name."""


class Commands(click.Group):
    """A group whose commands are imported one by one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        del ctx
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, None where there is none of that name."""
        del ctx
        if cmd_name not in MODULES:
            return None
        found: click.Command = getattr(import_module(f"batten.cli.{MODULES[cmd_name]}"), cmd_name)
        return found


@click.group(
    cls=Commands,
    context_settings=CONTEXT,
    invoke_without_command=True,
    epilog="""\b
    Exit codes: 0 the gate passed, 1 it failed, 2 usage or settings,
    3 nothing to audit, 4 incomplete, 130 interrupted.""",
)
@click.version_option(__version__, "-V", "--version", message="batten %(version)s")
@click.pass_context
def commands(context: click.Context) -> int:
    """Audit what a Python web deployment would really do, before it does.

    Start with: batten check
    """
    return helped(context)
