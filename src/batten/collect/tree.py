"""The files of a project on disk: one walk, bounded reads, nothing outside the tree."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from batten.model import BattenError, Location, Unsure

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 2_000_000
"""Most bytes of a file that are read; a larger one is an `Unsure`."""
HELD = 32_000_000
"""Bytes of files that are kept, because several readers ask for them."""
MOST_FILES = 200_000
DEEPEST = 64

SKIPPED = frozenset(
    ".git .hg .svn .tox .nox .venv venv .mypy_cache .ruff_cache .pytest_cache __pycache__ node_modules site-packages "
    ".eggs .idea .vscode bower_components".split()
)
"""Directories that hold no source of the project."""

_UNREAD: frozenset[str] = frozenset({"\0"})
"""What git tracks was not asked yet."""
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")


class Tree:
    """The files under one directory, read at most once each."""

    def __init__(self, root: str) -> None:
        """List the files under `root`.

        Symbolic links to directories are not followed, links to files only
        when they stay inside the tree.

        Raises:
            BattenError: `root` does not exist or is not a directory.
        """
        if not os.path.exists(root):
            message = f"there is no {root!r}"
            raise BattenError(message, hint="give the directory of a project: batten check PATH")
        if not os.path.isdir(root):
            message = f"{root!r} is not a directory"
            raise BattenError(message, hint="give the directory that holds the project")
        self.root = os.path.realpath(root)
        self.unsure: list[Unsure] = []
        self._texts: dict[str, str | None] = {}
        self._held: dict[str, bytes] = {}
        self._room = HELD
        self._tracked: frozenset[str] | None = _UNREAD
        self._directories: set[str] = {"."}
        self._files: dict[str, None] = dict.fromkeys(sorted(self._walk()))

    def files(self) -> Sequence[str]:
        """Return the path of every regular file, sorted."""
        return list(self._files)

    def exists(self, path: str) -> bool:
        """Return whether there is a file or directory of that path."""
        return path in self._files or path in self._directories

    def read(self, path: str) -> str | None:
        """Return the text of a file, None when it is missing or could not be read (an `Unsure` tells)."""
        if path not in self._texts:
            self._texts[path] = self._decoded(path) if path in self._files else None
        return self._texts[path]

    def mentioning(self, words: Sequence[str]) -> Sequence[str]:
        """Return the Python files whose bytes hold one of the words, sorted.

        Files that cannot be read as Python text are told as `Unsure`.
        """
        wanted = re.compile(b"|".join(re.escape(word.encode()) for word in words))
        found = []
        for path in self._files:
            if path.endswith(".py"):
                data = self._bytes(path)
                if data is not None and wanted.search(data):
                    found.append(path)
        return found

    def raw(self, path: str, most_bytes: int) -> bytes | None:
        """Return the bytes of a file of at most that size, None for any other; nothing is told of those."""
        if path not in self._files:
            return None
        held = self._held.get(path)
        if held is not None:
            return held if len(held) <= most_bytes else None
        try:
            with open(f"{self.root}/{path}", "rb", opener=_opened, buffering=0) as file:
                if os.fstat(file.fileno()).st_size > most_bytes:
                    return None
                return file.read(most_bytes)
        except OSError:
            return None

    def tracked(self, path: str) -> bool | None:
        """Return whether git tracks a file, None where there is no repository to ask."""
        if self._tracked is _UNREAD:
            from batten.collect.git_index import tracked  # noqa: PLC0415 - only where a secret was found

            self._tracked = tracked(self.root)
        return None if self._tracked is None else path in self._tracked

    def _walk(self) -> list[str]:
        found: list[str] = []
        waiting = [("", self.root, 0)]
        while waiting:
            prefix, directory, depth = waiting.pop()
            try:
                entries = list(os.scandir(directory))
            except OSError as error:
                self._doubt(prefix.rstrip("/") or ".", f"the directory could not be read: {error.strerror}")
                continue
            for entry in entries:
                self._take(entry, prefix, depth, found, waiting)
            if len(found) > MOST_FILES:
                self._doubt(".", f"the tree has more than {MOST_FILES:,} files; the rest was not looked at")
                break
        return found

    def _take(
        self, entry: os.DirEntry[str], prefix: str, depth: int, found: list[str], waiting: list[tuple[str, str, int]]
    ) -> None:
        name = entry.name
        path = prefix + name
        try:
            name.encode()
        except UnicodeEncodeError:
            self._doubt(path.encode(errors="replace").decode(), "its name is not valid UTF-8")
            return
        if entry.is_file(follow_symlinks=False):
            found.append(path)
        elif entry.is_dir(follow_symlinks=False):
            self._directories.add(path)
            if name in SKIPPED or os.path.exists(f"{entry.path}/pyvenv.cfg"):
                return
            if depth >= DEEPEST:
                self._doubt(path, f"it lies more than {DEEPEST} directories deep")
                return
            waiting.append((path + "/", entry.path, depth + 1))
        elif entry.is_symlink():
            self._take_link(entry, path, found)
        elif name.endswith((".py", ".env", ".yml", ".yaml", ".toml")):
            self._doubt(path, "it is not a regular file")

    def _take_link(self, entry: os.DirEntry[str], path: str, found: list[str]) -> None:
        try:
            target = os.path.realpath(entry.path, strict=True)
        except OSError:
            self._doubt(path, "a symbolic link that leads nowhere or in a circle")
            return
        inside = target == self.root or target.startswith(self.root + os.sep)
        if not inside:
            self._doubt(path, "a symbolic link that leads out of the project; it was not followed")
        elif os.path.isfile(target):
            found.append(path)
        elif self.root.startswith(target) or entry.path.startswith(target + os.sep):
            self._doubt(path, "a symbolic link to a directory above it; it was not followed")
        else:
            self._doubt(path, "a symbolic link to a directory; it was not followed")

    def _bytes(self, path: str) -> bytes | None:
        if path in self._texts:
            text = self._texts[path]
            return None if text is None else text.encode(errors="surrogateescape")
        data = self._raw(path)
        if data is None:
            self._texts[path] = None
            return None
        if b"\0" in data or not _is_text(data):
            self._texts[path] = self._text(path, data)
        return data

    def _raw(self, path: str) -> bytes | None:
        data = self._held.get(path)
        if data is None:
            data = self._from_disk(path)
            if data is not None and len(data) <= self._room:
                self._held[path] = data
                self._room -= len(data)
        return data

    def _from_disk(self, path: str) -> bytes | None:
        try:
            descriptor = os.open(f"{self.root}/{path}", os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            self._doubt(path, f"it could not be read: {error.strerror}")
            return None
        try:
            data = os.read(descriptor, min(os.fstat(descriptor).st_size, LARGEST) + 1)
            while 0 < len(data) <= LARGEST:
                more = os.read(descriptor, LARGEST + 1 - len(data))
                if not more:
                    break
                data += more
            if not data and not stat.S_ISREG(os.fstat(descriptor).st_mode):
                self._doubt(path, "it is not a regular file")
                return None
        except OSError as error:
            self._doubt(path, f"it could not be read: {error.strerror}")
            return None
        finally:
            os.close(descriptor)
        if len(data) > LARGEST:
            self._doubt(path, f"it is larger than {LARGEST:,} bytes; it was not read")
            return None
        return data

    def _decoded(self, path: str) -> str | None:
        data = self._raw(path)
        return None if data is None else self._text(path, data)

    def _text(self, path: str, data: bytes) -> str | None:
        if b"\0" in data:
            self._doubt(path, "it holds NUL bytes: a binary file")
            return None
        data = data.removeprefix(b"\xef\xbb\xbf")
        encoding = "utf-8"
        if path.endswith(".py"):
            for line in data.split(b"\n", 2)[:2]:
                match = _CODING.match(line)
                if match:
                    encoding = match[1].decode()
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            self._doubt(path, f"it is not valid {encoding.upper()}")
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _doubt(self, path: str, why: str) -> None:
        self.unsure.append(Unsure(path, why, Location(file=path)))


def _opened(path: str, flags: int) -> int:
    """Open a file without waiting for one that nobody writes to (a pipe)."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
