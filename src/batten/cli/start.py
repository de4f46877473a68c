"""Runs a command and turns whatever happens into a message and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from batten.cli import terminal
from batten.cli.codes import INCOMPLETE, INTERRUPTED, USAGE
from batten.cli.commands import commands
from batten.model import BattenError

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(args: Sequence[str]) -> int:
    """Run the command line and return the exit code that DESIGN promises."""
    code = _code(args)
    terminal.flush()
    return code


def _code(args: Sequence[str]) -> int:
    try:
        return int(commands.main(list(args), prog_name="batten", standalone_mode=False) or 0)
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "batten"
        return _complain(_lowered(error.format_message()), f"{name} --help", USAGE)
    except click.ClickException as error:
        return _complain(_lowered(error.format_message()), "", USAGE)
    except BattenError as error:
        return _complain(str(error), error.hint, error.code)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except SystemExit as error:  # click leaves this way after shell completion and on a closed pipe
        return error.code if isinstance(error.code, int) else 0
    except Exception as error:  # noqa: BLE001 - our own bug: it must not pass for a verdict
        return _bug(error)


def _complain(what: str, hint: str, code: int) -> int:
    terminal.tell(f"error: {what}")
    if hint:
        terminal.tell(f"  {hint}" if hint.startswith("did you mean") else f"  try: {hint}")
    return code


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]


def _bug(error: Exception) -> int:
    if os.environ.get("BATTEN_DEBUG"):
        sys.excepthook(type(error), error, error.__traceback__)
    what = f"Batten itself failed, the audit is incomplete: {type(error).__name__}: {error}"
    hint = "BATTEN_DEBUG=1 shows the traceback; please report it with the command that you ran"
    return _complain(what, hint, INCOMPLETE)
