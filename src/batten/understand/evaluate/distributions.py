"""Where the repository's own distributions hold their packages: an image that installs them sees them by name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from batten.understand.assumed import set_aside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from batten.understand.sources import Sources

_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
_UNDER = ("src", "lib", "python")
"""Directories of a distribution that are no package and hold its packages."""

_known: WeakKeyDictionary[Sources, tuple[dict[str, list[str]], set[str]]] = WeakKeyDictionary()


def module(sources: Sources, name: str) -> tuple[str, bool] | None:
    """Return `(file, is a package)` of a module that one distribution of the repository has, and no other."""
    top = name.partition(".")[0]
    inside = name.replace(".", "/")
    found = [
        (path, package)
        for root in _index(sources)[0].get(top, ())
        for path, package in ((f"{root}{inside}/__init__.py", True), (f"{root}{inside}.py", False))
        if sources.exists(path)
    ]
    if found:
        return found[0] if len(found) == 1 else None
    shared = next(
        (f"{root}{inside}" for root in _index(sources)[0].get(top, ()) if sources.exists(root + inside)), None
    )
    return (shared, True) if shared is not None else None  # a package without `__init__.py`, of several perhaps


def has(sources: Sources, top: str) -> bool:
    """Return whether a distribution of the repository has a package or module of that name."""
    return top in _index(sources)[0]


def holds_modules(sources: Sources, directory: str) -> bool:
    """Return whether modules lie in a directory itself."""
    return directory in _index(sources)[1]


def _index(sources: Sources) -> tuple[dict[str, list[str]], set[str]]:
    """Return the import roots (with a slash) for each first part of a name, and the directories that hold modules."""
    if sources not in _known:
        files = sources.files()
        _known[sources] = _read(sources, files), {path.rpartition("/")[0] for path in files if path.endswith(".py")}
    return _known[sources]


def _read(sources: Sources, files: Sequence[str]) -> dict[str, list[str]]:
    projects = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] in _PROJECTS}
    found: dict[str, list[str]] = {}
    for path in files if projects else ():
        if path.endswith(".py") and not set_aside(path):
            for root in _above(path.split("/"), projects, sources):
                top = path.removeprefix(root).partition("/")[0].removesuffix(".py")
                if root not in found.setdefault(top, []):
                    found[top].append(root)
    return found


def _above(parts: list[str], projects: set[str], sources: Sources) -> Iterator[str]:
    """Yield the import roots that a file may lie under, each with a slash: of the project that is nearest."""
    count = next((n for n in range(len(parts) - 1, -1, -1) if "/".join(parts[:n]) in projects), None)
    if count is None:
        return
    yield "".join(f"{part}/" for part in parts[:count])
    if parts[count] in _UNDER:
        for end in range(count + 1, len(parts)):
            root = "".join(f"{part}/" for part in parts[:end])
            if sources.exists(f"{root}__init__.py"):
                return
            yield root
