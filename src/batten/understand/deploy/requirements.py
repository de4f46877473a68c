"""Which distributions production installs, and in which versions."""

from __future__ import annotations

import posixpath
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.install_commands import installs
from batten.understand.deploy.locks import locked, manifest
from batten.understand.deploy.requirement_lines import Option, Requirement, lines, normal, requirement
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Location
    from batten.understand.deploy.reading import Reading

_MOST_FILES = 100


def requirements(
    reading: Reading, paths: Iterable[str], commands: Iterable[tuple[str, Location]]
) -> dict[str, str] | None:
    """Return normalised name to specifier; None when no file lists dependencies.

    Files that an image installs come first, then the shallowest; a pinned
    version stands over an open one.
    """
    listed = _Listed(reading)
    ordered = sorted(paths, key=lambda path: (path.count("/"), path))
    for text, at in commands:
        folder = posixpath.dirname(at.file or "") or "."
        for included in listed.take_run(text):
            path = next((p for p in (join(folder, included), join(".", included)) if reading.is_file(p)), None)
            if path is not None and path.endswith((".txt", ".in")):
                listed.take_file(path)
    for path in ordered:
        if path.endswith(".txt"):
            listed.take_file(path)
    for path in ordered:
        direct = manifest(reading, path)
        if direct is not None:
            listed.any = listed.any or bool(direct)
            for asked in direct:
                listed.add(asked)
    for path in ordered:
        for name, version in locked(reading, path, listed.names()):
            listed.any = True
            listed.pin(normal(name), version)
    return listed.found if listed.any else None


def parse(text: str) -> tuple[str, str] | None:
    """Return normalised name and specifier of one requirement, None for anything else."""
    found = requirement(text)
    return (found.name, found.specifier) if found is not None and found.name else None


@dataclass(slots=True)
class _Listed:
    reading: Reading
    found: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    any: bool = False

    def names(self) -> frozenset[str]:
        return frozenset(self.found)

    def add(self, found: Requirement) -> None:
        if not found.name:
            return
        self.any = True
        before = self.found.get(found.name)
        if before is None or (found.specifier.startswith("==") and not before.startswith("==")):
            self.found[found.name] = found.specifier

    def pin(self, name: str, version: str) -> None:
        if not self.found.get(name, "").startswith("=="):
            self.found[name] = f"=={version}"

    def take_run(self, text: str) -> Iterator[str]:
        """Take the distributions that a `RUN pip install …` names; yield its `-r` files."""
        for made in installs(text):
            for line in made.lines:
                if isinstance(line, Requirement):
                    self.add(line)
                elif isinstance(line, Option) and line.name == "requirement":
                    yield line.value

    def take_file(self, path: str) -> None:
        """Take a requirements file with those that it includes."""
        if path in self.seen or len(self.seen) >= _MOST_FILES:
            return
        self.seen.add(path)
        text = self.reading.text(path) if self.reading.is_file(path) else None
        folder = posixpath.dirname(path) or "."
        for line in lines(text or ""):
            if isinstance(line, Requirement):
                self.add(line)
            elif isinstance(line, Option) and line.name == "requirement":
                other = join(folder, line.value)
                if other is not None:
                    self.take_file(other)
