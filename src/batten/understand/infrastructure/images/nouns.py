"""The nouns of images."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Evidence, Location
    from batten.understand.deploy.image import Stage
    from batten.understand.infrastructure.nouns import Container


_INSTALLERS = frozenset("apt apt-get aptitude apk yum dnf tdnf microdnf zypper pacman".split())


@dataclass(frozen=True, slots=True)
class Base:
    """An image from elsewhere that something is built upon or copied from."""

    image: str
    """Filled in; as written where that is not known."""
    at: Location
    known: bool = True
    """False: it depends on an argument that the repository does not decide, other than for its registry."""
    ships: bool = True
    """The image that production runs is built upon it; else a stage for building is, or a file is copied from it."""
    name: str = ""
    """Without tag and digest: `python`, `gcr.io/distroless/python3`."""
    tag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A variable that `ENV` or `ARG` sets."""

    name: str
    value: str | None
    """As written, filled in; None: an `ARG` without a default, or not known."""
    kind: str
    """`ENV` or `ARG`."""
    at: Location
    ships: bool
    """It stands in the image that production runs (`docker inspect`, `docker history`), not in a stage for building."""
    names_secret: bool = False
    """It is there to hold a secret, by its name."""
    is_secret: bool = False
    """What it is set to is one, not a place for one; in a stage that only builds, it looks drawn by lot."""
    source: str = ""
    """The `ARG` without a default that an `ENV` takes over: what is given to it ends up here."""
    told: bool = False
    """An app signs or logs in with it: the rules on the app tell of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a `RUN`, as its shell takes it apart; what stands before it (`sudo`, `env X=1`) is taken off."""

    words: tuple[str, ...]
    """Without quotes; expansions as written."""
    at: Location
    ships: bool
    """It runs in the image that production runs, not in a stage for building."""
    sets: tuple[tuple[str, str], ...] = ()
    """Variables set for it alone, or by it: `X=1 pip install …`, `export X=1`."""
    wrappers: tuple[str, ...] = ()
    """Names of what stood before it."""
    run_by: str = ""
    """The interpreter that runs what it prints: `curl … | sh`."""
    fed: tuple[tuple[str, ...], ...] = ()
    """The words of the commands before it in a pipe, whose output it reads: `echo … | chpasswd`."""
    writes: bool = False
    """Its output goes to a file."""

    @property
    def name(self) -> str:
        """Return the program's name without its directory."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def installs(self) -> frozenset[str]:
        """Return the packages of the system that it installs, without versions."""
        if self.name not in _INSTALLERS or not {"install", "add", "in", "-S", "-Sy", "-Syu"} & set(self.words[1:6]):
            return frozenset()
        return frozenset(word.partition("=")[0] for word in self.words[2:] if not word.startswith("-"))


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the repository that holds what should stay out of an image."""

    path: str
    kind: str
    """`environment`, `key`, `credentials`, `settings`, `database`, `history`."""
    says: str
    """What it holds: `SECRET_KEY`, `a private key`."""
    at: Location
    committed: bool = True
    read: bool = True
    """Its content was looked at; else its name says it."""
    is_there: bool = True
    """The repository has it; else a copy only names it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A `COPY` or `ADD` that takes such files from the build context."""

    text: str
    at: Location
    ships: bool
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Download:
    """What `ADD` fetches from a URL."""

    url: str
    at: Location
    checked: bool
    """A checksum or a commit says what has to come."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that a `RUN` holds as text: whoever has the Dockerfile, or `docker history`, has it."""

    kind: str
    """`text`, or `login`: the password of an account of the image."""
    says: str
    """What holds it; never the secret."""
    text: str
    """The secret."""
    at: Location
    ships: bool


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A check of who answers, or of what was fetched, that is switched off."""

    kind: str
    """`certificate`, `signature`, or `cleartext`: there is nothing to check."""
    says: str
    """What switches it off: `curl -k`, `NODE_TLS_REJECT_UNAUTHORIZED=0`."""
    at: Location
    ships: bool
    """It is a variable of the image that production runs: whatever runs there does without the check."""


@dataclass(frozen=True, slots=True)
class RunsAs:
    """The user that an image's process runs as."""

    is_root: bool | None
    """None: not known."""
    at: Location
    """The last `USER`, else the last `FROM`."""
    user: str = ""
    """As the Dockerfile says it; empty: it does not."""
    why: str = ""
    """Why it is root, or why that is not known."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that production builds from a Dockerfile of this repository."""

    name: str
    """Its Dockerfile, and its stage where the file has several that are shipped."""
    path: str
    at: Location
    """The `FROM` of the stage that is shipped."""
    stage: Stage
    runs_as: RunsAs
    bases: tuple[Base, ...] = ()
    """Each image from elsewhere, of all stages that are built for it."""
    settings: tuple[Setting, ...] = ()
    """Of all stages that are built for it; of a stage that several images are built from, with the first of them, as
    are its commands and copies."""
    commands: tuple[Command, ...] = ()
    """Of every `RUN`, of all stages that are built for it."""
    taken: tuple[Taken, ...] = ()
    downloads: tuple[Download, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    leaks: tuple[Leak, ...] = ()
    ports: tuple[tuple[str, Location], ...] = ()
    """Of `EXPOSE`, as written, filled in."""
    containers: tuple[Container, ...] = ()
    """Those that run it."""
    evidence: tuple[Evidence, ...] = field(default=())
    """Why it is production."""
