"""What production starts: units, their commands, environments, files and ports."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Evidence, Location
    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.joined import Join


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable that a deployment file sets."""

    name: str
    value: str | None
    """None: it is set, to something the repository does not say (`${X:?}`, secretKeyRef)."""
    at: Location
    says: str
    """Who sets it: `ENV`, `compose environment`, `env_file`, `Procfile`."""
    default: bool = False
    """The value is a fallback that the host may replace (`${X:-1}`, compose interpolation)."""


class Reach(Enum):
    """From where a listening port of a unit can be reached, as far as the repository tells."""

    WORLD = "every interface of the host"
    LOOPBACK = "this host only"
    INTERNAL = "other containers only"
    PLATFORM = "the platform's router"
    UNKNOWN = "not said in the repository"


@dataclass(frozen=True, slots=True)
class Published:
    """A container port opened on the host."""

    container: int | None
    host: int | None
    address: str
    """`0.0.0.0` when the file names none; empty where it names one that the repository does not say."""
    at: Location
    protocol: str = "tcp"

    @property
    def is_local(self) -> bool:
        """Whether only this host, or what it runs, gets to it: loopback, or Docker's own bridge."""
        return self.address.startswith("127.") or self.address in ("::1", "localhost", "172.17.0.1")


@dataclass(frozen=True, slots=True)
class Image:
    """Which files of the repository a unit sees, and where.

    `mounts` maps an absolute directory (or file) of the unit to one of the
    repository; the longest match wins, a later one wins among equals. A unit
    outside a container sees the repository as it is: its mounts are empty.
    """

    mounts: tuple[tuple[str, str], ...] = ()
    ignored: tuple[str, ...] = ()
    """Repository paths (files) that `.dockerignore` keeps out of copies."""
    volumes: tuple[tuple[str, str], ...] = ()
    """Like `mounts`, from bind mounts, which no `.dockerignore` filters; they win over copies."""
    stage: Stage | None = field(default=None, compare=False, repr=False)
    """The stage of a Dockerfile of the repository that makes it."""


@dataclass(frozen=True, slots=True)
class EnvFile:
    """A file of variables that a command reads before it starts the program."""

    path: str
    """As the command names it."""
    at: Location
    says: str
    """Who reads it: `uvicorn`, `uv run`."""
    override: bool = False
    """What it sets replaces what is in the environment."""
    required: bool = True
    """The command fails without it."""


@dataclass(frozen=True, slots=True)
class Start:
    """A command understood: which server starts what, with which options."""

    server: str
    """`python`, `flask`, `gunicorn`, `uvicorn`, `hypercorn`, `waitress`, `uwsgi`, `gevent`, `mod_wsgi`,
    `django` (manage.py runserver), `celery`, … ; the program's name when it is not known."""
    target: str = ""
    """`module:expression` for an app server (`:expression` may be absent), a file for `python FILE`,
    a module for `python -m`."""
    is_module: bool = False
    """`target` is a module to run as `__main__` (`python -m`)."""
    options: Mapping[str, str | bool] = field(default_factory=dict)
    """Long option names without dashes: `bind`, `host`, `port`, `debug`, `reload`, `worker-class`, `app`, `factory`."""
    cwd: str | None = None
    """Directory that the command changes to (`cd app &&`, `--chdir`), as written; None: stays."""
    env: tuple[Variable, ...] = ()
    """Variables set inside the command (`FLASK_DEBUG=1 flask run`, `env X=1`, gunicorn `-e`)."""
    user: str = ""
    """User that the command drops to (gosu, su-exec, --uid)."""
    places: Mapping[str, Location] = field(default_factory=dict)
    """Where an option is written that is not on the command line."""
    env_files: tuple[EnvFile, ...] = ()
    """Files of variables, in the order in which they are read."""
    unread: tuple[Evidence, ...] = ()
    """Wrappers that add variables from outside the repository (`doppler run`)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One process (or image) that production starts."""

    name: str
    """As its file calls it: a compose service, a Procfile process, `Dockerfile`."""
    kind: str
    """`image`, `compose`, `procfile`, `systemd`, `kubernetes`, `supervisor`, `platform`, `assumed`."""
    start: Start
    command: str
    """The command as written, on one line."""
    at: Location | None
    """Where the command is written."""
    evidence: tuple[Evidence, ...] = ()
    """Why this is production: `started by`, `image built from`."""
    cwd: str = "."
    """Directory of the repository that the process starts in."""
    home: str | None = None
    """The same directory as the process sees it (`/srv`), when known."""
    roots: tuple[str, ...] = (".",)
    """Directories of the repository on the import path, first wins."""
    env: Mapping[str, Variable] = field(default_factory=dict)
    unread: tuple[Evidence, ...] = ()
    """Where it takes further variables from that are not in the repository (an `env_file`, a Secret): any that
    nothing above them sets may be set there."""
    image: Image | None = None
    """None outside a container."""
    published: tuple[Published, ...] = ()
    reach: Reach = Reach.UNKNOWN
    user: str = ""
    """The user it runs as, where said."""


@dataclass(frozen=True, slots=True)
class Stack:
    """All that the repository deploys."""

    units: tuple[Unit, ...]
    not_deployed: Mapping[str, str] = field(default_factory=dict)
    """Deployment files that were set aside (`docker-compose.override.yml`), with the reason."""
    requirements: Mapping[str, str] = field(default_factory=dict)
    """Normalised distribution name to its specifier (`==3.1.0`, empty when unpinned)."""
    has_requirements: bool = False
    """Some file of the repository lists dependencies."""
    proxies: tuple[Evidence, ...] = ()
    """Services that hand requests on to the apps (nginx, Traefik, Caddy, HAProxy, …)."""
    joined: Join | None = None
    """The deployment files as they were read, for those who want more of them than units."""
