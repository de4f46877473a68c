"""Reads deployment files within limits, and tells once what could not be read."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Location, Unsure
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from batten.understand.deploy.yamltree import Node
    from batten.understand.sources import Sources

LARGEST_CHARACTERS = 1_000_000
"""A deployment file is written by hand; what is larger is something else."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, with the place that wrote it."""

    text: str
    at: Location
    known: bool = True
    """False: it holds an expansion that the repository does not decide, kept as written."""
    default: bool = False
    """It rests on a fallback that the host may replace."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one expansion gives."""

    text: str | None
    """None: not known."""
    default: bool = False
    unset: bool = False
    """No file of the repository sets the variable."""


@dataclass(slots=True)
class Reading:
    """The repository as the readers of deployment files see it."""

    sources: Sources
    note: Callable[[Unsure], None]
    _told: set[tuple[str, str, Location | None]] = field(default_factory=set)
    _files: frozenset[str] | None = None
    _directories: dict[str, bool] = field(default_factory=dict)
    trees: dict[str, list[Node]] = field(default_factory=dict)
    """YAML files that were read already."""
    broken: set[str] = field(default_factory=set)
    """Those of which only the beginning could be read."""

    def files(self) -> Sequence[str]:
        """Return every path of the repository, sorted."""
        return self.sources.files()

    def is_file(self, path: str | None) -> bool:
        """Return whether the repository holds that file."""
        if self._files is None:
            self._files = frozenset(self.sources.files())
        return path in self._files

    def is_directory(self, path: str) -> bool:
        """Return whether the repository holds that directory."""
        if path not in self._directories:
            found = path == "." or (self.sources.exists(path) and not self.is_file(path))
            self._directories[path] = found
        return self._directories[path]

    def text(self, path: str) -> str | None:
        """Return a file's text with plain newlines and no byte order mark, or None."""
        text = self.sources.read(path)
        if text is None:
            return None
        if len(text) > LARGEST_CHARACTERS:
            self.unsure(path, "too large for a deployment file (over 1 MB)", Location(file=path))
            return None
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def unsure(self, what: str, why: str, at: Location | None = None) -> None:
        """Tell once what could not be told, and why."""
        key = (what, why, at)
        if key not in self._told:
            self._told.add(key)
            self.note(Unsure(what, why, at))
