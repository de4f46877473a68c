"""Formats and files: what `--format` and `--output` ask for, rendered and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from batten.cli import terminal
from batten.model import BattenError
from batten.model.data import dataclass
from batten.report import FORMATS
from batten.report.style import Look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.model import Report

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One rendering that somebody asked for."""

    format: str
    file: str = STDOUT


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the report is to be told."""

    target: str = "."
    """The path that was audited, as typed."""
    color: str = "auto"
    quiet: bool = False
    show_inputs: bool = False
    full: bool = False
    """Every finding is shown in full, however many there are."""


def planned(format_: str | None, outputs: Sequence[str], formats: Sequence[str] = FORMATS) -> tuple[Output, ...]:
    """Return what to write where; checked before the audit, so that no long run ends in a typing error.

    Without a format, text goes to standard output, unless an output claims it.
    `formats` are those that the command has.

    Raises:
        BattenError: an output is malformed, claims a place twice, or its directory does not exist.
    """
    wanted = [_parsed(value, formats) for value in outputs]
    if format_ is not None or all(output.file != STDOUT for output in wanted):
        wanted.insert(0, Output(format_ or "text"))
    files = [output.file for output in wanted]
    for file in files:
        if files.count(file) > 1:
            place = "standard output" if file == STDOUT else file
            raise BattenError(f"two formats would be written to {place}", hint="give each --output its own file")
        _check(file)
    return tuple(wanted)


def write(outputs: Sequence[Output], rendered: Callable[[Output], str]) -> None:
    """Render and write in every format asked for; files first, standard output last.

    Raises:
        BattenError: a file cannot be written.
    """
    for output in sorted(outputs, key=lambda output: output.file == STDOUT):
        text = rendered(output)
        if output.file != STDOUT:
            _save(output.file, text)
        elif output.format == "text":
            terminal.out(text)
        else:
            terminal.out_utf8(text)


def _parsed(value: str, formats: Sequence[str]) -> Output:
    name, equals, file = value.partition("=")
    if name not in formats:
        raise BattenError(f"--output {value}: unknown format {name!r}", hint=f"one of {', '.join(formats)}")
    if not equals or not file:
        raise BattenError(f"--output {value}: no file given", hint=f"--output {name}=FILE, or - for standard output")
    return Output(name, file)


def _check(file: str) -> None:
    if file == STDOUT:
        return
    path = Path(file)
    if path.is_dir():
        raise BattenError(f"cannot write {file}: it is a directory", hint=f"--output FORMAT={path / 'report'}")
    if not path.parent.is_dir():
        raise BattenError(f"cannot write {file}: the directory does not exist", hint=f"mkdir -p {path.parent}")


def _for_machines(name: str, report: Report, wishes: Wishes) -> str:
    """Return a report in one of the formats that CI systems read."""
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help
    from batten.report import github, gitlab, junit, markdown  # noqa: PLC0415 - likewise, each when it is asked for

    if name == "html":
        from batten.report import html  # noqa: PLC0415 - likewise

        return html.render(report, {rule.id: rule for rule in run.rules_told(report)})
    if name == "markdown":
        return markdown.render(report)
    if name == "junit":
        return junit.render(report, run.rules())
    prefix = _inside_repository(wishes.target)
    return github.render(report, prefix=prefix) if name == "github" else gitlab.render(report, prefix=prefix)


def stack(output: Output, report: Report, wishes: Wishes) -> str:
    """Return the stack as text; other formats hold it within the report."""
    if output.format != "text":
        return audit(output, report, wishes)
    from batten.report import stack as picture  # noqa: PLC0415 - each format is imported when it is asked for

    look = look_of(output, wishes.color)
    return picture.render(report.stack, color=look.color, width=look.width, links=look.links, ascii=look.ascii)


def audit(output: Output, report: Report, wishes: Wishes) -> str:
    """Return an audit's report in one format."""
    if output.format == "json":
        from batten.report import json  # noqa: PLC0415 - each format is imported when it is asked for

        return json.render(report)
    from batten import run  # noqa: PLC0415 - the engine is not needed to print the help

    if output.format == "sarif":
        from batten.report import sarif  # noqa: PLC0415 - each format is imported when it is asked for

        return sarif.render(report, run.rules(), prefix=_inside_repository(wishes.target))
    if output.format != "text":
        return _for_machines(output.format, report, wishes)
    from batten.report import text  # noqa: PLC0415 - each format is imported when it is asked for

    look = look_of(output, wishes.color)
    return text.render(
        report,
        {rule.id: rule for rule in run.rules_told(report)},
        color=look.color,
        width=look.width,
        links=look.links,
        ascii=look.ascii,
        quiet=wishes.quiet,
        show_inputs=wishes.show_inputs,
        full=wishes.full or output.file != STDOUT,
    )


def look_of(output: Output, color: str) -> Look:
    """Return how text may look where it goes: plain in a file."""
    return terminal.look(color) if output.file == STDOUT else Look()


def _inside_repository(target: str) -> str:
    """Return the audited directory relative to its repository's root, where code scanning looks for files."""
    path = Path(target).resolve()
    directory = path if path.is_dir() else path.parent
    for root in (directory, *directory.parents):
        if (root / ".git").exists():
            return directory.relative_to(root).as_posix().removeprefix(".")
    return ""


def _save(file: str, text: str) -> None:
    try:
        Path(file).write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise BattenError(f"cannot write {file}: {error.strerror}") from error
