"""What the readers of infrastructure stand on: the repository, what it deploys, and what others read before."""

from __future__ import annotations

import datetime as dt
from dataclasses import field
from typing import TYPE_CHECKING, TypeVar

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from batten.understand.apps import Understanding
    from batten.understand.deploy.joined import Join
    from batten.understand.deploy.reading import Reading
    from batten.understand.infrastructure.dependencies.advisories import Service
    from batten.understand.stack import Stack

T = TypeVar("T")


@dataclass(slots=True)
class Ground:
    """One repository under survey."""

    reading: Reading
    """Reads files within limits; `reading.unsure` tells what could not be told, in the reader's layer."""
    stack: Stack
    seen: Understanding
    """The apps, evaluated: `seen.apps` with their settings, keys and credentials."""
    files: Mapping[str, list[str]]
    """Files by the kind of their name, those for development or tests left out; see `places`."""
    parts: list[object] = field(default_factory=list)
    """What was read so far."""
    today: dt.date = dt.date.max
    """The day of the audit."""
    advisories: Service | None = None
    """Where versions are looked up; None: in the data that Batten carries."""
    notes: list[str] = field(default_factory=list)
    """What the reader of the report should know."""
    states: dict[str, str] = field(default_factory=dict)
    """Layers that could not be looked at as it was asked for, and why."""

    @property
    def joined(self) -> Join | None:
        """What the deployment files were read into: compose projects, the cluster, stages of images."""
        return self.stack.joined

    def of(self, kind: type[T]) -> list[T]:
        """Return the parts of a kind that were read so far."""
        return [part for part in self.parts if isinstance(part, kind)]
