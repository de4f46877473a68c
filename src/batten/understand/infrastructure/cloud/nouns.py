"""What the rules over the cloud look at: buckets, openings in networks, managed databases, written secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model import Confidence, Evidence, Location, Value


@dataclass(frozen=True, slots=True)
class Grant:
    """A right over a bucket that people outside have."""

    how: str
    """`acl` (an ACL, an access level) or `policy` (a policy, a member of a role)."""
    who: str
    """`everyone`, or `every account of AWS`, `every Google account`."""
    may: str
    """`read` or `write`."""
    at: Location
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    blocked: bool | None = False
    """Something above the bucket keeps it from having effect; None: that could not be told."""
    wildcard: str = ""
    """What it says: `public-read`, `Principal *`, `allUsers`."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place for files that a repository orders."""

    name: str
    kind: str
    """`S3 bucket`, `Cloud Storage bucket`, `blob container`."""
    at: Location
    grants: tuple[Grant, ...] = ()
    website: bool = False
    """It is there for everyone to read: a website, static files."""
    gaps: tuple[tuple[str, Location], ...] = ()
    """What would keep a later mistake from opening it and is not on, and where it would be said."""
    shielded: bool | None = True
    """Whether all of that is on; None: not known."""
    plain: Location | None = None
    """What lets clients talk to it without TLS."""
    oldest_tls: tuple[str, Location] | None = None
    """A withdrawn version of TLS that it takes."""
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A rule that lets others in: of a security group, a network ACL, a firewall."""

    name: str
    kind: str
    """`security group`, `network ACL`, `firewall rule`."""
    at: Location
    network: str
    """As written; empty where it is not known."""
    is_wide: bool
    """It stands for all, or nearly all, of the internet."""
    ports: tuple[tuple[int, int], ...]
    """Ranges, both ends in; `(0, 65535)` where nothing narrows it. Empty: none of them is known."""
    protocol: str
    """`tcp`, `udp`, `icmp`, `all`, or a number; empty where it is not known."""
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A way to a managed database from outside its network."""

    how: str
    """`public address`, `any network`, `policy`, `cloud tenants`, `public endpoint`, `endpoint by default`."""
    says: str
    """What is so there, for the reader."""
    at: Location
    confidence: Confidence
    evidence: tuple[Evidence, ...] = ()
    contained: bool = False
    """The networks that reach the address are named, and none of them is the internet."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A protection that a managed database is ordered without."""

    what: str
    """`encryption` (at rest), `TLS`, `password`."""
    says: str
    at: Location
    explicit: bool
    """The line turns it off; otherwise it was never turned on."""


@dataclass(frozen=True, slots=True)
class ManagedDatabase:
    """A database, cache or search engine that a cloud runs."""

    name: str
    product: str
    at: Location
    doors: tuple[Door, ...] = ()
    gaps: tuple[Gap, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class CloudSecret:
    """A secret that stands in the definition of a cloud, or in a file of its values."""

    name: str
    """`aws_db_instance.main password`."""
    secret: Value
    at: Location
    user: str = ""
    default: bool = False
    """It is the default of a variable."""
    sure: bool = False
    """The place can hold nothing but a secret: the password of a database."""


@dataclass(frozen=True, slots=True)
class StateFile:
    """A committed state of Terraform: it holds every value, secrets too, in clear."""

    path: str
    at: Location
    resources: int
    secrets: tuple[str, ...] = ()
    """Names of the attributes in it that hold a secret."""
