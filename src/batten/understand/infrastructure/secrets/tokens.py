"""Finds tokens of known makers in a file."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.model import Location, Severity
from batten.understand.infrastructure.secrets import formats
from batten.understand.infrastructure.secrets.nouns import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.secrets.nouns import Held

_AROUND = 4_000
"""Bytes of a line before and after a mark that are looked at."""
_MOST = 50
"""Tokens of one file."""
_SECRET_OF_AWS = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_SHOWN = re.compile(r"placeholder|example|sample|\be\.g\.|\bdemo\b|dummy|fake", re.IGNORECASE)
"""Words before a token that is only shown: the placeholder of a form."""
_BEFORE = 60
_NEAR = 400
"""Bytes around an access key ID in which its secret stands."""
_FOR_BROWSERS = re.compile(r"\.(?:jsx?|tsx?|mjs|cjs|vue|html?|json|plist|xml)$|firebase|google-services", re.IGNORECASE)
"""Files in which a key of Google is most often one that every visitor gets."""


class Found(NamedTuple):
    """A token, before it is known whether git has its file."""

    what: str
    text: str
    at: Location
    severity: Severity

    def made(self, held: Held) -> Token:
        """Return the part."""
        return Token(self.what, self.text, self.at, self.severity, held)


def read(path: str, data: bytes, today: dt.date) -> Iterator[Found]:
    """Yield the tokens of a file, each once; what is only a sample is passed over."""
    seen: set[str] = set()
    for line, column, text, before in _windows(data):
        for match in formats.expression().finditer(text):
            token = match.group()
            shown = _SHOWN.search(text, max(0, match.start() - _BEFORE), match.start()) is not None
            if token in seen or len(seen) >= _MOST or shown or formats.is_sample(token):
                continue
            form = formats.format_of(match)
            plain = form.severity, form.name
            told: tuple[Severity, str] | None = plain
            if formats.FORMATS[formats.JWT] is form:
                told = _signed(token, today)
            elif form.name.endswith("of AWS"):
                told = _pair(data, before + len(text[: match.start()].encode()), *plain)
            elif form.name == "an API key of Google":
                told = None if _FOR_BROWSERS.search(path) else (Severity.MEDIUM, form.name)
            if told is not None:
                seen.add(token)
                at = Location(file=path, line=line, column=column + match.start() + 1)
                yield Found(told[1], token, at, told[0])


def _windows(data: bytes) -> Iterator[tuple[int, int, str, int]]:
    """Yield number, offset in the line, text and offset of what stands around each mark, none twice."""
    done, line, counted = -1, 1, 0
    for mark in sorted(formats.marks(data)):
        if mark < done:
            continue
        begin = max(data.rfind(b"\n", 0, mark) + 1, mark - _AROUND)
        end = data.find(b"\n", mark)
        end = min(len(data) if end < 0 else end, mark + _AROUND)
        line += data.count(b"\n", counted, begin)
        counted, done = begin, end
        start = data.rfind(b"\n", 0, begin) + 1
        yield line, len(data[start:begin].decode(errors="replace")), data[begin:end].decode(errors="replace"), begin


def _pair(data: bytes, at: int, severity: Severity, what: str) -> tuple[Severity, str]:
    """Return how bad an access key ID of AWS is: with its secret beside it, it opens the account."""
    near = data[max(0, at - _NEAR) : at + _NEAR].decode(errors="replace")
    for match in _SECRET_OF_AWS.finditer(near):
        text = match.group()
        mixes = any(c.isdigit() for c in text) and any(c.isupper() for c in text) and any(c.islower() for c in text)
        if mixes and not formats.is_sample(text):
            return Severity.CRITICAL, "an access key of AWS with its secret"
    return severity, what


def _signed(token: str, today: dt.date) -> tuple[Severity, str] | None:
    """Return how bad a signed token is and what it is; None for one that opens nothing (past its end, for browsers)."""
    head, claims = (_json(part) for part in token.split(".")[:2])
    if head is None or claims is None or "alg" not in head or "John Doe" in str(claims.get("name")):
        return None
    ends = claims.get("exp")
    if isinstance(ends, int | float) and 0 < ends < _LAST:
        day = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=ends)).date()
        if day < today:
            return None
    if claims.get("role") in {"anon", "authenticated"}:
        return None
    if claims.get("role") == "service_role":
        return Severity.CRITICAL, "a service key of Supabase"
    return Severity.MEDIUM, "a signed token (JWT)"


_LAST = 100_000_000_000


def _json(part: str) -> dict[str, Any] | None:
    try:
        held = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None
