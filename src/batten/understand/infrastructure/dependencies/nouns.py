"""The nouns of dependencies, which their readers and rules share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    import datetime as dt

    from batten.model import Evidence, Location


@dataclass(frozen=True, slots=True)
class Dependency:
    """One distribution that production installs, or asks for."""

    name: str
    """As PEP 503 writes it; empty where it is a place without a name."""
    at: Location
    specifier: str = ""
    version: str = ""
    """The one that is installed; empty where the repository does not say."""
    url: str = ""
    """Where it is taken from, when not from an index."""
    is_hashed: bool = False
    group: str = ""
    """The group that brings it, where that is not production's own: `dev`."""
    is_direct: bool = True
    """It is asked for by name; False: another one needs it."""

    @property
    def shown(self) -> str:
        """The name for the reader."""
        return self.name or self.url


@dataclass(frozen=True, slots=True)
class Installed:
    """One list that production installs from: a file, a project, the words of a command, a lock."""

    path: str
    at: Location
    kind: str
    """`requirements`, `project`, `command`, `lock`."""
    dependencies: tuple[Dependency, ...] = ()
    lock: str = ""
    """The lock that decides the versions of a project."""
    pinned: frozenset[str] = frozenset()
    """Names whose version something else decides: constraints, another list of the same image."""
    evidence: tuple[Evidence, ...] = ()
    """Why production installs it."""
    is_hashed: bool = False
    """Hashes are demanded of all (`--require-hashes`)."""
    alone: bool = False
    """Not one version is decided, in this list or any other of production."""

    @property
    def open(self) -> tuple[Dependency, ...]:
        """Those of an index whose version the repository does not decide."""
        return tuple(
            one
            for one in self.dependencies
            if one.name and not (one.version or one.url or one.group) and one.name not in self.pinned
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group of distributions for development that production's own command installs as well."""

    name: str
    at: Location
    """The command."""
    tool: str
    dependencies: tuple[Dependency, ...]
    """Those that it names."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that production's distributions are fetched from."""

    url: str
    at: Location
    how: str
    """`index`; `extra`: asked besides another, and the higher version wins; `trusted`: a host whose certificate
    is not checked."""
    says: str
    """As it is written: `--extra-index-url`, `PIP_INDEX_URL`."""
    is_hashed: bool = False
    """What comes from it is compared with hashes."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """A product in a version, with the end of its security updates where that is known."""

    product: str
    """As a person says it: `Python`, `Django`, `Debian`."""
    version: str
    at: Location
    says: str
    """Where it stands: `the base image python:3.8-slim`."""
    ended: dt.date | None = None
    """The day on which updates ended, if that is past."""
    is_policy: bool = False
    """No day was ever published: a newer release took its place."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """What is publicly known of versions of a distribution."""

    id: str
    """Its CVE where it has one, else the database's own."""
    fixed: str = ""
    """The first version after the one asked about that does not have it; empty: none is known."""
    score: float | None = None
    """CVSS 3 base score, where one is known."""


@dataclass(frozen=True, slots=True)
class Vulnerable:
    """A distribution that production installs in a version with known vulnerabilities."""

    dependency: Dependency
    advisories: tuple[Advisory, ...]
    """At least one, the worst first."""
    source: str
    """Where they were looked up: `the PyPA advisory database of 2024-10-10`."""
    fixed: str = ""
    """The first version that has none of those that have an end; empty: none of them has."""
