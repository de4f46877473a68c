"""Reads uWSGI's configuration files as the options that they stand for."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy import ini
from batten.understand.deploy.reading import Word
from batten.understand.deploy.yamltree import Table, documents, items, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.reading import Reading

_TRUE = frozenset(("true", "yes", "on"))
_MAGIC = re.compile(r"%\(([\w-]+)\)")


def words(reading: Reading, path: str) -> tuple[Word, ...]:
    """Return `uwsgi` and one option for each line of the file, empty when it has no section for it."""
    told = list(_yaml(reading, path) if path.endswith(("yaml", "yml")) else _ini(reading, path))
    if not told:
        return ()
    found = [Word("uwsgi", told[0][2])]
    values: dict[str, str] = {}
    for name, written, at in told:
        value = _MAGIC.sub(lambda match: values.get(match[1], match[0]), written)
        value = re.sub(r"%d", f"{posixpath.dirname(path) or '.'}/", value)
        value = re.sub(r"\$\((\w+)\)", r"$\1", value)
        values[name] = value
        flag = value.lower() in _TRUE or not value
        found.append(Word(f"--{name}" if flag else f"--{name}={value}", at))
    return tuple(found)


def _ini(reading: Reading, path: str) -> Iterator[tuple[str, str, Location]]:
    text = reading.text(path) or ""
    for section in ini.parse(text, style="uwsgi") if "[uwsgi]" in text else ():
        if section.name == "uwsgi":
            for entry in section.entries:
                yield entry.name.replace("_", "-"), entry.value, Location(file=path, line=entry.line)


def _yaml(reading: Reading, path: str) -> Iterator[tuple[str, str, Location]]:
    for document in documents(reading, path):
        table = document.get("uwsgi") if isinstance(document, Table) else None
        for key, node in table.pairs if isinstance(table, Table) else ():
            for item in items(node):
                at = Location(file=path, line=item.line)
                yield key.text.replace("_", "-"), text_of(item) or "", at
