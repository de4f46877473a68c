"""What a front door asks for."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Severity
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.judge import Ignore


@dataclass(frozen=True, slots=True)
class Request:
    """One static audit."""

    target: str = "."
    """A directory, or the file that makes the app."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Variables of production; they stand over what the repository sets."""
    env_files: tuple[str, ...] = ()
    """Files of such variables; a later one wins, `env` wins over all."""
    fail_on: Severity = Severity.HIGH
    min_score: int | None = None
    strict: bool = False
    select: tuple[str, ...] = ()
    """Rule ids or topics; empty means all."""
    ignore: tuple[str, ...] = ()
    persona: str = "regular"
    advisories: str = "offline"
    """Where versions are looked up: `offline`, in the data that Batten carries; `osv` or `pypi`, over the network."""
    new_since: str = ""
    """A revision: what was there then is accepted."""
    baseline: bool = True
    """What the project's baseline holds is accepted."""
    name: str = ""
    """What the repository is called, where its directory has another name."""
    accepted: tuple[Ignore, ...] | None = None
    """Suppressions; None reads them from the settings files of the target."""
