"""Answers to methods that a site has no use for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer


@dataclass(frozen=True, slots=True)
class SeenTrace:
    """A TRACE that sent the request back."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class SeenPut:
    """A file that was put on the site, and got from there again."""

    answer: Answer
    """To the PUT."""
    held: Answer
    """To the GET, with what had been put."""
    is_left: bool
    """It could not be taken away again."""


def is_echo(answer: Answer, header: str, value: str) -> bool:
    """Return whether an answer is the request itself, header and all (RFC 9110 section 9.3.8)."""
    is_message = answer.status == 200 and answer.media_type == "message/http"  # noqa: PLR2004 - OK
    return is_message and f"{header}: {value}".lower() in answer.text.lower()
