"""How `understand` asks for files: on disk it is `collect.Tree`, in a test a dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


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

    def raw(self, path: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file of at most that size, None for any other; nothing is told of those."""

    def tracked(self, path: str) -> bool | None:
        """Return whether git tracks a file, None where there is no repository to ask."""


class DictSources:
    """Files held in memory: for examples, specs and tests."""

    def __init__(self, files: Mapping[str, str], tracked: Collection[str] | None = None) -> None:
        """Hold `files`: path to text; `tracked` are those that git tracks."""
        self._files = dict(files)
        self._tracked = tracked
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

    def raw(self, path: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file of at most that size."""
        data = self._files.get(path, "").encode()
        return data if len(data) <= most_bytes else None

    def tracked(self, path: str) -> bool | None:
        """Return whether git tracks a file."""
        return None if self._tracked is None else path in self._tracked


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
