"""The visitor as those see it who know no event loop: wishes in, chains out, batch by batch."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from batten.collect.http.connect import Connector, Unconnected
from batten.collect.http.jar import Jar
from batten.collect.http.visitor import Visitor
from batten.understand.answers.http import CUT_HEADS, Chain, Failure, FailureKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.collect.http.bounds import Bounds
    from batten.collect.http.target import Target
    from batten.understand.answers.http import Headers
    from batten.understand.answers.tls import TlsAnswer
    from batten.understand.answers.wish import Wish

_LOOK_S = 1.0
"""For a look at what else a silent port speaks."""


class Fetcher:
    """Asks wishes of the targets; connections and cookies last from one batch to the next."""

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
        """Prepare to ask, as `Visitor` does."""
        self._targets = targets
        self._ca_file = ca_file
        self._runner = asyncio.Runner()
        self._jars: dict[str, Jar] = {}
        self.visitor = Visitor(targets, bounds=bounds, headers=headers, cookies=cookies, ca_file=ca_file, active=active)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop the connections."""
        self._runner.run(self.visitor.close())
        self._runner.close()

    def __call__(self, wishes: Sequence[Wish]) -> list[Chain]:
        """Return a chain for each wish, in their order.

        The wishes of a batch do not see each other's cookies, so that what is
        sent does not depend on which answer comes first; the next batch sees
        them all, set in the order of the wishes.
        """
        return self._runner.run(self._batch(wishes))

    def tls(self, target: Target) -> TlsAnswer:
        """Return what is seen of the TLS of one of the targets."""
        from batten.collect.tls.probe import TlsBounds, tls_of  # noqa: PLC0415 - only where it is asked

        bounds = TlsBounds()
        bounds = TlsBounds(bounds.handshake_s, max(0.0, min(bounds.all_s, self.visitor.left_s)))
        return self._runner.run(tls_of(target, bounds=bounds, ca_file=self._ca_file))

    def is_tls(self, target: Target) -> bool:
        """Return whether the port of a target on plain HTTP speaks TLS: then the address has the wrong scheme."""
        origin = replace(target.origin, scheme="https")
        connector = Connector(replace(target, origin=origin), self.visitor.bounds.connect_s)
        met = self._runner.run(connector.connect(max(0.0, min(_LOOK_S, self.visitor.left_s))))
        if isinstance(met, Unconnected):
            return False
        met.drop()
        return True

    async def _batch(self, wishes: Sequence[Wish]) -> list[Chain]:
        before = {name: self._jars.setdefault(name, Jar()) for name in dict.fromkeys(wish.jar for wish in wishes)}
        jars = [before[wish.jar].branch() if wish.with_cookies else None for wish in wishes]
        chains = await asyncio.gather(*(self._chain(wish, jar) for wish, jar in zip(wishes, jars, strict=True)))
        for wish, jar in zip(wishes, jars, strict=True):
            if jar is not None:
                before[wish.jar].merge(jar)
        return chains

    async def _chain(self, wish: Wish, jar: Jar | None) -> Chain:
        if wish.follow:
            return _judgeable(await self.visitor.follow(wish.request, jar, with_cookies=wish.with_cookies))
        found = await self.visitor.ask(wish.request, jar, with_cookies=wish.with_cookies)
        return Chain((), found) if isinstance(found, Failure) else _judgeable(Chain((found,)))


def _judgeable(chain: Chain) -> Chain:
    """Return a chain up to the first answer whose head was not read to its end.

    A header that is not among those that were read may have been sent all the
    same, so nothing is to be said of such an answer; its body was not read.
    """
    for at, hop in enumerate(chain.hops):
        if not hop.is_head_whole:
            says = next(defect.kind.value for defect in reversed(hop.defects) if defect.kind in CUT_HEADS)
            return Chain(chain.hops[:at], Failure(hop.request, FailureKind.HEAD, says, hop.defects))
    return chain
