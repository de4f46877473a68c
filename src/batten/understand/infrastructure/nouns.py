"""The nouns of what stands around the apps, which every reader and rule of it shares."""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Evidence, Location
    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.reading import Word
    from batten.understand.infrastructure.stores.nouns import Entrance, Listen, Setting
    from batten.understand.stack import Published, Variable


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """All that a repository says of what stands around its apps; rules look at the parts of their kind."""

    name: str
    """Empty: it belongs to no single app."""
    at: Location | None
    parts: tuple[object, ...] = ()
    """Frozen dataclasses of any kind: `Container`, `DataStore`, those of one technology."""
    layers: Mapping[str, str] = field(default_factory=dict)
    """Layer to its state: `evaluated`, or why it could not be looked at; a layer without anything is not there."""
    notes: tuple[str, ...] = ()
    """What the reader of the report should know: how many dependencies were looked up, and where."""


@dataclass(frozen=True, slots=True)
class IdleServer:
    """A development server in code that production has, and that no process of it starts."""

    what: str
    """The call, in short: `app.run(debug=True)`."""
    why: str
    """What production starts instead."""
    at: Location
    topics: tuple[str, ...]
    """What it would be, if production reached it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """Something was read whose faults alone become parts: without one, the checks named here found nothing wrong."""

    names: tuple[str, ...]
    """Topics or rule ids."""


class Role(Enum):
    """What a service is for, by the product it runs."""

    APP = "app"
    PROXY = "proxy"
    DATABASE = "database"
    CACHE = "cache"
    BROKER = "broker"
    SEARCH = "search"
    STORAGE = "storage"
    ADMIN = "admin"
    """A console that operates something else: adminer, Flower, Grafana, Portainer."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Mount:
    """A directory or file that a container gets from outside its image."""

    source: str
    """As written, filled in: a host path, the name of a volume."""
    target: str
    """Absolute, in the container; empty: it is there to be mounted, and no container does yet."""
    at: Location
    path: str | None = None
    """The same in the repository, where it lies there."""
    read_only: bool = False
    text: str | None = None
    """The file's content, where the manifest or compose file itself holds it."""
    text_at: Location | None = None
    """Where that content begins."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container that production starts, whatever runs in it."""

    name: str
    """As its file calls it: a compose service, a workload or `workload/container`."""
    kind: str
    """`compose` or `kubernetes`."""
    at: Location
    product: str = ""
    """What runs in it, by its image: `postgres`, `redis`, `nginx`; empty where that is not known."""
    role: Role = Role.OTHER
    image: str = ""
    """As written, filled in; empty where it is built here and not named."""
    image_at: Location | None = None
    stage: Stage | None = None
    """The stage of this repository's Dockerfile that it runs."""
    words: tuple[Word, ...] = ()
    """Its whole command, as far as the repository says it."""
    env: Mapping[str, Variable] = field(default_factory=dict)
    """With what the image of this repository sets."""
    unread: tuple[Evidence, ...] = ()
    """Where further variables come from that are not in the repository."""
    published: tuple[Published, ...] = ()
    reach: Reach = Reach.UNKNOWN
    user: str = ""
    """As its file says, else as the Dockerfile of this repository says; empty: neither does; `non-root`: whoever the
    image names, it is not started as root."""
    user_at: Location | None = None
    mounts: tuple[Mount, ...] = ()
    networks: tuple[str, ...] = ()
    """Names; empty: the project's default network."""
    facts: Mapping[str, tuple[str, Location]] = field(default_factory=dict)
    """Other scalars that its file says, by their names there: `privileged`, `network_mode`, `pid`, `read_only`."""
    lists: Mapping[str, tuple[tuple[str, Location], ...]] = field(default_factory=dict)
    """Other lists, likewise: `cap_add`, `cap_drop`, `security_opt`, `devices`, `expose`."""
    labels: Mapping[str, tuple[str, Location]] = field(default_factory=dict)
    """What other programs read of it, such as Traefik; empty texts where they are not known."""
    evidence: tuple[Evidence, ...] = ()
    """Why it is production."""
    project: str = ""
    """What it is started with: the first file of a compose project, a namespace of Kubernetes."""
    behind: tuple[Evidence, ...] = ()
    """Services beside it that hand requests on to the apps: nginx, Traefik, Caddy."""
    owner: str = ""
    """The workload of Kubernetes that it is a part of, for what is said of all its containers at once."""
    is_of_cluster: bool = False
    """It belongs to the cluster itself: in `kube-system`, or an agent on every node."""
    is_helper: bool = False
    """It ends before the others start, or joins them for a look: an init or ephemeral container."""

    @property
    def says_root(self) -> bool:
        """Whether its own file says that it runs as root, and nothing refuses that."""
        name = self.user.partition(":")[0].strip()
        is_root = name == "root" or (name.isascii() and name.isdigit() and int(name[:9]) == 0)
        return is_root and self.user_at is not None and self.facts.get("runAsNonRoot", ("",))[0] != "true"

    @property
    def whole(self) -> str:
        """The name of what is started as one: the workload, else the container."""
        return self.owner or self.name


@dataclass(frozen=True, slots=True)
class Login:
    """A user of a data store, as some file creates it or uses it."""

    user: str
    password: str | None
    """None: there is one that the repository does not say; empty: there is none."""
    at: Location
    """Where the password is written (or the line that says there is none)."""
    is_superuser: bool | None = None
    """None: not known."""
    default: bool = False
    """The password is a fallback that the host may replace."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DataStore:
    """A database, cache, broker or search engine that the repository runs."""

    name: str
    """As its file calls it."""
    product: str
    role: Role
    at: Location
    reach: Reach = Reach.UNKNOWN
    container: Container | None = None
    published: tuple[Published, ...] = ()
    logins: tuple[Login, ...] = ()
    is_open: bool | None = None
    """Whoever connects is let in without a password; None: not known."""
    open_at: Location | None = None
    """What lets them in: the line to mend."""
    open_because: str = ""
    """The same in words, of the store: `is started without requirepass`."""
    evidence: tuple[Evidence, ...] = ()
    config: tuple[str, ...] = ()
    """Its configuration files in the repository."""
    unsure: str = ""
    """Why who may log in could not be told."""
    is_default: bool = False
    """`is_open` rests on a fallback that the host may replace."""
    contained: bool = True
    """It runs in a container; else on a host, as far as the repository tells."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """What its configuration files and its command set, by the names that its manual has."""
    listen: Listen | None = None
    """Where it listens, as those say; None: not said."""
    entrances: tuple[Entrance, ...] = ()
    """PostgreSQL: the lines of its `pg_hba.conf` that decide some connection."""
    version: int | None = None
    """The first number of its version, where its image names one."""
    confidence: Confidence = Confidence.CERTAIN
    """How sure it is that production runs it so: a file that lies alone is taken to be what a host runs."""


@dataclass(frozen=True, slots=True)
class Console:
    """A console that operates something else: adminer, Flower, Grafana, Portainer."""

    name: str
    """As its file calls it."""
    product: str
    at: Location
    reach: Reach = Reach.UNKNOWN
    container: Container | None = None
    published: tuple[Published, ...] = ()
    logins: tuple[Login, ...] = ()
    is_open: bool | None = None
    """Whoever connects may use it; None: not known, or it asks for a login that is not its own."""
    open_at: Location | None = None
    """What lets them in."""
    open_because: str = ""
    """The same in words, of the console; also of one that asks too little."""
    is_default: bool = False
    """`is_open` rests on a fallback that the host may replace."""
    unsure: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A proxy that hands requests on to an app."""

    proxy: str
    """Its name, where it is known."""
    app: Container
    at: Location
    """Where that is said."""
    port: int | None = None
    """The app's port in its container, where that is said."""
    has_tls: bool = False
    """Visitors reach the proxy over TLS."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Containers that are started together: a compose project."""

    name: str
    """Its first file."""
    at: Location
    containers: tuple[Container, ...]
    routes: tuple[Route, ...] = ()
    """Which of them are reached through a proxy."""
