"""`batten rules` and `batten explain`: what is checked, and why it matters."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from batten.cli import terminal
from batten.report.pages import page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from click.shell_completion import CompletionItem

    from batten.model import Rule
    from batten.report.style import Look


@click.command()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def rules(format_: str, color: str) -> None:
    """List the rules with their severity."""
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    held = sorted(run.rules(), key=lambda rule: rule.id)
    if format_ == "json":
        terminal.out_utf8(_json(held))
    else:
        look = terminal.look(color)
        terminal.out(look.finish("".join(f"{line}\n" for line in _table(held, look))))


def _table(held: list[Rule], look: Look) -> Iterable[str]:
    widest = max((len(rule.id) for rule in held), default=0)
    for rule in held:
        severity = rule.severity.value
        head = f"{look.paint(f'{severity:<8}', severity)}  {rule.id:<{widest}}  "
        mark = "" if rule.persona == "regular" else f" ({rule.persona})"
        first, *rest = look.wrap(rule.title + mark, widest + 12)
        yield head + first
        for part in rest:
            yield " " * (widest + 12) + part


def _json(held: list[Rule]) -> str:
    import json  # noqa: PLC0415 - only this format needs it

    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    rows = []
    for rule in held:
        standards = run.standards(rule)
        rows.append(
            {
                "id": rule.id,
                "topic": rule.topic,
                "layer": rule.layer,
                "severity": rule.severity.value,
                "title": rule.title,
                "persona": rule.persona,
                "cwe": rule.cwe,
                "owasp": list(standards.owasp),
                "asvs": [str(requirement) for requirement in standards.asvs],
                "wstg": list(standards.wstg),
                "aliases": list(rule.aliases),
            }
        )
    return json.dumps(rows, indent=2) + "\n"


def _names(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Complete the name of a rule or topic."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell asks

    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    held = run.rules()
    topics = {rule.topic: "" for rule in held}
    named = {**topics, **{rule.id: rule.title for rule in held}}
    return [CompletionItem(name, help=says) for name, says in sorted(named.items()) if name.startswith(typed)]


@click.command()
@click.argument("rule", shell_complete=_names)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def explain(rule: str, color: str) -> None:
    """Say why a rule matters and how to fix it.

    Prints the page of RULE, which is a rule's id, its old name, or a topic for all pages of it.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    text = "\n---\n\n".join(page(held, run.standards(held)) for held in run.explain(rule))
    look = terminal.look(color)
    if look.color:
        terminal.out(_drawn(text, look))
    else:
        terminal.out(look.finish(text))


def _drawn(text: str, look: Look) -> str:
    """Return Markdown drawn for a terminal."""
    from rich.console import Console  # noqa: PLC0415 - a tenth of a second that only this page pays
    from rich.markdown import Markdown  # noqa: PLC0415 - likewise

    console = Console(width=look.width, force_terminal=True, no_color=False, file=sys.stdout)
    with console.capture() as capture:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=look.links))
    return capture.get()
