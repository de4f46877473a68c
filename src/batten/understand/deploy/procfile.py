"""Reads Procfiles: process types and their commands."""

from __future__ import annotations

import re

from batten.model import Location
from batten.understand.deploy.reading import Word

_NAME = re.compile(r"[A-Za-z0-9_-]+")
ONE_OFF = frozenset(("release", "console", "shell"))
"""Process types that are run once or by hand."""


def parse(text: str, path: str) -> dict[str, tuple[Word, ...]]:
    """Return each process type's command, as words that start a shell; the last one wins."""
    found: dict[str, tuple[Word, ...]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        name, _, command = (part.strip() for part in line.partition(":"))
        if command and _NAME.fullmatch(name):
            at = Location(file=path, line=number)
            found[name] = (Word("sh", at), Word("-c", at), Word(command, at))
    return found
