"""Reads `.env` files exactly as python-dotenv does.

python-dotenv 1.2 `parser.py` (the grammar), `main.py` `resolve_variables` (the
order in which `${X}` looks around). Which file is read, and whether it stands
over the environment, is for the caller to know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.reading import Piece
from batten.understand.stack import Variable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BLANK = re.compile(r"\s*")
_SPACE = re.compile(r"[^\S\r\n]*")
_EXPORT = re.compile(r"(?:export[^\S\r\n]+)?")
_KEY = re.compile(r"'([^']+)'|([^'=#\s][^=#\s]*)")
_EQUALS = re.compile(r"=[^\S\r\n]*")
_QUOTED = {
    "'": re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL),
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
}
_ESCAPED = {"'": re.compile(r"\\([\\'])"), '"': re.compile(r"\\([\\'\"abfnrtv])")}
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_REST = re.compile(r"[^\r\n]*")
_END = re.compile(r"[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_REFERENCE = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")


def parse(
    text: str,
    path: str,
    environ: Mapping[str, Variable] | None = None,
    *,
    override: bool = False,
) -> dict[str, Variable]:
    """Return the variables that a `.env` file sets; the last one of a name wins.

    `environ` is the environment as far as it is known, for `${X}`; it is asked
    before the file's own variables unless `override` is on. A reference that
    neither holds gives the fallback, and marks the value as one that the host
    may replace. A name without `=` sets nothing.
    """
    around = environ or {}
    own: dict[str, Variable | None] = {}
    for name, value, line in bindings(text):
        if value is None:
            own[name] = None
            continue
        piece = _resolved(value, own, around, override=override)
        at = Location(file=path, line=line)
        own[name] = Variable(name, piece.text, at, path, default=piece.default)
    return {name: variable for name, variable in own.items() if variable is not None}


def bindings(text: str) -> Iterator[tuple[str, str | None, int]]:
    """Yield name, value (None without `=`) and line of each assignment, unresolved."""
    text = text.removeprefix("\ufeff")
    at = counted = 0
    line = 1
    while at < len(text):
        start = _over(_BLANK, text, at)
        line += len(_NEWLINE.findall(text, counted, start))
        counted = start
        found, at = _binding(text, start)
        if found is not None:
            yield found[0], found[1], line


def _binding(text: str, at: int) -> tuple[tuple[str, str | None] | None, int]:
    """Read one line; return name and value, or None for a comment or a bad line."""
    at = _over(_EXPORT, text, at)
    name: str | None = None
    value: str | None = None
    if not text.startswith("#", at):
        key = _KEY.match(text, at)
        if key is None:
            return None, _after_line(text, at)
        name = key[1] or key[2]
        at = _over(_SPACE, text, key.end())
        equals = _EQUALS.match(text, at)
        if equals is not None:
            at = equals.end()
            read = _value(text, at, spaced=len(equals.group()) > 1)
            if read is None:
                return None, _after_line(text, at)
            value, at = read
    end = _END.match(text, at)
    if end is None:
        return None, _after_line(text, at)
    return (None if name is None else (name, value)), end.end()


def _value(text: str, at: int, *, spaced: bool) -> tuple[str, int] | None:
    """Read a value; return it and where it ends, or None when a quote is not closed."""
    first = text[at : at + 1]
    if spaced and first == "#":
        return "", at
    if first in _QUOTED:
        match = _QUOTED[first].match(text, at)
        if match is None:
            return None
        unescaped = _ESCAPED[first].sub(lambda m: _ESCAPES.get(m[1], m[1]), match[1])
        return unescaped, match.end()
    end = _over(_REST, text, at)
    part = text[at:end]
    # python-dotenv cuts `\s+#.*`; the same in linear time.
    for mark in re.finditer("#", part):
        if mark.start() and part[mark.start() - 1].isspace():
            part = part[: mark.start()]
            break
    return part.rstrip(), end


def _after_line(text: str, at: int) -> int:
    at = _over(_REST, text, at)
    newline = re.compile(r"[\r\n]?").match(text, at)  # python-dotenv `_rest_of_line`: `\r` alone
    return newline.end() if newline else at


def _over(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _resolved(
    value: str,
    own: Mapping[str, Variable | None],
    around: Mapping[str, Variable],
    *,
    override: bool,
) -> Piece:
    default = False
    texts: list[str] = []
    at = 0
    for match in _REFERENCE.finditer(value):
        texts.append(value[at : match.start()])
        at = match.end()
        piece = _looked_up(match[1], match[2], own, around, override=override)
        if piece.text is None:
            return piece
        default = default or piece.default
        texts.append(piece.text)
    return Piece("".join(texts) + value[at:], default)


def _looked_up(
    name: str,
    fallback: str | None,
    own: Mapping[str, Variable | None],
    around: Mapping[str, Variable],
    *,
    override: bool,
) -> Piece:
    for place in (own, around) if override else (around, own):
        if name in place:
            variable = place[name]
            return Piece("") if variable is None else Piece(variable.value, variable.default)
    return Piece(fallback or "", default=True)
