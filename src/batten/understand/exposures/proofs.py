"""What proves that an answer is the file that was asked for: its own first line, its magic bytes, its keys.

A proof is asked of an answer of status 200 that is no page: catch-all routers, login pages and documentation that
quotes the file answer with HTML, and so none of them proves anything. Only the beginning of a body is read, each
pattern is anchored and looks at one line, so that no answer makes it slow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.model import Severity
    from batten.understand.answers.http import Answer

    Proof = Callable[[Answer], "Proved | None"]

_READ_BYTES = 64 * 1024
_LONGEST = 120
"""Characters of a line that are looked at, and shown."""
_PAGE = re.compile(rb"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_PAGE_BEGINS_IN = 2048
_WELL = 200


@dataclass(frozen=True, slots=True)
class Proved:
    """What in an answer shows what it is."""

    line: str
    """As it may be shown: no secret stands in it."""
    severity: Severity | None = None
    """Where what stands in the file makes it worse, or better, than its kind."""


def is_file(answer: Answer) -> bool:
    """Return whether an answer can be a file at all: well, with a body, and no page for a browser."""
    if answer.status != _WELL or not answer.body.strip():
        return False
    return not _PAGE.search(answer.body[:_PAGE_BEGINS_IN])


def as_file(proof: Proof) -> Proof:
    """Return the proof that holds for a file only, never for a page."""

    def prove(answer: Answer) -> Proved | None:
        return proof(answer) if is_file(answer) else None

    return prove


def beginning(answer: Answer) -> str:
    """Return the beginning of a body as text, without the mark that some editors put first."""
    return answer.body[:_READ_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")


def lines(answer: Answer) -> list[str]:
    """Return the first lines of a body that are not blank, each cut to a bearable length."""
    return [line.strip()[:_LONGEST] for line in beginning(answer).splitlines() if line.strip()]


def first_line(pattern: str, *, flags: int = 0) -> Proof:
    """Return the proof that the first line that is not blank matches from its start."""
    compiled = re.compile(pattern, flags)

    def prove(answer: Answer) -> Proved | None:
        held = lines(answer)
        return _proved(held[0], compiled.match(held[0])) if held else None

    return prove


def some_line(pattern: str, *, among: int = 200, least: int = 1, flags: int = 0) -> Proof:
    """Return the proof that at least so many of the first lines match from their start."""
    compiled = re.compile(pattern, flags)

    def prove(answer: Answer) -> Proved | None:
        found = [(line, match) for line in lines(answer)[:among] if (match := compiled.match(line))]
        return _proved(*found[0]) if len(found) >= least else None

    return prove


def every(*proofs: Proof) -> Proof:
    """Return the proof that all of these hold; the first one says what is shown."""

    def prove(answer: Answer) -> Proved | None:
        held = [proof(answer) for proof in proofs]
        return held[0] if all(held) else None

    return prove


def either(*proofs: Proof) -> Proof:
    """Return the proof that one of these holds."""

    def prove(answer: Answer) -> Proved | None:
        return next((found for proof in proofs if (found := proof(answer))), None)

    return prove


def magic(mark: bytes, says: str, at: int = 0) -> Proof:
    """Return the proof that these bytes stand at an offset; they are told in words."""

    def prove(answer: Answer) -> Proved | None:
        return Proved(says) if answer.body[at : at + len(mark)] == mark else None

    return prove


def keys(*names: str, shape: str = "object") -> Proof:
    """Return the proof that the body is a JSON object with all of these keys at its top, or a list of such objects."""

    def prove(answer: Answer) -> Proved | None:
        import json  # noqa: PLC0415 - only an answer that begins like JSON needs it

        text = answer.body.strip()
        if text[:1] != (b"{" if shape == "object" else b"["):
            return None
        try:
            held = json.loads(text)
        except (ValueError, RecursionError):
            return None
        first = held[0] if isinstance(held, list) and held else held
        if isinstance(first, dict) and all(name in first for name in names):
            return Proved(f"JSON with {', '.join(names)}")
        return None

    return prove


def _proved(line: str, match: re.Match[str] | None) -> Proved | None:
    """Return what of a line may be shown: what the pattern itself names, for values stand after it."""
    if match is None:
        return None
    return Proved(match[0] if match.end() == len(line) else f"{match[0].rstrip()}…")
