"""The conversation with PostgreSQL: who is let in, as whom, and whether TLS is offered.

PostgreSQL 17 documentation, 53.2 Message Flow and 53.3 SASL Authentication;
RFC 5802 and RFC 7677 (SCRAM-SHA-256). Only `SHOW is_superuser` is asked of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from batten.understand.services.talk import Auth, Reconnect, Send, Spoken, StartTls

if TYPE_CHECKING:
    from collections.abc import Generator

    from batten.understand.services.talk import Manners, Step, Talk

_SSL = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
LOGINS = (("postgres", "postgres"), ("postgres", "password"), ("postgres", ""))
_MOST_ROUNDS = 1_000_000
_REFUSED = "a login is required"


def postgres(manners: Manners) -> Talk:
    """Return what a PostgreSQL server (or PgBouncer) tells; None where it is another service."""
    held = yield Send(_SSL)
    if held[:1] not in {b"S", b"N"} or len(held) > 1:
        return None
    tls = held == b"S"
    if tls and not (yield StartTls()):
        return Spoken("postgres", tls=True, says="it offers TLS, and no login could be tried")
    told = Spoken("postgres", tls=tls, says=_REFUSED)
    for user, password in (("postgres", None), *(LOGINS if manners.logins else ())):
        if password is not None and not (yield from _again(tls=tls)):
            break
        answer = yield from _login(user, password)
        if answer is None:
            return None if password is None else told
        if isinstance(answer, Spoken):
            return _with_tls(answer, tls=tls)
        told = _with_tls(Spoken("postgres", auth=_auth(answer), says=answer), tls=tls)
        if "no pg_hba.conf entry" in answer:
            break
    return told


def _auth(answer: str) -> Auth:
    """Return what a refusal tells; one that is not about the login (no room, no database) tells nothing."""
    return Auth.UNKNOWN if answer.startswith(_OTHER) else Auth.REQUIRED


_OTHER = "another error: "
_OF_LOGINS = (b"28", b"08P01")
"""SQLSTATE class 28, and what PgBouncer 1.18 gives for a failed login."""


def _with_tls(told: Spoken, *, tls: bool) -> Spoken:
    return Spoken(told.product, told.version, told.auth, told.login, told.password, told.is_superuser, tls, told.says)


def _again(*, tls: bool) -> Generator[Step, bytes, bool]:
    if not (yield Reconnect()):
        return False
    if not tls:
        return True
    return (yield Send(_SSL)) == b"S" and bool((yield StartTls()))


def _login(user: str, password: str | None) -> Generator[Step, bytes, Spoken | str | None]:
    """Return what was let in, why not, or None where it speaks another protocol; no password: only ask."""
    body = (
        b"\x00\x03\x00\x00user\x00" + user.encode() + b"\x00database\x00postgres\x00application_name\x00batten\x00\x00"
    )
    held = yield Send((len(body) + 4).to_bytes(4, "big") + body, _settled, 2.0)
    kind = _request(held)
    if kind == 0:
        return (yield from _inside(held, user, None))
    if held[:1] == b"E":
        return _error(held)
    if kind is None:
        return None
    if password is None:
        return _REFUSED
    if kind == _SASL:
        held = yield from _scram(password)
    elif kind in {_CLEARTEXT, _MD5}:
        held = yield Send(_message(b"p", _answer(kind, held[9:13], user, password) + b"\x00"), _settled, 2.0)
    else:
        return f"it asks for a login of another kind ({kind})"
    if _request(held) == 0:
        return (yield from _inside(held, user, password))
    return _error(held) if held[:1] == b"E" else _REFUSED


_CLEARTEXT, _MD5, _SASL, _FINAL = 3, 5, 10, 12


def _answer(kind: int, salt: bytes, user: str, password: str) -> bytes:
    if kind == _CLEARTEXT:
        return password.encode()
    inner = hashlib.md5((password + user).encode(), usedforsecurity=False).hexdigest()
    return b"md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest().encode()


def _scram(password: str) -> Generator[Step, bytes, bytes]:
    """Return the last answer to a SCRAM-SHA-256 login."""
    bare = b"n=,r=YmF0dGVuYmF0dGVuYmF0dGVu"
    first = b"n,," + bare
    held = yield Send(_message(b"p", b"SCRAM-SHA-256\x00" + len(first).to_bytes(4, "big") + first), _settled, 2.0)
    told = held[9 : 1 + int.from_bytes(held[1:5], "big")]
    match = re.fullmatch(rb"r=([^,]+),s=([A-Za-z0-9+/=]+),i=(\d{1,8})", told)
    if match is None or int(match[3]) > _MOST_ROUNDS:
        return held
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(match[2]), int(match[3]))
    key = hmac.digest(salted, b"Client Key", "sha256")
    final = b"c=biws,r=" + match[1]
    signature = hmac.digest(hashlib.sha256(key).digest(), b",".join((bare, told, final)), "sha256")
    proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature, strict=True)))
    held = yield Send(_message(b"p", final + b",p=" + proof), _settled, 2.0)
    if _request(held) == _FINAL:
        rest = held[1 + int.from_bytes(held[1:5], "big") :]
        held = rest or (yield Send(b"", _settled, 1.0))
    return held


def _inside(held: bytes, user: str, password: str | None) -> Generator[Step, bytes, Spoken]:
    """Return what a session says of itself; it is closed at once."""
    if b"Z\x00\x00\x00\x05" not in held:
        held += yield Send(b"", lambda got: b"Z\x00\x00\x00\x05" in got, 1.0)
    version = re.search(rb"server_version\x00([\w.]+)", held)
    told = yield Send(_message(b"Q", b"SHOW is_superuser\x00"), lambda got: b"Z\x00\x00\x00\x05" in got, 1.0)
    yield Send(b"X\x00\x00\x00\x04", wait_s=0.05)
    row = re.search(rb"D\x00\x00\x00.\x00\x01\x00\x00\x00(?:\x02(on)|\x03(off))", told, re.DOTALL)
    return Spoken(
        "postgres",
        version[1].decode() if version else "",
        Auth.NONE if password is None else Auth.DEFAULT,
        user,
        password,
        None if row is None else row[1] is not None,
        says=f"{user} is let in without a password" if password is None else "a password that everybody knows",
    )


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


def _request(held: bytes) -> int | None:
    """Return the kind of an authentication request; 0 is: let in."""
    return int.from_bytes(held[5:9], "big") if held[:1] == b"R" and len(held) >= _SHORTEST else None


_SHORTEST = 9


def _settled(held: bytes) -> bool:
    return len(held) >= _SHORTEST and held[:1] in {b"R", b"E"} and len(held) > int.from_bytes(held[1:5], "big")


def _error(held: bytes) -> str:
    found = re.search(rb"M([^\x00]+)\x00", held[5:])
    said = found[1].decode(errors="replace")[:120] if found else "the login is refused"
    code = re.search(rb"\x00C([0-9A-Z]{5})\x00", held)
    is_of_login = code is None or code[1].startswith(_OF_LOGINS)
    is_of_login = is_of_login and b"config error" not in held
    return said if is_of_login else f"{_OTHER}{said}"
