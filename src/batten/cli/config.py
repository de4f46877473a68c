"""`batten config`: what production will really run with."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from batten.cli.options import COLOR, environment, there, variables
from batten.cli.output import Output, look_of, planned, write
from batten.model import BattenError
from batten.model.spelling import nearest

if TYPE_CHECKING:
    from batten.model import Configuration

FORMATS = ("text", "json")


@click.command()
@click.argument("path", default=".", type=click.Path())
@environment
@click.option("--all", "everything", is_flag=True, help="Every setting, not only those that matter for security.")
@click.option(
    "--setting", multiple=True, metavar="NAME", help="Only this setting, in full; repeatable, `SESSION_*` matches many."
)
@click.option("--reveal-secrets", is_flag=True, help="Print secrets instead of masking them.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="What to print; json has every setting.  [default: text]"
)
@click.option("--output", multiple=True, metavar="FORMAT=FILE", help="Write this format there too; repeatable.")
@COLOR
@click.option("--quiet", "-q", is_flag=True, help="Print names and values only, one a line.")
def config(  # noqa: PLR0913 - click hands over each option by name
    *,
    path: str,
    env: tuple[str, ...],
    env_file: tuple[str, ...],
    everything: bool,
    setting: tuple[str, ...],
    reveal_secrets: bool,
    format_: str | None,
    output: tuple[str, ...],
    color: str,
    quiet: bool,
) -> int:
    """Show what production will really run with, and why.

    PATH is the project's directory, or the file that makes the app. Nothing in
    it is imported or run. Variables that the host sets are told with --env.
    """
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    there(path, "batten config DIRECTORY")
    outputs = planned(format_, output, FORMATS)
    settings = run.settings(path)
    request = run.Request(
        target=path,
        env={**settings.env, **variables(env)},
        env_files=(*settings.env_files, *env_file),
    )
    held = run.config(request, reveal_secrets=reveal_secrets)
    names = _chosen(held, setting)

    def rendered(wanted: Output) -> str:
        if wanted.format == "json":
            from batten.report import json  # noqa: PLC0415 - each format is imported when it is asked for

            return json.configuration(_narrowed(held, names) if names else held)
        from batten.report import config as text  # noqa: PLC0415 - each format is imported when it is asked for

        look = look_of(wanted, color)
        return text.render(held, look, quiet=quiet, everything=everything, names=names)

    write(outputs, rendered)
    return held.code


def _chosen(held: Configuration, patterns: tuple[str, ...]) -> frozenset[str]:
    """Return the names that the patterns match, in any case.

    Raises:
        BattenError: a pattern matches no setting of any app.
    """
    known = sorted({name for app in held.apps for name in app.settings})
    chosen: set[str] = set()
    for pattern in patterns:
        matching = [name for name in known if fnmatchcase(name.lower(), pattern.lower())]
        if not matching and held.apps:
            near = nearest(pattern.upper(), known)
            hint = f"did you mean {near}?" if near else "batten config --all"
            raise BattenError(f"--setting {pattern}: no app here has that setting", hint=hint)
        chosen.update(matching)
    return frozenset(chosen)


def _narrowed(held: Configuration, names: frozenset[str]) -> Configuration:
    apps = (
        replace(app, settings={name: value for name, value in app.settings.items() if name in names})
        for app in held.apps
    )
    return replace(held, apps=tuple(apps))
