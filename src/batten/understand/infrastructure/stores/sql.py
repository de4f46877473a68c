"""Takes SQL apart into statements of words and texts, with their lines; nothing is understood here.

PostgreSQL 17 section 4.1 and psql, MySQL 8.4 section 11: comments, strings, dollar quotes, `DELIMITER`, and the
rows after `COPY … FROM stdin`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = re.compile(r"(?:\s+|--[^\n]*|/\*(?!!)(?:[^*]|\*(?!/))*(?:\*/|\Z)|/\*!\d*|\*/)+")
_HASH = re.compile(r"#[^\n]*")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_ESCAPED = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
_NAME = re.compile(r'"(?:[^"]|"")*"|`(?:[^`]|``)*`')
_WORD = re.compile(r"[^\W\d][\w$]*|\d+|:'[^'\n]*'|:\"[^\"\n]*\"|[$:]\{?\w+\}?")
_DOLLAR = re.compile(r"\$(?:[^\W\d]\w*)?\$")
_DELIMITER = re.compile(r"[ \t]*delimiter[ \t]+(\S+)[^\n]*", re.IGNORECASE)
_META = re.compile(r"\\[^\n;]*")
_ROWS_END = re.compile(r"^\\\.[ \t]*$", re.MULTILINE)
_MOST_WORDS = 200
"""Of one statement; a longer one is rows of data."""


class Word(NamedTuple):
    """A word, a name or a text of a statement."""

    kind: str
    """`word`, `name` (quoted), `text`, `body` (dollar-quoted) or `sign`."""
    text: str
    line: int

    @property
    def upper(self) -> str:
        """The keyword it may be; nothing for quoted ones."""
        return self.text.upper() if self.kind == "word" else self.text if self.kind == "sign" else ""


def statements(text: str, first_line: int = 1, *, escapes: bool = False) -> Iterator[list[Word]]:
    r"""Yield the statements of a script, each as its words; `escapes`: a backslash escapes in texts (MySQL)."""
    found: list[Word] = []
    at, line, end = 0, first_line, ";"
    while at < len(text):
        start = at
        rows = _DELIMITER.match(text, at) if at == 0 or text[at - 1] == "\n" else None
        if rows is not None:
            end, at = rows[1], rows.end()
        elif text.startswith(end, at):
            at += len(end)
            if found:
                yield found
                at = _after_rows(text, at, found)
            found = []
        else:
            word, at = _next(text, at, line, escapes=escapes)
            if word is not None and len(found) < _MOST_WORDS:
                found.append(word)
        line += text.count("\n", start, at)
    if found:
        yield found


def _next(text: str, at: int, line: int, *, escapes: bool) -> tuple[Word | None, int]:
    """Return the word at a place, if any, and where it ends."""
    skipped = _SPACE.match(text, at)
    if skipped is None and text[at] == "#" and escapes:
        skipped = _HASH.match(text, at)
    if skipped is None and text[at] == "\\":
        skipped = _META.match(text, at)
    if skipped is not None:
        return None, skipped.end()
    dollar = _DOLLAR.match(text, at)
    if dollar is not None:
        close = text.find(dollar.group(), dollar.end())
        close = len(text) if close < 0 else close
        return Word("body", text[dollar.end() : close], line), min(len(text), close + len(dollar.group()))
    for kind, pattern in (("text", _ESCAPED if escapes else _TEXT), ("name", _NAME), ("word", _WORD)):
        match = pattern.match(text, at)
        if match is not None:
            shown = match.group()
            if kind != "word":
                shown = shown[1:-1].replace(shown[0] * 2, shown[0])
            return Word(kind, shown, line), match.end()
    return Word("sign", text[at], line), at + 1


def _after_rows(text: str, at: int, statement: list[Word]) -> int:
    """Return where the rows that follow `COPY … FROM stdin` end."""
    words = [word.upper for word in statement]
    if words[0] != "COPY" or "STDIN" not in words:
        return at
    match = _ROWS_END.search(text, at)
    return match.end() if match is not None else len(text)
