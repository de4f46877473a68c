r"""A site held in memory: what the live examples of rules are asked of, without a server.

`{"GET /.env": "HTTP/1.1 200 OK\nContent-Type: text/plain\n\nKEY=…"}`: method and path, or an absolute address, to the
answer as it would stand on the wire, with plain line ends. A key that ends with `*` answers for every path that begins
so; the longest wins. One that ends with ` [text]` answers only a request in whose headers (`name: value`) or body the
text stands, and before all others. `{origin}`, `{path}` and `{host}` in an answer stand for the request's Origin
header, path (with query) and Host. What no key names is answered 404; `""` closes the connection. The key `TLS` says
what the handshake shows, as `tls_said` reads it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from batten.understand.answers.certificate import Certificate
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request
from batten.understand.answers.tls import Offer, Offered, TlsAnswer, Trust, Version, Weakness, WeakSuites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from batten.understand.answers.wish import Wish

ORIGIN = "https://shop.example.com"
"""Where a path without a host stands."""
TLS = "TLS"
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
            if key == TLS:
                continue
            method, _, address = key.partition(" ")
            yield f"{method} {address if '://' in address else self.origin + address}", text

    def __call__(self, wishes: Sequence[Wish]) -> list[Chain]:
        """Return a chain for each wish."""
        return [self._chain(wish) for wish in wishes]

    def _chain(self, wish: Wish) -> Chain:
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
            request = Request("GET", url, request.headers)
        return Chain(tuple(hops), Failure(request, FailureKind.TOO_MANY_REDIRECTS))

    def _answer(self, request: Request) -> Answer | None:
        text = self._text(request)
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

    def _text(self, request: Request) -> str:
        key = f"{request.method} {request.url}"
        sent = "\n".join(f"{name.lower()}: {value}" for name, value in request.headers) + "\n" + request.body.decode()
        for held, text in self.table.items():
            address, mark, wanted = held.partition(" [")
            if mark and address == key and wanted.removesuffix("]") in sent:
                return text
        if key in self.table:
            return self.table[key]
        wild = [held for held in self.table if held.endswith("*") and key.startswith(held[:-1])]
        return self.table[max(wild, key=len)] if wild else _ABSENT


def tls_said(text: str, host: str = "shop.example.com", port: int = 443) -> TlsAnswer:
    """Return what the key `TLS` of a table says.

    Lines of `versions`, `weak`, `trust`, `names`, `days`, `key`, `signature`. What is not said is
    well: TLS 1.2 and 1.3, a trusted certificate of the host's name that is good
    for 60 days, RSA with 2048 bits, SHA-256.
    """
    told = dict(line.split(": ", 1) for line in text.strip().split("\n") if line)
    offered = told.get("versions", "TLS 1.2, TLS 1.3").split(", ")
    now = datetime(2026, 11, 1, tzinfo=UTC)
    algorithm, bits = told.get("key", "RSA 2048").split(" ")
    certificate = Certificate(
        f"CN={host}",
        "CN=Authority",
        now - timedelta(days=30),
        now + timedelta(days=int(told.get("days", "60"))),
        algorithm,
        int(bits),
        told.get("signature", "sha256 RSA"),
        (host,),
    )
    return TlsAnswer(
        host,
        port,
        versions=tuple(Offered(one, Offer.YES if str(one) in offered else Offer.NO) for one in Version),
        weak=tuple(WeakSuites(Weakness[name], Offer.YES) for name in told.get("weak", "").split(", ") if name),
        chain=(certificate,),
        trust=Trust[told.get("trust", "TRUSTED")],
        names_host=told.get("names", "yes") == "yes",
        is_verified="trust" not in told and told.get("names", "yes") == "yes",
        seen_at=now,
    )
