"""One connection at a time to one port: bytes go out, bytes come in, within deadlines."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import TYPE_CHECKING

from batten.understand.services.talk import LONGEST, Reconnect, Send, StartTls

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Step

CONNECT_S = 1.0
TLS_S = 2.0


class Bell:
    """Ends all conversations that know it, at once: what they wait for then never comes."""

    def __init__(self) -> None:
        """Begin without a word."""
        self.has_rung = False
        self._open: set[socket.socket] = set()

    def ring(self) -> None:
        """Shut every connection that is open, and let none be made."""
        self.has_rung = True
        for one in tuple(self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def know(self, one: socket.socket) -> None:
        """Remember a connection."""
        self._open.add(one)

    def forget(self, one: socket.socket) -> None:
        """Forget a connection that is closed."""
        self._open.discard(one)


class Wire:
    """The connection of one conversation, and what it met."""

    def __init__(self, place: tuple[str, int], end: float, bell: Bell, *, least_s: float = 0.0) -> None:
        """Begin unconnected; `end` is when all ends, `least_s` how long each answer is waited for at least."""
        self._place = place
        self._end = end
        self._bell = bell
        self._least_s = least_s
        self._socket: socket.socket | None = None
        self.has_heard = False
        """Any byte came."""
        self.was_shut = False
        """The other side ended it, or its answer was not to be read."""
        self.failure: OSError | None = None
        """Why the last attempt to connect failed."""

    def connect(self) -> bool:
        """Connect anew, and return whether that was accepted."""
        self.close()
        if self._bell.has_rung:
            return False
        try:
            self._socket = socket.create_connection(self._place, timeout=self._left(CONNECT_S))
        except OSError as error:
            self.failure = error
            return False
        self._bell.know(self._socket)
        try:
            met_itself = self._socket.getsockname()[:2] == self._socket.getpeername()[:2]
        except OSError:  # it was ended before a word
            met_itself = False
        if met_itself:  # a port that nobody serves can be connected to itself (RFC 9293 section 3.5)
            self.close()
            self.failure = ConnectionRefusedError()
        self.was_shut = False
        return self._socket is not None

    def take(self, step: Step) -> bytes:
        """Return what a step brings."""
        if isinstance(step, Reconnect):
            return b"ok" if self.connect() else b""
        if isinstance(step, StartTls):
            return b"ok" if self._start_tls() else b""
        return self.exchange(step, step.wait_s)

    def exchange(self, step: Send, first_s: float) -> bytes:
        """Send and return what comes; `first_s` is how long the first byte is waited for."""
        if self._socket is None:
            return b""
        try:
            if step.data:
                self._socket.settimeout(self._left(step.wait_s))
                self._socket.sendall(step.data)
        except OSError:  # what it said before it hung up can still be read
            self.was_shut = True
        return self.listen(step.enough, max(step.wait_s, self._least_s), max(first_s, self._least_s))

    def listen(self, enough: Callable[[bytes], bool], wait_s: float, first_s: float) -> bytes:
        """Return what comes until it is enough."""
        found = b""
        begun = time.monotonic()
        while self._socket is not None and len(found) < LONGEST and not (found and enough(found)):
            left = min(self._end, begun + (wait_s if found else first_s)) - time.monotonic()
            if left <= 0:
                break
            self._socket.settimeout(left)
            try:
                part = self._socket.recv(LONGEST - len(found))
            except TimeoutError:
                break
            except OSError:
                part = b""
            if not part:
                self.was_shut = True
                break
            found += part
            self.has_heard = True
        return found

    def fileno(self) -> int:
        """Return the file descriptor, for who waits for several; -1 where there is none."""
        return -1 if self._socket is None else self._socket.fileno()

    def _start_tls(self) -> bool:
        if self._socket is None:
            return False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # what is asked is what speaks, not whether it is to be trusted
        with contextlib.suppress(ssl.SSLError):
            context.set_ciphers("DEFAULT@SECLEVEL=0")
        self._socket.settimeout(self._left(TLS_S))
        self._bell.forget(self._socket)
        try:
            self._socket = context.wrap_socket(self._socket)
        except (OSError, ValueError):
            self.close()
            return False
        self._bell.know(self._socket)
        return True

    def _left(self, most_s: float) -> float:
        return max(0.01, min(most_s, self._end - time.monotonic()))

    def close(self) -> None:
        """Close what is open."""
        if self._socket is not None:
            self._bell.forget(self._socket)
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None
