"""The stack as a picture: boxes, the doors in them, and what leads where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model.place import Location


@dataclass(frozen=True, slots=True)
class Door:
    """A port of a box that is opened to more than its neighbours."""

    address: str
    """Of the host: `0.0.0.0`, `127.0.0.1`; empty where a platform's router stands before it."""
    port: int | None
    """Outside; None: one that is chosen when it starts, or the same as inside."""
    inside: int | None
    at: Location | None
    is_open: bool = True
    """Others than the host itself get in."""

    def __str__(self) -> str:
        """Return it as a person writes it: `0.0.0.0:443`."""
        number = self.port if self.port is not None else self.inside
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{number}" if number is not None else address


@dataclass(frozen=True, slots=True)
class Box:
    """Something that production runs."""

    name: str
    kind: str
    """`app`, `proxy`, `database`, `cache`, `broker`, `search`, `storage`, `admin`, `worker` or `other`."""
    runs: str
    """The product or framework, with its version where it is known: `postgres 17.5`, `flask`."""
    at: Location | None
    says: tuple[str, ...] = ()
    """What else is worth knowing: the command, the user, what it mounts."""
    doors: tuple[Door, ...] = ()
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Requests that go from one box to another."""

    begin: str
    end: str
    says: str = ""
    """`as shop`, `/api`; empty where nothing more is known."""
    is_known: bool = True
    """False: the two only share a network."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All boxes and links of a repository's deployment."""

    boxes: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()
