"""Reads lock files: uv.lock, poetry.lock, pdm.lock, pylock.toml, Pipfile.lock, into one shape."""

from __future__ import annotations

import json
import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass
from batten.understand.deploy.project_files import table, toml
from batten.understand.deploy.requirement_lines import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_NAMES = re.compile(r"(?:uv|poetry|pdm)\.lock|pylock(?:\.[\w-]+)?\.toml|pipfile\.lock")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_HEADER = re.compile(r"\[\[packages?\]\]\s*$")
_VERSION = re.compile(r"\s*version\s*=")
_MAIN = frozenset(("main", "default"))


@dataclass(frozen=True, slots=True)
class Locked:
    """One package of a lock."""

    name: str
    version: str
    """Empty: a place of its own, a directory or a repository."""
    line: int
    needs: tuple[str, ...] = ()
    groups: tuple[str, ...] | None = None
    """Groups that it is installed for; None where the lock does not say."""
    is_hashed: bool = True
    is_local: bool = False
    """It is taken from a directory of the repository: the project itself."""
    from_index: bool = True
    grouped: Mapping[str, tuple[str, ...]] | None = None
    """Of the project itself: what its groups and extras need."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock file."""

    packages: tuple[Locked, ...] = ()
    error: str = ""

    def reached(self, direct: Iterable[str]) -> tuple[Locked, ...]:
        """Return the packages that the direct ones need, with those; every version of each."""
        by_name: dict[str, list[Locked]] = {}
        for one in self.packages:
            by_name.setdefault(one.name, []).append(one)
        waiting, seen, found = list(direct), set[str](), list[Locked]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for one in by_name.get(name, ()):
                found.append(one)
                waiting += one.needs
        return tuple(sorted(found, key=lambda one: (one.line, one.name)))


def is_lock(path: str) -> bool:
    """Return whether a file is a lock, by its name."""
    return _NAMES.fullmatch(posixpath.basename(path).lower()) is not None


@lru_cache(maxsize=32)
def read(name: str, text: str) -> Lock:
    """Return what a lock file says; `name` is its name without directory."""
    try:
        if name.lower() == "pipfile.lock":
            return Lock(tuple(_pipfile(text)))
        data = toml(text)
    except (ValueError, RecursionError) as error:
        kind = "JSON" if name.lower() == "pipfile.lock" else "TOML"
        return Lock(error=f"it is not valid {kind}: {error}")
    found = data.get("package", data.get("packages"))
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return Lock(tuple(_packages(rows, text, table(table(data.get("metadata")).get("files")))))


def _packages(rows: list[dict[str, Any]], text: str, files: dict[str, Any]) -> Iterator[Locked]:
    places = list(_places(text))
    for position, row in enumerate(rows):
        if not isinstance(row.get("name"), str):
            continue
        version, source = row.get("version"), table(row.get("source"))
        is_local = any(kind in source for kind in ("virtual", "editable", "directory")) or "directory" in row
        elsewhere = "git" in source or "vcs" in row or source.get("type") in {"git", "url", "file", "directory"}
        yield Locked(
            name=normal(row["name"]),
            version=version if isinstance(version, str) else "",
            line=places[position] if position < len(places) else 1,
            needs=(*_needs(row.get("dependencies")), *_extras(row)),
            groups=_groups(row),
            is_hashed="hash"
            in str(row.get("files") or row.get("wheels") or row.get("sdist") or files.get(row["name"])),
            is_local=is_local or source.get("type") == "directory",
            from_index=not elsewhere and not is_local,
            grouped=_grouped(row) if is_local else None,
        )


def _places(text: str) -> Iterator[int]:
    """Yield the line of each package's version, else of its header."""
    header, told = 0, 0
    for number, row in enumerate(text.split("\n"), 1):
        if _HEADER.match(row):
            if header:
                yield told or header
            header, told = number, 0
        elif header and not told and _VERSION.match(row):
            told = number
    if header:
        yield told or header


def _needs(dependencies: object) -> tuple[str, ...]:
    """Return the names in a lock's dependencies: a table, or a list of tables or of texts."""
    found: list[str] = []
    for item in dependencies if isinstance(dependencies, list | dict) else ():
        name = item.get("name") if isinstance(item, dict) else item
        match = _NAME.match(name) if isinstance(name, str) else None
        if match is not None:
            found.append(normal(match.group()))
    return tuple(found)


def _extras(row: dict[str, Any]) -> Iterator[str]:
    """Yield what uv writes of the extras that somebody asks a package for; which are asked is not looked at."""
    if not isinstance(row.get("source"), dict) or "registry" in row["source"]:
        for given in table(row.get("optional-dependencies")).values():
            yield from _needs(given)


def _groups(row: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the groups that Poetry 2 and PDM write; the category of older ones."""
    given = row.get("groups")
    if isinstance(given, list):
        return tuple("" if one in _MAIN else str(one) for one in given)
    category = row.get("category")
    return ("" if category in _MAIN else str(category),) if isinstance(category, str) else None


def _grouped(row: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return what the project itself needs, by group: those of its own, of its groups and of its extras."""
    found = {"": _needs(row.get("dependencies"))}
    for name, given in table(row.get("dev-dependencies")).items():
        found[name] = _needs(given)
    for name, given in table(row.get("optional-dependencies")).items():
        found[f"extra:{name}"] = _needs(given)
    return found


def _pipfile(text: str) -> Iterator[Locked]:
    data = json.loads(text or "{}")
    lines = text.split("\n")
    starts = {
        row.strip().partition('"')[2].partition('"')[0]: n for n, row in enumerate(lines, 1) if row.startswith('    "')
    }
    for section, group in (("default", ""), ("develop", "dev")):
        begin = starts.get(section, 0)
        names = {}
        for number, row in enumerate(lines[begin:], begin + 1):
            if row.startswith("    }"):
                break
            if row.startswith('        "') and row.rstrip().endswith("{"):
                names[row.strip().split('"')[1]] = number
        for name, told in table(table(data).get(section)).items():
            version = table(told).get("version")
            yield Locked(
                name=normal(name),
                version=version[2:] if isinstance(version, str) and version.startswith("==") else "",
                line=names.get(name, begin or 1),
                groups=(group,),
                is_hashed=bool(table(told).get("hashes")),
                is_local="path" in table(told),
                from_index="git" not in table(told) and "path" not in table(told) and "file" not in table(told),
            )
