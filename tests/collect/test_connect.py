"""How a connection comes about, and what is said where none does."""

from __future__ import annotations

import asyncio
import errno
import ssl
from typing import TYPE_CHECKING

import pytest

from batten.collect.http import Target, connect
from batten.collect.http.connect import Connector, Unconnected, reachable
from batten.collect.http.target import Origin
from batten.understand.answers.http import FailureKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PLACE = Target(Origin("http", "shop.test", 80), ("127.0.0.1", "127.0.0.2", "127.0.0.3"), is_loopback=True)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (OSError(errno.EHOSTUNREACH, "No route to host"), FailureKind.UNREACHABLE, "No route to host"),
        (ConnectionRefusedError(), FailureKind.REFUSED, "nothing listens on the port"),
        (ConnectionResetError(), FailureKind.CLOSED, "the connection was closed during the handshake"),
        (ssl.SSLError(1, "odd"), FailureKind.TLS, "odd"),
        (TimeoutError(), FailureKind.TIMEOUT, "no connection after 2 s"),
    ],
)
def test_why_there_is_no_connection(
    monkeypatch: pytest.MonkeyPatch, error: OSError, kind: FailureKind, says: str
) -> None:
    monkeypatch.setattr(connect, "opened", fails_with(error))
    found = asyncio.run(Connector(PLACE, 2).connect(9))
    assert isinstance(found, Unconnected)
    assert (found.kind, found.says) == (kind, says)


def fails_with(error: OSError) -> Callable[..., Awaitable[None]]:
    async def opened(*_: object) -> None:
        raise error

    return opened


def test_the_last_address_is_the_one_where_none_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "opened", fails_with(ConnectionRefusedError()))
    assert asyncio.run(reachable(PLACE, 1)) == "127.0.0.3"


def test_an_address_that_says_nothing_takes_its_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def opened(*_: object) -> None:
        await asyncio.sleep(9)

    monkeypatch.setattr(connect, "opened", opened)
    assert asyncio.run(reachable(PLACE, 0.03)) == "127.0.0.3"


def test_a_socket_that_answers_itself_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    class Itself:
        aborted = False

        def get_extra_info(self, *_: object) -> tuple[str, int]:
            return ("127.0.0.1", 40000)

        def abort(self) -> None:
            self.aborted = True

    made = Itself()

    async def run() -> None:
        async def create(*_: object, **__: object) -> tuple[Itself, None]:
            return made, None

        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", create)
        await connect.opened("127.0.0.1", 40000)

    with pytest.raises(ConnectionRefusedError):
        asyncio.run(run())
    assert made.aborted
