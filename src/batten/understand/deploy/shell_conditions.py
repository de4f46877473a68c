"""Decides the shell's tests (`[ … ]`, `test`, `[[ … ]]`) as far as the repository does."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.understand.deploy.reading import Piece

_DEEPEST = 20
_FILE_TESTS = frozenset(["-a", "-d", "-e", "-f", "-r", "-s", "-x", "-h", "-L"])
_NUMBERS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
_WORDS_ONLY = re.compile(r"\^?\(?(\w+(?:\|\w+)*)\)?\$")


@dataclass(slots=True)
class Condition:
    """A test under decision: True, False, or None when it cannot be told."""

    operands: Sequence[Piece]
    exists: Callable[[str], bool | None]
    at: int = 0

    def decide(self) -> bool | None:
        """Return the answer of the whole test."""
        if not self.operands:
            return False
        return self._any(0)

    def _text(self) -> str | None:
        return self.operands[self.at].text if self.at < len(self.operands) else ""

    def _any(self, depth: int) -> bool | None:
        found = self._all(depth)
        while self.at < len(self.operands) and self._text() in ("||", "-o"):
            self.at += 1
            other = self._all(depth)
            found = True if True in (found, other) else None if None in (found, other) else False
        return found

    def _all(self, depth: int) -> bool | None:
        found = self._one(depth)
        while self.at < len(self.operands) and self._text() in ("&&", "-a"):
            self.at += 1
            other = self._one(depth)
            found = False if False in (found, other) else None if None in (found, other) else True
        return found

    def _one(self, depth: int) -> bool | None:
        negated = False
        while self._text() == "!" and self.at + 1 < len(self.operands):
            negated = not negated
            self.at += 1
        found = self._group(depth) if self._text() == "(" else self._plain()
        return found if found is None else found != negated

    def _group(self, depth: int) -> bool | None:
        self.at += 1
        if depth >= _DEEPEST:
            self.at = len(self.operands)
            return None
        found = self._any(depth + 1)
        self.at += 1
        return found

    def _plain(self) -> bool | None:
        left = self._text()
        remaining = len(self.operands) - self.at
        operator = self.operands[self.at + 1].text if remaining > 1 else None
        if remaining > 2 and operator in (*_NUMBERS, "=", "==", "!=", "=~", "<", ">"):  # noqa: PLR2004 - a count of arguments or words
            right = self.operands[self.at + 2].text
            self.at += 3
            return _compared(left, operator, right)
        if remaining > 1 and left and re.fullmatch(r"-[a-zA-Z]", left):
            self.at += 2
            return self._unary(left, operator)
        self.at += 1
        return None if left is None else bool(left)

    def _unary(self, operator: str, operand: str | None) -> bool | None:
        if operator in ("-z", "-n"):
            # A variable that is set to something unknown is taken to hold something.
            return (operand == "") == (operator == "-z")
        if operator in _FILE_TESTS and operand:
            return self.exists(operand)
        return None


def _compared(left: str | None, operator: str | None, right: str | None) -> bool | None:
    if left is None or right is None:
        return None
    if operator in _NUMBERS:
        numbers = [int(side) for side in (left, right) if re.fullmatch(r"-?\d{1,9}", side)]
        return _NUMBERS[operator](*numbers) if len(numbers) == 2 else False  # noqa: PLR2004 - a count of arguments or words
    if operator == "=~":
        words = _WORDS_ONLY.fullmatch(right)
        anchored = words is not None and right.startswith("^")
        return left in words[1].split("|") if words and anchored else None
    if operator in ("<", ">"):
        return left < right if operator == "<" else left > right
    return fnmatchcase(left, right) == (operator != "!=")
