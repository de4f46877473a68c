"""Asks open ports what they are: several at a time, the weightiest first, one service at most once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Unsure
from batten.run.ports.known import WELL_KNOWN
from batten.understand.host import EVERYWHERE
from batten.understand.services.talk import Auth, Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from batten.collect.host.conversation import Answer
    from batten.understand.host import Listener

AT_ONCE = 16
"""Ports that are talked to at a time."""
MOST_SILENT = 16
"""Ports of one process that tell nothing, after which the rest of its ports are not asked."""
LATE = "the time was up before it was asked"
_SHOWN = 6
_KNOWN = frozenset(WELL_KNOWN)


class Asking:
    """The identification of ports; an interrupt ends it, and what was told until then stays."""

    def __init__(self, seen: Sequence[Listener], manners: Manners, end: float) -> None:
        """Begin with ports as they were seen; `end` is when all ends."""
        from batten.collect.host.wire import Bell  # noqa: PLC0415 - ssl

        self.seen = list(seen)
        self.interrupted = False
        self._manners = manners
        self._end = end
        self._bell = Bell()
        self._silent: dict[int, int] = {}
        self._left = 0

    def ask(self, told: Callable[[str], None]) -> None:
        """Ask every port that can be asked; `told` is handed how many are left."""
        groups = self._groups()
        self._left = sum(len(group) for group in groups)
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ports")
        try:
            told(_asking(self._left))
            for _ in pool.map(self._ask_group, groups):
                told(_asking(self._left))
        except KeyboardInterrupt:
            self.interrupted = True
            self._bell.ring()
        pool.shutdown(cancel_futures=self.interrupted)
        for group in groups if self.interrupted else ():
            for number in group:
                if self.seen[number].spoken is None and not self.seen[number].untold:
                    self._untold(number, "interrupted")

    def _groups(self) -> list[list[int]]:
        """Return the ports to ask by their place in `seen`, those together that one process serves at one number."""
        groups: dict[tuple[int, int], list[int]] = {}
        for number, one in enumerate(self.seen):
            if not address_to_ask(one):
                continue
            pid = one.process.pid if one.process is not None else -1 - number
            groups.setdefault((one.port, pid), []).append(number)
        return sorted(groups.values(), key=lambda group: self._weight(self.seen[group[0]]))

    @staticmethod
    def _weight(one: Listener) -> tuple[bool, bool, int]:
        return one.port not in _KNOWN, not one.is_exposed, one.port

    def _ask_group(self, group: Sequence[int]) -> None:
        first: Answer | None = None
        for number in group:
            if first is None:
                first = self._ask(number, self._manners)
            elif first.spoken is not None:
                self._ask_again(number, first)
            else:
                self._untold(number, first.why)
            self._left -= 1

    def _ask(self, number: int, manners: Manners) -> Answer:
        from batten.collect.host.conversation import Answer, identify  # noqa: PLC0415 - ssl

        one = self.seen[number]
        pid = one.process.pid if one.process is not None else 0
        left = self._end - time.monotonic()
        if self._bell.has_rung:
            answer = Answer(None, "interrupted")
        elif left <= 0:
            answer = Answer(None, LATE)
        elif pid and self._silent.get(pid, 0) >= MOST_SILENT:
            answer = Answer(None, f"it was not asked: {MOST_SILENT} other ports of its process told nothing")
        else:
            answer = identify(address_to_ask(one), one.port, manners, time_s=left, bell=self._bell)
            silent = self._silent.get(pid, 0) + 1 if answer.spoken is None else 0
            self._silent[pid] = silent
        self.seen[number] = replace(one, spoken=answer.spoken, untold=answer.why)
        return answer

    def _ask_again(self, number: int, first: Answer) -> None:
        """Ask a service at another of its addresses, without passwords: those were tried."""
        other = self._ask(number, Manners(logins=False)).spoken
        known = first.spoken
        if known is not None and (other is None or (other.product == known.product and other.auth is not Auth.NONE)):
            self.seen[number] = replace(self.seen[number], spoken=known, untold="")

    def _untold(self, number: int, why: str) -> None:
        self.seen[number] = replace(self.seen[number], untold=why)


def _asking(left: int) -> str:
    return f"asking {left:,} port{'' if left == 1 else 's'} what they are"


def address_to_ask(one: Listener) -> str:
    """Return the address at which a port is asked what it is; empty where it is not."""
    if one.protocol != "tcp" or (one.reachable is not None and not one.reachable):
        return ""
    if one.address in EVERYWHERE:
        return (one.reachable or (("::1",) if ":" in one.address else ("127.0.0.1",)))[0]
    return one.address


def not_told(seen: Iterable[Listener], layer: str) -> list[Unsure]:
    """Return what could not be told of ports, one doubt for each reason."""
    reasons: dict[str, dict[int, None]] = {}
    for one in seen:
        if one.spoken is None and one.untold:
            reasons.setdefault(one.untold, {})[one.port] = None
    return [Unsure(_ports(tuple(numbers)), why, None, layer) for why, numbers in reasons.items()]


def _ports(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"what answers on port {numbers[0]}"
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    more = len(numbers) - _SHOWN
    return f"what answers on {len(numbers):,} ports ({shown}{f' and {more:,} more' if more > 0 else ''})"
