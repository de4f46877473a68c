"""Which file of the repository a process sees under which path.

A unit outside a container, and one whose image is not built from this
repository, is taken to see the repository as it is.
"""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from typing import TYPE_CHECKING

from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.stack import Image, Unit


def repo_path(unit: Unit, path: str) -> str | None:
    """Return the repository path of a file or directory as the process names it.

    None when the process cannot see it there: outside the mounts, kept out by
    `.dockerignore`, or absolute where nothing says where the repository lies.
    """
    image = _placed(unit)
    if image is None or (unit.home is None and not path.startswith("/")):
        if not path.startswith("/"):
            return join(unit.cwd, path)
        inside = None if unit.home is None else _below(posixpath.normpath(path), unit.home)
        return None if inside is None else join(unit.cwd, inside)
    place = posixpath.normpath(posixpath.join(unit.home or "/", path))
    for found in _mounted(image.volumes, place):
        return found
    for found in _mounted(image.mounts, place):
        if not _is_ignored(image, found):
            return found
    return next((found for found in directories(image, place) if not _is_ignored(image, found)), None)


def unit_path(unit: Unit, repo_path_: str) -> str | None:
    """Return the absolute path under which the process sees a file of the repository, or None."""
    image = _placed(unit)
    if image is None:
        if unit.home is None:
            return None
        relative = posixpath.relpath(posixpath.join("/", repo_path_), posixpath.join("/", unit.cwd))
        return posixpath.normpath(posixpath.join(unit.home, relative))
    for mounts in (image.volumes, image.mounts):
        for place, source in reversed(mounts):
            inside = _below(repo_path_, source)
            if inside is not None:
                found = posixpath.normpath(posixpath.join(place, inside))
                if repo_path(unit, found) == repo_path_:
                    return found
    return None


def contains(unit: Unit, repo_path_: str) -> bool:
    """Return whether the process sees a file, or something of a directory, of the repository."""
    image = _placed(unit)
    if image is None or unit_path(unit, repo_path_) is not None:
        return True
    if _is_ignored(image, repo_path_):
        return False
    mounts = (*image.volumes, *image.mounts)
    return any(_below(source, repo_path_) is not None for _, source in mounts)


def directories(image: Image, place: str) -> Iterator[str]:
    """Yield the repository directories that make up a directory of an image.

    `COPY app.py .` and `COPY shop shop` under `/srv` make `/srv` look like the
    directory that holds both.
    """
    seen: set[str] = set()
    for found in (*_mounted(image.volumes, place), *_mounted(image.mounts, place)):
        if found not in seen:
            seen.add(found)
            yield found
    for target, source in (*reversed(image.volumes), *reversed(image.mounts)):
        inside = _below(target, place)
        if inside in (None, "."):
            continue
        parent = _without(source, str(inside))
        if parent is not None and parent not in seen:
            seen.add(parent)
            yield parent


def renamed(unit: Unit) -> dict[str, str]:
    """Return the Python files that an image holds under another path than the repository does.

    From the repository path at which the process would look for the file
    (`COPY docker/settings.py shop/settings.py`: `shop/settings.py`) to the
    file that it finds there.
    """
    image = _placed(unit)
    found: dict[str, str] = {}
    for place, source in (*image.mounts, *image.volumes) if image is not None else ():
        if image is not None and place.endswith(".py") and source.endswith(".py"):
            folder, name = posixpath.split(place)
            for directory in directories(image, folder):
                path = join(directory, name)
                if path is not None and path != source:
                    found[path] = source
    return found


def _placed(unit: Unit) -> Image | None:
    """Return the image when it says where the repository lies."""
    image = unit.image
    return image if image is not None and (image.mounts or image.volumes) else None


def _mounted(mounts: Sequence[tuple[str, str]], place: str) -> Iterator[str]:
    """Yield what mounts put at a place: the longest first, a later one before an earlier."""
    matches = [
        (len(target), order, source, inside)
        for order, (target, source) in enumerate(mounts)
        if (inside := _below(place, target)) is not None
    ]
    for _, _, source, inside in sorted(matches, reverse=True):
        yield join(source, inside) or source


def _below(path: str, directory: str) -> str | None:
    """Return `path` relative to `directory` (`.` for itself), None when it is not in there."""
    if path == directory:
        return "."
    if directory in (".", "/"):
        return path.lstrip("/")
    return path[len(directory) + 1 :] if path.startswith(f"{directory}/") else None


def _without(path: str, ending: str) -> str | None:
    """Return the directory that `ending` is appended to in `path`, None when it is not its end."""
    if path == ending:
        return "."
    return path[: -len(ending) - 1] if path.endswith(f"/{ending}") else None


def _is_ignored(image: Image, path: str) -> bool:
    """Return whether `.dockerignore` keeps a file out; the image lists them sorted."""
    position = bisect_left(image.ignored, path)
    return position < len(image.ignored) and image.ignored[position] == path
