"""The head of an answer: bytes into status and headers, each line on its own, so that a bad one hides no other.

Five of six libraries that were tried raise on a line without a colon;
http.client of CPython 3.11 loses every header after it without a word, which
would make a server look worse than it is.
"""

from __future__ import annotations

import re
from dataclasses import field

from batten.model.data import dataclass
from batten.understand.answers.http import Defect, DefectKind

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/(\d(?:\.\d+)?)([ \t]+)(\d{3})(?!\d)(?:( )([^\r]*))?", re.IGNORECASE)
_STRICT = re.compile(rb"HTTP/\d\.\d \d{3}(?: [^\x00-\x08\x0a-\x1f]*)?")
_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_MOST_OF_A_KIND = 10
_SHOWN = 200
_PREFIX = b"HTTP/"


@dataclass(slots=True)
class Head:
    """Status and headers as they came."""

    status: int
    reason: str = ""
    protocol: str = "HTTP/1.1"
    headers: list[tuple[str, str]] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    def note(self, kind: DefectKind, line: bytes = b"") -> None:
        """Keep a defect; after ten of a kind the rest says nothing new, but no kind is ever left out."""
        if sum(1 for defect in self.defects if defect.kind is kind) < _MOST_OF_A_KIND:
            self.defects.append(Defect(kind, bytes(line[:_SHOWN])))

    def all(self, name: str) -> list[str]:
        """Return the values of each header of that name (in lower case)."""
        return [value for key, value in self.headers if key.lower() == name]


def end_of_head(data: bytearray, scanned: int) -> tuple[int, int] | None:
    """Return where the head ends and where the body begins, None while the blank line has not come.

    `scanned` is how far an earlier call has looked.
    """
    found = _END.search(data, max(0, scanned - 3))
    return (found.start(), found.end()) if found else None


def may_be_http(data: bytes | bytearray) -> bool:
    """Return whether the bytes can be, or can become, the start of a status line."""
    start = bytes(data[: len(_PREFIX)]).upper()
    return start == _PREFIX[: len(start)]


def head_of(data: bytes, most: int) -> Head | None:
    """Return the head that the bytes hold, None where the first line has no status.

    After `most` lines the rest is left unread and said to be.
    """
    lines = data.split(b"\n")
    head = _status(_ended(lines[0]))
    if head is None:
        return None
    if any(not line.endswith(b"\r") for line in lines[:-1]):
        head.note(DefectKind.BARE_LF)
    reading = _Lines(head, most)
    for line in lines[1:]:
        if not reading.take(_ended(line)):
            head.note(DefectKind.HEAD_TOO_LONG, line)
            break
    return head


def _ended(line: bytes) -> bytes:
    return line.removesuffix(b"\r")


def _status(line: bytes) -> Head | None:
    found = _STATUS.match(line)
    if found is None:
        return None
    version, _, status, _, reason = found.groups()
    head = Head(int(status), (reason or b"").decode("latin-1"), f"HTTP/{version.decode()}")
    if not _STRICT.fullmatch(line):
        head.note(DefectKind.STATUS_LINE, line)
    return head


class _Lines:
    """Takes header lines one by one."""

    def __init__(self, head: Head, most: int) -> None:
        self.head = head
        self.left = most
        self.goes_on = False
        """The line before was a header, so that a folded line belongs to it."""

    def take(self, line: bytes) -> bool:
        """Read a line; False where there were too many before it."""
        head = self.head
        self.left -= 1
        if self.left < 0:
            return False
        if line[:1] in {b" ", b"\t"}:
            head.note(DefectKind.FOLDED, line)
            if self.goes_on:  # RFC 9112 section 5.2: one or more spaces stand for the fold
                before, begun = head.headers[-1]
                head.headers[-1] = (before, f"{begun} {_value(line)}".strip(" "))
            return True
        name, colon, value = line.partition(b":")
        self.goes_on = bool(colon)
        if not colon:
            head.note(DefectKind.NO_COLON, line)
            return True
        if name != (trimmed := name.rstrip(b" \t")):
            head.note(DefectKind.SPACE_BEFORE_COLON, line)
        if not _TOKEN.fullmatch(trimmed):
            head.note(DefectKind.BAD_NAME, line)
        if _CONTROL.search(value):
            head.note(DefectKind.BARE_CR if b"\r" in value else DefectKind.CONTROL, line)
        head.headers.append((trimmed.decode("latin-1"), _value(value)))
        return True


def _value(raw: bytes) -> str:
    return raw.strip(b" \t").decode("latin-1")
