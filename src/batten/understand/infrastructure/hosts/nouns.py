"""The nouns of processes that a host or a platform starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Evidence, Location


@dataclass(frozen=True, slots=True)
class HostService:
    """A long-running process that systemd or supervisor starts on a host."""

    name: str
    kind: str
    """`systemd` or `supervisor`."""
    at: Location
    """`[Service]` of the unit, or the line that names the user."""
    runs: str
    """The program: `gunicorn`, `celery`, `python`."""
    is_root: bool
    """It runs as root, as far as the repository says."""
    is_web: bool = False
    """It answers requests of the network."""
    is_bare: bool = False
    """None of systemd's fences stands around it."""
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class PlainHttp:
    """A platform told to answer plain HTTP instead of leading to HTTPS."""

    platform: str
    at: Location
    says: str
    fix: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenService:
    """A database, cache or other inner service that a platform opens to the internet."""

    name: str
    what: str
    """`the database`, `port 5432`."""
    at: Location
    fix: str
    has_password: bool = True
    """The platform makes one."""
    evidence: tuple[Evidence, ...] = ()
