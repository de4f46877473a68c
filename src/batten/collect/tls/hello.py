"""A ClientHello of our own, and what a server says to it.

The local OpenSSL refuses what is old: it cannot offer SSL 3, RC4 or export
suites. To be told whether a server takes them, no handshake has to be
finished: the server chooses in its first answer (RFC 5246 section 7.4.1,
RFC 8446 section 4.1).
"""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.tls import Version, Weakness

if TYPE_CHECKING:
    from collections.abc import Sequence

WEAK = {
    Weakness.NULL: (
        0x0001, 0x0002, 0x002C, 0x002D, 0x002E, 0x003B, 0x00B0, 0x00B1, 0x00B4, 0x00B5, 0x00B8, 0x00B9,
        0xC001, 0xC006, 0xC00B, 0xC010, 0xC015, 0xC039, 0xC03A, 0xC03B,
    ),
    Weakness.ANONYMOUS: (
        0x0018, 0x001A, 0x001B, 0x0034, 0x003A, 0x0046, 0x006C, 0x006D, 0x0089, 0x009B, 0x00A6, 0x00A7, 0x00BF, 0x00C5,
        0xC016, 0xC017, 0xC018, 0xC019,
    ),
    Weakness.EXPORT: (
        0x0003, 0x0006, 0x0008, 0x000B, 0x000E, 0x0011, 0x0014, 0x0017, 0x0019, 0x0062, 0x0063, 0x0064, 0x0065,
    ),
    Weakness.RC4: (0x0004, 0x0005, 0x0066, 0x008A, 0x008E, 0x0092, 0xC002, 0xC007, 0xC00C, 0xC011, 0xC033),
    Weakness.DES: (0x0009, 0x000C, 0x000F, 0x0012, 0x0015),
    Weakness.TRIPLE_DES: (0x000A, 0x000D, 0x0010, 0x0013, 0x0016, 0xC003, 0xC008, 0xC00D, 0xC012),
    Weakness.STATIC_RSA: (
        0x0007, 0x002F, 0x0035, 0x003C, 0x003D, 0x0041, 0x0084, 0x0096, 0x009C, 0x009D, 0x00BA, 0x00C0,
        0xC03C, 0xC03D, 0xC050, 0xC051, 0xC09C, 0xC09D, 0xC0A0, 0xC0A1,
    ),
}  # fmt: skip
"""The suites of each weakness (IANA, TLS Cipher Suites)."""
_SOUND = (
    0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xCCAA, 0xC023, 0xC024, 0xC027, 0xC028, 0xC009, 0xC00A, 0xC013,
    0xC014, 0x009E, 0x009F, 0x0067, 0x006B, 0x0033, 0x0039, 0x0045, 0x0088, 0x0032, 0x0038, 0x0040, 0x006A, 0x00A2,
    0x00A3,
)  # fmt: skip
EVERY = (*_SOUND, *(suite for suites in reversed(WEAK.values()) for suite in suites))
_NEW = (0x1301, 0x1302, 0x1303, 0x1304, 0x1305)
_RENEGOTIATION = 0x00FF
"""Says that secure renegotiation is known (RFC 5746 section 3.3); without it some servers refuse."""

_GROUPS = (29, 23, 24, 25, 30, 26, 27, 28, 256, 257)
_X25519 = 29
_SIGNATURES = (
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B, 0x0401, 0x0501, 0x0601,
    0x0203, 0x0201, 0x0402, 0x0202, 0x0101,
)  # fmt: skip
_NAME, _GROUP, _POINTS, _SIGNATURE, _MASTER, _VERSIONS, _MODES, _SHARE = 0, 10, 11, 13, 23, 43, 45, 51

_ALERT, _HANDSHAKE = 21, 22
_SERVER_HELLO, _CERTIFICATE, _DONE = 2, 11, 14
_FATAL = 2
_LONGEST_RECORD = 2**14 + 2048
_ALERTS = {
    0: "close_notify",
    10: "unexpected_message",
    40: "handshake_failure",
    47: "illegal_parameter",
    49: "access_denied",
    50: "decode_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    112: "unrecognized_name",
}


def client_hello(version: Version, suites: Sequence[int], name: str) -> bytes:
    """Return the record that offers exactly one version and these suites; `name` is empty for none."""
    is_new = version is Version.TLS_1_3
    offered = [*suites, _RENEGOTIATION] if not is_new else list(suites)
    body = struct.pack(">H", min(version.value, Version.TLS_1_2.value)) + os.urandom(32)
    body += _sized(1, os.urandom(32) if is_new else b"")
    body += _sized(2, _numbers(offered)) + b"\x01\x00"
    if version is not Version.SSL_3:
        body += _sized(2, _extensions(version, name))
    message = b"\x01" + _sized(3, body)
    record = min(version.value, Version.TLS_1_0.value)
    return struct.pack(">BH", _HANDSHAKE, record) + _sized(2, message)


def suites_for(version: Version) -> tuple[int, ...]:
    """Return every suite that a server of the version may take."""
    return _NEW if version is Version.TLS_1_3 else EVERY


def _extensions(version: Version, name: str) -> bytes:
    made = []
    if name:
        made.append((_NAME, _sized(2, b"\x00" + _sized(2, name.encode("ascii")))))
    made += [(_GROUP, _sized(2, _numbers(_GROUPS))), (_POINTS, b"\x01\x00"), (_MASTER, b"")]
    if version.value >= Version.TLS_1_2.value:
        made.append((_SIGNATURE, _sized(2, _numbers(_SIGNATURES))))
    if version is Version.TLS_1_3:
        share = struct.pack(">H", _X25519) + _sized(2, os.urandom(32))
        made += [(_VERSIONS, _sized(1, struct.pack(">H", version.value))), (_MODES, b"\x01\x01")]
        made.append((_SHARE, _sized(2, share)))
    return b"".join(struct.pack(">H", kind) + _sized(2, body) for kind, body in made)


def _sized(width: int, body: bytes) -> bytes:
    return len(body).to_bytes(width) + body


def _numbers(values: Sequence[int]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)


@dataclass(slots=True)
class Reply:
    """What a server said to a ClientHello, as far as it has come."""

    version: int = 0
    """The version that it chose; 0 while it has chosen none."""
    suite: int = 0
    alert: str = ""
    """The name of the alert that ended it."""
    chain: tuple[bytes, ...] = ()
    """The certificates, where they were sent in the clear (before TLS 1.3)."""
    is_over: bool = False
    """Nothing more of interest comes."""
    is_tls: bool = True


def reply(data: bytes) -> Reply:
    """Return what the bytes that came say; asked again with more when it is not over."""
    found = Reply()
    messages = bytearray()
    at = 0
    while at + 5 <= len(data):
        kind, version, size = struct.unpack_from(">BHH", data, at)
        if kind not in {_ALERT, _HANDSHAKE} or version >> 8 != 3 or size > _LONGEST_RECORD:  # noqa: PLR2004 - SSL 3, TLS
            found.is_tls = at > 0  # what follows a ServerHello of TLS 1.3 is of other kinds
            found.is_over = True
            break
        body = data[at + 5 : at + 5 + size]
        if len(body) < size:
            break
        at += 5 + size
        if kind == _HANDSHAKE:
            messages += body
        elif body[:1] == bytes([_FATAL]) and len(body) == 2:  # noqa: PLR2004 - level and description
            found.alert = _ALERTS.get(body[1], f"alert {body[1]}")
            found.is_over = True
            break
    _read(bytes(messages), found)
    return found


def _read(messages: bytes, found: Reply) -> None:
    """Read the messages of the handshake, up to the one that ends the server's turn."""
    at = 0
    while at + 4 <= len(messages):
        kind, size = messages[at], int.from_bytes(messages[at + 1 : at + 4])
        body = messages[at + 4 : at + 4 + size]
        if len(body) < size:
            return
        at += 4 + size
        if kind == _SERVER_HELLO:
            found.version, found.suite = _chosen(body)
            found.is_tls = found.version != 0
            found.is_over = found.is_over or found.version in {0, Version.TLS_1_3.value}
        elif kind == _CERTIFICATE:
            found.chain = _certificates(body)
        if found.is_over or kind == _DONE:
            found.is_over = True
            return


def _chosen(body: bytes) -> tuple[int, int]:
    """Return version and suite of a ServerHello, zeros where it makes no sense."""
    try:
        version = struct.unpack_from(">H", body)[0]
        at = 35 + body[34]
        suite = struct.unpack_from(">H", body, at)[0]
        at += 5  # the suite, the compression, the size of the extensions
        while at + 4 <= len(body):
            kind, size = struct.unpack_from(">HH", body, at)
            if kind == _VERSIONS:
                version = struct.unpack_from(">H", body, at + 4)[0]
            at += 4 + size
    except (IndexError, struct.error):
        return 0, 0
    return version, suite


def _certificates(body: bytes) -> tuple[bytes, ...]:
    found = []
    at = 3
    while at + 3 <= len(body):
        size = int.from_bytes(body[at : at + 3])
        found.append(body[at + 3 : at + 3 + size])
        at += 3 + size
    return tuple(found)
