"""The options that every audit shares, and what they say together with the settings files."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click

from batten.cli.output import Wishes, planned
from batten.model import BattenError, Severity
from batten.model.data import dataclass
from batten.report import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from batten.cli.output import Output
    from batten.run import Request

PERSONAS = ("regular", "auditor")
ADVISORIES = ("offline", "osv", "pypi")
_NAME = re.compile(r"[^\s=]+")


@dataclass(frozen=True, slots=True)
class Flags:
    """The shared options as typed; None or empty where nothing was typed."""

    env: tuple[str, ...]
    env_file: tuple[str, ...]
    format: str | None
    output: tuple[str, ...]
    fail_on: str | None
    min_score: int | None
    strict: bool | None
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    persona: str | None
    color: str
    quiet: bool
    show_inputs: bool
    full: bool
    advisories: str | None = None
    new_since: str | None = None
    """Only a check has the option."""

    def wishes(self, target: str) -> Wishes:
        """Return how the report on a target is to be told."""
        return Wishes(target, self.color, quiet=self.quiet, show_inputs=self.show_inputs, full=self.full)

    def outputs(self) -> tuple[Output, ...]:
        """Return what to write where."""
        return planned(self.format, self.output)

    def request(self, target: str) -> Request:
        """Return what to ask of `run`: the options over the settings files over the defaults."""
        from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

        held = run.settings(target)
        fail_on = Severity(self.fail_on) if self.fail_on else held.fail_on or Severity.HIGH
        return run.Request(
            target=target,
            env={**held.env, **variables(self.env)},
            env_files=(*held.env_files, *self.env_file),
            fail_on=fail_on,
            min_score=held.min_score if self.min_score is None else self.min_score,
            strict=bool(held.strict if self.strict is None else self.strict),
            select=_known(_split(self.select) or held.select or ()),
            ignore=_known((*held.ignore, *_split(self.ignore))),
            persona=self.persona or held.persona or PERSONAS[0],
            advisories=self.advisories or held.advisories or ADVISORIES[0],
            new_since=self.new_since or "",
            accepted=held.accepted,
        )


def variables(pairs: Iterable[str]) -> Mapping[str, str]:
    """Return the variables of `--env NAME=VALUE`, a later one over an earlier.

    Raises:
        BattenError: a pair has no equals sign or no name.
    """
    held: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise BattenError(f"--env {pair}: not a variable and its value", hint="--env NAME=VALUE")
        held[name] = value
    return held


def _split(values: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of `--select a,b --select c`."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names, each known to be a rule, topic or alias: a typing error would open the gate."""
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    for name in names:
        run.explain(name)
    return names


def there(path: str, hint: str) -> None:
    """Do nothing where the path exists.

    Raises:
        BattenError: it does not.
    """
    if not os.path.lexists(path):
        raise BattenError(f"{path}: no such file or directory", hint=hint)


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with the options that every audit shares."""
    return environment(_with(_AUDIT, command))


def environment(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with the options that say what production sets."""
    return _with(_ENVIRONMENT, command)


def _with(options: Sequence[Callable[..., Any]], command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


_ENVIRONMENT = (
    click.option("--env", multiple=True, metavar="NAME=VALUE", help="A variable that production sets; repeatable."),
    click.option(
        "--env-file",
        multiple=True,
        type=click.Path(exists=True, dir_okay=False),
        help="A file of variables that production sets; repeatable.",
    ),
)
LOOKED_UP = click.option(
    "--advisories",
    type=click.Choice(ADVISORIES),
    help="Where known vulnerabilities are looked up; osv and pypi use the network.  [default: offline]",
)
COLOR = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
_AUDIT = (
    click.option("--format", type=click.Choice(FORMATS), help="What to print.  [default: text]"),
    click.option("--output", multiple=True, metavar="FORMAT=FILE", help="Write this format there too; repeatable."),
    click.option(
        "--fail-on",
        type=click.Choice([severity.value for severity in Severity]),
        help="Shut the gate at this severity and above.  [default: high]",
    ),
    click.option("--min-score", type=click.IntRange(0, 100), help="Shut the gate below this score."),
    click.option(
        "--strict/--no-strict", default=None, help="Possible findings and open questions shut the gate as well."
    ),
    click.option("--new-since", metavar="REV", help="Report what this revision did not have; evaluates both."),
    click.option("--select", multiple=True, metavar="ID", help="Only these rules or topics; repeatable, or a,b."),
    click.option("--ignore", multiple=True, metavar="ID", help="Leave these rules or topics out; repeatable, or a,b."),
    click.option("--persona", type=click.Choice(PERSONAS), help="How much to insist on.  [default: regular]"),
    COLOR,
    click.option("--quiet", "-q", is_flag=True, help="Print the gate line only."),
    click.option("--full", is_flag=True, help="Show every finding in full; a long report is folded by rule."),
    click.option("--show-inputs", is_flag=True, help="List the settings and files that decided the verdict."),
)
