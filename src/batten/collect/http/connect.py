"""Opens connections to a consented target, at the addresses that its name was pinned to."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import TYPE_CHECKING

from batten.collect.http.wire import CountingReader, Wire
from batten.collect.tls import contexts, words
from batten.model.data import dataclass
from batten.understand.answers.http import FailureKind

if TYPE_CHECKING:
    from batten.collect.http.target import Target

_BUFFER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Unconnected:
    """No connection, and why."""

    kind: FailureKind
    says: str


async def opened(
    address: str, port: int, context: ssl.SSLContext | None = None, name: str | None = None
) -> tuple[CountingReader, asyncio.StreamWriter]:
    """Return the streams of a new connection.

    Raises:
        OSError: there is none.
    """
    loop = asyncio.get_running_loop()
    reader = CountingReader(limit=_BUFFER, loop=loop)
    protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
    transport, _ = await loop.create_connection(
        lambda: protocol, address, port, ssl=context, server_hostname=name if context is not None else None
    )
    # A port of the ephemeral range that nobody serves can be answered by the asking socket itself.
    if transport.get_extra_info("sockname")[:2] == transport.get_extra_info("peername", (None,))[:2]:
        transport.abort()
        raise ConnectionRefusedError
    return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


async def reachable(target: Target, seconds: float) -> str:
    """Return the first of the target's addresses that takes a connection; the last where none does.

    `localhost` has two, and most servers listen on one of them.
    """
    for address in target.addresses[:-1]:
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(seconds / len(target.addresses)):
                _, writer = await opened(address, target.origin.port)
                writer.transport.abort()
                return address
    return target.addresses[-1]


class Connector:
    """Connects to one target; knows after the first time how its TLS has to be met."""

    def __init__(self, target: Target, seconds: float, ca_file: str = "") -> None:
        """Remember what to connect to and how long that may take."""
        self._target = target
        self._seconds = seconds
        self._ca_file = ca_file
        self._address = ""
        self._context: ssl.SSLContext | None = None
        self._first = asyncio.Lock()
        self._is_verified: bool | None = None
        self.says = ""
        """Why the certificate was not trusted, or why a client of today gets no connection."""

    async def connect(self, seconds: float) -> Wire | Unconnected:
        """Return a new connection, or why there is none."""
        try:
            seconds = min(seconds, self._seconds)
            async with asyncio.timeout(seconds):
                if self._address:
                    return await self._open(self._address, self._context)
                async with self._first:
                    return await self._at_first(seconds)
        except TimeoutError:
            return Unconnected(FailureKind.TIMEOUT, f"no connection after {seconds:g} s")
        except OSError as error:
            return _unconnected(error)

    async def _at_first(self, seconds: float) -> Wire:
        address = await reachable(self._target, seconds)
        wire = await self._meet(address)
        self._address = address
        return wire

    async def _meet(self, address: str) -> Wire:
        """Connect: over TLS first as a client of today, then, where that fails, with whatever the server has."""
        if self._target.origin.scheme == "http":
            return await self._open(address, None)
        self._context, self._is_verified = contexts.strict(self._ca_file), True
        try:
            return await self._open(address, self._context)
        except (ssl.SSLError, ConnectionResetError, ConnectionAbortedError) as error:
            self.says = words.said(error)
            self._context, self._is_verified = contexts.lenient(), False
        return await self._open(address, self._context)

    async def _open(self, address: str, context: ssl.SSLContext | None) -> Wire:
        reader, writer = await opened(address, self._target.port, context, self._target.origin.host)
        return Wire(reader, writer, verified=self._is_verified)


def _unconnected(error: OSError) -> Unconnected:
    if isinstance(error, ConnectionRefusedError):
        return Unconnected(FailureKind.REFUSED, words.said(error))
    if isinstance(error, ssl.SSLError):
        return Unconnected(FailureKind.TLS, words.said(error))
    if isinstance(error, ConnectionResetError | ConnectionAbortedError):
        return Unconnected(FailureKind.CLOSED, words.said(error))
    return Unconnected(FailureKind.UNREACHABLE, str(error.strerror or error))
