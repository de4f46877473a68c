"""Holds conversations with a port: real sockets under the generators of `understand.services`, within deadlines.

A question that brings no answer at once is left open while the next are asked:
a slow service answers in the meantime, and a silent port costs one wait instead
of one for each question.
"""

from __future__ import annotations

import selectors
import time
from typing import TYPE_CHECKING

from batten.collect.host.wire import Bell, Wire
from batten.model.data import dataclass
from batten.understand.services.greetings import greeting
from batten.understand.services.order import conversations
from batten.understand.services.talk import Send, Spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Manners, Step, Talk

PORT_S = 8.0
"""For all conversations with one port."""
FIRST_S = 0.2
"""How long an answer is waited for before the next question is asked."""
SILENT_S = 3.0
"""How long a port is silent, to every question, before it is left."""
LATE_S = 2.0
"""How long a greeting is waited for that did not come at once, where something speaks."""
MOST_STEPS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What a port told."""

    spoken: Spoken | None
    why: str = ""
    """Why nothing is known of it."""


def identify(address: str, port: int, manners: Manners, *, time_s: float = PORT_S, bell: Bell | None = None) -> Answer:
    """Return what answers on a port, or why no conversation recognises it within the time; `bell` ends it at once."""
    place, rings = (address, port), bell or Bell()
    begun = time.monotonic()
    end = begun + time_s
    held: list[_Held] = []
    try:
        for conversation in conversations(port):
            if time.monotonic() >= end or rings.has_rung or (held and held[-1].wire.failure is not None):
                break
            held.append(_Held(conversation, manners, Wire(place, end, rings)))
            found = held[-1].begin()
            if found is not None:
                return Answer(found)
        found = _late(held, min(end, begun + SILENT_S))
        if found is None and _speaks_late(held):
            held.append(_Held(greeting, manners, Wire(place, end, rings, least_s=LATE_S)))
            found = held[-1].begin()
        return Answer(found, "" if found is not None else _why(held, rings, is_over=time.monotonic() >= end))
    finally:
        for one in held:
            one.end()


def _late(held: list[_Held], end: float) -> Spoken | None:
    """Return what answers a question that was left open."""
    with selectors.DefaultSelector() as waiting:
        for one in held:
            if one.waits and one.wire.fileno() >= 0:
                waiting.register(one.wire, selectors.EVENT_READ, one)
        while waiting.get_map() and time.monotonic() < end:
            for key, _ in waiting.select(max(0.0, end - time.monotonic())):
                waiting.unregister(key.fileobj)
                found: Spoken | None = key.data.resume()
                if found is not None:
                    return found
    return None


def _speaks_late(held: list[_Held]) -> bool:
    """Return whether something spoke, though not at once as those do that speak first."""
    early = [one for one in held if one.conversation is greeting]
    return any(one.wire.has_heard for one in held) and not any(one.wire.has_heard or one.wire.was_shut for one in early)


def _why(held: list[_Held], bell: Bell, *, is_over: bool) -> str:
    wires = [one.wire for one in held]
    if bell.has_rung:
        return "interrupted"
    if any(wire.has_heard for wire in wires):
        return "its answers are of no protocol known here"
    if wires and wires[0].failure is not None:
        is_slow = isinstance(wires[0].failure, TimeoutError)
        return "it takes no connection" if is_slow else "it no longer accepts connections"
    if any(wire.was_shut for wire in wires):
        return "it hangs up without a word"
    return "the time was up" if is_over else "it keeps silent"


class _Held:
    """One conversation on its connection."""

    def __init__(self, conversation: Callable[[Manners], Talk], manners: Manners, wire: Wire) -> None:
        self.conversation = conversation
        self.wire = wire
        self.waits = False
        """Its first question is still open."""
        self._talk = conversation(manners)
        self._step: Step | None = None

    def begin(self) -> Spoken | None:
        """Return what it tells; nothing where the first question stays open."""
        if not self.wire.connect():
            return None
        step = self._step = next(self._talk)
        if not isinstance(step, Send) or not step.data:  # who only listens has heard nothing by now
            return self._told(self.wire.take(step))
        answer = self.wire.exchange(step, min(step.wait_s, FIRST_S))
        self.waits = not answer and not self.wire.was_shut
        return None if self.waits else self._told(answer)

    def resume(self) -> Spoken | None:
        """Return what it tells now that there is an answer to its first question."""
        self.waits = False
        step = self._step
        return self._on(self.wire.listen(step.enough, step.wait_s, FIRST_S)) if isinstance(step, Send) else None

    def _told(self, answer: bytes) -> Spoken | None:
        """Return what it tells, hung up: a server that takes one visitor at a time is free for the next question."""
        try:
            return self._on(answer)
        finally:
            self.wire.close()

    def _on(self, answer: bytes) -> Spoken | None:
        try:
            for _ in range(MOST_STEPS):
                answer = self.wire.take(self._talk.send(answer))
        except StopIteration as told:
            return told.value if isinstance(told.value, Spoken) else None
        except (ValueError, IndexError, ArithmeticError):  # an answer that breaks its own protocol
            return None
        return None

    def end(self) -> None:
        self._talk.close()
        self.wire.close()
