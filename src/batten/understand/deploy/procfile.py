"""Reads Procfiles: process types and their commands."""

from __future__ import annotations

import re

from batten.model import Location
from batten.understand.deploy.reading import Word

_LINE = re.compile(r"\s*([A-Za-z0-9_-]+)\s*:\s*(.+?)\s*")
ONE_OFF = frozenset(("release", "console", "shell"))
"""Process types that are run once or by hand."""


def parse(text: str, path: str) -> dict[str, tuple[Word, ...]]:
    """Return each process type's command, as words that start a shell; the last one wins."""
    found: dict[str, tuple[Word, ...]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        match = None if line.lstrip().startswith("#") else _LINE.fullmatch(line)
        if match is not None:
            at = Location(file=path, line=number)
            found[match[1]] = (Word("sh", at), Word("-c", at), Word(match[2], at))
    return found
