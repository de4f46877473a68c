"""Asks the consented targets what the rules want to know: each question once, at a bearable pace, within the budget."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Self, TypeVar

from batten.collect.http.bounds import SAFE_METHODS, Bounds
from batten.collect.http.message import is_sendable, merged_cookies, next_address, next_method, written
from batten.collect.http.place import Budget, Place
from batten.collect.http.target import taken_apart
from batten.model import BattenError
from batten.understand.answers.http import Answer, Chain, Failure, FailureKind, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from batten.collect.http.jar import Jar
    from batten.collect.http.target import Origin, Target
    from batten.understand.answers.http import Headers

Found = TypeVar("Found")
_HEADER_COST = 200
"""Bytes that a kept header costs beyond its text: two strings and a pair."""
_ANSWER_COST = 2000


class Visitor:
    """One run against one or more targets, of which the first is the one that the user's login is for."""

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        bounds: Bounds | None = None,
        headers: Headers = (),
        cookies: Sequence[str] = (),
        ca_file: str = "",
        active: bool | None = None,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        `headers` and `cookies` are the user's own. They go to the origin of the
        first target only: they may be a login, and another origin, be it the
        same host without TLS, is not who it was given for. `active` allows
        methods that may change something; None allows them on loopback only.
        """
        self.bounds = bounds or Bounds()
        self._budget = Budget(self.bounds.requests)
        self.places = {target.origin: Place(target, self.bounds, self._budget, ca_file) for target in targets}
        self._main = targets[0].origin
        self._active_wanted = active
        self._headers = tuple(pair for pair in headers if pair[0].lower() != "cookie")
        self._cookies = (*(value for name, value in headers if name.lower() == "cookie"), *cookies)
        self._asked: dict[tuple[Request, str], asyncio.Task[Answer | Failure]] = {}
        self._ends = time.monotonic() + self.bounds.run_s
        self._connections = min(place.pace.connections for place in self.places.values())
        self._gate = asyncio.Semaphore(self._connections)
        self._active = 0
        self._turn = 0.0
        self._kept = 0
        self.asked: Callable[[int], None] = lambda _: None
        """Handed the number of requests that were sent, after each."""
        self.incomplete = ""
        """Why a question was not sent, the first time that one was not; empty where all were."""

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Drop every connection."""
        await self.close()

    async def close(self) -> None:
        """Drop every connection, and give up what is still asked."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        for place in self.places.values():
            place.close()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return sum(place.sent for place in self.places.values())

    @property
    def left_s(self) -> float:
        """The seconds that are left of the run."""
        return self._ends - time.monotonic()

    def distrust(self, origin: Origin) -> str:
        """Return why the origin's certificate is not trusted, or why it was met leniently; empty where all was well."""
        return self.places[origin].connector.says

    async def ask(self, request: Request, jar: Jar | None = None, *, with_cookies: bool = True) -> Answer | Failure:
        """Return what came back to a request; the same one is sent once, however many ask it.

        Without `with_cookies` the user's own stay out too.
        """
        try:
            origin, path = taken_apart(request.url)
        except BattenError as error:
            return Failure(request, FailureKind.BAD_LOCATION, str(error))
        place = self.places.get(origin)
        if place is None:
            return Failure(request, FailureKind.NOT_ASKED, f"{origin} is not the target")
        held = jar.header(origin, path) if jar is not None else ""
        cookie = merged_cookies(self._cookies if origin == self._main and with_cookies else (), held)
        key = (request, cookie)
        if key not in self._asked:
            self._asked[key] = asyncio.ensure_future(self._ask(place, request, path, cookie))
        answer = await asyncio.shield(self._asked[key])
        if jar is not None and isinstance(answer, Answer):
            jar.take(answer)
        return answer

    async def follow(self, request: Request, jar: Jar | None = None, *, with_cookies: bool = True) -> Chain:
        """Return the chain of redirects from a request to its end.

        A redirect that leaves the targets is told and not followed.
        """
        hops: list[Answer] = []
        asked = request
        while True:
            found = await self.ask(asked, jar, with_cookies=with_cookies)
            if isinstance(found, Failure):
                return Chain(tuple(hops), found)
            hops.append(found)
            if not found.is_redirect:
                return Chain(tuple(hops))
            try:
                method = next_method(found)
                body = found.request.body if method == found.request.method else b""
                asked = Request(method, next_address(found), request.headers, body)
            except ValueError:
                location = found.first("location") or ""
                return Chain(tuple(hops), Failure(Request("GET", location), FailureKind.BAD_LOCATION))
            if len(hops) > self.bounds.redirects:
                return Chain(tuple(hops), Failure(asked, FailureKind.TOO_MANY_REDIRECTS, f"{len(hops)} in a row"))

    async def _ask(self, place: Place, request: Request, path: str, cookie: str) -> Answer | Failure:
        extra = self._extra(place.target.origin, cookie)
        if not is_sendable(request, extra):
            return Failure(request, FailureKind.NOT_ASKED, "a line break in it would make it two requests")
        if request.method not in SAFE_METHODS and not self._may_change(place):
            return Failure(request, FailureKind.METHOD, request.method)
        async with self._gate:
            await self._wait_for_turn(place)
            refused = self._refused(place, request)
            if refused is not None:
                return refused
            self._make_room(place)
            self._active += 1
            try:
                data = written(request, place.target.origin, path, extra)
                found = await place.ask(request, data, self.left_s, self._body_limit())
            finally:
                self._active -= 1
        self._kept += _weight(found)
        self.asked(self.requests)
        return found

    def _may_change(self, place: Place) -> bool:
        """Return whether methods may be sent that can change something."""
        return place.pace.is_ours if self._active_wanted is None else self._active_wanted

    def _extra(self, origin: Origin, cookie: str) -> Headers:
        """Return the user's headers and the cookies that a request to the origin takes along."""
        own = self._headers if origin == self._main else ()
        return (*own, ("Cookie", cookie)) if cookie else own

    def _refused(self, place: Place, request: Request) -> Failure | None:
        if place.is_left_alone:
            self.incomplete = self.incomplete or f"{place.target.origin} was left alone: {place.is_left_alone}"
            return Failure(request, FailureKind.STOPPED, place.is_left_alone)
        spent = self._spent()
        if spent is None and self._budget.take():
            return None
        spent = spent or FailureKind.BUDGET
        self.incomplete = self.incomplete or spent.value
        return Failure(request, spent)

    def _spent(self) -> FailureKind | None:
        if self.left_s <= 0:
            return FailureKind.OUT_OF_TIME
        if self._budget.left <= 0 or self._kept >= 2 * self.bounds.kept_bytes:
            return FailureKind.BUDGET
        return None

    def _body_limit(self) -> int:
        under_way = self._active * self.bounds.body_bytes
        is_roomy = self._kept + under_way <= self.bounds.kept_bytes
        return self.bounds.body_bytes if is_roomy else self.bounds.spare_bytes

    async def _wait_for_turn(self, place: Place) -> None:
        """Wait until the pace allows the next request, or the run is over."""
        if place.pace.per_second:
            now = time.monotonic()
            self._turn = max(now, self._turn + 1 / place.pace.per_second)
            await asyncio.sleep(max(0.0, min(self._turn - now, self.left_s)))

    def _make_room(self, wanted: Place) -> None:
        """Drop connections to the other targets where one more would be one too many."""
        for place in self.places.values():
            while place is not wanted and place.idle and self._open() >= self._connections:
                place.idle.pop().drop()

    def _open(self) -> int:
        return self._active + sum(len(place.idle) for place in self.places.values())


def _weight(found: Answer | Failure) -> int:
    """Return about how many bytes of memory an answer takes."""
    if isinstance(found, Failure):
        return _ANSWER_COST
    heads = [found.headers, *(headers for _, headers in found.early)]
    text = sum(len(name) + len(value) + _HEADER_COST for headers in heads for name, value in headers)
    return len(found.body) + text + _ANSWER_COST


def visit(visitor: Callable[[], Visitor], ask: Callable[[Visitor], Awaitable[Found]]) -> Found:
    """Return what `ask` makes of a visitor, whose connections are closed afterwards.

    The visitor is made inside the event loop that it works in.
    """

    async def run() -> Found:
        async with visitor() as made:
            return await ask(made)

    return asyncio.run(run())
