"""What shows the kinds of file that stand under many names: source, dumps, archives, keys, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.exposures.proofs import Proved, either, first_line, magic, some_line

if TYPE_CHECKING:
    from batten.understand.answers.http import Answer

_PYTHON = some_line(
    r"(?:from\s+[\w.]+\s+import\s|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*\s*(?:#.*)?$|def\s+\w+\(|class\s+\w+[(:])"
)
_SETTING = some_line(r"(?:SECRET_KEY|DEBUG|DATABASES?|ALLOWED_HOSTS|INSTALLED_APPS|SQLALCHEMY_DATABASE_URI)\s*[:=]")
CODE = either(_SETTING, _PYTHON)
SQL = some_line(
    r"(?:CREATE\s+(?:TABLE|DATABASE)|INSERT\s+INTO|DROP\s+TABLE|-- (?:PostgreSQL|MySQL|MariaDB|SQLite)\b"
    r"|PRAGMA\s+foreign_keys)",
)
ZIP = magic(b"PK\x03\x04", "a ZIP archive")
GZIP = magic(b"\x1f\x8b", "a gzip archive")
PRIVATE = first_line(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
SQLITE = magic(b"SQLite format 3\x00", "an SQLite database")
_LEVEL = r"(?:DEBUG|INFO|WARNING|WARN|ERROR|CRITICAL)\b"
_STAMPED = rf"\[?\d{{4}}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d\S*(?: [+-]\d{{4}})?\]?.{{0,60}}?{_LEVEL}"
LOGGED = some_line(rf"(?:{_LEVEL}[ :]|\[{_LEVEL}\]|{_STAMPED}|Traceback \(most recent call last\))", least=2)
SWAP = magic(b"b0VIM", "a swap file of Vim")
_ET_CORE = 4
COMPILED = either(*(magic(mark + b"\r\n", "a compiled Python module", at=1) for mark in (b"\r", b"\x0e")))
"""The magic numbers of CPython 3.5 to 3.14 begin so, but for their lowest byte (`importlib.util.MAGIC_NUMBER`)."""


def core(answer: Answer) -> Proved | None:
    """Return the proof that an answer is the memory of a process (ELF, `e_type` is ET_CORE), not a program."""
    head = answer.body[:18]
    kind = int.from_bytes(head[16:18], "big" if head[5:6] == b"\x02" else "little")
    return Proved("the memory of a process") if head[:4] == b"\x7fELF" and kind == _ET_CORE else None
