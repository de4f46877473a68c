"""Puts the files of one nginx together: its main file with all that it includes, from this repository only."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.understand.nginx.scopes import is_harmless
from batten.understand.nginx.syntax import Directive, Text, parse
from batten.understand.nginx.texts import plain
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from batten.understand.deploy.reading import Reading
    from batten.understand.nginx.machine import Machine
    from batten.understand.stack import Variable

_DEEPEST = 12
_MOST_FILES = 200
Found = tuple[str, Text]
"""Where a file lies for nginx, and its text."""


class Loader:
    """Reads the files of one nginx."""

    def __init__(self, reading: Reading, find: Callable[[str, str], list[Found]], env: Mapping[str, Variable]) -> None:
        """Look for included files by `find`: a pattern, and the file that includes."""
        self.reading = reading
        self.find = find
        self.env = env
        self.used: set[str] = set()
        """Files of the repository that were read."""
        self._left = _MOST_FILES

    def load(self, place: str, text: Text, chain: tuple[str, ...] = ()) -> tuple[Directive, ...]:
        """Return the directives of a file, with those of the files that it includes in their place."""
        self.used.add(text.path)
        held = plain(text, self.env)
        if held.problem is not None:
            self.reading.unsure(text.path, held.problem.says, held.problem.at)
            return ()
        directives, problem = parse(held.text)
        if problem is not None:
            self.reading.unsure(text.path, f"nginx does not read it to its end: {problem.says}", problem.at)
        return self.expanded(directives, (*chain, place))

    def expanded(self, directives: tuple[Directive, ...], chain: tuple[str, ...]) -> tuple[Directive, ...]:
        """Return directives with what they include in its place; the chain is of the files that led there."""
        found: list[Directive] = []
        for one in directives:
            if one.name == "include" and one.first:
                found += self._included(one, chain)
            elif one.block is not None:
                inside = self.expanded(one.block, chain)
                found.append(one if inside == one.block else Directive(one.name, one.args, one.at, inside))
            else:
                found.append(one)
        return tuple(found)

    def _included(self, one: Directive, chain: tuple[str, ...]) -> list[Directive]:
        held = self.find(one.first, chain[-1])
        if not held:
            is_known = "*" in one.first or is_harmless(one.first)
            if not is_known:
                self.reading.unsure(f"the include {one.first}", "it is not in the repository", one.at)
            return [one]
        if len(chain) > _DEEPEST or any(place in chain for place, _ in held):
            self.reading.unsure(f"the include {one.first}", "files include each other in a circle", one.at)
            return [one]
        found: list[Directive] = []
        for place, text in held:
            if self._left > 0:
                self._left -= 1
                found += self.load(place, text, chain)
        return found


def text_of(reading: Reading, path: str) -> Text | None:
    """Return a file of the repository as a text of nginx's."""
    text = reading.text(path)
    return None if text is None else Text(text, path)


def on_machine(machine: Machine, written: Mapping[str, Text]) -> Callable[[str, str], list[Found]]:
    """Return how an nginx in a container finds what it includes; relative paths are below `/etc/nginx`."""

    def find(pattern: str, _: str) -> list[Found]:
        place = posixpath.normpath(posixpath.join("/etc/nginx", pattern))
        found: dict[str, Text] = {}
        for here, path in machine.matching(place):
            text = text_of(machine.reading, path)
            if text is not None:
                found[here] = text
        found |= {here: text for here, text in written.items() if _fits(here, place)}
        return sorted(found.items())

    return find


def beside(reading: Reading) -> Callable[[str, str], list[Found]]:
    """Return how an nginx on a host finds what it includes: in the repository, next to the file that includes.

    `/etc/nginx/conf.d/*.conf` is looked for as `conf.d/*.conf` beside the file, above it, and below any `etc/nginx`.
    """
    files = reading.files()

    def find(pattern: str, origin: str) -> list[Found]:
        inside = pattern.removeprefix("/etc/nginx/").lstrip("/")
        folder = posixpath.dirname(origin) or "."
        for above in (folder, posixpath.dirname(folder) or "."):
            wanted = join(above, inside)
            if wanted is None or inside.startswith("/"):
                continue
            held = [path for path in files if _fits(path, wanted)] if "*" in wanted else [wanted]
            texts = [(path, text) for path in held if reading.is_file(path) and (text := text_of(reading, path))]
            if texts:
                return texts
        return []

    return find


def _fits(path: str, pattern: str) -> bool:
    """Return whether a pattern with stars names a path; stars do not cross a slash."""
    if "*" not in pattern:
        return path == pattern
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(_fits_part, parts, wanted))


def _fits_part(part: str, pattern: str) -> bool:
    if "*" not in pattern:
        return part == pattern
    first, *middle, last = pattern.split("*")
    if not part.startswith(first) or not part.endswith(last) or len(part) < len(first) + len(last):
        return False
    at, end = len(first), len(part) - len(last)
    for piece in middle:
        at = part.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
