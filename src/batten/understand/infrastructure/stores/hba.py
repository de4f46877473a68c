"""Reads `pg_hba.conf`: who may come from where, and how they prove it.

PostgreSQL 17, `src/backend/libpq/hba.c` and section 20.1: the first line that fits a
connection decides, and no later one is tried when its method refuses.
"""

from __future__ import annotations

import ipaddress
import posixpath
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.understand.deploy.reading import Reading

Net = ipaddress.IPv4Network | ipaddress.IPv6Network

KINDS = ("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc")
METHODS = frozenset(
    "trust reject md5 password scram-sha-256 gss sspi ident peer pam ldap radius cert bsd oauth".split(),
)
STATES: Mapping[str, frozenset[str]] = {
    "local": frozenset(("local",)),
    "host": frozenset(("ssl", "gss", "plain")),
    "hostssl": frozenset(("ssl",)),
    "hostnossl": frozenset(("gss", "plain")),
    "hostgssenc": frozenset(("gss",)),
    "hostnogssenc": frozenset(("ssl", "plain")),
}
"""What a connection is that a kind of line fits: `hba.c check_hba`."""
EVERYWHERE: tuple[Net, ...] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))

_BLANKS = " \t\r\f\v"
_MOST_LINES = 500
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Token:
    """One word; a quoted one has no special meaning (`"all"` is a database of that name)."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        """Return it as it is written."""
        return f'"{self.text}"' if self.quoted else self.text


@dataclass(frozen=True, slots=True)
class Line:
    """One line, read."""

    kind: str
    databases: tuple[Token, ...]
    users: tuple[Token, ...]
    address: str
    nets: tuple[Net, ...]
    """What the address stands for, where it is a number or `all`."""
    method: str
    at: Location
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Reader:
    reading: Reading
    read: set[str] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)

    def file(self, path: str, depth: int = 0) -> None:
        text = self.reading.text(path) if path not in self.read else None
        self.read.add(path)
        for number, line in _joined(text or ""):
            at = Location(file=path, line=number)
            fields = _fields(line)
            if not fields:
                continue
            if len(self.lines) >= _MOST_LINES:
                self.reading.unsure(path, "it has too many lines to follow all", at)
                return
            word = fields[0][0]
            if not word.quoted and word.text in ("include", "include_if_exists", "include_dir"):
                self._include(path, word.text, fields, at, depth)
                continue
            read = self.line(fields, at)
            if isinstance(read, str):
                self.reading.unsure(path, f"a line of pg_hba.conf that PostgreSQL does not take: {read}", at)
            else:
                self.lines.append(read)

    def _include(self, path: str, how: str, fields: list[list[Token]], at: Location, depth: int) -> None:
        name = fields[1][0].text if len(fields) > 1 else ""
        target = join(posixpath.dirname(path), name) if name and not name.startswith("/") else None
        if how == "include_dir" and target is not None:
            found = [f for f in self.reading.files() if posixpath.dirname(f) == target and f.endswith(".conf")]
        else:
            found = [target] if target is not None and self.reading.is_file(target) else []
        if not found and how == "include":
            self.reading.unsure(path, f"it includes {name}, which is not in the repository", at)
        for each in found if depth < _DEEPEST else ():
            self.file(each, depth + 1)

    def _names(self, tokens: list[Token], at: Location) -> tuple[Token, ...]:
        """Return names, those of `@file` put in."""
        found: list[Token] = []
        for token in tokens:
            if token.quoted or not token.text.startswith("@"):
                found.append(token)
                continue
            target = join(posixpath.dirname(at.file or ""), token.text[1:]) if token.text[1:2] != "/" else None
            text = self.reading.text(target) if target is not None and self.reading.is_file(target) else None
            if text is None:
                found.append(token)
            else:
                found += [t for _, line in _joined(text) for group in _fields(line) for t in group][:_MOST_LINES]
        return tuple(found)

    def line(self, fields: list[list[Token]], at: Location) -> Line | str:
        kind = fields[0][0].text
        if kind not in KINDS:
            return f"{kind} is no kind of connection"
        place = 3 if kind == "local" else 4
        if len(fields) < place + 1 - (kind != "local"):
            return "it ends too early"
        address = ""
        nets: tuple[Net, ...] = ()
        if kind != "local":
            address = str(fields[3][0])
            if _needs_mask(address):
                mask = fields[4][0].text if len(fields) > place else ""
                address, place = f"{address} {mask}", place + 1
            read = _nets(fields[3][0], address)
            if isinstance(read, str):
                return read
            nets = read
        if len(fields) <= place:
            return "it ends before the method"
        method = fields[place][0].text
        if method not in METHODS:
            return f"{method} is no method"
        given = (token.text.partition("=") for group in fields[place + 1 :] for token in group)
        told = {name: value for name, _, value in given}
        method = "peer" if kind == "local" and method == "ident" else method
        names = self._names(fields[1], at), self._names(fields[2], at)
        return Line(kind, *names, address, nets, method, at, told)


def read(reading: Reading, path: str) -> list[Line]:
    """Return the lines of a `pg_hba.conf`, those that it includes in their places."""
    reader = _Reader(reading)
    reader.file(path)
    return reader.lines


def line(reading: Reading, text: str, at: Location) -> Line | None:
    """Return one line that stands elsewhere; None where PostgreSQL does not take it."""
    fields = _fields(text)
    found = _Reader(reading).line(fields, at) if fields else None
    return found if isinstance(found, Line) else None


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with the number of their first; a backslash at the end continues one (PostgreSQL 14)."""
    held, begun = "", 0
    for number, row in enumerate(text.split("\n"), 1):
        begun = begun or number
        if row.endswith("\\"):
            held += row[:-1]
            continue
        yield begun, held + row
        held, begun = "", 0
    if held:
        yield begun, held


def _fields(line: str) -> list[list[Token]]:
    """Return the fields of a line; one holds several words where a comma ends one (`hba.c next_token`)."""
    fields: list[list[Token]] = []
    at, comma = 0, False
    while True:
        while at < len(line) and line[at] in _BLANKS + ",":
            at += 1
        token, end = _token(line, at)
        if token is None:
            return fields
        if comma:
            fields[-1].append(token)
        else:
            fields.append([token])
        comma = line[end : end + 1] == ","
        at = end


def _token(line: str, start: int) -> tuple[Token | None, int]:
    """Return the word that begins there and where it ends; None at the end and before a comment."""
    kept: list[str] = []
    at, quoted = start, False
    while at < len(line):
        sign = line[at]
        if not quoted and (sign in _BLANKS or sign in ",#"):
            break
        if sign == '"':
            if quoted and line[at + 1 : at + 2] == '"':
                kept.append(sign)
                at += 1
            else:
                quoted = not quoted
        else:
            kept.append(sign)
        at += 1
    if at == start:
        return None, at
    return Token("".join(kept), line[start] == '"'), at


def _needs_mask(address: str) -> bool:
    """Return whether an address is a number without `/`, so that the next field is its mask."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return True


def _nets(token: Token, address: str) -> tuple[Net, ...] | str:
    number, _, mask = address.partition(" ")
    if not token.quoted and token.text == "all":
        return EVERYWHERE
    try:
        if mask:
            bits = int(ipaddress.ip_address(mask))
            size = 32 if "." in mask else 128
            length = bits.bit_count()
            if bits != ((1 << length) - 1) << (size - length):
                return f"{mask} is no mask"
            return (ipaddress.ip_network(f"{number}/{length}", strict=False),)
        if "/" in number:
            return (ipaddress.ip_network(number, strict=False),)
    except ValueError:
        return f"{address} is no network"
    if not mask and _needs_mask(number):
        return f"{number} has no mask"
    return ()  # a host's name, samehost, samenet
