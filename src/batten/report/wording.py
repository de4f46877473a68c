"""Turns what a report holds into what a machine format may hold: plain data, clean text, no secrets."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from batten.model import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batten.model import Evidence, Value

Data = None | bool | int | float | str | list["Data"] | dict[str, "Data"]


def written(document: Mapping[str, object]) -> str:
    """Return a document as JSON text: two spaces, ASCII only, one newline at the end.

    ASCII, because a report goes through pipes, consoles and files whose
    encoding nobody checked; any JSON reader gives the characters back.
    """
    return json.dumps(data(document), indent=2, allow_nan=False) + "\n"


def data(value: object, _depth: int = 0) -> Data:
    """Return any value as JSON can say it.

    Tuples and sets become lists, keys text. What JSON has no word for becomes
    text as Python writes it: bytes, infinities, and integers past 2**53 that
    readers with floating-point numbers would round.
    """
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    if _depth >= _DEEPEST:
        return "…"
    if isinstance(value, dict):
        return {clean(str(key)): data(item, _depth + 1) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        value = sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return [data(item, _depth + 1) for item in value]
    return clean(repr(value) if isinstance(value, bytes) else str(value))


def clean(text: str) -> str:
    """Return the text without what strict readers refuse: lone surrogates and NUL."""
    return _REFUSED.sub("\ufffd", text)


def known(value: Value) -> Data:
    """Return the data of a known value; of a secret text only that it is one, and its length."""
    if value.veiled is not None and not isinstance(value.value, str):
        return data(value.veiled)
    if value.secret and value.value and value.value is not True:
        return clean(shown(value.value, secret=True))
    return data(value.value)


def trail(value: Value) -> Sequence[Evidence]:
    """Return the evidence of a value and of each case, its secrets marked so that `Evidence.text` masks them."""
    steps = dict.fromkeys((*value.evidence, *(one for case in value.cases_ for one in case.evidence)))
    return [one.hidden() for one in steps] if value.secret and value.veiled is None else list(steps)


def _number(value: bool | float | None) -> Data:  # noqa: FBT001 - it is data, not an option
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if value is None or abs(value) <= _EXACT:
        return value
    # Python refuses to write integers of more than some 4,300 digits.
    bits = value.bit_length()
    return str(value) if bits <= _WRITABLE_BITS else f"an integer of {bits} bits"


_EXACT = 2**53
_WRITABLE_BITS = 4096
_DEEPEST = 40
_REFUSED = re.compile("[\x00\ud800-\udfff]")
