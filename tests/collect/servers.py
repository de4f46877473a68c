"""Servers that behave badly on purpose, on 127.0.0.1, for as long as a test lasts."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import struct
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Handler = Callable[[socket.socket, "Server"], None]


class Server:
    """Accepts connections and gives each to the handler, in a thread of its own."""

    def __init__(self, handler: Handler, context: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.asked: list[bytes] = []
        self.connections = 0
        self.most_at_once = 0
        self.at_once = 0
        self.is_over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(2)

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.is_over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._begin(lambda it=connection: self._serve(it))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                self._open.append(connection)
                self._shake(connection)
            self._handler(connection, self)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
        self.at_once -= 1

    @staticmethod
    def _shake(connection: ssl.SSLSocket) -> None:
        """Shake hands; a client that is refused gets to read why before the connection goes."""
        try:
            connection.do_handshake()
        except ssl.SSLError:
            connection.shutdown(socket.SHUT_WR)
            while socket.socket.recv(connection, 4096):
                pass
            raise


def head(connection: socket.socket, server: Server) -> bytes:
    """Return the next request's head, empty when the client has gone; the server remembers it."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        if not byte:
            return b""
        data += byte
    server.asked.append(data)
    return data


def says(*parts: bytes, hold: bool = False, pause: float = 0.0) -> Handler:
    """Answer the first request with these bytes, then close, or hold the connection open and silent."""

    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        if hold:
            server.is_over.wait(5)

    return handler


def resets(data: bytes) -> Handler:
    """Send these bytes and reset the connection, as a worker that dies does."""

    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        connection.sendall(data)
        time.sleep(0.05)  # some kernels let a reset overtake what was sent before it
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(connection.detach())

    return handler


def drips(part: bytes, every: float = 0.02, first: bytes = b"") -> Handler:
    """Send the same bytes again and again until the client has gone."""

    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        connection.sendall(first)
        while not server.is_over.wait(every):
            connection.sendall(part)

    return handler


def floods(first: bytes, part: bytes) -> Handler:
    """Send without end and without a pause."""

    def handler(connection: socket.socket, server: Server) -> None:
        head(connection, server)
        connection.sendall(first)
        while not server.is_over.is_set():
            connection.sendall(part)

    return handler


def keeps(answer: Callable[[bytes], bytes], pause: float = 0.0) -> Handler:
    """Answer each request of a connection, as long as the client sends any."""

    def handler(connection: socket.socket, server: Server) -> None:
        while asked := head(connection, server):
            time.sleep(pause)
            connection.sendall(answer(asked))

    return handler


def page(body: bytes = b"ok", status: str = "200 OK", headers: Iterable[str] = ()) -> bytes:
    """Return a well-formed answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def path_of(asked: bytes) -> str:
    return asked.split(b" ")[1].decode()
