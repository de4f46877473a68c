"""What manifests (pyproject.toml, Pipfile, setup.cfg, setup.py) and lock files of a repository list for production."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy import lock_files, project_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.deploy.lock_files import Lock, Locked
    from batten.understand.deploy.project_files import Manifest
    from batten.understand.deploy.reading import Reading
    from batten.understand.deploy.requirement_lines import Requirement


def manifest_of(reading: Reading, path: str) -> Manifest | None:
    """Return what a manifest says, None where the file is none; one that cannot be read is told."""
    name = posixpath.basename(path).lower()
    if name not in {"pyproject.toml", "pipfile", "setup.cfg", "setup.py"} or not reading.is_file(path):
        return None
    found = project_files.read(path, reading.text(path) or "")
    if found is not None and found.error:
        reading.unsure(path, found.error, Location(file=path, line=1))
    return found


def lock_of(reading: Reading, path: str) -> Lock | None:
    """Return what a lock says, None where the file is none; a tool writes it, it may be large."""
    if not lock_files.is_lock(path) or not reading.is_file(path):
        return None
    text = (reading.sources.read(path) or "").removeprefix("\ufeff").replace("\r\n", "\n")
    found = lock_files.read(posixpath.basename(path), text)
    if found.error:
        reading.unsure(path, found.error, Location(file=path, line=1))
    return found


def manifest(reading: Reading, path: str) -> list[Requirement] | None:
    """Return the requirements that a manifest always has; None when the file is no manifest or lists none."""
    found = manifest_of(reading, path)
    return ([one.asked for one in found.listed if not one.group] or None) if found is not None else None


def locked(reading: Reading, path: str, direct: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and version of what a lock file installs for the direct requirements."""
    lock = lock_of(reading, path)
    for one in production(lock, direct) if lock is not None else ():
        if one.version:
            yield one.name, one.version


def production(lock: Lock, direct: Iterable[str]) -> tuple[Locked, ...]:
    """Return what a lock holds for production: what it says is, else what the direct requirements need."""
    if any(one.groups is not None for one in lock.packages):
        return tuple(one for one in lock.packages if "" in (one.groups or ("",)))
    held = {one.name for one in lock.packages}
    return lock.reached([name for name in direct if name in held] or sorted(held))
