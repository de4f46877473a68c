"""What web servers and proxies do for whoever asks, the same for each product: one part a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.model import Evidence, Location


@dataclass(frozen=True, slots=True)
class Listing:
    """A directory whose files a web server lists to visitors."""

    server: str
    """As people call it: `nginx`, `Apache`, `Caddy`."""
    what: str
    """The directory or address, as its file names it."""
    at: Location
    """The line that switches it on."""
    fix: str
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class ServedTree:
    """A directory that a web server hands out, with what of the repository a visitor gets from it."""

    server: str
    url: str
    """The address that it begins at: `/`, `/static/`."""
    root: str
    """The directory, as the file names it."""
    at: Location
    """The line that names the directory."""
    path: str | None = None
    """The directory of the repository that lies there; None: none does, as far as the repository says."""
    hidden: tuple[str, ...] = ()
    """Files whose name, or a directory above them, begins with a dot, and that hold what no visitor should have."""
    sources: tuple[str, ...] = ()
    """Code, databases, keys and deployment files, likewise."""
    is_systems: bool = False
    """It is the whole file system, or a directory of the system's: `/`, `/etc`, `/home`."""
    fix: str = ""
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Banner:
    """A web server told to say its version."""

    server: str
    at: Location
    says: str
    fix: str
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class StatusPage:
    """A page on which a server tells how it is: who asks for what, its routes, its numbers."""

    kind: str
    """The product: `apache`, `nginx`, `traefik`, `haproxy`, `caddy`, `uwsgi`."""
    says: str
    """What a visitor can do, after the page's name: `Apache's status page is open: it lists who asks for what`."""
    at: Location
    fix: str
    reach: Reach = Reach.WORLD
    tells_much: bool = False
    """Its whole configuration, or it can be changed there."""
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class TlsTerms:
    """What a server accepts of those who come over TLS."""

    server: str
    at: Location
    old: tuple[str, ...] = ()
    """Versions before TLS 1.2 that it accepts."""
    weak: tuple[str, ...] = ()
    """Cipher suites that are broken, or give nothing, as it names them."""
    fix: str = ""
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class TraceAnswered:
    """A server that sends a TRACE request back."""

    server: str
    at: Location
    says: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenProxy:
    """A server that fetches any address for whoever asks."""

    server: str
    at: Location
    fix: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RootGrant:
    """Access to the whole file system, granted where it ought to be denied."""

    server: str
    at: Location
    fix: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminDoor:
    """A port on which whoever connects operates a server."""

    server: str
    """`Caddy's admin API`, `supervisord`, `HAProxy's admin socket`."""
    address: str
    at: Location
    power: str
    """What he can do: `replaces its whole configuration`."""
    fix: str
    reach: Reach = Reach.UNKNOWN
    is_total: bool = True
    """He can do all that the server can."""
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.CERTAIN


@dataclass(frozen=True, slots=True)
class ForwardedTrust:
    """A server that believes what anybody says of whom he forwards."""

    server: str
    what: str
    """The setting."""
    at: Location
    fix: str
    reach: Reach = Reach.WORLD
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.CERTAIN


@dataclass(frozen=True, slots=True)
class UncheckedUpstream:
    """A server that does not check the certificate of the one it hands on to."""

    server: str
    what: str
    at: Location
    fix: str
    evidence: tuple[Evidence, ...] = ()
