"""Reads the environment files of compose (`env_file`, `.env`) and of systemd."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.interpolation import fill
from batten.understand.deploy.reading import Piece
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMPOSE = re.compile(r"\s*(?:export[ \t]+)?([A-Za-z0-9_.\[\]-]+)[ \t]*(?:[=:][ \t]*(.*))?", re.DOTALL)
_QUOTED = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)\"""", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_SYSTEMD = re.compile(r"([A-Za-z_]\w*)[ \t]*=[ \t]*(.*)", re.DOTALL)


def compose(text: str, path: str, lookup: Callable[[str], Piece], says: str = "env_file") -> dict[str, Variable]:
    """Return what an `env_file` sets (compose-go `dotenv/parser.go`).

    A name alone takes the host's value, which nobody here knows.
    """
    found: dict[str, Variable] = {}

    def known(name: str) -> Piece:
        variable = found.get(name)
        return Piece(variable.value, variable.default) if variable else lookup(name)

    lines = text.split("\n")
    position = 0
    while position < len(lines):
        line, number = lines[position], position + 1
        position += 1
        match = _COMPOSE.fullmatch(line)
        if match is None or line.lstrip().startswith("#"):
            continue
        name, written = match[1], match[2]
        if written is None:
            piece = Piece(None)
        else:
            if written[:1] in ("'", '"'):
                written, position = _to_quote(written, lines, position)
            piece = _value(written, known)
        at = Location(file=path, line=number)
        found[name] = Variable(name, piece.text, at, says, default=piece.default)
    return found


def _to_quote(written: str, lines: list[str], position: int) -> tuple[str, int]:
    """Add lines until the quote is closed; when it never is, the one line is the value."""
    quote, after = written[0], position
    gathered = [written]
    if not _QUOTED.match(written):
        while after < len(lines):
            gathered.append(lines[after])
            after += 1
            if quote in gathered[-1]:
                break
    joined = "\n".join(gathered)
    return (joined, after) if _QUOTED.match(joined) else (written, position)


def _value(written: str, lookup: Callable[[str], Piece]) -> Piece:
    quoted = _QUOTED.match(written)
    if quoted is None:
        cut = re.split(r"(?:^|[ \t])#", written, maxsplit=1)[0]
        return fill(cut.rstrip(), lookup)
    if quoted[1] is not None:
        return Piece(quoted[1])
    piece = fill(quoted[2], lookup)
    if piece.text is None:
        return piece
    text = _ESCAPE.sub(lambda m: _ESCAPES.get(m[1], m[1]), piece.text)
    return Piece(text, piece.default)


def systemd(text: str, path: str) -> dict[str, Variable]:
    """Return what an `EnvironmentFile=` sets (systemd.exec(5)): no `export`, no expansion."""
    found: dict[str, Variable] = {}
    lines = text.split("\n")
    position = 0
    while position < len(lines):
        number = position + 1
        line = lines[position]
        position += 1
        while line.endswith("\\") and position < len(lines):
            line = line[:-1] + lines[position]
            position += 1
        match = None if line.lstrip()[:1] in ("#", ";") else _SYSTEMD.match(line.strip())
        if match is not None:
            quoted = _QUOTED.fullmatch(match[2])
            value = match[2] if quoted is None else quoted[1] or quoted[2] or ""
            at = Location(file=path, line=number)
            found[match[1]] = Variable(match[1], value, at, "EnvironmentFile")
    return found


def below(env: Mapping[str, Variable]) -> dict[str, Variable]:
    """Return variables as a source that is not in the repository leaves them: it may set them anew."""
    return {name: replace(variable, default=True) for name, variable in env.items()}
