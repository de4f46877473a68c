"""The proxy itself: TLS and plain HTTP on loopback, handed on to the app with the headers that a proxy sets.

An answer is handed back byte for byte, so that what the app sends is what is judged.
"""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import threading
from typing import Self

from batten.collect.front.authority import issued
from batten.collect.http.target import PORTS, Origin, Target
from batten.model import BattenError

_HEAD_BYTES = 64 * 1024
_AT_ONCE = 64 * 1024
_SECONDS = 15.0
_DROPPED = frozenset(
    b"connection keep-alive proxy-connection forwarded x-forwarded-for x-forwarded-proto x-forwarded-host"
    b" x-forwarded-port x-forwarded-prefix x-real-ip x-scheme x-forwarded-ssl front-end-https".split()
)
"""What a proxy does not let a visitor say."""


class Front:
    """A TLS proxy before one local app, for as long as it is entered."""

    def __init__(self, target: Target, host: str = "") -> None:
        """Prepare to stand before the target; `host` is the name that visitors use, the target's own by default."""
        self._target = target
        self.host = host or target.origin.host
        self.https_port = 0
        self.http_port = 0
        self.ca_file = ""
        self._folder = tempfile.TemporaryDirectory(prefix="batten-")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._servers: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        """Open both doors on free ports of 127.0.0.1.

        Raises:
            BattenError: the package `cryptography` is not installed.
        """
        certificate, self.ca_file = issued(self.host, self._folder.name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(certificate)
        self._thread.start()
        self.https_port = self._open("https", context)
        self.http_port = self._open("http", None)
        return self

    def __exit__(self, *_: object) -> None:
        """Close both doors."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()
        self._folder.cleanup()

    @property
    def targets(self) -> tuple[Target, Target]:
        """The site as it will be deployed, over TLS and plain, with the ports that browsers take."""
        return self._target_at("https", self.https_port), self._target_at("http", self.http_port)

    def _target_at(self, scheme: str, port: int) -> Target:
        return Target(Origin(scheme, self.host, PORTS[scheme]), ("127.0.0.1",), is_loopback=True, reached_at=port)

    def _open(self, scheme: str, context: ssl.SSLContext | None) -> int:
        async def start() -> int:
            server = await asyncio.start_server(
                lambda reader, writer: self._serve(scheme, reader, writer), "127.0.0.1", 0, ssl=context
            )
            self._servers.append(server)
            port: int = server.sockets[0].getsockname()[1]
            return port

        try:
            return asyncio.run_coroutine_threadsafe(start(), self._loop).result(_SECONDS)
        except OSError as error:
            raise BattenError(f"no port on 127.0.0.1 for the proxy: {error.strerror}") from error

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        running = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _serve(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hand one request on and its answer back; each connection is for one."""
        try:
            async with asyncio.timeout(_SECONDS):
                await self._hand_on(scheme, reader, writer)
        except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the visitor sees a connection that was closed, as before any proxy whose app fails
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _hand_on(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        port = self._target.port
        inward, outward = await asyncio.open_connection(self._target.addresses[0], port)
        try:
            outward.write(self._rewritten(scheme, head))
            length = _length(head)
            while length > 0 and (data := await reader.read(min(length, _AT_ONCE))):
                outward.write(data)
                await outward.drain()
                length -= len(data)
            await outward.drain()
            while data := await inward.read(_AT_ONCE):
                writer.write(data)
                await writer.drain()
        finally:
            outward.close()

    def _rewritten(self, scheme: str, head: bytes) -> bytes:
        """Return the head as a proxy hands it on: the name that the visitor used, and how the visitor came."""
        first, *lines = head[:-4].split(b"\r\n")
        kept = [line for line in lines if line.partition(b":")[0].strip().lower() not in _DROPPED]
        host = next((line.partition(b":")[2].strip() for line in kept if line[:5].lower() == b"host:"), b"")
        kept = [line for line in kept if line[:5].lower() != b"host:"]
        public = b"443" if scheme == "https" else b"80"
        added = [
            b"Host: " + host,
            b"X-Forwarded-For: 203.0.113.7",  # RFC 5737: a visitor who is not this machine
            b"X-Forwarded-Proto: " + scheme.encode(),
            b"X-Forwarded-Host: " + host,
            b"X-Forwarded-Port: " + public,
            b"X-Real-IP: 203.0.113.7",
            b"Connection: close",
        ]
        return b"\r\n".join([first, *added, *kept]) + b"\r\n\r\n"


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0
