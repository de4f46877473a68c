"""What nginx's variables hold for one request, as far as that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

CHOSEN = frozenset(
    "host http_host scheme https server_port http_x_forwarded_proto http_x_forwarded_port request_method"
    " http_user_agent http_referer http_origin server_name server_addr ssl_protocol http_upgrade http_accept".split()
)
"""What a visitor may have as he likes: a condition on it keeps nobody out who wants in."""
_FROM_VISITOR = re.compile(r"(?:arg|args|query_string|cookie|http)(?:_\w+)?|is_args|request_uri")


def names(text: str) -> Iterator[str]:
    """Yield the variables of a text."""
    for match in VARIABLE.finditer(text):
        yield match[1] or match[2]


def filled(text: str, held: Mapping[str, str | None]) -> str | None:
    """Return a text with its variables filled in, None where one of them is not known."""
    if "$" not in text:
        return text
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        told = held.get(match[1] or match[2])
        unknown = unknown or told is None
        return told or ""

    done = VARIABLE.sub(value, text)
    return None if unknown else done


def is_from_visitor(name: str) -> bool:
    """Return whether a variable is a part of the request."""
    return _FROM_VISITOR.fullmatch(name) is not None
