"""The commands, and what `batten` says without one."""

from __future__ import annotations

import click

from batten import __version__
from batten.cli.audit import audit
from batten.cli.change import baseline, diff
from batten.cli.check import check
from batten.cli.checklist import checklist
from batten.cli.completion import completion
from batten.cli.config import config
from batten.cli.help import helped
from batten.cli.lab import lab
from batten.cli.ports import ports
from batten.cli.probe import probe
from batten.cli.rules import explain, rules

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(
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


for command in (check, audit, baseline, diff, config, probe, ports, checklist, rules, explain, lab, completion):
    commands.add_command(command)
