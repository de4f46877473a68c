"""The conversation with MySQL and MariaDB: its greeting, and whether root is let in with an empty password.

MySQL 8.4 Internals, Connection Phase; mysql_native_password and
caching_sha2_password (fast path), ed25519 is not tried. `SELECT CURRENT_USER()` and `SHOW GRANTS` only read.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from batten.understand.services.talk import Auth, Reconnect, Send, Spoken

if TYPE_CHECKING:
    from collections.abc import Generator

    from batten.understand.services.talk import Manners, Step, Talk

LOGINS = (("root", ""), ("root", "root"), ("root", "password"))
_SSL, _SECURE, _PLUGIN = 0x0800, 0x8000, 0x00080000
_FLAGS = 0x00000001 | 0x00000200 | _SECURE | _PLUGIN
_DENIED = 1045
_BLOCKED = frozenset((1129, 1130, 3118, 4151))
"""Host blocked, host not allowed, account locked: nothing more is tried."""


def mysql(manners: Manners) -> Talk:
    """Return what a MySQL or MariaDB server tells; None where it is another service."""
    held = yield Send(b"", packet, 0.4)
    return (yield from greeted(held, manners))


def packet(held: bytes) -> bool:
    """Return whether a whole packet came."""
    return len(held) >= _HEAD and len(held) >= int.from_bytes(held[:3], "little") + _HEAD


_HEAD = 4
_VERSION = 10


def greeted(held: bytes, manners: Manners) -> Talk:
    """Return what a server tells that has sent its greeting."""
    body = held[_HEAD:]
    if held[3:4] == b"\x00" and body[:1] == b"\xff" and int.from_bytes(body[1:3], "little") in _BLOCKED:
        return Spoken("mysql", auth=Auth.REQUIRED, says="it refuses this host")
    greeting = _greeting(held)
    if greeting is None:
        return None
    product, version, flags = greeting[:3]
    told = Spoken(product, version, Auth.UNKNOWN, tls=bool(flags & _SSL), says="its greeting")
    for number, (user, password) in enumerate(LOGINS if manners.logins else ()):
        if number:
            if not (yield Reconnect()):
                break
            held = yield Send(b"", packet, 1.0)
        answer = yield from _login(held, user, password)
        if answer is None:
            break
        if answer:
            return Spoken(product, version, Auth.DEFAULT, user, password, *answer, told.tls, says="root is let in")
        told = Spoken(product, version, Auth.REQUIRED, tls=told.tls, says="root is refused")
    return told


def _greeting(held: bytes) -> tuple[str, str, int, bytes, str] | None:
    """Return product, version, capabilities, scramble and plugin of a greeting (protocol 10)."""
    body = held[_HEAD:]
    end = body.find(b"\x00", 1)
    if not packet(held) or body[:1] != bytes([_VERSION]) or end < 0 or len(body) < end + 32:
        return None
    text = body[1:end].decode("latin-1")
    rest = body[end + 1 :]
    flags = int.from_bytes(rest[13:15], "little") | int.from_bytes(rest[18:20], "little") << 16
    scramble = rest[4:12] + rest[31:43]
    plugin = rest[44:].split(b"\x00")[0].decode("latin-1")
    number = re.search(r"(?:5\.5\.5-)?([\d.]+)(-MariaDB)?", text)
    product = "mariadb" if "MariaDB" in text else "mysql"
    return product, number[1] if number else text[:20], flags, scramble, plugin


def _login(held: bytes, user: str, password: str) -> Generator[Step, bytes, tuple[bool | None] | tuple[()] | None]:
    """Return whether a user that was let in may do everything, nothing where he was refused, None: stop trying."""
    greeting = _greeting(held)
    if greeting is None:
        return None
    scramble, plugin = greeting[3], greeting[4] or "mysql_native_password"
    body = _FLAGS.to_bytes(4, "little") + b"\x00\x00\x00\x01" + b"\x21" + bytes(23) + user.encode() + b"\x00"
    answer = _scrambled(plugin, password, scramble)
    body += bytes([len(answer)]) + answer + plugin.encode() + b"\x00"
    held = yield Send(_framed(body, 1), packet, 2.0)
    if held[_HEAD : _HEAD + 1] == b"\xfe":  # the server wants another plugin
        name, _, salt = held[_HEAD + 1 :].partition(b"\x00")
        answer = _scrambled(name.decode("latin-1"), password, salt[:20])
        held = yield Send(_framed(answer, 3), packet, 2.0)
    if held[_HEAD : _HEAD + 2] == b"\x01\x03":  # caching_sha2_password: fast authentication succeeded
        held = held[_HEAD + 2 :] or (yield Send(b"", packet, 1.0))
    if held[_HEAD : _HEAD + 1] == b"\x00":
        return (yield from _rights())
    code = int.from_bytes(held[_HEAD + 1 : _HEAD + 3], "little") if held[_HEAD : _HEAD + 1] == b"\xff" else 0
    return () if code in {_DENIED, 1698} else None


def _rights() -> Generator[Step, bytes, tuple[bool | None]]:
    held = yield Send(_framed(b"\x03SHOW GRANTS", 0), lambda got: got.count(b"\xfe\x00\x00") > 1 or b"\xff" in got[4:5])
    yield Send(_framed(b"\x01", 0), wait_s=0.05)
    return (b"GRANT ALL PRIVILEGES ON *.*" in held or b"SUPER" in held,) if b"GRANT" in held else (None,)


def _framed(body: bytes, number: int) -> bytes:
    return len(body).to_bytes(3, "little") + bytes([number]) + body


def _scrambled(plugin: str, password: str, salt: bytes) -> bytes:
    if not password:
        return b""
    if plugin == "caching_sha2_password":
        one = hashlib.sha256(password.encode()).digest()
        two = hashlib.sha256(hashlib.sha256(one).digest() + salt).digest()
        return bytes(a ^ b for a, b in zip(one, two, strict=True))
    one = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    two = hashlib.sha1(salt + hashlib.sha1(one, usedforsecurity=False).digest(), usedforsecurity=False).digest()
    return bytes(a ^ b for a, b in zip(one, two, strict=True))
