"""Walks through the text of a Terraform file: blanks, names, numbers, and the lines of places."""

from __future__ import annotations

import re
from bisect import bisect_left

from batten.understand.infrastructure.terraform.grammar import Broken

_SPACES = re.compile(r"[ \t\f]+")
_LINES = re.compile(r"[ \t\f\n]+")
_NAME = re.compile(r"[^\W\d][\w-]*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


class Scanner:
    """One text and the place in it."""

    def __init__(self, text: str) -> None:
        """Start at the first character."""
        self.text = text
        self.place = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self.across = False
        """Whether a new line is a blank: inside round and square brackets."""

    @property
    def line(self) -> int:
        """The line of the place."""
        return bisect_left(self._ends, self.place) + 1

    def skip(self, *, lines: bool | None = None) -> None:
        """Go past blanks and comments; past new lines too where they are blanks."""
        blanks = _LINES if (self.across if lines is None else lines) else _SPACES
        text = self.text
        while True:
            match = blanks.match(text, self.place)
            if match is not None:
                self.place = match.end()
            if text.startswith(("#", "//"), self.place):
                end = text.find("\n", self.place)
                self.place = len(text) if end < 0 else end
            elif text.startswith("/*", self.place):
                end = text.find("*/", self.place + 2)
                if end < 0:
                    raise Broken("a comment has no end", self.line)
                self.place = end + 2
            else:
                return

    def sees(self, *marks: str) -> bool:
        """Return whether one of the marks is next, after blanks."""
        self.skip()
        return self.text.startswith(marks, self.place)

    def take(self, mark: str) -> bool:
        """Go past a mark if it is next; return whether it was."""
        if not self.sees(mark):
            return False
        self.place += len(mark)
        return True

    def expect(self, mark: str) -> None:
        """Go past a mark that has to be next."""
        if not self.take(mark):
            raise Broken(f"{mark!r} is missing", self.line)

    def name(self) -> str | None:
        """Go past a name if it is next, and return it."""
        self.skip()
        match = _NAME.match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        return match[0]

    def number(self) -> int | float | None:
        """Go past a number if it is next, and return it."""
        match = _NUMBER.match(self.text, self.place)
        if match is None:
            return None
        self.place = match.end()
        if len(match[0]) > 30:  # noqa: PLR2004 - more digits than any port, size or count
            return 0.0
        return int(match[0]) if match[0].isdigit() else float(match[0])

    def at_end(self) -> bool:
        """Return whether nothing is left but blanks."""
        self.skip(lines=True)
        return self.place >= len(self.text)

    def to_next_block(self, since: int) -> None:
        """Go to the next line that begins a block at the left margin, after the place `since`."""
        match = _MARGIN.search(self.text, since + 1)
        self.place = len(self.text) if match is None else match.start()
        self.across = False


_MARGIN = re.compile(r"^(?:resource|data|variable|locals|module|output|provider|terraform)\b", re.MULTILINE)
