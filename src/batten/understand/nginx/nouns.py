"""What rules look at of an nginx: one part a fact that may be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Confidence
from batten.model.data import dataclass
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.model import Evidence, Location


@dataclass(frozen=True, slots=True)
class LooseAlias:
    """A location whose name lacks the slash that its `alias` has, or whose alias may be left by the path."""

    location: str
    alias: str
    at: Location
    leads_up: bool
    """One folder further up is served; else neighbours whose names begin alike."""
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class DroppedHeaders:
    """A block with headers of its own, which has none of those around it."""

    where: str
    at: Location
    """Its first header."""
    names: tuple[str, ...]
    """Security headers that are gone, as they are written."""
    outer: Location
    """Where the first of them is set."""
    block: Location | None = None
    """Where the block begins."""
    files_only: bool = False
    """The block serves static files by their ending."""
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class HostPassed:
    """A visitor's own word that the app behind gets as its `Host`."""

    value: str
    """As it is written: `$http_host`, `$arg_host`."""
    at: Location
    is_chosen: bool
    """Another part of the request than its Host decides."""
    wheres: tuple[str, ...] = ()
    is_loose: bool = True
    """The app behind takes any host, or whether it does is not known."""
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessHole:
    """A list of who is let in that lets everybody in."""

    kind: str
    """`open-end`: `allow` without `deny all`; `answered-before`: `return` or `rewrite` answers first."""
    where: str
    at: Location
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ChosenTarget:
    """A `proxy_pass` whose server the visitor names."""

    written: str
    variable: str
    says: str
    """Where the variable is from: `the query`, `the path`."""
    at: Location
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SplicedPath:
    """A decoded path, in which a visitor may write new lines, that becomes a part of a header or a request."""

    directive: str
    variable: str
    becomes: str
    """`a header of the answer`, `a request to the app`."""
    at: Location
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PlainDoor:
    """A server that hands requests on in the clear, while another takes the same names over TLS, or none does."""

    at: Location
    """Where it hands on."""
    names: tuple[str, ...]
    reach: Reach = Reach.UNKNOWN
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()
    is_alone: bool = False
    """Nothing in the repository ends TLS: something before it may."""


@dataclass(frozen=True, slots=True)
class NoHsts:
    """A server over TLS that does not tell browsers to come back that way, and hands nothing on to a known app."""

    at: Location
    names: tuple[str, ...]
    reach: Reach = Reach.UNKNOWN
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class PassedThrough:
    """Forwarded headers that come to the app as the visitor wrote them, and that it believes."""

    headers: tuple[str, ...]
    believers: tuple[str, ...]
    """`ProxyFix`, `SECURE_PROXY_SSL_HEADER`."""
    where: str
    at: Location
    """What hands on."""
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OriginEchoed:
    """A block that allows the asking page's own origin, whichever it is, with the visitor's cookies."""

    where: str
    at: Location
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenBody:
    """No limit to what a visitor may send."""

    at: Location
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()
