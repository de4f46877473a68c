"""What pydantic makes of plain data: pydantic-core 2.50 (lax mode of pydantic 2.14) and pydantic 1.10.

Each function returns the converted value and raises ValueError where pydantic
refuses it, `DoubtError` where it is not followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_TRUE = frozenset("1 on t true y yes".split())
_FALSE = frozenset("0 off f false n no".split())
_INTEGER = re.compile(r"[+-]?\d+(?:_\d+)*(?:\.0+)?", re.ASCII)
_PRINTABLE = re.compile(r"[\t\n\r\x20-\x7e]*")
_LONGEST_INTEGER = 4_300
_MOST_OF_FLOAT = 2**63


class DoubtError(Exception):
    """What the library would do with this value is not followed."""


def plain_text(value: str | bytes) -> str:
    """Return text that is printable ASCII, decoded.

    Raises:
        DoubtError: it is not.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not _PRINTABLE.fullmatch(text):
        raise DoubtError
    return text


def to_bool(value: Any) -> bool:  # noqa: ANN401 - any constant
    """Return a bool as pydantic-core `BoolValidator` reads it: no spaces, any case."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str | bytes):
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        word = text.lower() if text.isascii() else ""
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
    raise ValueError("Input should be a valid boolean, unable to interpret input")


def to_int(value: Any) -> int:  # noqa: ANN401 - any constant
    """Return an int as pydantic-core `IntValidator` reads it: spaces around, `_` between, `.0` behind."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():  # also of nan and the infinities
            raise ValueError("Input should be a valid integer, got a number with a fractional part")
        if abs(value) >= _MOST_OF_FLOAT:
            raise DoubtError
        return int(value)
    if isinstance(value, str | bytes):
        text = plain_text(value).strip()
        if len(text) > _LONGEST_INTEGER:
            raise DoubtError
        if _INTEGER.fullmatch(text):
            return int(text.partition(".")[0])
    raise ValueError("Input should be a valid integer, unable to parse string as an integer")


def to_float(value: Any) -> float:  # noqa: ANN401 - any constant
    """Return a float as pydantic-core `FloatValidator` reads it."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str | bytes):
        text = plain_text(value).strip()
        if "_" in text:
            if text.startswith("_") or text.endswith("_") or "__" in text:
                raise ValueError("Input should be a valid number, unable to parse string as a number")
            text = text.replace("_", "")
        return float(text)
    raise ValueError("Input should be a valid number")


def to_str(value: Any) -> str:  # noqa: ANN401 - any constant
    """Return a str as pydantic-core `StrValidator` reads it: no numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    raise ValueError("Input should be a valid string")


def to_bytes(value: Any) -> bytes:  # noqa: ANN401 - any constant
    """Return bytes as pydantic-core `BytesValidator` reads them."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    raise ValueError("Input should be a valid bytes")


def old_bool(value: Any) -> bool:  # noqa: ANN401 - any constant
    """Return a bool as pydantic 1.10 `bool_validator` reads it."""
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str):
        value = value.lower()
    if value in _TRUE or value in (True, 1):
        return True
    if value in _FALSE or value in (False, 0):
        return False
    raise ValueError("value could not be parsed to a boolean")


def old_int(value: Any) -> int:  # noqa: ANN401 - any constant
    """Return an int as pydantic 1.10 `int_validator` reads it: as `int()` does."""
    if value is None or (isinstance(value, str | bytes) and len(value) > _LONGEST_INTEGER):
        raise ValueError("value is not a valid integer")
    try:
        return int(value)
    except OverflowError as error:
        raise ValueError("value is not a valid integer") from error


def old_float(value: Any) -> float:  # noqa: ANN401 - any constant
    """Return a float as pydantic 1.10 `float_validator` reads it: as `float()` does."""
    if value is None:
        raise ValueError("value is not a valid float")
    return float(value)


def old_str(value: Any) -> str:  # noqa: ANN401 - any constant
    """Return a str as pydantic 1.10 `str_validator` reads it: numbers become text."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("str type expected")


def old_bytes(value: Any) -> bytes:  # noqa: ANN401 - any constant
    """Return bytes as pydantic 1.10 `bytes_validator` reads them."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str | int | float):
        return str(value).encode()
    raise ValueError("byte type expected")


SCALARS: dict[int, dict[str, Callable[[Any], Any]]] = {
    1: {"bool": old_bool, "int": old_int, "float": old_float, "str": old_str, "bytes": old_bytes},
    2: {"bool": to_bool, "int": to_int, "float": to_float, "str": to_str, "bytes": to_bytes},
}
"""Conversions by pydantic's major version and the name of the type."""


def fits(said: str, limit: Any, value: Any) -> bool:  # noqa: ANN401 - any constant
    """Return whether a value keeps to a limit that is said of its type.

    Raises:
        DoubtError: the limit is not followed.
    """
    try:
        if said in _COMPARE:
            return bool(_COMPARE[said](value, limit))
        if said in {"min_length", "min_items"}:
            return bool(len(value) >= limit)
        if said in {"max_length", "max_items"}:
            return bool(len(value) <= limit)
        if said == "multiple_of" and isinstance(value, int) and isinstance(limit, int):
            return bool(value % limit == 0)
        if said in {"pattern", "regex"}:
            # Rust's engine and Python's agree on plain text; `regex` of version 1 matches at the start.
            plain_text(value)
            found = re.match(limit, value) if said == "regex" else re.search(limit, value)
            if "\n" in value:
                raise DoubtError
            return found is not None
    except (TypeError, re.error, ArithmeticError) as error:
        raise DoubtError from error
    raise DoubtError


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "gt": lambda value, limit: value > limit,
    "ge": lambda value, limit: value >= limit,
    "lt": lambda value, limit: value < limit,
    "le": lambda value, limit: value <= limit,
}
LIMITS = frozenset({*_COMPARE, "min_length", "max_length", "min_items", "max_items", "multiple_of", "pattern", "regex"})

_EMAIL = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@((?:[A-Za-z0-9]+\.)+(?:com|org|net|io|dev|eu|de|fr|uk))")
_LONGEST_EMAIL = 60


def to_email(value: str) -> str:
    """Return an email address as email-validator 2 writes it: the domain in small letters.

    Raises:
        DoubtError: it is not a plain address.
    """
    match = _EMAIL.fullmatch(value)
    if match is None or len(value) > _LONGEST_EMAIL:
        raise DoubtError
    return value[: match.start(1)] + match[1].lower()
