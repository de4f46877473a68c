"""The nearest of the words that are known, for a word that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known word that is most like a given one, or None when none is at least that much (0 to 1) like it."""
    import difflib  # noqa: PLC0415 - only a word that nobody knows needs it

    return next(iter(difflib.get_close_matches(word, list(known), 1, likeness)), None)
