"""Services that speak first: their greeting tells what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.services.mysql import greeted
from batten.understand.services.stores import nats_greeting
from batten.understand.services.talk import Auth, Reconnect, Send, Spoken, line

if TYPE_CHECKING:
    from batten.understand.services.talk import Manners, Talk


def greeting(manners: Manners) -> Talk:
    """Return what a service tells that speaks first; None where it is silent or not known."""
    held = yield Send(b"", lambda got: len(got) > _SHORT, 0.35)
    if held[4:5] in {b"\x0a", b"\xff"} and held[1:4] == b"\x00\x00\x00":
        return (yield from greeted(held, manners))
    if held.startswith(b"INFO {"):
        rest = b"" if b"\n" in held else (yield Send(b"", line, 0.5))
        return nats_greeting(held + rest)
    if held.startswith(b"220"):
        return (yield from _two_twenty(held, manners))
    if held.startswith(b"Content-Length: ") and b'"debugpy"' in held:
        return Spoken("debugpy", auth=Auth.NONE, is_superuser=True, says="a debugger greets whoever connects")
    for pattern, product in _BY_WORD:
        found = re.match(pattern, held)
        if found is not None:
            version = found[1].decode("latin-1") if found.groups() and found[1] else ""
            return Spoken(product, version.strip(), says="its greeting")
    return None


_SHORT = 3
_BY_WORD = (
    (rb"SSH-[\d.]+-([^\r\n]{0,60})", "ssh"),
    (rb"RFB (\d{3}\.\d{3})", "vnc"),
    (rb"@RSYNCD: ([\d.]+)", "rsync"),
    (rb"\* OK ([^\r\n]{0,60})", "imap"),
    (rb"\+OK ([^\r\n]{0,60})", "pop3"),
    (rb"\xff[\xfb-\xfe]", "telnet"),
    (rb"-DENIED", "redis"),
)
"""RFC 4253 section 4.2, RFC 6143 section 7.1.1, RFC 3501, RFC 1939, RFC 854."""


def _two_twenty(held: bytes, manners: Manners) -> Talk:
    """Tell SMTP from FTP (RFC 5321, RFC 959): both greet with 220. An anonymous login is tried on FTP only."""
    said = held[4:64].split(b"\r\n")[0].decode("latin-1").strip()
    answer = yield Send(b"EHLO batten\r\n", line)
    if answer.startswith(b"250"):
        tls = b"STARTTLS" in answer.upper()
        return Spoken("smtp", said, tls=tls, says="EHLO is answered")
    if not manners.logins or not (yield Reconnect()):
        return Spoken("ftp", said, says="its greeting")
    yield Send(b"", line)
    asked = yield Send(b"USER anonymous\r\n", line)
    if asked.startswith(b"331"):
        asked = yield Send(b"PASS anonymous@\r\n", line)
    yield Send(b"QUIT\r\n", wait_s=0.05)
    is_open = asked.startswith(b"230")
    return Spoken(
        "ftp",
        said,
        Auth.NONE if is_open else Auth.REQUIRED,
        "anonymous" if is_open else "",
        says="anonymous is let in" if is_open else "anonymous is refused",
    )
