"""What a visitor saw of static files that are served too widely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer


@dataclass(frozen=True, slots=True)
class SeenTraversal:
    """A served file that also comes through the folder above its own."""

    answer: Answer
    """By the long way."""
    asset: Answer
    """By its own address."""


@dataclass(frozen=True, slots=True)
class SeenMap:
    """A map from a script back to its source."""

    answer: Answer
    sources: int
    """How many of them are the site's own."""
    with_text: bool
    """The map holds what stands in them."""
