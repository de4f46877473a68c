"""How `understand` asks for files: on disk it is `collect.Tree`, in a test a dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Sources(Protocol):
    """The files under audit. Paths are relative, with forward slashes, `.` is the root."""

    def files(self) -> Sequence[str]:
        """Return the path of every regular file, sorted."""

    def exists(self, path: str) -> bool:
        """Return whether there is a file or directory of that path."""

    def read(self, path: str) -> str | None:
        """Return the text of a file, or None when it is missing or could not be read.

        What could not be read (too large, binary, no permission) is reported
        by the owner of the sources as an `Unsure`, once.
        """

    def mentioning(self, words: Sequence[str]) -> Sequence[str]:
        """Return the Python files whose text holds one of the words, sorted."""


class DictSources:
    """Files held in memory: for examples, specs and tests."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Hold `files`: path to text."""
        self._files = dict(files)
        self._directories = {"."} | {up for path in files for up in parents(path)}

    def files(self) -> Sequence[str]:
        """Return every path, sorted."""
        return sorted(self._files)

    def exists(self, path: str) -> bool:
        """Return whether there is such a file or directory."""
        return path in self._files or path in self._directories

    def read(self, path: str) -> str | None:
        """Return the text of a file, or None."""
        return self._files.get(path)

    def mentioning(self, words: Sequence[str]) -> Sequence[str]:
        """Return the Python files whose text holds one of the words, sorted."""
        return sorted(p for p, text in self._files.items() if p.endswith(".py") and any(w in text for w in words))


def parents(path: str) -> Iterable[str]:
    """Yield the directories above `path`, nearest first, without the root."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def join(*parts: str) -> str | None:
    """Join and normalise relative paths; None when the result leaves the tree."""
    kept: list[str] = []
    for part in "/".join(parts).split("/"):
        if part in ("", "."):
            continue
        if part == "..":
            if not kept:
                return None
            kept.pop()
        else:
            kept.append(part)
    return "/".join(kept) or "."
