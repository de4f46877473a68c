"""Which files git tracks, as its index lists them; no process is started.

Git 2.51 Documentation/gitformat-index: versions 2, 3 and 4, SHA-1 and SHA-256. A split index (`link`) keeps its
entries elsewhere: then it is not told.
"""

from __future__ import annotations

import os
import struct

LARGEST = 100_000_000
"""Bytes of an index that are read."""
MOST_ENTRIES = 1_000_000
_HIGHEST = 32
"""Directories above the audited one in which a repository is looked for."""
_FIXED = 40
"""Bytes of an entry before its object name: times, device, inode, mode, owner, size."""
_EXTENDED = 0x4000
_LENGTH = 0x0FFF
_SPLIT = b"link"


def tracked(root: str) -> frozenset[str] | None:
    """Return the paths below `root` that git tracks, relative to it; None where there is no index that can be read."""
    top = root
    for _ in range(_HIGHEST):
        held = _git_directory(top)
        if held is not None:
            break
        above = os.path.dirname(top)
        if above == top:
            return None
        top = above
    else:
        return None
    data = _bytes(os.path.join(held, "index"))
    if data is None:
        return None
    prefix = os.path.relpath(root, top).replace(os.sep, "/") + "/" if root != top else ""
    try:
        paths = _paths(data, 32 if _is_sha256(held) else 20)
    except (struct.error, IndexError, ValueError):
        return None
    return None if paths is None else frozenset(p[len(prefix) :] for p in paths if p.startswith(prefix))


def _git_directory(top: str) -> str | None:
    """Return the directory of git's own files; in a worktree and a submodule `.git` is a file that names it."""
    path = os.path.join(top, ".git")
    if os.path.isdir(path):
        return path if os.path.exists(os.path.join(path, "HEAD")) else None
    data = _bytes(path) if os.path.isfile(path) else None
    text = (data or b"").decode(errors="replace").strip()
    return os.path.join(top, text.removeprefix("gitdir:").strip()) if text.startswith("gitdir:") else None


def _bytes(path: str) -> bytes | None:
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > LARGEST:
            return None
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _is_sha256(directory: str) -> bool:
    config = _bytes(os.path.join(directory, "config")) or b""
    return b"sha256" in config.lower() and b"objectformat" in config.lower()


def _paths(data: bytes, name_bytes: int) -> list[str] | None:
    """Return the paths that an index lists, None for a kind that is not known."""
    signature, version, count = struct.unpack_from(">4sII", data)
    if signature != b"DIRC" or version not in {2, 3, 4} or count > MOST_ENTRIES:
        return None
    at, before, found = 12, b"", list[str]()
    for _ in range(count):
        start = at
        (flags,) = struct.unpack_from(">H", data, at + _FIXED + name_bytes)
        at += _FIXED + name_bytes + (4 if flags & _EXTENDED else 2)
        if version == 4:  # noqa: PLR2004 - the version that compresses paths
            drop, at = _number(data, at)
            end = data.index(b"\0", at)
            before = before[: len(before) - drop] + data[at:end]
            at = end + 1
        else:
            length = flags & _LENGTH
            end = at + length if length < _LENGTH else data.index(b"\0", at)
            before = data[at:end]
            at = start + (end - start + 8) // 8 * 8  # one to eight NULs fill up to eight bytes
        found.append(before.decode(errors="surrogateescape"))
    while at + 8 < len(data) - name_bytes:  # extensions, then the checksum
        name, size = struct.unpack_from(">4sI", data, at)
        if name == _SPLIT:
            return None
        at += 8 + size
    return found


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length and where it ends (git's `decode_varint`)."""
    byte = data[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, at + 1
