"""What an audit says: findings, doubts, and things that production never reaches."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.model.scale import Confidence, Severity

if TYPE_CHECKING:
    from batten.model.place import Evidence, Location


class FixKind(Enum):
    """How far a fix may go unasked."""

    SAFE = "safe"
    """Nothing changes for a developer at work."""
    BEHAVIOURAL = "behavioural"
    """Visitors or developers will notice; applied only when asked for."""
    ADVICE = "advice"
    """Words only."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace this span of a file by that text."""

    at: Location
    """With line, column, end_line and end_column."""
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """What to do, in one line, and the edits that do it."""

    says: str
    kind: FixKind = FixKind.ADVICE
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at one location."""

    at: Location
    says: str
    """What is so, at this place, in the user's own names."""
    evidence: tuple[Evidence, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    severity: Severity | None = None
    """Where it differs from the rule's."""
    fix: Fix | None = None
    symbol: str = ""
    """The setting or logical place, for the identity: `DEBUG`, `view index`."""
    proof: str = ""
    """The normalised evidence, for the identity; a secret enters as an HMAC."""
    secret: bool = False
    """`proof` is a secret."""

    # The rest is stamped on by `run` and `judge`.
    rule: str = ""
    topic: str = ""
    layer: str = ""
    app: str = ""
    environment: str = "production"
    cwe: int = 0
    tags: tuple[str, ...] = ()
    fingerprint: str = ""
    note: str = ""
    """Something that was done to it: `suppression expired on 2026-01-01`."""

    @property
    def graded(self) -> Severity:
        """The severity, once the rule's own has been stamped on."""
        return self.severity or Severity.INFO


@dataclass(frozen=True, slots=True)
class Unsure:
    """What could not be told, and why."""

    what: str
    why: str
    at: Location | None = None
    layer: str = "app"
    detail: str = ""
    """A traceback, when the cause is a bug of ours."""


@dataclass(frozen=True, slots=True)
class NotDeployed:
    """Something that would be wrong if production reached it."""

    what: str
    why: str
    at: Location
    topics: tuple[str, ...] = ()
    """What it would be, if production reached it: `debug-mode`; empty where the whole file is set aside."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that somebody accepted, with a reason."""

    finding: Finding
    reason: str
    at: Location
    """Where the suppression stands."""
    until: str = ""
    owner: str = ""
