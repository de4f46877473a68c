"""What the user asks of a verdict: the gate's options, the persona, the day, the salt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity
from batten.model.data import dataclass

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Terms:
    """The options of one verdict; everything that is not a finding and still decides."""

    today: date
    """The day that suppressions are measured against; the judge has no clock."""
    salt: bytes
    """Keys the identity of secrets, one per repository: see `salt_for`."""
    fail_on: Severity = Severity.HIGH
    """Findings this bad or worse shut the gate."""
    min_score: int | None = None
    """A score below it shuts the gate; a score above it never opens one."""
    strict: bool = False
    """Possible findings count too, and so does what could not be told."""
    persona: str = "regular"
    """`regular`, or `auditor` to keep the findings of auditor rules."""
