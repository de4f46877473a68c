"""What the files of a database, cache or broker say, in words that rules share."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.nouns import Container, Login


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a server, from a file, a flag or the environment."""

    name: str
    value: str
    at: Location
    known: bool = True
    """False: it holds something that the repository does not decide."""

    def says(self, *values: str) -> bool:
        """Return whether it is known to be one of these, upper or lower case."""
        return self.known and self.value.strip().lower() in values


@dataclass(frozen=True, slots=True)
class Listen:
    """The addresses that a server listens on."""

    addresses: tuple[str, ...]
    at: Location | None
    """None: by the default of the server."""
    is_local: bool
    """Only this machine gets to them: loopback, a socket, none at all."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """A line of `pg_hba.conf` with the part of it that no line before answers."""

    kind: str
    """`local`, `host`, `hostssl`, `hostnossl`, …"""
    databases: tuple[str, ...]
    users: tuple[str, ...]
    address: str
    """As written; empty for a socket."""
    method: str
    at: Location
    width: str = ""
    """`socket`, `loopback`, `host` (one other machine), `network`, `wide` (private, of more than one site), `any`."""
    is_plain: bool = False
    """Connections without TLS meet it."""
    demands_certificate: bool = False

    @property
    def shown(self) -> str:
        """Who comes from where, in words."""
        whose = "every user" if "all" in self.users else ", ".join(self.users[:3])
        where = {"socket": "this machine", "loopback": "this machine"}.get(self.width, self.address)
        return f"{whose} from {'any address' if self.width == 'any' and self.address == 'all' else where}"


@dataclass(frozen=True, slots=True)
class StoreServer:
    """One server of a data store as its files, its command and its environment configure it."""

    name: str
    """The container's name; the path of the file for a server on a host."""
    product: str
    at: Location
    container: Container | None = None
    """None: on a host, or in a container that the repository does not say."""
    contained: bool = False
    """It runs in a container."""
    reach: Reach = Reach.UNKNOWN
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """The effective ones: the last of each name."""
    files: tuple[str, ...] = ()
    is_open: bool | None = None
    """Whoever connects is let in without a password; None: not known."""
    open_at: Location | None = None
    open_because: str = ""
    listen: Listen | None = None
    logins: tuple[Login, ...] = ()
    entrances: tuple[Entrance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""
    """Why who may log in could not be told."""
    version: int | None = None
    confidence: Confidence = Confidence.CERTAIN

    def get(self, name: str) -> Setting | None:
        """Return the effective setting of a name."""
        return self.settings.get(name)
