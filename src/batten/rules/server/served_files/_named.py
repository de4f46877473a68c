"""How files and directories of a repository are named in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 3


def named(paths: Sequence[str]) -> str:
    """Return the first files by name, and how many more there are."""
    shown = ", ".join(".git" if path.startswith(".git/") else path for path in paths[:_SHOWN])
    more = len(paths) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def place(path: str | None) -> str:
    """Return what a directory of the repository is called."""
    return f"the directory {path} of the repository" if path not in (None, ".") else "the whole repository"
