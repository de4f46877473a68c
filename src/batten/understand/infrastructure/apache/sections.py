"""Works out what holds for a path: sections in the order in which httpd 2.4 merges them.

httpd 2.4 docs, Configuration Sections: `<Directory>` from the shortest on and `.htaccess` after each,
`<DirectoryMatch>`, `<Files>`, `<Location>`; those of a virtual host after those of the server.
"""

from __future__ import annotations

import posixpath
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.infrastructure.apache.access import Access, access_of
from batten.understand.infrastructure.patterns import found, wild

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from batten.model import Location
    from batten.understand.infrastructure.apache.grammar import Directive


class Kind(Enum):
    """Kinds of sections, in the order in which they are merged."""

    DIRECTORY = 1
    DIRECTORY_MATCH = 2
    FILES = 3
    LOCATION = 4


_KINDS = {
    "directory": Kind.DIRECTORY,
    "directorymatch": Kind.DIRECTORY_MATCH,
    "files": Kind.FILES,
    "filesmatch": Kind.FILES,
    "location": Kind.LOCATION,
    "locationmatch": Kind.LOCATION,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section and what it says, `<Limit>` and conditions left out."""

    kind: Kind
    pattern: str
    is_regular: bool
    directives: tuple[Directive, ...]
    at: Location
    above: Section | None = None
    """The directory that a `<Files>` stands in."""

    def holds(self, place: str, url: str) -> bool | None:
        """Return whether it is about a file or directory at a place, asked for at an address; None: not told."""
        if self.kind is Kind.LOCATION:
            return _matches(self, url, is_below=True)
        if self.kind is Kind.FILES:
            inside = self.above is None or self.above.holds(posixpath.dirname(place), url)
            return inside and _matches(self, posixpath.basename(place), is_below=False)
        return _matches(self, place, is_below=True)


def _matches(section: Section, text: str, *, is_below: bool) -> bool | None:
    pattern = section.pattern
    if section.is_regular:
        return found(pattern, text if not is_below or text.endswith("/") else f"{text}/") or found(pattern, text)
    if any(mark in pattern for mark in "*?["):
        parts = [text]
        while is_below and posixpath.dirname(parts[-1]) != parts[-1]:
            parts.append(posixpath.dirname(parts[-1]))
        return any(wild(pattern, part) for part in parts)
    if not is_below:
        return text == pattern
    return text == pattern or text.startswith(f"{pattern.rstrip('/')}/")


@dataclass(slots=True)
class State:
    """What holds for one file or directory."""

    lists: Location | None = None
    """The line that lets directories be listed."""
    access: Access | None = None
    """None: nothing said."""
    override: frozenset[str] = frozenset()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Sections:
    """All sections that may hold in one virtual host."""

    each: tuple[Section, ...]
    htaccess: Callable[[str], tuple[Directive, ...]] = field(default=lambda _: ())
    """Reads the `.htaccess` of a directory of the server."""

    def state(self, place: str, url: str, *, is_file: bool) -> State:
        """Return what holds for a file or directory at a place, asked for at an address."""
        state = State()
        folder = posixpath.dirname(place) if is_file else place
        for above in _downwards(folder):
            exact = [
                s for s in self._of(Kind.DIRECTORY) if not s.is_regular and s.pattern.rstrip("/") == above.rstrip("/")
            ]
            wildcard = [s for s in self._of(Kind.DIRECTORY) if _is_wild(s) and wild(s.pattern.rstrip("/"), above)]
            for section in (*exact, *wildcard):
                merge(state, section.directives)
            own = self.htaccess(above)
            if state.override:
                merge(state, own, state.override)
        for kind in (Kind.DIRECTORY, Kind.DIRECTORY_MATCH, Kind.FILES, Kind.LOCATION):
            for section in self._of(kind):
                if kind is Kind.DIRECTORY and not section.is_regular:
                    continue
                if kind is Kind.FILES and not is_file:
                    continue
                holds = section.holds(folder if kind in (Kind.DIRECTORY, Kind.DIRECTORY_MATCH) else place, url)
                if holds is None:
                    state.unsure = f"whether {section.pattern} matches could not be told"
                elif holds:
                    merge(state, section.directives)
        return state

    def _of(self, kind: Kind) -> Iterator[Section]:
        return (section for section in self.each if section.kind is kind)


def _is_wild(section: Section) -> bool:
    return not section.is_regular and any(mark in section.pattern for mark in "*?[")


def _downwards(folder: str) -> list[str]:
    found_ = [folder]
    while posixpath.dirname(found_[-1]) != found_[-1]:
        found_.append(posixpath.dirname(found_[-1]))
    return found_[::-1]


def sections(directives: Iterable[Directive], above: Section | None = None) -> Iterator[Section]:
    """Yield the sections among directives, those in others as well."""
    for block in directives:
        kind = _KINDS.get(block.name)
        if kind is None or block.inside is None or not block.args:
            continue
        regular = block.name.endswith("match") or block.args[0] == "~"
        pattern = block.args[-1] if block.args[0] == "~" else block.args[0]
        if not regular and kind in (Kind.DIRECTORY, Kind.LOCATION) and pattern != "/":
            pattern = pattern.rstrip("/")
        if kind is Kind.DIRECTORY and regular:
            kind = Kind.DIRECTORY_MATCH
        section = Section(kind, pattern, regular, block.inside, block.at, above)
        yield section
        if kind in (Kind.DIRECTORY, Kind.DIRECTORY_MATCH):
            yield from sections(block.inside, section)


def merge(state: State, directives: Iterable[Directive], allowed: frozenset[str] | None = None) -> None:
    """Merge what one section, or a `.htaccess` that may say what is `allowed`, says into a state."""
    told = list(directives)
    access = access_of(told) if allowed is None or allowed & {"all", "authconfig", "limit"} else None
    if access is not None:
        state.access = access
    for directive in told:
        if directive.name == "options" and (allowed is None or any(a.startswith(("all", "options")) for a in allowed)):
            _options(state, directive)
        elif directive.name == "allowoverride" and allowed is None:
            names = frozenset(arg.lower() for arg in directive.args)
            state.override = frozenset() if names == {"none"} else names


def _options(state: State, directive: Directive) -> None:
    """Merge `Options`: bare names replace what was, signs change it (httpd 2.4 `set_options`)."""
    names = [arg.lower() for arg in directive.args]
    if not names:
        return
    if not any(name.startswith(("+", "-")) for name in names):
        on = "indexes" in names or "all" in names
        state.lists = directive.at if on else None
        return
    for name in names:
        if name.lstrip("+-") in ("indexes", "all"):
            state.lists = directive.at if not name.startswith("-") else None
