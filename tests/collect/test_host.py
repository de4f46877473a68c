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
from batten.collect.host.conversation import Answer, identify
from batten.collect.host.scan import scan
from batten.collect.host.wire import Bell
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


@pytest.mark.parametrize("source", ["127.0.0.77", ""])
def test_a_scan_does_not_tell_of_itself(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    low, high = 32_768, 60_999  # where the kernel takes a client's own port from
    real, met = scanning._Asking._met_itself, []

    def met_itself(self: scanning._Asking) -> bool:
        found = real(self)
        if found and self._socket is not None:
            met.append(self._socket.getpeername()[1])
        return found

    monkeypatch.setattr(scanning, "_STRANGER", source)
    monkeypatch.setattr(scanning._Asking, "_met_itself", met_itself)
    seen = scan("127.0.0.1", range(low, high + 1))
    assert not set(met) & set(seen.open)
    assert not (source and met), "from another loopback address it cannot meet itself"


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

    told = identify("127.0.0.1", serve(redis), Manners()).spoken
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


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_says_nothing, "it keeps silent"),
        (_drips, "its answers are of no protocol known here"),
        (_floods, "its answers are of no protocol known here"),
        (_closes, "it hangs up without a word"),
        (_garbage, "its answers are of no protocol known here"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_a_service_that_makes_no_sense_is_bounded_and_its_reason_told(
    serve: Callable[..., int], answer: Callable[[socket.socket], None], why: str
) -> None:
    begun = time.monotonic()
    assert identify("127.0.0.1", serve(answer), Manners(), time_s=4.0) == Answer(None, why)
    assert time.monotonic() - begun < 8


def test_a_silent_port_costs_one_wait(listening: socket.socket) -> None:
    begun = time.monotonic()
    assert identify("127.0.0.1", port_of(listening), Manners()).why == "it keeps silent"
    assert time.monotonic() - begun < 4.5


def test_a_port_that_nobody_serves_any_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = port_of(held)
    assert identify("127.0.0.1", port, Manners()) == Answer(None, "it no longer accepts connections")


def test_a_slow_service_is_known_all_the_same(serve: Callable[..., int]) -> None:
    def page(connection: socket.socket) -> None:
        if connection.recv(1000).startswith(b"GET"):
            time.sleep(1.5)
            connection.sendall(b"HTTP/1.1 200 OK\r\nServer: slow\r\nContent-Length: 0\r\n\r\n")
        else:
            time.sleep(3)

    told = identify("127.0.0.1", serve(page), Manners()).spoken
    assert told is not None
    assert (told.product, told.version) == ("http", "slow")


def test_a_greeting_that_comes_late_is_heard(serve: Callable[..., int]) -> None:
    def ssh(connection: socket.socket) -> None:
        time.sleep(0.9)
        connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")

    told = identify("127.0.0.1", serve(ssh), Manners()).spoken
    assert told is not None
    assert told.product == "ssh"


def test_who_rings_the_bell_ends_a_conversation_at_once(listening: socket.socket) -> None:
    bell = Bell()
    threading.Timer(0.3, bell.ring).start()
    begun = time.monotonic()
    assert identify("127.0.0.1", port_of(listening), Manners(), bell=bell).why == "interrupted"
    assert time.monotonic() - begun < 1.5
    assert identify("127.0.0.1", port_of(listening), Manners(), bell=bell).why == "interrupted"


def test_a_scan_that_takes_too_long_says_how_far_it_came(listening: socket.socket) -> None:
    seen = scan("127.0.0.1", time_s=0.0)
    assert seen.incomplete == f"the time was up after {seen.asked:,} ports"
    assert seen.has_asked(seen.asked)
    assert not seen.has_asked(seen.asked + 1)
    few = scan("127.0.0.1", (port_of(listening), 1))
    assert (few.has_asked(1), few.has_asked(2), few.found) == (True, False, frozenset((port_of(listening),)))


def test_a_server_that_takes_one_visitor_at_a_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(20)
                    if connection.recv(4096).startswith(b"GET "):
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nServer: one\r\n\r\nok")

        threading.Thread(target=serve, daemon=True).start()
        told = identify("127.0.0.1", port_of(server), Manners()).spoken
        server.shutdown(socket.SHUT_RDWR)
    assert told is not None
    assert (told.product, told.version) == ("http", "one")
