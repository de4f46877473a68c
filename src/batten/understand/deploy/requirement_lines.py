"""Reads the lines of a pip requirements file: requirements, options, and what is neither.

As pip 25 `req/req_file.py` reads it: a comment never goes on over a backslash, an option begins at the first word
with a dash, `--hash` and its like belong to the requirement before them.
"""

from __future__ import annotations

import re
import shlex
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_LINES = 20_000
_COMMENT = re.compile(r"\s*#")
_TRAILING = re.compile(r"(?:^|\s)#.*")
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?")
_CLAUSE = re.compile(r"(?:===|[<>=!~]=|[<>])[^\s<>=!~]\S*")
_EXTRAS = re.compile(r"\s*\[([\w\s.,-]*)\]")
_URL = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?[A-Za-z][A-Za-z0-9+.-]*:(?://|/)|(?:git|hg|svn|bzr)\+")
_EGG = re.compile(r"[#&]egg=([^&\[\]]+)")
_FILE = re.compile(r"([A-Za-z0-9](?:[\w.]*[A-Za-z0-9])?)-(\d[\w.!+]*)(?:-\w+)*(?:-[\w.]+)?\.whl$")
_ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
_SHORT = {"-r": "requirement", "-c": "constraint", "-e": "editable", "-i": "index-url", "-f": "find-links"}
_VALUED = frozenset(
    "requirement constraint editable index-url extra-index-url find-links trusted-host hash only-binary no-binary "
    "use-feature config-settings global-option install-option pypi-url".split()
)
_INDEX = {"pypi-url": "index-url"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One distribution that a line asks for."""

    line: int
    name: str
    """As PEP 503 writes it; empty where the line does not say (a path, a URL without a name)."""
    specifier: str = ""
    """Its clauses without spaces."""
    url: str = ""
    """Where it is taken from, when not from an index: a URL, a repository, a path."""
    marker: str = ""
    hashes: int = 0
    editable: bool = False

    @property
    def version(self) -> str:
        """The one version that may be installed; empty when there are several."""
        return exact(self.specifier)

    @property
    def is_path(self) -> bool:
        """Whether it lies beside the file."""
        return bool(self.url) and ("://" not in self.url or self.url.startswith("file:"))


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a file, by its long name without dashes."""

    line: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that pip would refuse."""

    line: int
    text: str


Line = Requirement | Option | Broken


@lru_cache(maxsize=128)
def lines(text: str) -> tuple[Line, ...]:
    """Return what the lines of a requirements file say."""
    found: list[Line] = []
    for number, written in _joined(text):
        found += _read(number, written)
    return tuple(found)


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def exact(specifier: str) -> str:
    """Return the version that a specifier pins (`==3.1`, `===3.1`), or nothing."""
    for clause in specifier.split(","):
        version = clause[2:].removeprefix("=").strip() if clause.startswith("==") else ""
        if version and not version.endswith("*"):
            return version
    return ""


def requirement(text: str, line: int = 0, *, hashes: int = 0, editable: bool = False) -> Requirement | None:
    """Return what one requirement of PEP 508, or of pip's own forms (a URL, a path), asks for."""
    text, _, marker = text.strip().partition("; " if _URL.match(text.strip()) else ";")
    text, marker = text.strip(), marker.strip()
    if not text:
        return None
    if _is_place(text):
        return Requirement(line, _named(text), "", text, marker, hashes, editable)
    name = _NAME.match(text)
    if name is None:
        return None
    rest = text[name.end() :]
    extras = _EXTRAS.match(rest)
    rest = (rest[extras.end() :] if extras is not None else rest).strip()
    if rest.startswith("@"):
        url = rest[1:].strip()
        return Requirement(line, normal(name.group()), "", url, marker, hashes, editable) if url else None
    rest = rest.removeprefix("(").removesuffix(")").strip()
    clauses = [re.sub(r"\s+", "", clause) for clause in rest.rstrip(",").split(",")] if rest else []
    if not all(_CLAUSE.fullmatch(clause) for clause in clauses):
        return None
    return Requirement(line, normal(name.group()), ",".join(clauses), "", marker, hashes, editable)


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield logical lines without comments, each with the number of its first line."""
    first, held = 0, list[str]()
    for number, written in enumerate(text.splitlines()[:MOST_LINES], 1):
        is_comment = _COMMENT.match(written) is not None
        first = first or number
        if written.endswith("\\") and not is_comment:
            held.append(written.strip("\\"))
            continue
        whole = _TRAILING.sub("", "".join((*held, " " if is_comment else "", written))).strip()
        if whole:
            yield first, whole
        first, held = 0, []
    whole = _TRAILING.sub("", "".join(held)).strip()
    if whole:
        yield first, whole


def _read(line: int, text: str) -> Iterator[Line]:
    words = text.split(" ")
    cut = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    asked, options = " ".join(words[:cut]).strip(), list(_options(line, " ".join(words[cut:])))
    editables = [option.value for option in options if option.name == "editable"]
    hashes = sum(option.name == "hash" for option in options)
    for written in (asked, *editables):
        if written:
            found = requirement(written, line, hashes=hashes, editable=written is not asked)
            yield Broken(line, text) if found is None else found
    yield from (option for option in options if option.name not in {"editable", "hash"})


def _options(line: int, text: str) -> Iterator[Option]:
    """Yield the options of a line; what follows one that takes no value is left out."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    waiting = ""
    for word in words:
        if waiting:
            yield Option(line, waiting, word)
            waiting = ""
            continue
        if not word.startswith("-"):
            continue
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            name, equals, value = word[:2], word[2:], word[2:].removeprefix("=")
        name = _SHORT.get(name, name.lstrip("-"))
        name = _INDEX.get(name, name)
        if name in _VALUED and not equals:
            waiting = name
        else:
            yield Option(line, name, value)


def _is_place(text: str) -> bool:
    """Return whether a line names a place and no distribution of an index."""
    plain = text.partition("[")[0].strip()
    if "@" in text and _NAME.match(text) and re.match(r"[\w.-]+\s*(?:\[[^\]]*\])?\s*@", text):
        return False
    return (
        _URL.match(text) is not None or plain.startswith((".", "/", "~")) or "/" in plain or plain.endswith(_ARCHIVES)
    )


def _named(place: str) -> str:
    """Return the distribution that a URL or path says it holds."""
    egg = _EGG.search(place)
    if egg is not None:
        return normal(unquote(egg[1]).strip())
    wheel = _FILE.search(unquote(place.partition("#")[0].rpartition("/")[2]))
    return normal(wheel[1]) if wheel is not None else ""
