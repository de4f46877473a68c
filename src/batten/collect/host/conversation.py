"""Holds a conversation with a port: real sockets under the generators of `understand.services`, within deadlines."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import TYPE_CHECKING

from batten.understand.services.order import conversations
from batten.understand.services.talk import LONGEST, Reconnect, Send, StartTls

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Manners, Spoken, Step, Talk

CONNECT_S = 1.0
PORT_S = 8.0
"""For all conversations with one port."""
MOST_STEPS = 40


def identify(address: str, port: int, manners: Manners, *, time_s: float = PORT_S) -> Spoken | None:
    """Return what answers on a port, None where no conversation recognises it within the time."""
    end = time.monotonic() + time_s
    for conversation in conversations(port):
        if time.monotonic() >= end:
            return None
        found = held(address, port, conversation, manners, end)
        if found is not None:
            return found
    return None


def held(
    address: str, port: int, conversation: Callable[[Manners], Talk], manners: Manners, end: float
) -> Spoken | None:
    """Return what one conversation tells; a connection that fails, or an answer that makes no sense, tells nothing."""
    wire = _Wire(address, port, end)
    talk = conversation(manners)
    try:
        if not wire.connect():
            return None
        step: Step = next(talk)
        for _ in range(MOST_STEPS):
            step = talk.send(wire.take(step))
    except StopIteration as told:
        found: Spoken | None = told.value
        return found
    except (ValueError, IndexError, ArithmeticError):  # an answer that breaks its own protocol
        return None
    finally:
        talk.close()
        wire.close()
    return None


class _Wire:
    """One connection at a time to one port."""

    def __init__(self, address: str, port: int, end: float) -> None:
        self._place = (address, port)
        self._end = end
        self._socket: socket.socket | None = None

    def connect(self) -> bool:
        self.close()
        try:
            self._socket = socket.create_connection(self._place, timeout=self._left(CONNECT_S))
        except OSError:
            return False
        mine, other = self._socket.getsockname()[:2], self._socket.getpeername()[:2]
        if mine == other:  # a port that nobody serves can be connected to itself (RFC 9293 section 3.5)
            self.close()
            return False
        return True

    def take(self, step: Step) -> bytes:
        if isinstance(step, Reconnect):
            return b"ok" if self.connect() else b""
        if isinstance(step, StartTls):
            return b"ok" if self._start_tls() else b""
        return self._exchange(step)

    def _exchange(self, step: Send) -> bytes:
        if self._socket is None:
            return b""
        found = b""
        end = min(self._end, time.monotonic() + step.wait_s)
        try:
            if step.data:
                self._socket.settimeout(self._left(step.wait_s))
                self._socket.sendall(step.data)
            while len(found) < LONGEST and not step.enough(found):
                left = end - time.monotonic()
                if left <= 0:
                    break
                self._socket.settimeout(left)
                part = self._socket.recv(LONGEST - len(found))
                if not part:
                    break
                found += part
        except OSError:
            return found
        return found

    def _start_tls(self) -> bool:
        if self._socket is None:
            return False
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # what is asked is what speaks, not whether it is to be trusted
        with contextlib.suppress(ssl.SSLError):
            context.set_ciphers("DEFAULT@SECLEVEL=0")
        self._socket.settimeout(self._left(2.0))
        try:
            self._socket = context.wrap_socket(self._socket)
        except (OSError, ValueError):
            self.close()
            return False
        return True

    def _left(self, most_s: float) -> float:
        return max(0.01, min(most_s, self._end - time.monotonic()))

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
            self._socket = None
