"""Reads Apache's configuration: directives, blocks, continued lines (httpd 2.4 `ap_cfg_getline`, `ap_getword_conf`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LINES = 20_000
_DEEPEST = 30
_WORD = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))""", re.DOTALL)
_OPENS = re.compile(r"<\s*([\w-]+)")
_CLOSES = re.compile(r"</\s*([\w-]+)")


@dataclass(frozen=True, slots=True)
class Directive:
    """One directive, or one block with those in it."""

    name: str
    """In lower case."""
    args: tuple[str, ...]
    at: Location
    inside: tuple[Directive, ...] | None = None
    """Of a block."""

    @property
    def text(self) -> str:
        """Its arguments in one text."""
        return " ".join(self.args)


def words(text: str) -> tuple[str, ...]:
    """Return the arguments of a line: a quote holds several words, a backslash keeps a quote."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        quoted = match[1] if match[1] is not None else match[2]
        found.append(re.sub(r"\\([\"'\\])", r"\1", quoted) if quoted is not None else match[3])
    return tuple(found)


def parse(text: str, path: str, doubt: Callable[[str, Location], None]) -> tuple[Directive, ...]:
    """Return the directives of a file; what is not closed goes to `doubt` with its line."""
    stack: list[tuple[str, tuple[str, ...], Location, list[Directive]]] = [("", (), Location(file=path, line=1), [])]
    lines = text.split("\n")
    for number, line in _joined(lines[:MOST_LINES]):
        at = Location(file=path, line=number)
        if not line or line.startswith(("#", "{%", "{#")):
            continue
        closes = _CLOSES.match(line)
        if closes is not None:
            name = closes[1].lower()
            if len(stack) > 1 and any(opened == name for opened, *_ in stack):
                while stack[-1][0] != name:
                    doubt(f"<{stack[-1][0]}> is not closed", stack[-1][2])
                    _close(stack)
                _close(stack)
            else:
                doubt(f"</{closes[1]}> closes nothing", at)
            continue
        opens = _OPENS.match(line) if line.startswith("<") else None
        if opens is not None:
            if len(stack) > _DEEPEST:
                doubt("it is nested too deeply", at)
                break
            stack.append((opens[1].lower(), words(line[opens.end() :].removesuffix(">")), at, []))
            continue
        name, *args = words(line) or ("",)
        if name:
            stack[-1][3].append(Directive(name.lower(), tuple(args), at))
    while len(stack) > 1:
        doubt(f"<{stack[-1][0]}> is not closed", stack[-1][2])
        _close(stack)
    if len(lines) > MOST_LINES:
        doubt(f"only the first {MOST_LINES} lines are read", Location(file=path, line=MOST_LINES))
    return tuple(stack[0][3])


def _close(stack: list[tuple[str, tuple[str, ...], Location, list[Directive]]]) -> None:
    name, args, at, inside = stack.pop()
    stack[-1][3].append(Directive(name, args, at, tuple(inside)))


def _joined(lines: list[str]) -> list[tuple[int, str]]:
    """Return lines with their numbers, a line that ends in a backslash joined with the next."""
    found: list[tuple[int, str]] = []
    parts: list[str] = []
    first = 0
    for number, line in enumerate(lines, start=1):
        first = first if parts else number
        if line.endswith("\\"):
            parts.append(line[:-1])
            continue
        found.append((first, "".join([*parts, line]).strip()))
        parts = []
    if parts:
        found.append((first, "".join(parts).strip()))
    return found
