"""One target being asked: its open connections, and whether it still bears being asked."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from batten.collect.http.bounds import LOOPBACK, POLITE, SAFE_METHODS
from batten.collect.http.connect import Connector, Unconnected
from batten.collect.http.reader import Exchange
from batten.understand.answers.http import Answer, Failure, FailureKind

if TYPE_CHECKING:
    from batten.collect.http.bounds import Bounds
    from batten.collect.http.target import Target
    from batten.collect.http.wire import Wire
    from batten.understand.answers.http import Request

_UNWELL = frozenset({FailureKind.TIMEOUT, FailureKind.REFUSED, FailureKind.CLOSED, FailureKind.UNREACHABLE})
_STARVED_S = 0.3
_TOO_MANY = 429
_SERVER_FAULT = 500


class Budget:
    """The requests that may still be sent, by all places together."""

    def __init__(self, left: int) -> None:
        """Begin with so many."""
        self.left = left

    def take(self) -> bool:
        """Return whether one more may be sent, and count it."""
        self.left -= 1
        return self.left >= 0


class Place:
    """A target, its pace, and the connections that can be used again."""

    def __init__(self, target: Target, bounds: Bounds, budget: Budget, ca_file: str) -> None:
        """Begin without a connection."""
        self.target = target
        self.pace = LOOPBACK if target.is_loopback else POLITE
        self.connector = Connector(target, bounds.connect_s, ca_file)
        self.idle: list[Wire] = []
        self.sent = 0
        self._bounds = bounds
        self._budget = budget
        self._under_way: set[Exchange] = set()
        self._in_a_row = 0
        self._last = ""

    @property
    def is_left_alone(self) -> str:
        """Why the target is asked no more; empty while it is."""
        if self._in_a_row < self._bounds.failures:
            return ""
        return f"{self._bounds.failures} times in a row: {self._last}"

    async def ask(self, request: Request, data: bytes, seconds: float, limit: int) -> Answer | Failure:
        """Send a request and return what came of it.

        A server may close a connection just when it is used again; a request
        that changes nothing is then sent once more on a new one.
        """
        wire = self._waiting()
        if wire is not None:
            exchange, found = await self._exchange(wire, request, data, seconds, limit)
            is_stale = isinstance(found, Failure) and found.kind is FailureKind.CLOSED and not exchange.got_bytes
            if not is_stale or request.method not in SAFE_METHODS or not self._budget.take():
                return self._judged(found, seconds)
        fresh = await self.connector.connect(seconds)
        if isinstance(fresh, Unconnected):
            return self._judged(Failure(request, fresh.kind, fresh.says), seconds)
        _, found = await self._exchange(fresh, request, data, seconds, limit)
        return self._judged(found, seconds)

    def _waiting(self) -> Wire | None:
        while self.idle:
            wire = self.idle.pop()
            if wire.is_quiet:
                return wire
            wire.drop()
        return None

    async def _exchange(
        self, wire: Wire, request: Request, data: bytes, seconds: float, limit: int
    ) -> tuple[Exchange, Answer | Failure]:
        exchange = Exchange(wire, request, self._bounds, limit)
        self.sent += 1
        self._under_way.add(exchange)
        relief = asyncio.get_running_loop().call_later(_STARVED_S, self._relieve)
        is_kept = False
        try:
            found = await exchange.run(data, min(seconds, self._bounds.answer_s))
            is_kept = exchange.may_go_on
        finally:
            relief.cancel()
            self._under_way.discard(exchange)
            is_kept = is_kept and not self._is_someone_starved()
            if is_kept:
                self.idle.append(wire)
            else:
                wire.drop()
        return exchange, found

    def _is_someone_starved(self) -> bool:
        """Return whether a question waits for its first byte, perhaps until another connection is given up.

        A server of one thread that keeps connections open serves one of them
        and lets all others wait (`HTTPServer` of CPython with HTTP/1.1). Such
        servers stand on a developer's machine; elsewhere a slow one would only
        get more connections for it.
        """
        if not self.pace.is_ours:
            return False
        latest = time.monotonic() - _STARVED_S * 0.9
        return any(not one.got_bytes and one.begun <= latest for one in self._under_way)

    def _relieve(self) -> None:
        if self._is_someone_starved():
            self.close()

    def _judged(self, found: Answer | Failure, seconds: float) -> Answer | Failure:
        """Count what tells that the target is unwell, or wants to be left alone.

        That the run had only `seconds` left is no fault of the target.
        """
        if isinstance(found, Failure):
            if found.kind is FailureKind.TIMEOUT and seconds < self._bounds.answer_s:
                return Failure(found.request, FailureKind.OUT_OF_TIME)
            is_bad, says = found.kind in _UNWELL, found.kind.value
        else:
            status = found.status
            is_bad, says = not self.pace.is_ours and (status >= _SERVER_FAULT or status == _TOO_MANY), f"{status}"
        self._in_a_row = self._in_a_row + 1 if is_bad else 0
        self._last = says
        return found

    def close(self) -> None:
        """Drop the connections that nothing is asked on."""
        while self.idle:
            self.idle.pop().drop()
