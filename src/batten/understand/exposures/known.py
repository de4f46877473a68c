"""What a project's own files are when a site gives them away: their names are known, so they are asked exactly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.exposures.entries import ENTRIES, Entry
from batten.understand.exposures.environment import variables
from batten.understand.exposures.marks import CODE, GZIP, LOGGED, PRIVATE, SQL, SQLITE, SWAP, ZIP

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SAMPLE = re.compile(r"(?i)\b(?:example|sample|template|dist)\b")
"""Files to copy from: what stands in them is no secret."""
_TELLING = re.compile(r"(?:.*/)?(?:settings|config|local_settings|secrets|wsgi|asgi|app|main|manage|__init__)\w*\.py$")
"""Modules that tell most."""
_DEEPEST = 3
_COPY = r"(?:backup|bak|dump|site|www|html|src|app|project|prod\w*)[\w.-]*"
"""In the name of an archive: a copy of the site, not something to download."""
_COPIED = Entry("backup", "an editor's copy of the source", (), CODE)
_SWAPPED = Entry("backup", "an editor's swap file", (), SWAP)
_ENDINGS: tuple[tuple[re.Pattern[str], Entry], ...] = (
    (re.compile(r"(?:^|/)\.env(?:\.[\w.-]+)?$|\.env$"), Entry("env", "a file of environment variables", (), variables)),
    (re.compile(r"\.(?:db|sqlite3?)$"), Entry("database", "an SQLite database", (), SQLITE)),
    (re.compile(r"\.sql$"), Entry("database", "a file of SQL", (), SQL)),
    (re.compile(r"\.(?:pem|key)$|(?:^|/)id_\w+$"), Entry("key", "a private key", (), PRIVATE)),
    (re.compile(rf"{_COPY}\.zip$"), Entry("archive", "an archive of the site", (), ZIP)),
    (re.compile(rf"{_COPY}\.(?:tar\.gz|tgz)$"), Entry("archive", "an archive of the site", (), GZIP)),
    (re.compile(r"\.py$"), Entry("source", "the app's source", (), CODE)),
    (re.compile(r"\.py(?:\.(?:bak|old|orig|save)|~)$"), _COPIED),
    (re.compile(r"\.log$"), Entry("log", "a log file", (), LOGGED)),
)
"""By rank: of many files the first kinds are asked first."""


def copies(names: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    """Yield what editors leave beside the modules that tell most: `app.py.bak`, `app.py~`, `.app.py.swp`."""
    for name in sorted((name for name in names if _TELLING.match(name)), key=lambda name: (name.count("/"), name)):
        folder, slash, last = name.rpartition("/")
        yield f"{name}.bak", _COPIED
        yield f"{name}~", _COPIED
        yield f"{folder}{slash}.{last}.swp", _SWAPPED


def known(names: Iterable[str]) -> Iterator[tuple[str, Entry]]:
    """Yield the names that no site should give away, each with what proves it, the worst first."""
    usual = {path: entry for entry in ENTRIES for path in (*entry.paths, *entry.rarer)}
    ranked: list[tuple[tuple[int, bool, int, str], Entry]] = []
    for name in dict.fromkeys(names):
        if name.count("/") > _DEEPEST or name.endswith("/") or _SAMPLE.search(name):
            continue
        rank = next((number for number, (ending, _) in enumerate(_ENDINGS) if ending.search(name)), len(_ENDINGS))
        entry = usual.get(name) or (_ENDINGS[rank][1] if rank < len(_ENDINGS) else None)
        if entry is not None:
            ranked.append(((rank, not _TELLING.match(name), name.count("/"), name), entry))
    yield from ((place[-1], entry) for place, entry in sorted(ranked, key=lambda one: one[0]))
