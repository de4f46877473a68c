"""A request as bytes: the path exactly as given, one header a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from batten import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.collect.http.target import Origin
    from batten.understand.answers.http import Answer, Headers, Request

_BREAKS = re.compile(r"[\r\n\0]")
_UNSENDABLE = re.compile(rb"[^\x21-\x7e]|[\"<>^`{|}]")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose meaning has a body: its length is told though it is nothing (RFC 9110 section 8.6)."""
_KEEP_METHOD = frozenset({307, 308})
AGENT = f"batten/{__version__}"


def is_sendable(request: Request, extra: Headers) -> bool:
    """Return whether a request is one request: a line break in it would make two."""
    parts = [request.method, request.url, *(text for pair in (*request.headers, *extra) for text in pair)]
    return not any(_BREAKS.search(part) for part in parts)


def written(request: Request, origin: Origin, path: str, extra: Headers) -> bytes:
    """Return the bytes of a request; a header of the request stands over one of `extra`, both over our own."""
    own = (("Host", origin.authority), ("User-Agent", AGENT), ("Accept", "*/*"), ("Accept-Encoding", "identity"))
    said = {name.lower() for name, _ in request.headers}
    added = [pair for pair in extra if pair[0].lower() not in said]
    said.update(name.lower() for name, _ in added)
    first = [pair for pair in own if pair[0].lower() not in said]
    lines = [f"{request.method} {path.partition('#')[0]} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in (*first, *added, *request.headers)]
    if request.body or request.method in _WITH_BODY:
        lines.append(f"Content-Length: {len(request.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + request.body


def merged_cookies(given: Iterable[str], held: str) -> str:
    """Return the user's cookies and those of the session as one header; the session's own stand over the user's."""
    pairs = [pair.strip() for text in given for pair in text.split(";") if pair.strip()]
    newer = {pair.partition("=")[0] for pair in held.split("; ")} if held else set()
    kept = [pair for pair in pairs if pair.partition("=")[0].strip() not in newer]
    return "; ".join([*kept, *([held] if held else [])])


def next_address(answer: Answer) -> str:
    r"""Return where a redirect leads, resolved as a browser does: `\` is `/`, bytes outside ASCII are escaped.

    Raises:
        ValueError: the address is none.
    """
    location = (answer.first("location") or "").strip()
    before, mark, query = location.partition("?")
    raw = (before.replace("\\", "/") + mark + query).encode("latin-1", "replace")
    escaped = _UNSENDABLE.sub(lambda found: b"%%%02X" % ord(found[0]), raw).decode("ascii")
    return urljoin(answer.url, escaped).partition("#")[0]


def next_method(answer: Answer) -> str:
    """Return the method that a browser goes on with (WHATWG Fetch, HTTP-redirect fetch)."""
    method = answer.request.method
    if answer.status in _KEEP_METHOD or method in {"GET", "HEAD"}:
        return method
    return "GET" if answer.status == 303 or method == "POST" else method  # noqa: PLR2004 - See Other
