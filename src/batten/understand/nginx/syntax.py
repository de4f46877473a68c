"""Reads nginx's text into directives, as its own reader does, and goes on after what it cannot read.

nginx 1.22 `ngx_conf_read_token`: words, quotes, escapes, `${name}` inside a word, comments. Blocks of Lua are
passed over whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 40
_MOST = 30_000
"""Directives of one file."""
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|\#[^\n]*)
    |(?P<mark>[;{}])
    |"(?P<double>(?:\\.|[^"\\])*)"
    |'(?P<single>(?:\\.|[^'\\])*)'
    |(?P<word>(?:\\.|\$\{|[^\s;{}"'\\])(?:\\.|\$\{|[^\s;{\\])*)
    |(?P<odd>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"""\\(["'\\trn])""")
_ESCAPED = {"t": "\t", "r": "\r", "n": "\n"}
_BRACE = re.compile(r"[{}]")
_LUA = "_by_lua_block"


@dataclass(frozen=True, eq=False, slots=True)
class Directive:
    """One directive; it is itself alone, however alike another one is."""

    name: str
    args: tuple[str, ...]
    at: Location
    block: tuple[Directive, ...] | None = None
    """What stands between its braces; None where it has none."""

    @property
    def first(self) -> str:
        """The first argument, empty where it has none."""
        return self.args[0] if self.args else ""


class Problem(NamedTuple):
    """Why a text could not be read to its end, and where."""

    says: str
    at: Location


class Text(NamedTuple):
    """A text to read, with the place of its first line."""

    text: str
    path: str
    line: int = 1


def parse(held: Text) -> tuple[tuple[Directive, ...], Problem | None]:
    """Return the directives of a text, and what ended the reading before its end."""
    reader = _Reader(held)
    found = reader.block(0)
    if reader.problem is None and reader.left_over:
        reader.fail('a "}" too many')
    return tuple(found), reader.problem


class _Token(NamedTuple):
    kind: str
    """`word`, or the mark itself: `;`, `{`, `}`; empty at the end."""
    text: str
    line: int


class _Reader:
    """Takes tokens into directives; the first problem ends it, what was read before stays."""

    def __init__(self, held: Text) -> None:
        self.held = held
        self.problem: Problem | None = None
        self.left_over = False
        self._breaks = [match.start() for match in re.finditer("\n", held.text)]
        self._at = 0
        self._line = held.line
        self._count = 0

    def fail(self, says: str) -> None:
        self.problem = self.problem or Problem(says, Location(file=self.held.path, line=self._line))

    def block(self, depth: int) -> list[Directive]:
        """Return the directives up to the end of the block."""
        found: list[Directive] = []
        words: list[_Token] = []
        while self.problem is None:
            token = self._next()
            if token.kind == "word":
                words.append(token)
                continue
            if token.kind in ("", "}"):
                self._ends(token, words, depth)
                return found
            if not words:
                self.fail(f'"{token.kind}" where a directive was expected')
                return found
            inner = self._inside(words[0].text, depth) if token.kind == "{" else None
            at = Location(file=self.held.path, line=words[0].line)
            args = tuple(word.text for word in words[1:])
            found.append(Directive(words[0].text, args, at, None if inner is None else tuple(inner)))
            words = []
            self._count += 1
            if self._count > _MOST:
                self.fail("it has too many directives to follow all")
        return found

    def _ends(self, token: _Token, words: list[_Token], depth: int) -> None:
        if token.kind == "}" and not depth:
            self.left_over = True
        elif token.kind == "" and depth:
            self.fail('it ends inside a block: a "}" is missing')
        if words:
            self._line = words[0].line
            self.fail(f'{words[0].text} does not end with ";"')

    def _inside(self, name: str, depth: int) -> list[Directive]:
        if name.endswith(_LUA):
            self._pass_over()
            return []
        if depth >= _DEEPEST:
            self.fail("it nests too deep")
            return []
        return self.block(depth + 1)

    def _pass_over(self) -> None:
        """Go to the end of a block of Lua, by its braces."""
        depth = 1
        for match in _BRACE.finditer(self.held.text, self._at):
            depth += 1 if match.group() == "{" else -1
            if not depth:
                self._at = match.end()
                return
        self._at = len(self.held.text)
        self.fail('it ends inside a block: a "}" is missing')

    def _next(self) -> _Token:
        for match in self._matches():
            kind = match.lastgroup or ""
            if kind == "blank":
                continue
            self._line = self.held.line + bisect_right(self._breaks, match.start() - 1)
            if kind == "mark":
                return _Token(match.group(), "", self._line)
            if kind == "odd":
                self.fail("a quote is not closed")
                return _Token("", "", self._line)
            return _Token("word", unescaped(match[kind]), self._line)
        return _Token("", "", self._line)

    def _matches(self) -> Iterator[re.Match[str]]:
        while self._at < len(self.held.text):
            match = _TOKEN.match(self.held.text, self._at)
            if match is None:  # a lone backslash at the end
                self._at = len(self.held.text)
                return
            self._at = match.end()
            yield match


def unescaped(text: str) -> str:
    """Return a word as nginx keeps it: some escapes are gone, others stay as they are written."""
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text) if "\\" in text else text
