"""`batten checklist`: the one page to go through before a deploy, ticked from evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from batten.cli.options import Flags, shared, there
from batten.cli.output import look_of, planned, write
from batten.cli.progress import Progress

if TYPE_CHECKING:
    from batten.cli.output import Output
    from batten.model import Report

FORMATS = ("text", "json", "html", "markdown")


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--url", multiple=True, metavar="URL", help="Where the app runs: what a visitor sees ticks lines too.")
@click.option("--host", metavar="HOST", help="Look at this machine's ports too.")
@click.option("--i-own", multiple=True, metavar="HOST", help="A host that you may probe; loopback needs no word.")
@click.option("--asvs", type=click.Choice(("L1", "L2")), help="The requirements of ASVS 5.0 up to this level instead.")
@shared
def checklist(path: str, asvs: str | None, **typed: Any) -> int:  # noqa: ANN401 - click hands over the options by name
    """Print the pre-deploy checklist for this stack, each line ticked, crossed or not evaluated.

    Formats: text, markdown, json, and html, which a browser prints to one sheet (or PDF).
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    there(path, "batten checklist DIRECTORY")
    own = {name: typed.pop(name) for name in ("url", "host", "i_own")}
    flags = Flags(**typed)
    outputs = planned(flags.format, flags.output, FORMATS)
    request = run.AuditRequest(
        terms=flags.request(path),
        urls=own["url"],
        host=own["host"] or "",
        i_own=own["i_own"],
        targets=run.settings(path).targets,
    )
    with Progress() as progress:
        report = run.audit(request, told=progress.tell, doing=lambda text: progress.show(f"{text} ..."))
    needed = _requirements(asvs) if asvs else None
    write(outputs, lambda output: _rendered(output, report, needed, flags.color))
    return report.gate.code


def _requirements(level: str) -> dict[str, list[str]]:
    """Return the requirements that each rule stands for, up to a level."""
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    levels = ("L1",) if level == "L1" else ("L1", "L2")
    found: dict[str, list[str]] = {}
    for rule in run.rules():
        names = [str(one) for one in run.standards(rule).asvs]
        found[rule.id] = [name for name in names if any(f"({one})" in name for one in levels)]
    return found


def _rendered(output: Output, report: Report, needed: dict[str, list[str]] | None, color: str) -> str:
    from batten.report import checklist as sheet  # noqa: PLC0415 - each format is imported when it is asked for

    if output.format == "html":
        return sheet.html(report, needed)
    if output.format == "markdown":
        return sheet.markdown(report, needed)
    if output.format == "json":
        return sheet.as_json(report, needed)
    return sheet.render(report, needed, look=look_of(output, color))
