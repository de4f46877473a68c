"""Content codings taken off, never further than the limit: a few kilobytes can inflate to gigabytes."""

from __future__ import annotations

import zlib

from batten.model.data import dataclass
from batten.understand.answers.http import Defect, DefectKind

_GZIP, _ZLIB, _RAW = 31, 15, -15
"""The `wbits` of zlib: a gzip header, a zlib header, none."""
_MOST_CODINGS = 4
_WBITS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (_ZLIB, _RAW)}  # `deflate` without header: as browsers do
_PLAIN = frozenset({"identity", "", "none"})


@dataclass(slots=True)
class Decoded:
    """A body with its codings taken off as far as that went."""

    body: bytes
    cut: bool = False
    defect: Defect | None = None


def decoded(body: bytes, codings: list[str], limit: int, *, cut: bool) -> Decoded:
    """Return the body without its codings, of at most `limit` bytes.

    `codings` are in the order of the header, the last one applied last. `cut`
    says that the body was not read to its end, so that an early end is no defect.
    """
    names = [name for name in (part.strip().lower() for part in codings) if name not in _PLAIN]
    if len(names) > _MOST_CODINGS:
        return Decoded(body, cut, Defect(DefectKind.ENCODING, ", ".join(names).encode()[:200]))
    result = Decoded(body, cut)
    for name in reversed(names):
        if name not in _WBITS:
            result.defect = Defect(DefectKind.UNKNOWN_CODING, name.encode()[:200])
            break
        plain, is_whole, went_well = _inflated(result.body, _WBITS[name], limit)
        if not went_well:
            result.defect = Defect(DefectKind.ENCODING, name.encode())
        elif not is_whole and not result.cut and len(plain) < limit:
            result.defect = Defect(DefectKind.SHORT_BODY, name.encode())
        if plain or went_well:
            result.body = plain
        result.cut = result.cut or not is_whole
    return result


def _inflated(body: bytes, forms: tuple[int, ...], limit: int) -> tuple[bytes, bool, bool]:
    """Return what the bytes inflate to, whether that is all, and whether they were of the form."""
    for form in forms:
        plain, is_whole, went_well = _one_form(body, form, limit)
        if went_well or plain:
            break
    return plain, is_whole, went_well


def _one_form(body: bytes, form: int, limit: int) -> tuple[bytes, bool, bool]:
    plain = bytearray()
    rest = body
    while rest:  # a gzip file may have several members (RFC 1952 section 2.2)
        machine = zlib.decompressobj(form)
        try:
            plain += machine.decompress(rest, limit - len(plain) + 1)
        except zlib.error:
            return bytes(plain[:limit]), False, False
        if len(plain) > limit or not machine.eof:
            return bytes(plain[:limit]), False, True
        rest = machine.unused_data if form == _GZIP else b""
        if rest and not rest.startswith(b"\x1f\x8b"):
            break  # padding after the last member, which gzip ignores
    return bytes(plain), True, True
