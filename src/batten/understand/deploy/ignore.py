"""Reads `.dockerignore`: which files stay out of what an image copies.

moby `patternmatcher` and `ignorefile`: the last pattern that matches a file or
one of the directories above it decides; `!` takes it back in.
"""

from __future__ import annotations

import posixpath
import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Matches = Callable[[str], object]

_MOST_PATTERNS = 500
_PLAIN = re.compile(r"[^*?\[\\]*\*?[^*?\[\\]*")


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
    rules = _read(text)
    prefix = "" if context == "." else f"{context}/"
    found = []
    for path in files if rules else ():
        if not path.startswith(prefix):
            continue
        inside = path[len(prefix) :]
        out = False
        for ignores, matches in rules:
            if out != ignores and matches(inside):
                out = ignores
        if out:
            found.append(path)
    return tuple(sorted(found))


@lru_cache(maxsize=256)
def _read(text: str) -> tuple[tuple[bool, Matches], ...]:
    """Return the matchers of a file's text; one is asked about many paths, one after the other."""
    return tuple(_rules(patterns(text)))


def _rules(found: list[tuple[bool, str]]) -> Iterator[tuple[bool, Matches]]:
    """Yield matchers in order; neighbours that a regular expression can safely do are one."""
    run: list[str] = []
    kind = True
    for ignores, pattern in found:
        plain = _expression(pattern)
        if run and (ignores != kind or plain is None):
            yield kind, re.compile("|".join(run), re.DOTALL).fullmatch
            run = []
        kind = ignores
        if plain is not None:
            run.append(plain)
        elif matcher := _matcher(pattern):
            yield ignores, matcher
    if run:
        yield kind, re.compile("|".join(run), re.DOTALL).fullmatch


def _expression(pattern: str) -> str | None:
    """Return a regular expression for the common patterns: `**/` in front, one `*` a part."""
    rest = pattern.removeprefix("**/")
    if not all(_PLAIN.fullmatch(part) for part in rest.split("/")):
        return None
    text = re.escape(rest).replace(r"\*", "[^/]*")
    return f"{'(?:.*/)?' if rest != pattern else ''}{text}(?:/.*)?"


def _matcher(pattern: str) -> Matches | None:
    """Return a matcher in linear time; None for a pattern that Docker refuses."""
    runs: list[list[Matches]] = [[]]
    parts = pattern.split("/")
    for part in parts:
        if part.startswith("**"):
            runs.append([])
            part = f"*{part[2:]}" if part != "**" else ""  # noqa: PLW2901 - `**.pyc` is `**/*.pyc`
        if part:
            try:
                expression = _component(part)
                runs[-1].append(re.compile(expression).fullmatch)
            except re.error:
                return None
    below = parts[-1] == "**"
    return lambda path: _fits(path.split("/"), runs, below=below)


def _component(part: str) -> str:
    """Return one part of a path as a regular expression: Go's classes in Python's spelling."""
    if "[" in part and "]" not in part.partition("[")[2][1:]:
        message = "the bracket is not closed"
        raise re.error(message)
    quoted = re.sub(r"\\(.)", lambda m: f"[{m[1]}]" if m[1] in "*?[" else m[1], part)
    return translate(quoted.replace("[^", "[!"))


def _fits(parts: list[str], runs: list[list[Matches]], *, below: bool) -> bool:
    """Return whether the runs between `**`s match the path or a directory above it."""
    at = 0
    for order, run in enumerate(runs):
        last = len(parts) - len(run)
        for start in range(at, last + 1) if order else (0,):
            if start <= last and all(m(parts[start + i]) for i, m in enumerate(run)):
                at = start + len(run)
                break
        else:
            return False
    return at < len(parts) or not below
