"""Which distributions production installs, and in which versions."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.copies import pip_arguments
from batten.understand.deploy.locks import locked, manifest
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Location
    from batten.understand.deploy.reading import Reading

_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_CLAUSE = re.compile(r"(?:===|[<>=!~]=|[<>])[^\s<>=!~]\S*")
_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(\S+)")
_CONSTRAINT = re.compile(r"(?:-c|--constraint)[ =]?\s*(\S+)")
_MOST_FILES = 100


def requirements(
    reading: Reading, paths: Iterable[str], installs: Iterable[tuple[str, Location]]
) -> dict[str, str] | None:
    """Return normalised name to specifier; None when no file lists dependencies.

    Files that an image installs come first, then the shallowest; a pinned
    version stands over an open one.
    """
    listed = _Listed(reading)
    ordered = sorted(paths, key=lambda path: (path.count("/"), path))
    for text, at in installs:
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
            for text in direct:
                listed.take(text)
    for path in ordered:
        for name, version in locked(reading, path, listed.names()):
            listed.any = True
            listed.pin(normal(name), version)
    return listed.found if listed.any else None


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def parse(text: str) -> tuple[str, str] | None:
    """Return normalised name and specifier of one requirement, None for anything else."""
    text = text.strip()
    name = _NAME.match(text)
    if name is None:
        return None
    rest = text[name.end() :].partition(";")[0].strip()
    if rest.startswith("["):
        rest = rest.partition("]")[2].strip()
    if rest.startswith("@"):
        return normal(name.group()), ""
    rest = rest.removeprefix("(").removesuffix(")")
    clauses = [re.sub(r"\s+", "", clause) for clause in rest.split(",")] if rest else []
    if not all(_CLAUSE.fullmatch(clause) for clause in clauses):
        return None
    return normal(name.group()), ",".join(clauses)


@dataclass(slots=True)
class _Listed:
    reading: Reading
    found: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    any: bool = False

    def names(self) -> frozenset[str]:
        return frozenset(self.found)

    def take(self, text: str) -> None:
        parsed = parse(text)
        if parsed is None:
            return
        self.any = True
        name, specifier = parsed
        before = self.found.get(name)
        if before is None or (specifier.startswith("==") and not before.startswith("==")):
            self.found[name] = specifier

    def pin(self, name: str, version: str) -> None:
        if not self.found.get(name, "").startswith("=="):
            self.found[name] = f"=={version}"

    def take_run(self, text: str) -> Iterator[str]:
        """Take the distributions that a `RUN pip install …` names; yield its `-r` files."""
        for arguments in pip_arguments(text):
            try:
                words = shlex.split(arguments)
            except ValueError:
                words = arguments.split()
            after = ""
            for word in words:
                if after in ("-r", "--requirement"):
                    yield word
                elif include := re.fullmatch(r"(?:-r|--requirement=)(\S+)", word):
                    yield include[1]
                elif not word.startswith("-") and not _takes_value(after) and "/" not in word and word != ".":
                    self.take(word)
                after = word

    def take_file(self, path: str) -> None:
        """Take a requirements file with those that it includes."""
        if path in self.seen or len(self.seen) >= _MOST_FILES:
            return
        self.seen.add(path)
        text = self.reading.text(path) if self.reading.is_file(path) else None
        folder = posixpath.dirname(path) or "."
        for line in re.sub(r"\\\n", " ", text or "").split("\n"):
            written = re.sub(r"(?:^|\s)#.*", "", line).strip()
            include = _INCLUDE.match(written) or _CONSTRAINT.match(written)
            if include is not None:
                other = join(folder, include[1])
                if other is not None and written.startswith(("-r", "--r")):
                    self.take_file(other)
            elif written:
                self.take(re.split(r"\s--?[a-z]", written, maxsplit=1)[0])


def _takes_value(option: str) -> bool:
    """Return whether a pip option's value is the next word."""
    return option in (
        "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t", "--target", "-c", "--constraint",
        "--prefix", "--root", "--trusted-host", "-e", "--editable", "--python", "--cache-dir", "--timeout",
        "--retries", "--only-binary", "--no-binary",
    )  # fmt: skip
