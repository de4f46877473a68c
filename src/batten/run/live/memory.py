r"""A site held in memory: what the live examples of rules are asked of, without a server.

`{"GET /.env": "HTTP/1.1 200 OK\nContent-Type: text/plain\n\nKEY=…"}`: method and path, or an absolute address, to
the answer as it would stand on the wire, with plain line ends. A key that ends with `*` answers for every path that
begins so; the longest wins. `{origin}`, `{path}` and `{host}` in an answer stand for the request's Origin header, path
(with query) and Host. What no key names is answered 404; `""` closes the connection.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.understand.answers.http import Answer, Chain, Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.understand.answers.http import Request
    from batten.understand.answers.wish import Wish

ORIGIN = "https://shop.example.com"
"""Where a path without a host stands."""
_ABSENT = "HTTP/1.1 404 Not Found\nContent-Type: text/plain\n\nNot Found"
_MOST_HOPS = 10


class MemorySite:
    """Answers wishes from a table."""

    def __init__(self, answers: Mapping[str, str], origin: str = ORIGIN) -> None:
        """Read the table; `origin` is what paths belong to."""
        self.origin = origin
        self.table = dict(self._rows(answers))

    def _rows(self, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for key, text in answers.items():
            method, _, address = key.partition(" ")
            yield f"{method} {address if '://' in address else self.origin + address}", text

    def __call__(self, wishes: Sequence[Wish]) -> list[Chain]:
        """Return a chain for each wish."""
        return [self._chain(wish) for wish in wishes]

    def _chain(self, wish: Wish) -> Chain:
        from dataclasses import replace  # noqa: PLC0415 - beside its only use

        hops: list[Answer] = []
        request = wish.request
        while len(hops) < _MOST_HOPS:
            answer = self._answer(request)
            if answer is None:
                return Chain(tuple(hops), Failure(request, FailureKind.CLOSED))
            hops.append(answer)
            if not (wish.follow and answer.is_redirect):
                return Chain(tuple(hops))
            url = urljoin(request.url, answer.first("location") or "")
            request = replace(request, method="GET", url=url)
        return Chain(tuple(hops), Failure(request, FailureKind.TOO_MANY_REDIRECTS))

    def _answer(self, request: Request) -> Answer | None:
        text = self._text(f"{request.method} {request.url}")
        parts = urlsplit(request.url)
        sent = {name.lower(): value for name, value in request.headers}
        told = {"origin": sent.get("origin", ""), "path": request.url.partition(parts.netloc)[2] or "/"}
        told["host"] = sent.get("host", parts.netloc)
        text = re.sub(r"\{(origin|path|host)\}", lambda m: told[m[1]], text)
        head, _, body = text.partition("\n\n")
        status, *lines = head.split("\n")
        if not status:
            return None
        version, code, reason = (*status.split(" ", 2), "")[:3]
        headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        content = b"" if request.method == "HEAD" else body.encode("latin-1", "replace")
        verified = True if parts.scheme == "https" else None
        return Answer(request, int(code), reason, headers, content, verified=verified, protocol=version)

    def _text(self, key: str) -> str:
        if key in self.table:
            return self.table[key]
        wild = [held for held in self.table if held.endswith("*") and key.startswith(held[:-1])]
        return self.table[max(wild, key=len)] if wild else _ABSENT
