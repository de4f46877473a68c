"""All of an audit, scored and judged: what every format renders and every gate reads."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.model.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model.finding import Finding, NotDeployed, Suppressed, Unsure
    from batten.model.place import Evidence, Location
    from batten.model.value import Value


@dataclass(frozen=True, slots=True)
class Entry:
    """What starts an app in production, and where that is written."""

    command: str
    at: Location | None
    assumed: bool = False
    """Nothing in the repository says so; the usual way was assumed."""
    unit: str = ""
    """What its file calls it: a compose service, a Procfile process, `Dockerfile`."""
    origin: tuple[Evidence, ...] = ()
    """Why this is production: `started by the compose service web`, `built from Dockerfile`."""


@dataclass(frozen=True, slots=True)
class AppSummary:
    """One app as production will see it."""

    name: str
    framework: str
    root: str
    """Directory relative to the target, `.` for the target itself."""
    entry: Entry
    settings: Mapping[str, Value]
    environments: tuple[str, ...] = ("production",)
    relevant: frozenset[str] = frozenset()
    """The settings that matter for security, among them defaults that nothing in the project writes."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What production runs with: the effective configuration of each app, unjudged."""

    target: str
    code: int
    """The exit code: 0 told, 3 no app was found, 4 incomplete."""
    layers: Mapping[str, str]
    apps: tuple[AppSummary, ...] = ()
    """One for each app and unit that starts it."""
    unsure: tuple[Unsure, ...] = ()
    not_deployed: tuple[NotDeployed, ...] = ()
    notes: tuple[str, ...] = ()
    """Things the reader should know: a variable that was given and that nothing reads."""
    inputs: tuple[str, ...] = ()
    """Files that were read."""
    bare: bool = False
    """Secrets are shown."""


@dataclass(frozen=True, slots=True)
class Points:
    """What one finding costs."""

    fingerprint: str
    rule: str
    cost: float


@dataclass(frozen=True, slots=True)
class Gain:
    """What fixing one finding would add to the score."""

    fingerprint: str
    rule: str
    gain: int


@dataclass(frozen=True, slots=True)
class Score:
    """The hardening score, 0 to 100, every point visible."""

    points: int
    letter: str
    evaluated: int
    applicable: int
    table: tuple[Points, ...] = ()
    cap: str = ""
    """Why the letter is lower than the points alone would give."""
    next: tuple[Gain, ...] = ()
    version: str = "2026.1"


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the deploy may go on."""

    passed: bool
    why: tuple[str, ...]
    code: int
    """The exit code: 0 passed, 1 failed, 3 nothing to audit, 4 incomplete."""
    shut_by: tuple[str, ...] = ()
    """Fingerprints of the findings that shut it."""


@dataclass(frozen=True, slots=True)
class Report:
    """One audit: what was looked at, what was found, what could not be told."""

    target: str
    score: Score
    gate: Gate
    layers: Mapping[str, str]
    """Layer name to `evaluated`, `not asked`, `nothing found` or the reason it was not."""
    apps: tuple[AppSummary, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Worst first."""
    unsure: tuple[Unsure, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    not_deployed: tuple[NotDeployed, ...] = ()
    notes: tuple[str, ...] = ()
    """Things the reader should know: unused suppressions, an assumption made."""
    inputs: tuple[str, ...] = ()
    """Files that were read."""
    stack: Picture = field(default_factory=Picture)
    """What the repository deploys, as a picture."""
    checks: Mapping[str, bool] = field(default_factory=dict)
    """Rules that had something of their kind to look at, each with whether all of it could be told."""
    http: tuple[Mapping[str, object], ...] = field(default=())
    listeners: tuple[Mapping[str, object], ...] = field(default=())
