"""Expressions of GitHub Actions: which contexts can become the text that one gives.

GitHub docs, Evaluate expressions in workflows and actions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(\|\||&&|[=!<>]=|[<>!(),.\[\]*])|([\w-]+(?:\.\d+)?))")
_DEEPEST = 30
_TELLS_ONLY = frozenset("contains startswith endswith hashfiles always success failure cancelled".split())
"""Functions whose result holds nothing of their arguments."""


def expressions(text: str) -> Iterator[tuple[str, int]]:
    """Yield each expression in a text, and where it begins."""
    start = text.find("${{")
    while start >= 0:
        end = text.find("}}", start)
        if end < 0:
            return
        yield text[start + 3 : end], start
        start = text.find("${{", end)


def contexts(expression: str) -> tuple[str, ...]:
    """Return the contexts whose value can become part of what an expression gives: `github.event.issue.title`."""
    tokens = list(_take(expression))
    reader = _Reader(tokens)
    return tuple(dict.fromkeys(reader.either()))


def _take(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while match := _TOKEN.match(text, place):
        place = match.end()
        kind = "text" if match[1] is not None else "mark" if match[2] is not None else "name"
        yield kind, match[1] or match[2] or match[3]


class _Reader:
    """Reads one expression; every method returns the contexts that the value may hold."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def next(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def takes(self, *marks: str) -> bool:
        found = self.next()[0] == "mark" and self.next()[1] in marks
        self.place += found
        return found

    def either(self) -> list[str]:
        """`a || b` gives one of both."""
        self.depth += 1
        found = self.both() if self.depth < _DEEPEST else []
        while self.takes("||"):
            found = found + self.both()
        self.depth -= 1
        return found

    def both(self) -> list[str]:
        """`a && b` gives b, or an empty a."""
        found = self.compared()
        while self.takes("&&"):
            found = self.compared()
        return found

    def compared(self) -> list[str]:
        """A comparison gives true or false."""
        found = self.plain()
        while self.takes("==", "!=", "<", ">", "<=", ">="):
            self.plain()
            found = []
        return found

    def plain(self) -> list[str]:
        if self.takes("!"):
            self.depth += 1
            if self.depth < _DEEPEST:
                self.plain()
            self.depth -= 1
            return []
        if self.takes("("):
            found = self.either()
            self.takes(")")
            return found
        kind, text = self.next()
        self.place += 1
        if kind != "name":
            return []
        if self.takes("("):
            return self.called(text)
        return self.context(text)

    def called(self, name: str) -> list[str]:
        found: list[str] = []
        while self.place < len(self.tokens) and not self.takes(")"):
            before = self.place
            found += self.either()
            self.takes(",")
            self.place += self.place == before
        return [] if name.lower() in _TELLS_ONLY else found

    def context(self, name: str) -> list[str]:
        parts = [name]
        while True:
            if self.takes("."):
                parts.append(self.next()[1])
                self.place += 1
            elif self.takes("["):
                kind, text = self.next()
                inner = self.either() if kind != "text" else []
                self.place += kind == "text"
                parts.append(text.strip("'") if kind == "text" else "*" if inner or text == "*" else text)
                self.takes("*")
                self.takes("]")
            else:
                return [".".join(parts).lower()] if len(parts) > 1 else []
