"""How bad a finding is, and how sure we are of it."""

from __future__ import annotations

from enum import Enum


class Severity(Enum):
    """What happens if the finding is true in production, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """Position from the worst (0) to the mildest (4)."""
        return _SEVERITIES.index(self)

    def at_least(self, other: Severity) -> bool:
        """Return whether this is as bad as `other` or worse."""
        return self.rank <= other.rank

    def lowered(self, steps: int = 1) -> Severity:
        """Return the severity `steps` milder, never milder than low."""
        return _SEVERITIES[min(max(self.rank, Severity.LOW.rank), self.rank + steps)]


class Confidence(Enum):
    """How a fact is known, surest first."""

    CONFIRMED = "confirmed"
    """Seen from outside, on the running app."""
    CERTAIN = "certain"
    """Evaluated from what the repository deploys."""
    LIKELY = "likely"
    """A default applies because nothing in the repository sets the variable."""
    POSSIBLE = "possible"
    """One of several values, or it rests on a named assumption."""

    @property
    def rank(self) -> int:
        """Position from the surest (0) to the least sure (3)."""
        return _CONFIDENCES.index(self)

    def weakest(self, other: Confidence) -> Confidence:
        """Return the less sure of the two."""
        return self if self.rank >= other.rank else other


_SEVERITIES = tuple(Severity)
_CONFIDENCES = tuple(Confidence)
