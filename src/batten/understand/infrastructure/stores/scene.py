"""A server of a data store before it is read: its container or its lone files, its command, its environment."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.reading import Word
from batten.understand.infrastructure.access.told import Told
from batten.understand.infrastructure.stores.nouns import Setting
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Evidence, Location
    from batten.understand.deploy.reading import Reading
    from batten.understand.infrastructure.nouns import Container

_ENDS = frozenset(("&&", "||", ";", "|", "&"))
_HOLE = re.compile(r"\$[{(A-Za-z_]|\{\{|\{%|<[A-Za-z_ -]+>|%\(|@@?[A-Z_]+@|^(?:[xX]{3,}|\*{3,}|\.{3,})$")
_TAG = re.compile(r":v?(\d{1,4})(?![\d/])[^/:]*$")
_MOST_FILES = 200


def is_hole(text: str) -> bool:
    """Return whether a place to fill in stands where a value would."""
    return _HOLE.search(text) is not None


@dataclass(slots=True)
class Scene:
    """One server about to be read."""

    reading: Reading
    product: str
    name: str
    at: Location
    container: Container | None = None
    alone: tuple[str, ...] = ()
    """Files of its kind that lie together, for a server without a container of this repository."""
    contained: bool = False
    files: list[str] = field(default_factory=list)
    """What was read."""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Why it is production."""
        return self.container.evidence if self.container is not None else ()

    @property
    def image(self) -> str:
        """The image it runs: the base of the stage where one is built here."""
        if self.container is None:
            return ""
        return self.container.stage.base if self.container.stage is not None else self.container.image

    @property
    def version(self) -> int | None:
        """The first number of the image's tag, where it begins with one."""
        tag = _TAG.search(self.image.partition("@")[0])
        return int(tag[1]) if tag is not None else None

    # Files

    def text(self, path: str) -> str | None:
        """Return the text of a file of the repository, once; None where there is none or it was read before."""
        if path in self.files or len(self.files) >= _MOST_FILES:
            return None
        self.files.append(path)
        return self.reading.text(path)

    def held(self, place: str, beside: str = "") -> str | None:
        """Return the repository's file for a path that a command or a file names.

        `beside` is the repository's file that names it, to which a relative path belongs.
        """
        if not place.startswith("/"):
            path = join(posixpath.dirname(beside), place) if beside else None
            return path if self.reading.is_file(path) else None
        return next(self._at(place), None)

    def under(self, directory: str, ending: str, beside: str = "") -> list[str]:
        """Return the repository's files right in a directory of the server, by name."""
        found: dict[str, str] = {}
        if not directory.startswith("/"):
            folder = join(posixpath.dirname(beside), directory) if beside else None
            return self._listed(folder, ending) if folder is not None else []
        for target, path in self._mounted():
            if self.reading.is_file(path):
                if posixpath.dirname(target) == directory.rstrip("/") and target.endswith(ending):
                    found[target] = path
            elif directory.rstrip("/") == target or directory.startswith(f"{target.rstrip('/')}/"):
                folder = join(path, posixpath.relpath(directory, target))
                for inside in self._listed(folder, ending) if folder is not None else ():
                    found[posixpath.join(directory, posixpath.basename(inside))] = inside
        return [found[name] for name in sorted(found)]

    def places(self, name: re.Pattern[str]) -> list[tuple[str, str]]:
        """Return places in the container of a name like that, each with the repository's file."""
        found: dict[str, str] = {}
        for target, path in self._mounted():
            if self.reading.is_file(path):
                if name.fullmatch(posixpath.basename(target)):
                    found[target] = path
            elif self.reading.is_directory(path):
                for inside in self._listed(path, ""):
                    if name.fullmatch(posixpath.basename(inside)):
                        found[posixpath.join(target, posixpath.basename(inside))] = inside
        return list(found.items())

    def _listed(self, folder: str, ending: str) -> list[str]:
        start = "" if folder == "." else f"{folder}/"
        return [
            path
            for path in self.reading.files()
            if path.startswith(start) and "/" not in path[len(start) :] and path.endswith(ending)
        ]

    def _mounted(self) -> list[tuple[str, str]]:
        """Return places in the container with the repository's paths; later ones cover earlier ones."""
        if self.container is None:
            return []
        stage = self.container.stage
        copied = [pair for pair in stage.mounts if pair[1] not in stage.ignored] if stage is not None else []
        return copied + [(mount.target, mount.path) for mount in self.container.mounts if mount.path is not None]

    def _at(self, place: str) -> Iterator[str]:
        whole = posixpath.normpath(place)
        for target, path in reversed(self._mounted()):
            if target == whole and self.reading.is_file(path):
                yield path
            elif whole.startswith(f"{target.rstrip('/')}/"):
                inside = join(path, whole[len(target.rstrip("/")) + 1 :])
                if inside is not None and self.reading.is_file(inside):
                    yield inside

    # Command and environment

    def arguments(self, *programs: str) -> tuple[Word, ...]:
        """Return the words after the server's own name; those of the image's ENTRYPOINT where none names it."""
        words = Told(self.container, self.reading).words if self.container is not None else ()
        for position, word in enumerate(words):
            if posixpath.basename(word.text) in programs:
                return tuple(_until(words[position + 1 :]))
        return words if words and words[0].text.startswith("-") else ()

    def words_of(self, name: str) -> tuple[Word, ...]:
        """Return the words that a variable of the container holds."""
        told = self.env(name)
        return tuple(Word(text, told.at, told.known) for text in told.value.split()) if told is not None else ()

    def env(self, name: str) -> Setting | None:
        """Return a variable of the container's environment."""
        variable = self.container.env.get(name) if self.container is not None else None
        if variable is None:
            return None
        known = variable.value is not None and not is_hole(variable.value)
        return Setting(name, variable.value or "", variable.at, known)

    def truthy(self, *names: str) -> Setting | None:
        """Return the first of the variables that is known to say yes."""
        found = (self.env(name) for name in names)
        return next((one for one in found if one is not None and one.says("yes", "true", "1", "on")), None)


def _until(words: Iterable[Word]) -> Iterator[Word]:
    for word in words:
        if word.text in _ENDS:
            return
        text = word.text.rstrip(";")
        if text != word.text:
            yield Word(text, word.at, word.known)
            return
        yield word


def options(words: Iterable[Word], alone: Iterable[str] = ()) -> Iterator[Setting]:
    """Yield long and short options, without their dashes: `--name=value`, `--name value`, `-x value`.

    One of `alone` takes no word after it; neither does one before another option.
    """
    held: Word | None = None
    flags = frozenset(alone)
    for word in words:
        is_option = word.text.startswith("-") and len(word.text) > 1
        if held is not None:
            if not is_option:
                yield Setting(held.text.lstrip("-"), word.text, word.at, word.known)
                held = None
                continue
            yield Setting(held.text.lstrip("-"), "", held.at)
            held = None
        name, mark, value = word.text.partition("=")
        if not is_option:
            yield Setting("", word.text, word.at, word.known)
        elif mark:
            yield Setting(name.lstrip("-"), value, word.at, word.known)
        elif name.lstrip("-") in flags:
            yield Setting(name.lstrip("-"), "", word.at)
        else:
            held = word
    if held is not None:
        yield Setting(held.text.lstrip("-"), "", held.at)
