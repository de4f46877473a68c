"""One connection: bytes out, bytes in, and how it ended."""

from __future__ import annotations

import asyncio
from typing import Any

from batten.collect.tls import words

_AT_ONCE = 64 * 1024


class CountingReader(asyncio.StreamReader):
    """A stream that knows how many bytes ever came, so that unasked ones are noticed, and that loses none of them."""

    came = 0
    fault: Exception | None = None
    """What ended it, where the other side did not just close."""

    def feed_data(self, data: Any) -> None:  # noqa: ANN401 - bytes; typeshed says more than asyncio gives
        """Take what came in."""
        self.came += len(data)
        super().feed_data(data)

    def set_exception(self, exc: Exception) -> None:
        """Note the fault and end; a plain reader would not give out any more what came before it."""
        self.fault = exc
        self.feed_eof()


class Wire:
    """A connection with what came in and is not read yet."""

    def __init__(self, reader: CountingReader, writer: asyncio.StreamWriter, *, verified: bool | None) -> None:
        """Take over the streams; `verified` says whether the certificate was trusted, None without TLS."""
        self._reader = reader
        self._writer = writer
        self.verified = verified
        self.held = bytearray()
        self._taken = 0
        self.has_ended = False
        self.fault = ""
        """Why it ended, in the system's words; empty where the server closed it in order."""

    def send(self, data: bytes) -> None:
        """Send bytes; whether they arrive is told by what comes back."""
        self._writer.write(data)

    async def more(self) -> bool:
        """Wait for more bytes; False when there will be none."""
        if self.has_ended:
            return False
        data = await self._reader.read(_AT_ONCE)
        if not data and self._reader.fault is not None:
            self.fault = words.lost(self._reader.fault)
        self.held += data
        self._taken += len(data)
        self.has_ended = not data
        return not self.has_ended

    def take(self, size: int) -> bytes:
        """Return the first bytes of what is held, which then is held no more."""
        taken = bytes(self.held[:size])
        del self.held[:size]
        return taken

    @property
    def is_quiet(self) -> bool:
        """Whether another request may be sent: open, and nothing came unasked."""
        unread = self._reader.came - self._taken
        return not (self.has_ended or self.held or unread or self._reader.at_eof() or self._writer.is_closing())

    def drop(self) -> None:
        """End the connection at once; a goodbye could be left unanswered for ever."""
        self._writer.transport.abort()
