"""What the lab teaches with: doors that are open or shut, and the steps of a walk through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass

if TYPE_CHECKING:
    from batten.model.finding import Finding

_INCOMPLETE = 4


@dataclass(frozen=True, slots=True)
class Door:
    """One lesson of the lab, and the rules that tell whether it is learnt."""

    name: str
    """One word or two, for machines: `debugger`."""
    title: str
    """What is so while it is open."""
    rules: tuple[str, ...]
    """Ids of rules, or topics; the first door that names a finding's rule has it."""
    hint: str
    """Where to begin, not the whole answer."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One door after it was tried."""

    door: Door
    findings: tuple[Finding, ...] = ()
    seen: str = ""
    """What stands open beside the findings: a port that answers without a password."""

    @property
    def is_open(self) -> bool:
        """Whether anything gets through."""
        return bool(self.findings or self.seen)


@dataclass(frozen=True, slots=True)
class Grade:
    """All doors of one copy of the lab."""

    target: str
    doors: tuple[Tried, ...]
    notes: tuple[str, ...] = ()
    """What the reader should know."""
    untried: tuple[str, ...] = ()
    """What could not be told, and why: a door that nobody tried is not shut."""

    @property
    def open(self) -> tuple[Tried, ...]:
        """The doors that are open."""
        return tuple(one for one in self.doors if one.is_open)

    @property
    def code(self) -> int:
        """The exit code: 0 all shut, 1 some open, 4 none that was tried, but not all were."""
        return 1 if self.open else _INCOMPLETE if self.untried else 0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk: what was asked, what came back, and why that matters."""

    title: str
    asked: str
    """As a visitor types it: `GET /.env`."""
    got: tuple[str, ...]
    """The lines of the answer that tell."""
    twin: tuple[str, ...]
    """What the hardened twin answers to the same."""
    why: tuple[str, ...]
    """Paragraphs."""
    rules: tuple[str, ...]
