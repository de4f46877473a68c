"""Holds a conversation with bytes in place of a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from batten.understand.services.talk import Manners, Reconnect, Send, Spoken, StartTls

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.services.talk import Talk


@pytest.fixture
def hold() -> Callable[..., Spoken | None]:
    """Return what a conversation tells of a service that answers with these bytes, one for each step that sends."""

    def held(
        talk: Callable[[Manners], Talk], *answers: bytes, logins: bool = True, tls: bool = False, again: bool = True
    ) -> Spoken | None:
        waiting = list(answers)
        talking = talk(Manners(logins=logins))
        try:
            step = next(talking)
            for _ in range(60):
                if isinstance(step, Send):
                    sent = waiting.pop(0) if waiting else b""
                elif isinstance(step, StartTls):
                    sent = b"ok" if tls else b""
                else:
                    assert isinstance(step, Reconnect)
                    sent = b"ok" if again else b""
                step = talking.send(sent)
        except StopIteration as told:
            found: Spoken | None = told.value
            return found
        message = "it does not come to an end"
        raise AssertionError(message)

    return held
