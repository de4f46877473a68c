"""Finds private keys in a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.understand.infrastructure.secrets.nouns import PrivateKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.secrets.nouns import Held

_MARK = b"PRIVATE KEY"
_BEGIN = re.compile(r"-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----")
_PUTTY = re.compile(r"\APuTTY-User-Key-File-\d: (\S+)")
_HEADER = re.compile(r"[A-Za-z-]+: [^\n]*")
_BODY = re.compile(r"[A-Za-z0-9+/=_-]+")
_DESK = re.compile(
    r"localhost|snake-?oil|self[-_]?signed|(?:^|[/._-])(?:dev|local|dummy|test|ci|vagrant|demo)(?:[/._-]|$)",
    re.IGNORECASE,
)
_NAMES = {
    "RSA": "a private key (RSA)",
    "EC": "a private key (EC)",
    "DSA": "a private key (DSA)",
    "OPENSSH": "a private key of OpenSSH",
    "PGP": "a private key of OpenPGP",
    "ENCRYPTED": "an encrypted private key",
}
_AHEAD = 4_000
_LEAST = 64
"""Characters of a body: less is a place for one."""
_FEWEST = 20
"""Different characters of a body that is base64 of a key."""
_MOST = 20


class Found(NamedTuple):
    """A key, before it is known whether git has its file."""

    what: str
    text: str
    at: Location
    is_encrypted: bool
    is_for_the_desk: bool

    def made(self, held: Held) -> PrivateKey:
        """Return the part."""
        return PrivateKey(self.what, self.text, self.at, held, self.is_encrypted, self.is_for_the_desk)


def read(path: str, data: bytes) -> Iterator[Found]:
    """Yield the private keys of a file that have a body."""
    if _MARK not in data and not data.startswith(b"PuTTY-User-Key-File"):
        return
    text = data.decode(errors="replace")
    desk = _DESK.search(path) is not None
    for match in [*_BEGIN.finditer(text)][:_MOST]:
        body = _body(text[match.end() : match.end() + _AHEAD])
        if body is None:
            continue
        kind = match[1].strip()
        what = "a key of a Google service account" if '"service_account"' in text else _NAMES.get(kind, "a private key")
        locked = kind == "ENCRYPTED" or "ENCRYPTED" in text[match.end() : match.end() + 100]
        yield Found(what, body[:_LEAST], Location(file=path, line=text.count("\n", 0, match.start()) + 1), locked, desk)
    putty = _PUTTY.match(text)
    body = _body(text.partition("Private-Lines:")[2].partition("\n")[2]) if putty is not None else None
    if body is not None:
        locked = "Encryption: none" not in text
        yield Found("a private key of PuTTY", body[:_LEAST], Location(file=path, line=1), locked, desk)


def _body(after: str) -> str | None:
    """Return the base64 of a key, None where there is only a place for one."""
    held = re.split(r"-----END", after.replace("\\r", "").replace("\\n", "\n"), maxsplit=1)[0]
    rows = [row.strip().strip("\"'+,\\ ").strip() for row in held.split("\n")]
    plain = [row for row in rows if row and not _HEADER.fullmatch(row)]
    body = "".join(row for row in plain if _BODY.fullmatch(row))
    return body if len(body) >= _LEAST and len(set(body)) >= _FEWEST else None
