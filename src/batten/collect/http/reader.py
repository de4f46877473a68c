"""One request and what comes back, whatever that is: always an answer or a failure, always in time."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from batten.collect.http.body import Body
from batten.collect.http.decode import decoded
from batten.collect.http.head import Head, end_of_head, head_of, may_be_http
from batten.understand.answers.http import CUT_HEADS, Answer, Defect, DefectKind, Failure, FailureKind

if TYPE_CHECKING:
    from batten.collect.http.bounds import Bounds
    from batten.collect.http.wire import Wire
    from batten.understand.answers.http import Headers, Request

_INFORMATIONAL = range(100, 200)
_SWITCHING = 101
_SHOWN = 80
_OTHER_PROTOCOLS = (
    (b"\x15\x03", "it speaks TLS: ask it by https"),
    (b"SSH-", "it speaks SSH"),
    (b"\x00\x00", "it speaks HTTP/2 alone"),
    (b"-ERR", "it speaks Redis or POP3"),
)


class Exchange:
    """A request on a connection, and how far its answer has been read."""

    def __init__(self, wire: Wire, request: Request, bounds: Bounds, limit: int) -> None:
        """Prepare to read at most `limit` bytes of body."""
        self._wire = wire
        self._request = request
        self._bounds = bounds
        self._limit = limit
        self.begun = time.monotonic()
        self._early: list[tuple[int, Headers]] = []
        self._head: Head | None = None
        self._body: Body | None = None
        self._failure: Failure | None = None
        self.got_bytes = False
        """Anything came back at all."""

    async def run(self, sent: bytes, seconds: float) -> Answer | Failure:
        """Send the request and return what came back within the time."""
        self._wire.send(sent)
        try:
            async with asyncio.timeout(seconds):
                await self._read()
        except TimeoutError:
            self._out_of_time(seconds)
        if not self.may_go_on:
            self._wire.drop()
        return self._result()

    @property
    def may_go_on(self) -> bool:
        """Whether the connection can carry another request (RFC 9112 section 9.3)."""
        head, body = self._head, self._body
        if head is None or body is None or self._failure is not None or not body.may_go_on:
            return False
        options = {part.strip().lower() for value in head.all("connection") for part in value.split(",")}
        lasts = "close" not in options and (head.protocol == "HTTP/1.1" or "keep-alive" in options)
        return lasts and head.status != _SWITCHING and self._wire.is_quiet

    async def _read(self) -> None:
        while await self._one_head():
            head = self._head
            if head is None or head.status not in _INFORMATIONAL or head.status == _SWITCHING:
                break
            self._early.append((head.status, tuple(head.headers)))
            if len(self._early) > self._bounds.early:
                self._fail(FailureKind.NOT_HTTP, f"more than {self._bounds.early} informational answers")
                return
            self._head = None
        if self._head is not None and self._head_is_whole():
            self._body = Body(self._wire, self._head, self._request.method, self._limit)
            await self._body.read()

    def _head_is_whole(self) -> bool:
        head = self._head
        return head is not None and not any(defect.kind in CUT_HEADS for defect in head.defects)

    async def _one_head(self) -> bool:
        """Read one head; False where there is none, and then the failure or the bare page is kept."""
        wire, most = self._wire, self._bounds.head_bytes
        blank = await self._skip_blank_lines()
        scanned = 0
        while (is_http := may_be_http(wire.held)) and (end := end_of_head(wire.held, scanned)) is None:
            scanned = len(wire.held)
            if scanned > most or not await wire.more():
                break
            self.got_bytes = True
        if not is_http:
            return await self._no_head()
        if end is not None and end[0] <= most:
            data = wire.take(end[1])[: end[0]]
            return self._keep(head_of(data, self._bounds.headers), data, blank=blank)
        return self._cut_head(blank=blank)

    async def _skip_blank_lines(self) -> bool:
        """Drop line ends before the status line, as a robust reader does (RFC 9112 section 2.2)."""
        wire = self._wire
        blank = False
        while True:
            ends = len(wire.held) - len(wire.held.lstrip(b"\r\n"))
            blank = blank or ends > 0
            del wire.held[:ends]
            if wire.held or not await wire.more():
                return blank
            self.got_bytes = True

    def _keep(self, head: Head | None, data: bytes, *, blank: bool) -> bool:
        if head is None:
            self._fail(FailureKind.NOT_HTTP, "no status in its first line", DefectKind.STATUS_LINE, data)
            return False
        if blank:
            head.note(DefectKind.STATUS_LINE, b"\r\n")
        self._head = head
        return True

    def _cut_head(self, *, blank: bool) -> bool:
        """Keep the lines of a head that did not end; the last of them may be half a line."""
        wire, most = self._wire, self._bounds.head_bytes
        if not wire.held:
            says = wire.fault or "it closed the connection"
            self._fail(FailureKind.CLOSED, says)
            return False
        data = wire.take(most)
        lines, _, half = data.rpartition(b"\n")
        if not lines:
            self._fail(FailureKind.CLOSED, wire.fault, DefectKind.STATUS_LINE, half)
            return False
        kept = self._keep(head_of(lines, self._bounds.headers), lines, blank=blank)
        if kept and self._head is not None:
            too_long = not wire.has_ended and len(data) >= most
            self._head.note(DefectKind.HEAD_TOO_LONG if too_long else DefectKind.HEAD_UNFINISHED, half)
        return kept

    async def _no_head(self) -> bool:
        """Read the first line of what does not begin with a status line, and judge it."""
        wire = self._wire
        while len(wire.held) < _SHOWN and b"\n" not in wire.held and await wire.more():
            pass
        return self._judge_start()

    def _judge_start(self) -> bool:
        """Tell a bare page of HTTP/0.9 from what is not HTTP."""
        start = bytes(self._wire.held[:_SHOWN]).partition(b"\n")[0].rstrip(b"\r")
        if start.lstrip().startswith(b"<"):
            self._head = Head(200, protocol="HTTP/0.9")
            self._head.note(DefectKind.STATUS_LINE, start)
            return True
        says = next((says for sign, says in _OTHER_PROTOCOLS if start.startswith(sign)), f"it begins with {start!r}")
        self._fail(FailureKind.NOT_HTTP, says, DefectKind.STATUS_LINE, start)
        return False

    def _out_of_time(self, seconds: float) -> None:
        """Keep what has come: half a head is still told, half a body too."""
        held = self._wire.held
        if self._head is not None and self._head_is_whole():
            self._head.note(DefectKind.SLOW_BODY, f"{seconds:g} s".encode())
        elif self._failure is None and not may_be_http(held):
            self._judge_start()
        elif self._failure is None and b"\n" in held:
            self._cut_head(blank=False)
        if self._head is None and self._failure is None:
            before = " after the first bytes" if self.got_bytes else ""
            self._fail(FailureKind.TIMEOUT, f"{seconds:g} s{before}")

    def _fail(self, kind: FailureKind, says: str, defect: DefectKind | None = None, line: bytes = b"") -> None:
        defects = () if defect is None else (Defect(defect, line[:200]),)
        self._failure = Failure(self._request, kind, says, defects)

    def _result(self) -> Answer | Failure:
        head = self._head
        if head is None or self._failure is not None:
            return self._failure or Failure(self._request, FailureKind.CLOSED, self._wire.fault)
        raw, is_whole, codings = b"", False, head.all("content-encoding")
        if self._body is not None:
            raw, is_whole = bytes(self._body.data), self._body.is_whole
            codings = [*codings, *self._body.codings]
        split = [part for value in codings for part in value.split(",")]
        body = decoded(raw, split if raw else [], self._limit, cut=not is_whole)
        if body.defect is not None:
            head.note(body.defect.kind, body.defect.line)
        return Answer(
            request=self._request,
            status=head.status,
            reason=head.reason,
            headers=tuple(head.headers),
            body=body.body,
            defects=tuple(head.defects),
            verified=self._wire.verified,
            protocol=head.protocol,
            elapsed_s=time.monotonic() - self.begun,
            cut=body.cut,
            early=tuple(self._early),
        )
