"""The body of an answer: where it ends, and as much of it as is kept (RFC 9112 section 6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.answers.http import DefectKind

if TYPE_CHECKING:
    from batten.collect.http.head import Head
    from batten.collect.http.wire import Wire

_NUMBER = re.compile(r"\d{1,19}")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")
_NO_BODY = frozenset({101, 204, 304})
_LONGEST_LINE = 4096


class Body:
    """A body as it comes in; what has come stands in `data` at any time."""

    def __init__(self, wire: Wire, head: Head, method: str, limit: int) -> None:
        """Say what the head tells of the length."""
        self._wire = wire
        self._head = head
        self._limit = limit
        self.data = bytearray()
        self.is_whole = False
        """It was read to its end."""
        self.may_go_on = False
        """The connection stands at the start of the next answer."""
        codings = [part.strip().lower() for value in head.all("transfer-encoding") for part in value.split(",")]
        self._is_chunked = codings[-1:] == ["chunked"]
        self._has_codings = bool(codings)
        self.codings = [coding for coding in codings if coding != "chunked"]
        self._length = self._announced()
        self._is_empty = method == "HEAD" or head.status in _NO_BODY

    def _announced(self) -> int | None:
        """Return the length that the head announces, None where it announces none that counts."""
        head = self._head
        values = [part.strip() for value in head.all("content-length") for part in value.split(",")]
        if not values:
            return None
        said = ", ".join(values).encode("latin-1")
        if self._has_codings:  # Transfer-Encoding stands over it (RFC 9112 section 6.3)
            head.note(DefectKind.LENGTH_AND_CHUNKED, said)
            return None
        if len(values) > 1:
            head.note(DefectKind.LENGTH_REPEATED, said)
        if not all(_NUMBER.fullmatch(value) and value.isascii() for value in values):
            head.note(DefectKind.LENGTH_INVALID, said)
            return None
        return int(values[0])

    async def read(self) -> None:
        """Read it to its end or to the limit."""
        if self._is_empty:
            self.is_whole = self.may_go_on = True
        elif self._is_chunked:
            await self._chunks()
        elif self._length is not None:
            self.is_whole = self.may_go_on = await self._exactly(self._length)
            if self._wire.has_ended and not self.is_whole:
                self._head.note(DefectKind.SHORT_BODY, f"{len(self.data)} of {self._length} bytes".encode())
        else:
            await self._to_the_end()

    async def _exactly(self, size: int) -> bool:
        """Keep so many bytes more; False where the connection or the limit ends before."""
        while size > 0:
            if not self._wire.held and not await self._wire.more():
                return False
            part = self._wire.take(min(size, self._limit - len(self.data)))
            if not part:
                return False
            self.data += part
            size -= len(part)
        return True

    async def _to_the_end(self) -> None:
        """Keep all until the server closes the connection."""
        while len(self.data) <= self._limit:
            self.data += self._wire.take(self._limit + 1 - len(self.data))
            if not self._wire.held and not await self._wire.more():
                self.is_whole = len(self.data) <= self._limit and not self._wire.fault
                break
        if self._wire.fault:
            self._head.note(DefectKind.SHORT_BODY, self._wire.fault.encode())
        del self.data[self._limit :]

    async def _chunks(self) -> None:
        while True:
            line = await self._line()
            found = _SIZE.fullmatch(line) if line is not None else None
            if found is None:
                self._broken(line)
                return
            size = int(found[1], 16)
            if size == 0:
                break
            if not await self._exactly(size):
                if self._wire.has_ended:
                    self._broken(None)
                return
            end = await self._line()
            if end != b"":
                self._broken(end)
                return
        self.is_whole = True
        await self._trailers()

    def _broken(self, line: bytes | None) -> None:
        """Note where the chunks stopped making sense: a line, None for the end of the connection."""
        if line is None and self._wire.has_ended:
            self._head.note(DefectKind.SHORT_BODY)
        else:
            self._head.note(DefectKind.CHUNK, line or b"")

    async def _trailers(self) -> None:
        """Skip the fields after the last chunk; they are not headers, and no browser shows them to a page."""
        for _ in range(self._limit // _LONGEST_LINE + 1):
            line = await self._line()
            if not line:
                self.may_go_on = line == b""
                return

    async def _line(self) -> bytes | None:
        """Return the next line without its end, None where there is none or it is too long."""
        wire = self._wire
        while (end := wire.held.find(b"\n", 0, _LONGEST_LINE)) < 0:
            if len(wire.held) >= _LONGEST_LINE or not await wire.more():
                return None
        return wire.take(end + 1)[:-1].removesuffix(b"\r")
