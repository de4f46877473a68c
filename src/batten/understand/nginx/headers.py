"""Which headers nginx adds to an answer: `add_header` by block and status."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from batten.understand.nginx.scopes import Scope
    from batten.understand.nginx.syntax import Directive

WITHOUT_ALWAYS = frozenset({200, 201, 204, 206, 301, 302, 303, 304, 307, 308})
"""nginx 1.22 `ngx_http_headers_filter`: the statuses whose answers have a header that is not `always` there."""

SECURITY = (
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "cross-origin-embedder-policy",
)
"""Headers whose loss takes a protection away."""


class Sent(NamedTuple):
    """One header."""

    name: str
    value: str


def sent(scope: Scope, status: int) -> list[Sent]:
    """Return the headers that a block adds to an answer of a status, as they are written."""
    return [
        Sent(one.args[0], one.args[1])
        for one in scope.added()
        if len(one.args) > 1 and one.args[1] and (status in WITHOUT_ALWAYS or is_always(one))
    ]


def is_always(directive: Directive) -> bool:
    """Return whether a header is on errors too."""
    return directive.args[2:3] == ("always",)
