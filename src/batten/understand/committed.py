"""Which files `.gitignore` keeps out of the repository."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.sources import Sources


def uncommitted(sources: Sources) -> frozenset[str]:
    """Return the files that the root's `.gitignore` keeps out of the repository; what git tracks all the same is in."""
    rows = _rows(sources, ".")
    if not rows:
        return frozenset()
    from batten.understand.deploy.ignore import ignored  # noqa: PLC0415 - only where there is such a file

    wanted = [path for path in sources.files() if not path.endswith((".py", ".html", ".js", ".css"))]
    return frozenset(path for path in ignored(wanted, "\n".join(rows)) if not sources.tracked(path))


def stays_outside(sources: Sources, path: str) -> bool:
    """Return whether a `.gitignore` would keep a file out that the repository does not have: a server may have it."""
    folders = path.split("/")[:-1]
    rows = [row for depth in range(len(folders) + 1) for row in _rows(sources, "/".join(folders[:depth]) or ".")]
    if not rows:
        return False
    from batten.understand.deploy.ignore import ignored  # noqa: PLC0415 - only where there is such a file

    return path in ignored((path,), "\n".join(rows))


def _rows(sources: Sources, folder: str) -> tuple[str, ...]:
    """Return the patterns of one folder's `.gitignore`, as `.dockerignore` would write them at the top.

    gitignore(5): a pattern without a slash matches at any depth, in `.dockerignore` only at the top.
    """
    name = ".gitignore" if folder == "." else f"{folder}/.gitignore"
    text = sources.read(name) if sources.exists(name) else None
    return _patterns(text, "" if folder == "." else f"{folder}/") if text else ()


@lru_cache(maxsize=256)
def _patterns(text: str, above: str) -> tuple[str, ...]:
    found: list[str] = []
    for line in text.splitlines():
        row = line.strip()
        if row and not row.startswith("#"):
            mark, pattern = ("!", row[1:]) if row.startswith("!") else ("", row)
            anywhere = "" if "/" in pattern.rstrip("/") else "**/"
            found.append(f"{mark}{above}{anywhere}{pattern.lstrip('/')}")
    return tuple(found)
