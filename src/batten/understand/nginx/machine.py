"""What lies where on the machine that nginx runs on: its paths, to files of the repository."""

from __future__ import annotations

import posixpath
from enum import Enum
from fnmatch import translate
from functools import cached_property
from re import compile as compiled
from typing import TYPE_CHECKING, NamedTuple

from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.model import Location
    from batten.understand.deploy.reading import Reading

_MOST_FILES = 20_000


class Kind(Enum):
    """What is at a path."""

    FILE = "file"
    DIRECTORY = "directory"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Laid(NamedTuple):
    """A directory or file of the machine, and what it is in the repository."""

    place: str
    path: str | None
    """None: it comes from elsewhere, a named volume."""
    at: Location | None = None
    """What lays it there, where a line says so."""
    mounted: bool = False
    """As it lies on the host, with all that no list leaves out."""


class Machine:
    """The files of one machine."""

    def __init__(
        self, reading: Reading, laid: Sequence[Laid], ignored: Sequence[str] = (), unlisted: Sequence[str] = ()
    ) -> None:
        """Lay mounts over what was copied; the longest one counts, a later one among equals.

        `unlisted` are files that the deployment needs in a checkout and the repository does not hold (`.env`).
        """
        self.reading = reading
        self.laid = tuple(laid)
        self.ignored = frozenset(ignored)
        self.unlisted = tuple(unlisted)

    def over(self, place: str) -> Laid | None:
        """Return what lays a path there."""
        for mounted in (True, False):
            found = [one for one in self.laid if one.mounted is mounted and _is_below(place, one.place)]
            if found:
                return max(reversed(found), key=lambda one: len(one.place))
        return None

    def path(self, place: str) -> str | None:
        """Return the path in the repository of a path here, whether or not there is such a file."""
        found = self.over(place)
        if found is None or found.path is None:
            return None
        path = join(found.path, place[len(found.place.rstrip("/")) :])
        return None if path is None or (not found.mounted and path in self.ignored) else path

    def kind(self, place: str) -> Kind:
        """Return what is at a path."""
        place = posixpath.normpath(place)
        found = self.over(place)
        if found is None:
            held = any(_is_below(one.place, place) for one in self.laid)
            return Kind.DIRECTORY if held else Kind.UNKNOWN
        if found.path is None:
            return Kind.UNKNOWN
        path = self.path(place)
        if path is not None and (self.reading.is_file(path) or (found.mounted and path in self.unlisted)):
            return Kind.FILE
        if path is not None and self.reading.is_directory(path):
            return Kind.DIRECTORY
        return Kind.DIRECTORY if any(_is_below(one.place, place) for one in self.laid) else Kind.ABSENT

    def below(self, place: str) -> Iterator[tuple[str, str]]:
        """Yield the files of the repository at or below a path: where they lie here, and there."""
        place = posixpath.normpath(place)
        for one in self.laid:
            if one.path is None or not (_is_below(one.place, place) or _is_below(place, one.place)):
                continue
            for path in self._files(one.path):
                inside = "" if path == one.path else path[len(one.path) + 1 if one.path != "." else 0 :]
                here = posixpath.join(one.place, inside) if inside else one.place
                if _is_below(here, place) and self.path(here) == path:
                    yield here, path

    def matching(self, pattern: str) -> list[tuple[str, str]]:
        """Return the files that a pattern of a path names, in nginx's order; stars do not cross a slash."""
        head = pattern.split("*", maxsplit=1)[0].split("?", maxsplit=1)[0].split("[", maxsplit=1)[0]
        if head == pattern:
            path = self.path(pattern)
            return [(pattern, path)] if path is not None and self.reading.is_file(path) else []
        expression = compiled("/".join(translate(part)[4:-3] for part in pattern.split("/")).replace(".*", "[^/]*"))
        found = {here: path for here, path in self.below(posixpath.dirname(head)) if expression.fullmatch(here)}
        return sorted(found.items())

    def _files(self, path: str) -> Sequence[str]:
        if self.reading.is_file(path):
            return (path,)
        return self._trees(path)

    def _trees(self, path: str) -> Sequence[str]:
        prefix = "" if path == "." else f"{path}/"
        return [file for file in self._all if file.startswith(prefix)]

    @cached_property
    def _all(self) -> Sequence[str]:
        return self.reading.files()[:_MOST_FILES]


def _is_below(place: str, directory: str) -> bool:
    return place == directory or place.startswith(f"{directory.rstrip('/')}/")
