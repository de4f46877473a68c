"""Fills in `$X` and `${X:-y}` as Dockerfiles and compose files write them.

Docker buildx `shell/lex.go`, compose-spec `12-interpolation.md`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.deploy.reading import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    Lookup = Callable[[str], Piece]
    """What a name holds; `unset` with the text that a bare `$X` then gives."""

_DEEPEST = 20
_LONGEST = 20_000
_LONGEST_FILLED = 4_000
"""A longer text with references is given up: looking for their ends would take too long."""
_NAME = re.compile(r"[A-Za-z_]\w*")
_BRACED = re.compile(r"\{([A-Za-z_]\w*)(:?[-?+])?")
_INSIDE = re.compile(r"\$\{|[{}]|\\.", re.DOTALL)
_WHOLE = re.compile(r"\$(?:(\w+)|\{(\w+)[^{}]*\})")


def fill(text: str, lookup: Lookup, *, doubled: bool = False, depth: int = 0) -> Piece:
    r"""Return text with its references filled in; no text when one is not known.

    `doubled`: a dollar is escaped as `$$` (compose), not as `\$` (Dockerfile).
    """
    if "$" not in text:
        return Piece(text)
    if len(text) > _LONGEST_FILLED:
        return Piece(None)
    texts: list[str] = []
    default, at = False, 0
    while (dollar := text.find("$", at)) >= 0:
        before = text[at:dollar]
        if doubled and text.startswith("$$", dollar):
            texts += (before, "$")
            at = dollar + 2
            continue
        if not doubled and before.endswith("\\"):
            texts += (before[:-1], "$")
            at = dollar + 1
            continue
        piece, at = _reference(text, dollar + 1, lookup, doubled=doubled, depth=depth)
        if piece.text is None:
            return Piece(None, default=piece.default)
        texts += (before, piece.text)
        default = default or piece.default
    whole = "".join(texts) + text[at:]
    return Piece(whole if len(whole) <= _LONGEST else None, default)


def sole_name(text: str) -> str | None:
    """Return the name when the text is one reference and nothing else."""
    match = _WHOLE.fullmatch(text)
    return (match[1] or match[2]) if match else None


def _reference(text: str, at: int, lookup: Lookup, *, doubled: bool, depth: int) -> tuple[Piece, int]:
    name = _NAME.match(text, at)
    if name is not None:
        return lookup(name.group()), name.end()
    if not text.startswith("{", at):
        return Piece("$"), at
    end = _closing(text, at)
    if end is None:
        return Piece("$"), at
    head = _BRACED.match(text, at)
    if head is None or depth > _DEEPEST or (not head[2] and head.end() != end):
        return Piece(None), end + 1
    current = lookup(head[1])
    operator = head[2] or ""
    if not operator:
        return current, end + 1
    missing = current.unset or (operator.startswith(":") and current.text == "")
    if operator.endswith("?"):
        return (Piece(None) if missing else current), end + 1
    if missing == operator.endswith("+"):
        return (Piece("", default=True) if missing else current), end + 1
    word = fill(text[head.end() : end], lookup, doubled=doubled, depth=depth + 1)
    return Piece(word.text, default=word.default or missing), end + 1


def _closing(text: str, at: int) -> int | None:
    """Return where the brace that opens at `at` is closed."""
    depth = 0
    for match in _INSIDE.finditer(text, at):
        found = match.group()
        if found.endswith("{"):
            depth += 1
        elif found == "}":
            depth -= 1
            if depth == 0:
                return match.start()
    return None
