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
    return tuple(dict.fromkeys(_Flow(expression).either()))


def _take(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while match := _TOKEN.match(text, place):
        place = match.end()
        kind = "text" if match[1] is not None else "mark" if match[2] is not None else "name"
        yield kind, match[1] or match[2] or match[3]


class Tokens:
    """The words of one expression, and the place in them."""

    def __init__(self, text: str) -> None:
        """Begin at the first word."""
        self.tokens = list(_take(text))
        self.place = 0
        self.depth = 0

    def next(self) -> tuple[str, str]:
        """Return kind and text of the next word."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def takes(self, *marks: str) -> bool:
        """Go past one of the marks if it is next; return whether it was."""
        found = self.next()[0] == "mark" and self.next()[1] in marks
        self.place += found
        return found

    def context(self, name: str) -> str:
        """Read the steps after a name; return it whole, in small letters."""
        parts = [name]
        while True:
            if self.takes("."):
                parts.append(self.next()[1])
                self.place += 1
            elif self.takes("["):
                kind, text = self.next()
                is_plain = kind == "text" and self.tokens[self.place + 1 : self.place + 2] == [("mark", "]")]
                parts.append(text.strip("'") if is_plain else text if text.isdigit() else "*")
                self.skip_to("]")
            else:
                return ".".join(parts).lower()

    def skip_to(self, mark: str) -> None:
        """Go past the mark that closes what was opened."""
        depth = 1
        while depth and self.place < len(self.tokens):
            depth += self.next() == ("mark", "[")
            depth -= self.next() == ("mark", mark)
            self.place += 1


class _Flow(Tokens):
    """Reads one expression; every method returns the contexts that the value may hold."""

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
        name = self.context(text)
        return [name] if "." in name and not text[0].isdigit() else []

    def called(self, name: str) -> list[str]:
        found: list[str] = []
        while self.place < len(self.tokens) and not self.takes(")"):
            before = self.place
            found += self.either()
            self.takes(",")
            self.place += self.place == before
        return [] if name.lower() in _TELLS_ONLY else found
