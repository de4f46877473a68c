"""Reads `.dockerignore`: which files stay out of what an image copies.

moby `patternmatcher` and `ignorefile`: the last pattern that matches a file or
one of the directories above it decides; `!` takes it back in.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MOST_PATTERNS = 2000


def patterns(text: str) -> list[tuple[bool, str]]:
    """Return the patterns in order: whether it ignores (not `!`), and its cleaned text."""
    found: list[tuple[bool, str]] = []
    for row in text.splitlines():
        if row.startswith("#"):
            continue
        line = row.strip()
        ignores = not line.startswith("!")
        line = line if ignores else line[1:].strip()
        if line:
            found.append((ignores, posixpath.normpath(line).lstrip("/") or "."))
    return found[:_MOST_PATTERNS]


def ignored(files: Iterable[str], text: str, context: str = ".") -> tuple[str, ...]:
    """Return the files below `context` that a `.dockerignore` keeps out, sorted."""
    rules = list(_joined(patterns(text)))
    if not rules:
        return ()
    prefix = "" if context == "." else f"{context}/"
    found = []
    for path in files:
        if not path.startswith(prefix):
            continue
        out = False
        for ignores, pattern in rules:
            if out != ignores and pattern.fullmatch(path, len(prefix)):
                out = ignores
        if out:
            found.append(path)
    return tuple(sorted(found))


def _joined(rules: list[tuple[bool, str]]) -> Iterator[tuple[bool, re.Pattern[str]]]:
    """Yield one regular expression for each run of patterns of the same kind."""
    run: list[str] = []
    kind = True
    for ignores, pattern in rules:
        if ignores != kind and run:
            yield kind, re.compile("|".join(run), re.DOTALL)
            run = []
        kind = ignores
        expression = translate(pattern)
        if expression is not None:
            run.append(expression)
    if run:
        yield kind, re.compile("|".join(run), re.DOTALL)


def translate(pattern: str) -> str | None:
    """Return a pattern as a regular expression for a file or anything below it.

    None for a pattern that Docker refuses, such as one with an open bracket.
    """
    texts: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if pattern.startswith("**", at - 1):
            at += 1
            slash = pattern.startswith("/", at)
            at += slash
            texts.append(r"(?>.*/|)" if at < len(pattern) else ".*")
        elif char == "*":
            texts.append("[^/]*")
        elif char == "?":
            texts.append("[^/]")
        elif char == "[":
            end = pattern.find("]", at + 1)
            if end < 0:
                return None
            inside = pattern[at:end].replace("\\", "\\\\").replace("[", "\\[")
            texts.append(f"[{inside}]")
            at = end + 1
        elif char == "\\" and at < len(pattern):
            texts.append(re.escape(pattern[at]))
            at += 1
        else:
            texts.append(re.escape(char))
    expression = f"(?:{''.join(texts)}(?:/.*)?)"
    try:
        re.compile(expression)
    except re.error:
        return None
    return expression
