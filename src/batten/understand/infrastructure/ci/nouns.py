"""What the rules over continuous integration look at."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.model import Location, Value


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a workflow and where it begins."""

    text: str
    at: Location
    name: str = ""
    """What it is the value of: `run`, `with.script`, a variable."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job."""

    at: Location
    uses: Words | None = None
    given: Mapping[str, Words] = field(default_factory=dict)
    """`with`."""
    run: Words | None = None
    env: Mapping[str, Words] = field(default_factory=dict)
    condition: str = ""
    events: frozenset[str] = frozenset()
    """Those of the workflow's events under which its conditions let it run."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job of a workflow, or what a composite action does."""

    name: str
    at: Location
    steps: tuple[Step, ...] = ()
    uses: Words | None = None
    """A workflow that it calls."""
    inherits: Location | None = None
    """It hands all secrets on to the workflow that it calls."""
    permissions: Mapping[str, Words] | None = None
    """Scope to right; `*` for all of them at once; None: nothing is said."""
    runs_on: tuple[str, ...] = ()
    runs_at: Location | None = None
    images: tuple[Words, ...] = ()
    """Of the container it runs in, and of the services beside it."""
    passwords: tuple[Words, ...] = ()
    """With which those images are pulled."""
    env: Mapping[str, Words] = field(default_factory=dict)
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow of GitHub Actions, or a composite action."""

    path: str
    at: Location
    triggers: Mapping[str, Location]
    """Events that start it; empty for an action, which runs wherever it is used."""
    jobs: tuple[Job, ...]
    permissions: Mapping[str, Words] | None = None
    env: Mapping[str, Words] = field(default_factory=dict)
    is_action: bool = False
    is_called: bool = False
    """Others call it, and not all of them are known."""
    unsure: str = ""

    def steps(self) -> tuple[tuple[Job, Step], ...]:
        """Return every step with its job."""
        return tuple((job, step) for job in self.jobs for step in job.steps)


@dataclass(frozen=True, slots=True)
class Injection:
    """A place where text that others write becomes part of a program."""

    what: str
    """`github.event.issue.title`, `$CI_COMMIT_MESSAGE`."""
    where: str
    """`run`, `with.script of actions/github-script`."""
    at: Location
    outsiders: bool
    """Anyone may write the text; otherwise only those who may start the workflow by hand or write to the repository."""
    privileged: bool
    """The program runs with the repository's secrets, or a token that may write."""


@dataclass(frozen=True, slots=True)
class UsedActions:
    """All actions and workflows that the workflows of a repository use."""

    uses: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class JobImages:
    """The images that the jobs of one file run in, and beside."""

    path: str
    images: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class CiVariable:
    """A variable, or an input of an action, whose value stands in a workflow."""

    name: str
    secret: Value
    at: Location


@dataclass(frozen=True, slots=True)
class Include:
    """A pipeline that is taken from elsewhere as it is at the time."""

    source: str
    at: Location
    plain: bool = False
    """Over HTTP without TLS."""
