"""Reads `postgresql.conf`: PostgreSQL 17, `src/backend/utils/misc/guc-file.l` and section 19.1."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.stores.nouns import Setting
from batten.understand.infrastructure.stores.scene import is_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_LINE = re.compile(r"\s*([A-Za-z_][\w.]*)\s*=?\s*('(?:[^'\\]|''|\\.)*'|[^\s#']*)\s*(?:#.*)?")
_ESCAPE = re.compile(r"''|\\(.)")
_DEEPEST = 10
_BOOLEANS = ("on", "true", "yes", "1"), ("off", "false", "no", "0")


def settings(scene: Scene, path: str, depth: int = 0) -> Iterator[Setting]:
    """Yield the settings of a file in their order, those of files that it includes in their places."""
    for number, row in enumerate((scene.text(path) or "").split("\n"), 1):
        at = Location(file=path, line=number)
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            scene.reading.unsure(path, "a line that PostgreSQL does not take", at)
            continue
        name, value = match[1].lower(), match[2]
        if value.startswith("'"):
            value = _ESCAPE.sub(lambda found: found[1] or "'", value[1:-1])
        if name in ("include", "include_if_exists", "include_dir"):
            if depth < _DEEPEST:
                yield from _included(scene, path, name, value, at, depth)
        else:
            yield Setting(name, value, at, not is_hole(value))


def _included(scene: Scene, path: str, how: str, value: str, at: Location, depth: int) -> Iterator[Setting]:
    if how == "include_dir":
        found = scene.under(value, ".conf", path)
    else:
        held = scene.held(value, path)
        found = [held] if held is not None else []
        if not found and how == "include":
            scene.reading.unsure(path, f"it includes {posixpath.basename(value)}, which is not in the repository", at)
    for each in found:
        yield from settings(scene, each, depth + 1)


def boolean(setting: Setting | None) -> bool | None:
    """Return what a switch says; None where that is not known (`bool.c parse_bool`: any start that is unique)."""
    if setting is None or not setting.known:
        return None
    value = setting.value.strip().lower()
    if value and any(word.startswith(value) for word in _BOOLEANS[0] if word != "on" or value != "o"):
        return True
    return False if value and any(word.startswith(value) for word in _BOOLEANS[1] if value != "o") else None
