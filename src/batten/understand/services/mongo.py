"""The conversation with MongoDB: `hello` and `listDatabases`, which a server with authorization refuses.

MongoDB Wire Protocol, OP_MSG; error 13 (Unauthorized). Both commands only read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.services.talk import Auth, Send, Spoken

if TYPE_CHECKING:
    from batten.understand.services.talk import Manners, Talk

_MESSAGE = 2013
_HEAD = 16
_UNAUTHORIZED = b"\x10code\x00\x0d\x00\x00\x00"


def mongo(manners: Manners) -> Talk:
    """Return what a MongoDB server tells; None where it is another service."""
    del manners
    held = yield Send(_command(1, b"\x10hello\x00\x01\x00\x00\x00"), whole)
    if len(held) <= _HEAD or held[12:16] != _MESSAGE.to_bytes(4, "little") or b"maxWireVersion" not in held:
        return None
    built = yield Send(_command(2, b"\x10buildInfo\x00\x01\x00\x00\x00"), whole)
    version = re.search(rb"\x02version\x00....([\d.]+)", built, re.DOTALL)
    told = version[1].decode() if version else ""
    held = yield Send(_command(3, b"\x10listDatabases\x00\x01\x00\x00\x00\x08nameOnly\x00\x01"), whole)
    if _UNAUTHORIZED in held or b"requires authentication" in held:
        return Spoken("mongo", told, Auth.REQUIRED, says="listDatabases is refused")
    if b"\x04databases\x00" in held:
        return Spoken("mongo", told, Auth.NONE, is_superuser=True, says="listDatabases is answered")
    return Spoken("mongo", told, says="listDatabases is not answered")


def _command(number: int, elements: bytes) -> bytes:
    body = elements + b"\x02$db\x00\x06\x00\x00\x00admin\x00"
    document = (len(body) + 5).to_bytes(4, "little") + body + b"\x00"
    content = bytes(4) + b"\x00" + document
    head = (len(content) + _HEAD).to_bytes(4, "little") + number.to_bytes(4, "little") + bytes(4)
    return head + _MESSAGE.to_bytes(4, "little") + content


def whole(held: bytes) -> bool:
    """Return whether a whole message came."""
    return len(held) >= _HEAD and len(held) >= int.from_bytes(held[:4], "little")
