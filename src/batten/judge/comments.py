"""Reads suppressions written as comments: `# batten: ignore[debug-mode/flask] until=2027-03-01 -- reason`."""

from __future__ import annotations

import io
import re
import tokenize
from typing import TYPE_CHECKING

from batten.judge.ignores import Ignore
from batten.model import Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Comment:
    """One suppression in a file."""

    ignore: Ignore
    lines: frozenset[int]
    """The lines it speaks for: its own, and the one below when it stands alone."""


def comments(file: str, text: str) -> Iterator[Comment]:
    """Yield the suppressions among the comments of a file.

    In Python only what the tokenizer calls a comment counts. Elsewhere a `#`
    at the start of a line or after a space opens a comment unless it stands
    between quotes on that line; a Dockerfile knows comments only at the start
    of a line. Outside Python, strings of several lines are not recognised and
    very long lines are not read.
    """
    if not _MARK.search(text):
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")  # as Python counts lines
    lines = text.split("\n")
    read = _python if file.endswith((".py", ".pyi", ".pyw")) else _plain
    whole_lines_only = _is_dockerfile(file)
    for line, column, comment in read(text, lines):
        alone = not lines[line - 1][:column].strip()
        if whole_lines_only and not alone:
            continue
        covers = frozenset({line, *_below(lines, line)} if alone else {line})
        # One comment may hold two: `# batten: ignore[a] -- one  # batten: ignore[b] -- two`.
        for part in _MARK.split(comment)[1:]:
            yield Comment(_read(part, Location(file, line, column + 1)), covers)


def _read(text: str, at: Location) -> Ignore:
    """Return what stands after `# batten: ignore`; what is not understood becomes its `problem`."""
    head, dashes, reason = text.partition("--")
    match = _HEAD.fullmatch(head.strip())
    if match is None:
        return Ignore(rules=(), reason=reason.strip(), at=at, problem=_UNREADABLE)
    rules = tuple(name.strip() for name in match["rules"].split(",") if name.strip())
    return Ignore(
        rules=rules,
        reason=reason.strip() if dashes else "",
        at=at,
        until=match["until"] or "",
        problem="" if rules else _UNREADABLE,
    )


def _below(lines: list[str], line: int) -> Iterator[int]:
    """Yield the first line below `line` that is no comment, so that suppressions can be stacked."""
    below = line + 1
    while below <= len(lines) and lines[below - 1].lstrip().startswith("#"):
        below += 1
    yield below


def _python(text: str, _lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line, column from 0 and text of each comment, up to where the file stops being Python."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield *token.start, token.string
    except (tokenize.TokenError, SyntaxError):
        return  # the app's reader has reported the file; what was read so far holds


def _plain(_text: str, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    for number, line in enumerate(lines, 1):
        column = _hash(line) if len(line) <= _LONGEST_LINE else None
        if column is not None:
            yield number, column, line[column:]


def _hash(line: str) -> int | None:
    """Return where the comment of a line opens; a quote that is never closed is an apostrophe."""
    column = 0
    while column < len(line):
        if line[column] == "#" and (column == 0 or line[column - 1] in " \t;"):
            return column
        quoted = _QUOTED.match(line, column)
        column = quoted.end() if quoted else column + 1
    return None


def _is_dockerfile(file: str) -> bool:
    name = file.rpartition("/")[2].lower()
    return name.startswith(("dockerfile", "containerfile")) or name.endswith(".dockerfile")


_MARK = re.compile(r"#[ \t]*batten:[ \t]*ignore\b")
_HEAD = re.compile(r"\[(?P<rules>[^\[\]]*)\](?:\s+until=(?P<until>\S+))?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'[^']*'")
_LONGEST_LINE = 2000
"""Nobody writes a comment behind more than that; minified text is not searched for quotes."""
_UNREADABLE = "is not understood; write: # batten: ignore[topic/detail] -- reason"
