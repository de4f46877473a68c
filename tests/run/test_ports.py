"""The audit of ports as a whole: real sockets of this process, the list of the system's sockets in memory."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from batten.collect.host import conversation, listeners, scan as scanning
from batten.collect.host.conversation import Answer
from batten.model import BattenError
from batten.rules import all_rules
from batten.run import PortsRequest
from batten.run.ports import identified, looking, scanning as asked_from_outside
from batten.run.ports.audit import host_rules, looked, open_ports
from batten.run.ports.identified import Asking, not_told
from batten.run.ports.looking import look
from batten.understand.host import Listener, Process, Socket
from batten.understand.services.talk import Auth, Manners, Spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from batten.run.ports.looking import Machine

ME = Process(7, "shop", "", "me")


@pytest.fixture
def open_port() -> Iterator[int]:
    """Open a port that answers each connection as Redis would."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server,), daemon=True).start()
        yield int(server.getsockname()[1])
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.settimeout(1)
            while asked := connection.recv(200):
                connection.sendall(b"+PONG\r\n" if asked.startswith(b"PING") else b"-ERR no\r\n")


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the system list these sockets: the first list at the first look, the last for ever after."""

    def lists(*looks: Sequence[Socket], hidden: str = "") -> None:
        left = list(looks)
        monkeypatch.setattr(listeners, "own_addresses", lambda: ("127.0.0.1",))
        monkeypatch.setattr(listeners, "this_user", lambda: "me")
        monkeypatch.setattr(listeners, "listening", lambda: (tuple(left.pop(0) if left[1:] else left[0]), hidden))

    return lists


def seen(request: PortsRequest, told: Callable[[str], None] = lambda _: None) -> Machine:
    return look(request, told)


def reasons(machine: Machine) -> dict[str, str]:
    return {doubt.what: doubt.why for doubt in machine.unsure}


def test_a_listed_port_is_seen_from_both_sides_and_asked(system: Callable[..., None], open_port: int) -> None:
    system([Socket("127.0.0.1", open_port, "tcp", ME), Socket("0.0.0.0", 68, "udp", None)])
    said: list[str] = []
    machine = seen(PortsRequest(ports=(open_port,)), said.append)
    tcp, udp = sorted(machine.listeners, key=lambda one: one.protocol)
    assert (tcp.spoken and tcp.spoken.product, tcp.reachable, tcp.seen_inside) == ("redis", ("127.0.0.1",), True)
    assert (udp.spoken, udp.untold) == (None, "")
    assert machine.state == "evaluated"
    assert said[:2] == ["listing what listens on this machine", "asking 1 port of 127.0.0.1"]
    rules = host_rules(all_rules())
    assert set(looked(machine, (), (), rules).checks) == {(rule.id, True) for rule in rules}


def test_a_port_that_the_scan_did_not_ask_is_asked_what_it_is(system: Callable[..., None], open_port: int) -> None:
    system([Socket("127.0.0.1", open_port, "tcp", ME)])
    (one,) = seen(PortsRequest(ports=(1,))).listeners
    assert (one.reachable, one.spoken and one.spoken.product) == (None, "redis")


def test_a_port_that_no_list_has_is_found_by_the_scan(system: Callable[..., None], open_port: int) -> None:
    system([])
    (one,) = seen(PortsRequest(ports=(open_port,))).listeners
    assert (one.address, one.seen_inside, one.process) == ("127.0.0.1", False, None)
    assert not seen(PortsRequest(ports=(open_port,), processes="own")).listeners


def test_what_came_and_went_while_the_scan_ran(system: Callable[..., None], open_port: int) -> None:
    system([Socket("127.0.0.1", 9, "tcp", ME)], [Socket("127.0.0.1", open_port, "tcp", ME)])
    machine = seen(PortsRequest(ports=(open_port,)))
    assert [(one.port, one.seen_inside) for one in machine.listeners] == [(open_port, True)]
    assert reasons(machine) == {"port 9": "closed while the scan ran"}


def test_a_port_that_changes_hands_is_told_as_unsure(system: Callable[..., None], open_port: int) -> None:
    system([Socket("127.0.0.1", open_port, "tcp", ME)], [Socket("127.0.0.1", open_port, "tcp", Process(8, "mail"))])
    machine = seen(PortsRequest(scan=False))
    (one,) = machine.listeners
    assert (one.process and one.process.name, one.spoken) == ("mail", None)
    assert reasons(machine)[f"what answers on port {open_port}"].startswith("it changed hands, from shop to mail")


def test_one_address_of_this_machine_shows_what_listens_there(system: Callable[..., None], open_port: int) -> None:
    system([
        Socket("127.0.0.1", open_port, "tcp", ME), Socket("0.0.0.0", open_port, "tcp", ME),
        Socket("192.0.2.7", open_port, "tcp", ME), Socket("127.0.0.1", 9, "tcp", ME),
    ])  # fmt: skip
    machine = seen(PortsRequest(host="127.0.0.1", ports=(open_port,)))
    assert {one.address for one in machine.listeners} == {"127.0.0.1", "0.0.0.0"}
    assert {one.port for one in machine.listeners} == {open_port}


def test_only_the_processes_of_this_user(system: Callable[..., None], open_port: int) -> None:
    system([Socket("127.0.0.1", open_port, "tcp", ME), Socket("127.0.0.1", 9, "tcp", Process(9, "x", "", "root"))])
    assert [one.port for one in seen(PortsRequest(scan=False, processes="own")).listeners] == [open_port]


def test_what_the_system_hides_is_told(system: Callable[..., None]) -> None:
    system([], hidden="the list of sockets could not be read: no")
    machine = seen(PortsRequest(scan=False))
    assert machine.state == "the list of sockets could not be read: no"
    assert reasons(machine) == {"the processes of this machine": machine.state}


def test_a_stranger_is_not_scanned_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "scanned", lambda *_: pytest.fail("it was scanned"))
    with pytest.raises(BattenError, match="not"):
        look(PortsRequest(host="192.0.2.10"), lambda _: None)


def _silent(_: object, address: str, port: int) -> int:
    del address, port
    return 110


def test_another_machine_that_drops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "MOST_SILENT", 3)
    monkeypatch.setattr(scanning._Asking, "ask", _silent)
    with pytest.raises(BattenError, match=r"no port of 192\.0\.2\.10 answers"):
        look(PortsRequest(host="192.0.2.10", i_own=("192.0.2.10",)), lambda _: None)


def test_another_machine_is_tried_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Manners] = []

    def identify(_: str, __: int, manners: Manners, **___: object) -> Answer:
        asked.append(manners)
        return Answer(Spoken("redis", auth=Auth.REQUIRED))

    monkeypatch.setattr(scanning._Asking, "ask", lambda *_: 0)
    monkeypatch.setattr(conversation, "identify", identify)
    machine = seen(PortsRequest(host="192.0.2.10", i_own=("192.0.2.10",), ports=(6379,)))
    (one,) = machine.listeners
    assert (one.address, one.seen_inside, one.is_exposed) == ("192.0.2.10", None, True)
    assert asked == [Manners(logins=False)]


def test_an_interrupt_of_the_scan_leaves_what_was_listed(
    system: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object) -> int:
        raise KeyboardInterrupt

    system([Socket("127.0.0.1", 9, "tcp", ME)])
    monkeypatch.setattr(scanning._Asking, "ask", ask)
    machine = seen(PortsRequest())
    assert [one.port for one in machine.listeners] == [9]
    assert (machine.state, reasons(machine)["the rest of the machine"]) == ("interrupted", "interrupted")


def test_a_scan_without_time_says_which_addresses_it_left(monkeypatch: pytest.MonkeyPatch) -> None:
    found, interrupted = asked_from_outside.scanned(("127.0.0.1",), (), lambda _: None, time.monotonic() - 1)
    assert ([one.incomplete for one in found], interrupted) == (["the time was up before it was asked"], False)
    said: list[str] = []
    monkeypatch.setattr(scanning._Asking, "ask", lambda *_: 111)
    asked_from_outside.scanned(("127.0.0.1",), range(1, 8193), said.append, time.monotonic() + 60)
    assert said == [f"asking 8,192 ports of 127.0.0.1{share}" for share in ("", ", 50 %", ", 100 %")]


def listener(port: int, process: Process | None = ME, address: str = "127.0.0.1") -> Listener:
    from batten.model import Location  # noqa: PLC0415 - only here

    return Listener(address, port, "tcp", Location(port=port), process)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer]) -> list[tuple[str, int, bool]]:
    asked: list[tuple[str, int, bool]] = []

    def identify(address: str, port: int, manners: Manners, **_: object) -> Answer:
        asked.append((address, port, manners.logins))
        return answer(address, port, manners)

    monkeypatch.setattr(conversation, "identify", identify)
    return asked


def test_one_service_at_two_addresses_is_tried_its_passwords_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_: str, __: int, manners: Manners) -> Answer:
        return Answer(Spoken("postgres", auth=Auth.DEFAULT if manners.logins else Auth.REQUIRED))

    asked = answering(monkeypatch, answer)
    asking = Asking([listener(5432), listener(5432, address="::1")], Manners(), time.monotonic() + 60)
    asking.ask(lambda _: None)
    assert asked == [("127.0.0.1", 5432, True), ("::1", 5432, False)]
    assert [one.spoken and one.spoken.auth for one in asking.seen] == [Auth.DEFAULT, Auth.DEFAULT]


def test_an_address_that_lets_everyone_in_is_told_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(address: str, *_: object) -> Answer:
        return Answer(Spoken("postgres", auth=Auth.NONE if address == "::1" else Auth.REQUIRED))

    answering(monkeypatch, answer)
    asking = Asking([listener(5432), listener(5432, address="::1")], Manners(), time.monotonic() + 60)
    asking.ask(lambda _: None)
    assert [one.spoken and one.spoken.auth for one in asking.seen] == [Auth.REQUIRED, Auth.NONE]


def test_a_silent_service_is_asked_at_one_address_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, lambda *_: Answer(None, "it keeps silent"))
    asking = Asking([listener(4000), listener(4000, address="::1")], Manners(), time.monotonic() + 60)
    asking.ask(lambda _: None)
    assert len(asked) == 1
    (doubt,) = not_told(asking.seen, "ports")
    assert (doubt.what, doubt.why) == ("what answers on port 4000", "it keeps silent")


def test_a_process_with_many_silent_ports_is_not_asked_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identified, "AT_ONCE", 1)
    asked = answering(monkeypatch, lambda *_: Answer(None, "it keeps silent"))
    asking = Asking([listener(port) for port in range(20_000, 20_100)], Manners(), time.monotonic() + 60)
    asking.ask(lambda _: None)
    assert len(asked) == identified.MOST_SILENT
    told = {doubt.why: doubt.what for doubt in not_told(asking.seen, "ports")}
    assert told["it keeps silent"].startswith("what answers on 16 ports (20000, ")
    assert told["it was not asked: 16 other ports of its process told nothing"].endswith("and 78 more)")


def test_ports_that_there_was_no_time_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, lambda *_: Answer(None))
    asking = Asking([listener(1), listener(2, None)], Manners(), time.monotonic())
    asking.ask(lambda _: None)
    assert not asked
    assert [doubt.why for doubt in not_told(asking.seen, "ports")] == [identified.LATE]


def test_the_weightiest_ports_are_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identified, "AT_ONCE", 1)
    asked = answering(monkeypatch, lambda *_: Answer(Spoken("http")))
    held = [listener(40_000), listener(40_001, address="0.0.0.0"), listener(6379), listener(5432, address="0.0.0.0")]
    Asking(held, Manners(), time.monotonic() + 60).ask(lambda _: None)
    assert [port for _, port, _ in asked] == [5432, 6379, 40_001, 40_000]


def test_an_interrupt_of_the_identification_keeps_what_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identified, "AT_ONCE", 1)
    answering(monkeypatch, lambda *_: Answer(Spoken("http")))
    asking = Asking([listener(80), listener(40_000)], Manners(), time.monotonic() + 60)
    left = iter(("first", "second"))

    def told(_: str) -> None:
        if next(left) == "second":
            raise KeyboardInterrupt

    asking.ask(told)
    assert asking.interrupted
    assert asking.seen[0].spoken is not None
    assert [one.spoken is not None or one.untold == "interrupted" for one in asking.seen] == [True, True]


def test_the_report_says_what_was_not_told(system: Callable[..., None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = int(held.getsockname()[1])
        system([Socket("127.0.0.1", port, "tcp", ME)])
        report = open_ports(PortsRequest(scan=False))
    assert report.listeners[0]["says"] == "it keeps silent"
    assert [(doubt.what, doubt.why) for doubt in report.unsure] == [(f"what answers on port {port}", "it keeps silent")]
