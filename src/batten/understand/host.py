"""What a rule looks at on a machine: its listening sockets, who serves them, and how they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Evidence, Location
    from batten.understand.services.talk import Spoken

EVERYWHERE = frozenset(("0.0.0.0", "::"))  # noqa: S104 - told, not listened on


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this machine."""

    pid: int
    name: str
    command: str = ""
    """Its command line, cut to what a report can show; it may hold secrets."""
    user: str = ""
    unit: str = ""
    """The systemd unit that it belongs to."""
    container: str = ""
    """The first characters of the container's id."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A listening socket, as the system lists it."""

    address: str
    port: int
    protocol: str
    """`tcp` or `udp`."""
    process: Process | None
    """None: the system does not show it."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A port of this machine that something listens on."""

    address: str
    port: int
    protocol: str
    at: Location
    process: Process | None = None
    spoken: Spoken | None = None
    """What it told of itself; None: nothing that was understood."""
    reachable: tuple[str, ...] | None = None
    """Of the addresses scanned, those that accepted a connection; None: no scan was made."""
    scanned: tuple[str, ...] = ()
    named: Evidence | None = None
    """The deployment file that names it."""
    box: str = ""
    """What that file calls the service behind it."""
    has_deployment: bool = False
    """There are deployment files that could name it."""
    seen_inside: bool | None = True
    """The system lists it; False: only the scan found it; None: it is another machine's, whose list is not seen."""
    untold: str = ""
    """Why it told nothing, where it was asked or should have been."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it, by the address that it listens on."""
        return self.address.startswith("127.") or self.address == "::1"

    @property
    def is_exposed(self) -> bool:
        """Whether other machines may reach it: it listens beyond loopback, and the scan did not contradict."""
        if self.is_loopback:
            return False
        outside = [a for a in self.scanned if not (a.startswith("127.") or a == "::1")]
        return not outside or self.reachable is None or any(a in self.reachable for a in outside)

    @property
    def name(self) -> str:
        """What a person calls it: `redis on 0.0.0.0:6379`."""
        who = self.spoken.product if self.spoken is not None else self.process.name if self.process else "something"
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{who} on {address}:{self.port}{'' if self.protocol == 'tcp' else f'/{self.protocol}'}"


@dataclass(frozen=True, slots=True)
class Host:
    """One machine, as it was seen."""

    name: str
    at: Location | None
    parts: tuple[object, ...] = ()
