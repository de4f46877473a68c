"""Ports of this machine: seen from inside, asked from outside, talked to."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from batten.collect.host import listeners, scan as scanning
from batten.collect.host.conversation import identify
from batten.collect.host.scan import scan
from batten.understand.services.talk import Auth, Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        yield held


def port_of(held: socket.socket) -> int:
    return int(held.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    """Start a server that hands each connection to a function."""
    held: list[socket.socket] = []

    def started(answer: Callable[[socket.socket], None]) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        held.append(server)

        def run() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=_answered, args=(answer, connection), daemon=True).start()

        threading.Thread(target=run, daemon=True).start()
        return port_of(server)

    yield started
    for server in held:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()


def _answered(answer: Callable[[socket.socket], None], connection: socket.socket) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(5)
        answer(connection)


def test_a_socket_of_ours_is_seen_with_its_process(listening: socket.socket) -> None:
    found, _ = listeners.listening()
    (mine,) = [one for one in found if one.port == port_of(listening)]
    assert (mine.address, mine.protocol) == ("127.0.0.1", "tcp")
    assert mine.process is not None
    assert mine.process.pid == os.getpid()


def test_loopback_comes_first() -> None:
    addresses = listeners.own_addresses()
    assert listeners.is_loopback(addresses[0])
    assert not any(address.startswith("fe80") for address in addresses)


def test_a_scan_finds_what_is_open_and_only_that(listening: socket.socket) -> None:
    port = port_of(listening)
    with socket.create_server(("127.0.0.1", 0)) as other:
        shut = port_of(other)
    seen = scan("127.0.0.1", sorted((port, shut)))
    assert (seen.open, seen.asked, seen.incomplete) == ([port], 2, "")


def test_a_scan_never_meets_itself() -> None:
    low, high = 32_768, 60_999  # where the kernel takes a client's own port from
    with socket.create_server(("127.0.0.1", 0)) as held:
        seen = scan("127.0.0.1", range(low, high + 1))
        known = {port_of(held)} | {one.port for one in listeners.listening()[0]}
    assert set(seen.open) <= known


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="no IPv6 here")
def test_a_scan_of_ipv6() -> None:
    try:
        held = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no address ::1 here")
    with held:
        assert scan("::1", (port_of(held),)).open == [port_of(held)]


def test_an_address_that_is_not_there_is_told() -> None:
    seen = scan("2001:db8::1", range(1, 50)) if socket.has_ipv6 else scan("192.0.2.250", ())
    assert not seen.open


def test_silent_ports_end_a_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MOST_SILENT", 5)
    monkeypatch.setattr(scanning._Asking, "ask", lambda *_: 110)
    seen = scan("127.0.0.1", range(1, 1000))
    assert (seen.asked, seen.silent) == (5, 5)
    assert "filters" in seen.incomplete


def test_an_interrupt_leaves_what_was_seen(monkeypatch: pytest.MonkeyPatch, listening: socket.socket) -> None:
    port = port_of(listening)
    real = scanning._Asking.ask

    def ask(self: scanning._Asking, address: str, number: int) -> int:
        if number == 1:
            raise KeyboardInterrupt
        return real(self, address, number)

    monkeypatch.setattr(scanning._Asking, "ask", ask)
    seen = scan("127.0.0.1", (port, 1, 2))
    assert (seen.open, seen.incomplete) == ([port], "interrupted")


def test_a_service_is_known_by_its_answer_not_by_its_number(serve: Callable[..., int]) -> None:
    def redis(connection: socket.socket) -> None:
        while asked := connection.recv(100):
            if asked.startswith(b"PING"):
                connection.sendall(b"+PONG\r\n")
            elif asked.startswith(b"INFO"):
                connection.sendall(b"$23\r\nredis_version:7.2.4\r\n\r\n\r\n")
            else:
                return

    told = identify("127.0.0.1", serve(redis), Manners())
    assert told is not None
    assert (told.product, told.version, told.auth) == ("redis", "7.2.4", Auth.NONE)


def _says_nothing(connection: socket.socket) -> None:
    connection.recv(1)
    time.sleep(3)


def _drips(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"2")
        time.sleep(0.05)


def _floods(connection: socket.socket) -> None:
    for _ in range(2000):
        connection.sendall(b"\x0a" * 65_536)


def _closes(connection: socket.socket) -> None:
    connection.close()


def _garbage(connection: socket.socket) -> None:
    connection.sendall(bytes(range(256)))


@pytest.mark.parametrize("answer", [_says_nothing, _drips, _floods, _closes, _garbage], ids=lambda one: one.__name__)
def test_a_service_that_makes_no_sense_is_bounded_and_not_told(
    serve: Callable[..., int], answer: Callable[[socket.socket], None]
) -> None:
    begun = time.monotonic()
    assert identify("127.0.0.1", serve(answer), Manners(), time_s=2.0) is None
    assert time.monotonic() - begun < 6
