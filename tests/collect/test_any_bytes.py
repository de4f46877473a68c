"""Laws of the reader: any bytes give an answer or a failure, and how they are cut into packets changes nothing."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from h11 import CLIENT, Connection, Data, EndOfMessage, Response
from hypothesis import given, settings, strategies as st

from batten.collect.http import Bounds
from batten.collect.http.reader import Exchange
from batten.collect.http.wire import CountingReader, Wire
from batten.understand.answers.http import Answer, Failure, Request

if TYPE_CHECKING:
    from collections.abc import Sequence

BOUNDS = Bounds(head_bytes=2000, headers=20, body_bytes=300)
WISH = Request("GET", "http://a/")
PIECES = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 404 No\r\n", b"HTTP/1.1 103 Early\r\n\r\n", b"http/2 200\n", b"\r\n", b"\n",
    b"\r", b"\r\n\r\n", b"Content-Length: 5\r\n", b"Content-Length: x\r\n", b"Transfer-Encoding: chunked\r\n",
    b"5\r\nhello\r\n", b"0\r\n\r\n", b"Content-Encoding: gzip\r\n", b"Content-Encoding: deflate, br\r\n",
    b" folded\r\n", b"no colon\r\n", b"A: 1\r\n", b"A\0: \xff\r\n", b"hello", b"<p>", b"\0", b"\x15\x03",
    gzip.compress(b"hello", mtime=0), zlib.compress(b"x" * 999), b"x" * 400, b"a:b\n" * 30,
]  # fmt: skip


class Nowhere:
    """A writer that sends nothing."""

    transport: Any

    def __init__(self) -> None:
        self.transport = self

    def write(self, data: bytes) -> None: ...

    def abort(self) -> None: ...

    def is_closing(self) -> bool:
        return False


def read(parts: Sequence[bytes], method: str = "GET") -> Answer | Failure:
    async def run() -> Answer | Failure:
        reader = CountingReader()
        wire = Wire(reader, Nowhere(), verified=None)  # type: ignore[arg-type]
        exchange = Exchange(wire, replace(WISH, method=method), BOUNDS, BOUNDS.body_bytes)
        asking = asyncio.ensure_future(exchange.run(b"", 5))
        for part in parts:
            reader.feed_data(part)
            await asyncio.sleep(0)
        reader.feed_eof()
        found = await asking
        return replace(found, elapsed_s=0.0) if isinstance(found, Answer) else found

    return asyncio.run(run())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(1, 50), st.sampled_from(["GET", "HEAD"]))
def test_packets_change_nothing(pieces: list[bytes], size: int, method: str) -> None:
    data = b"".join(pieces)
    found = read([data], method)
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    assert read(cut, method) == found
    if isinstance(found, Answer):
        assert len(found.body) <= BOUNDS.body_bytes
        assert len(found.headers) <= BOUNDS.headers


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_after_a_status_line(data: bytes) -> None:
    assert isinstance(read([b"HTTP/1.1 200 OK\r\n" + data]), Answer)
    read([data])


NAMES = st.text("ABcde-09", max_size=8).map(lambda name: f"X-{name}")
VALUES = st.lists(st.text('!~aZ0,;="', min_size=1, max_size=8), max_size=3).map(" \t".join)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=15), st.binary(max_size=250), st.integers(0, 40))
def test_what_is_well_formed_is_read_as_h11_reads_it(headers: list[tuple[str, str]], body: bytes, size: int) -> None:
    framing = ("Transfer-Encoding", "chunked") if size else ("Content-Length", str(len(body)))
    parts = [body[at : at + size] for at in range(0, len(body), size)] if size else []
    sent = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) if size else body
    lines = "".join(f"{name}: {value}\r\n" for name, value in (*headers, framing))
    data = b"HTTP/1.1 203 Fine\r\n" + lines.encode() + b"\r\n" + sent + (b"0\r\n\r\n" if size else b"")
    peer = Connection(CLIENT)
    peer.receive_data(data)
    head = peer.next_event()
    assert isinstance(head, Response)
    told = b""
    while isinstance(event := peer.next_event(), Data):
        told += event.data
    assert isinstance(event, EndOfMessage)
    found = read([data])
    assert isinstance(found, Answer)
    assert [(name.encode(), value.encode()) for name, value in found.headers] == [*head.headers.raw_items()]
    assert (found.status, found.body, found.cut, found.defects) == (203, told, False, ())
