"""Open ports as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.report.panel import _listeners
from batten.run.ports.rows import row
from batten.understand.host import Listener, Process
from batten.understand.services.talk import Auth, Spoken

if TYPE_CHECKING:
    from batten.model import Report


class _Seen:
    def __init__(self, *held: Listener) -> None:
        self.listeners = tuple(row(one) for one in held)


def shown(*held: Listener) -> list[str]:
    report: Report = _Seen(*held)  # type: ignore[assignment]
    return [f"{line.mark}{line.text}" for line in _listeners(report)]


def port(number: int, spoken: Spoken | None = None, address: str = "127.0.0.1", protocol: str = "tcp") -> Listener:
    from batten.model import Location  # noqa: PLC0415 - only here

    silent = "" if spoken or protocol == "udp" else "it keeps silent"
    return Listener(
        address, number, protocol, Location(port=number), Process(1, "shop", "", "me"), spoken, untold=silent
    )


def test_many_ports_that_nothing_is_known_of_stand_in_one_line() -> None:
    ports = [port(number) for number in range(40_000, 40_100)]
    assert shown(*ports, port(6379, Spoken("redis", "7.2", Auth.NONE))) == [
        "127.0.0.1:40000  not recognised, shop as me, this machine only, and 99 ports like it",
        "127.0.0.1:6379   redis 7.2, shop as me, no password, this machine only",
    ]


def test_ports_that_others_reach_are_told_one_by_one() -> None:
    assert len(shown(*(port(number, address="0.0.0.0") for number in range(40_000, 40_020)))) == 20


def test_a_port_of_udp_is_listed_and_not_asked() -> None:
    assert shown(port(68, protocol="udp")) == ["127.0.0.1:68/udp  not asked: UDP, shop as me, this machine only"]
