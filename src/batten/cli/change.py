"""`batten baseline` and `batten diff`: what is there today, and what changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from batten.cli import terminal
from batten.cli.options import COLOR, Flags, shared, there
from batten.cli.output import Output, look_of
from batten.model import BattenError, Severity

_SHOWN = 5


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--owner", default="", help="Who answers for critical findings; without one they are left out.")
@shared
def baseline(path: str, owner: str, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options by name
    """Accept what a project has today: later checks report what is new.

    Writes batten.baseline.jsonl into PATH, a line for each finding; commit it. Run again, it
    takes out what is fixed. --new-since REV needs no such file.
    """
    from batten.run.change.baseline import baseline as drawn_up  # noqa: PLC0415 - the engine

    there(path, "batten baseline DIRECTORY")
    held = drawn_up(Flags(**typed).request(path), owner=owner)
    try:
        Path(held.path).write_text(held.text, encoding="utf-8")
    except OSError as error:
        raise BattenError(f"cannot write {held.path}: {error.strerror}") from error
    gone = f", {held.gone} taken out" if held.gone else ""
    terminal.out(f"{held.path}: {held.held} findings accepted{gone}\n")
    for finding in held.unowned[:_SHOWN]:
        terminal.tell(f"left out: {finding.graded.value}[{finding.rule}] at {finding.at} needs --owner NAME")
    if len(held.unowned) > _SHOWN:
        terminal.tell(f"left out: and {len(held.unowned) - _SHOWN} more")
    return 0


@click.command()
@click.argument("before", metavar="A.json", type=click.Path(exists=True, dir_okay=False))
@click.argument("after", metavar="B.json", type=click.Path(exists=True, dir_okay=False))
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--fail-on", type=click.Choice([one.value for one in Severity]), default="high", show_default=True)
@COLOR
def diff(before: str, after: str, form: str, fail_on: str, color: str) -> int:
    """Compare two reports: new, fixed, unchanged, and what changed its severity.

    Exit code 1: something new or worse is as severe as --fail-on says.
    """
    from batten.report import compare as told  # noqa: PLC0415 - each format is imported when it is asked for
    from batten.run.change.compare import compare  # noqa: PLC0415 - the engine

    held = compare(before, after)
    if form == "json":
        terminal.out_utf8(told.as_json(held))
    else:
        look = look_of(Output("text"), color)
        terminal.out(told.render(held, color=look.color, width=look.width, ascii=look.ascii))
    return 1 if held.worsened(Severity(fail_on)) else 0
