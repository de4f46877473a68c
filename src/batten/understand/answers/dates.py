"""Dates of cookies, in any of the forms that browsers read (RFC 6265bis section 5.1.1)."""

from __future__ import annotations

import re

_DELIMITER = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)")
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(\d{2,4})(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONGEST = 200

Time = tuple[int, int, int, int, int, int]
"""Year, month, day, hour, minute, second, of UTC: compared as they are."""


def cookie_time(text: str) -> Time | None:
    """Return the moment that a date names; None where a browser reads none."""
    clock: list[int] | None = None
    day = month = year = None
    for word in _DELIMITER.split(text[:_LONGEST]):
        if clock is None and (found := _TIME.match(word)):
            clock = [int(part) for part in found.groups()]
        elif day is None and (found := _DAY.match(word)):
            day = int(found[1])
        elif month is None and word[:3].lower() in _MONTHS:
            month = _MONTHS.index(word[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(word)):
            year = _century(int(found[1]))
    if clock is None or day is None or month is None or year is None:
        return None
    hour, minute, second = clock
    if not (1 <= day <= 31 and year >= 1601 and hour < 24 and minute < 60 and second < 60):  # noqa: PLR2004 - the RFC's bounds
        return None
    return (year, month, day, hour, minute, second)


def _century(year: int) -> int:
    if 70 <= year <= 99:  # noqa: PLR2004 - the RFC's bounds
        return year + 1900
    return year + 2000 if year < 70 else year  # noqa: PLR2004 - likewise
