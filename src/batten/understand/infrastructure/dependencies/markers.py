"""Whether production, which is Linux, installs a requirement under its environment marker (PEP 508)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 2_000
_LINUX: Mapping[str, str] = {
    "sys_platform": "linux",
    "os_name": "posix",
    "platform_system": "Linux",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}
_TOKEN = re.compile(r"\s*(\(|\)|\band\b|\bor\b|not\s+in\b|\bin\b|===|[<>=!~]=|[<>]|'[^']*'|\"[^\"]*\"|[\w.]+)")
_NUMBERS = frozenset(("python_version", "python_full_version"))


def is_left_out(marker: str, python: str = "") -> bool:
    """Return whether a marker is certainly false there; `python` is the version that runs, empty when not known."""
    if not marker or len(marker) > LONGEST:
        return False
    tokens = _TOKEN.findall(marker)
    if "".join(tokens) != re.sub(r"\s+", "", marker) and "not" not in marker:
        return False
    try:
        return _Reader([re.sub(r"\s+", " ", token) for token in tokens], python).either() is False
    except (IndexError, ValueError, RecursionError):
        return False


class _Reader:
    """Reads a marker's tokens; None stands for what cannot be told."""

    def __init__(self, tokens: list[str], python: str) -> None:
        self.tokens = tokens
        self.at = 0
        self.python = python

    def either(self) -> bool | None:
        """Read clauses joined by `or`."""
        found = [self.both()]
        while self.at < len(self.tokens) and self.tokens[self.at] == "or":
            self.at += 1
            found.append(self.both())
        return True if True in found else None if None in found else False

    def both(self) -> bool | None:
        """Read clauses joined by `and`."""
        found = [self.one()]
        while self.at < len(self.tokens) and self.tokens[self.at] == "and":
            self.at += 1
            found.append(self.one())
        return False if False in found else None if None in found else True

    def one(self) -> bool | None:
        """Read a clause, or what stands in brackets."""
        if self.tokens[self.at] == "(":
            self.at += 1
            found = self.either()
            self.at += 1
            return found
        left, operator, right = self.tokens[self.at : self.at + 3]
        self.at += 3
        if left[0] in "'\"":
            left, right = right, left
            operator = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "in": "has", "not in": "has no"}.get(
                operator, operator
            )
        return self.holds(left, operator, right.strip("'\""))

    def holds(self, name: str, operator: str, value: str) -> bool | None:
        """Return whether a variable compares so, None where it is not known."""
        if name in _NUMBERS:
            return _compares(self.python, operator, value)
        held = _LINUX.get(name)
        if held is None:
            return None
        answers = {
            "==": held == value,
            "!=": held != value,
            "in": held in re.split(r"[\s,]+", value),
            "not in": held not in re.split(r"[\s,]+", value),
            "has": value in held,
            "has no": value not in held,
        }
        return answers.get(operator)


def _compares(python: str, operator: str, value: str) -> bool | None:
    """Return whether a version of Python compares so, as far as both name the same parts."""
    if not re.fullmatch(r"\d+(?:\.\d+)+", python) or not re.fullmatch(r"\d+(?:\.\d+)*(?:\.\*)?", value):
        return None
    wanted = [int(part) for part in value.removesuffix(".*").split(".")]
    held = [int(part) for part in python.split(".")][: max(2, len(wanted))]
    short = min(len(held), len(wanted))
    if held[:short] == wanted[:short] and len(held) < len(wanted):
        return None
    wanted += [0] * (len(held) - len(wanted))
    order = (held > wanted) - (held < wanted)
    answers = {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0, "==": order == 0, "!=": order != 0}
    if value.endswith(".*"):
        return {"==": held[:short] == wanted[:short], "!=": held[:short] != wanted[:short]}.get(operator)
    return answers.get(operator)
