"""Whether browsers show an answer as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

HTML = frozenset({"text/html", "application/xhtml+xml"})


def is_page(answer: Answer) -> bool:
    """Return whether browsers show an answer as a page; without a type they look at what it holds."""
    if answer.media_type is None:
        return answer.body.lstrip()[:1] == b"<"
    return answer.media_type in HTML
