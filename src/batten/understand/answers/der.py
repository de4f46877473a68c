"""DER as it is found in certificates: tags, lengths and the few types that X.509 is made of (ITU-T X.690)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGER, BITS, OCTETS, OID, SEQUENCE, SET, UTC_TIME, TIME = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31, 0x17, 0x18
BOOLEAN = 0x01
_LONG = 0x80
_BMP = 0x1E
_MOST_LENGTH_BYTES = 4
_LONGEST_OID = 64
_CENTURY = 50
"""Two digits below it are years of this century (RFC 5280 section 4.1.2.5.1)."""


class MalformedError(Exception):
    """The bytes are not what DER says that they are."""


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the tag and the content of each element in the bytes.

    Raises:
        MalformedError: an element is longer than the bytes that hold it, or has no definite length.
    """
    at = 0
    while at < len(data):
        tag, body, at = _element(data, at)
        yield tag, body


def only(data: bytes, wanted: int) -> bytes:
    """Return the content of the first element, which has to have the tag.

    Raises:
        MalformedError: it has another, or there is none.
    """
    for tag, body in items(data):
        if tag == wanted:
            return body
        break
    raise MalformedError(f"no element of type {wanted}")


def _element(data: bytes, at: int) -> tuple[int, bytes, int]:
    """Return tag and content of the element at an offset, and where the next one starts."""
    if at + 2 > len(data):
        raise MalformedError("cut off")
    tag, length = data[at], data[at + 1]
    at += 2
    if length >= _LONG:
        size = length - _LONG
        if not 0 < size <= _MOST_LENGTH_BYTES:
            raise MalformedError("no definite length")
        length = int.from_bytes(data[at : at + size])
        at += size
    if at + length > len(data):
        raise MalformedError("longer than what holds it")
    return tag, data[at : at + length], at + length


def dotted(body: bytes) -> str:
    """Return an object identifier's content as numbers with dots between.

    Raises:
        MalformedError: it is longer than any that is in use.
    """
    if len(body) > _LONGEST_OID:
        raise MalformedError("an object identifier without an end")
    arcs: list[int] = []
    number = 0
    for byte in body:
        number = number << 7 | byte & 0x7F
        if byte < _LONG:
            arcs.append(number)
            number = 0
    if not arcs:
        return ""
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def moment(tag: int, body: bytes) -> datetime:
    """Return a UTCTime or GeneralizedTime; X.509 writes both to the second, in Zulu (RFC 5280 section 4.1.2.5).

    Raises:
        MalformedError: it is neither, or no such moment exists.
    """
    try:
        text = body.decode("ascii")
        if tag == UTC_TIME:
            text = ("20" if int(text[:2]) < _CENTURY else "19") + text
        elif tag != TIME:
            raise MalformedError("no time")
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError("no such time") from error


def bits(body: bytes) -> bytes:
    """Return the bytes of a BIT STRING's content, of which the first says how many bits are unused."""
    return body[1:]


def text(tag: int, body: bytes) -> str:
    """Return a string of any of the types that names are written in; what cannot be decoded is replaced."""
    return body.decode("utf-16-be" if tag == _BMP else "utf-8", "replace")
