"""Health pages that tell more than whether the app is well: machine, process, versions, resources."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.understand.exposures.proofs import Proved, is_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer

_DETAIL = re.compile(
    r"(?:host_?name|platform|kernel|os_version|python(?:_?version)?|pid|process_id|cpu\w*|mem(?:ory)?(?:_\w+)?|"
    r"disk\w*|load_?(?:avg|average)|environ(?:ment)?_?var\w*|database_?(?:url|host|version)|db_?(?:url|host|version)|"
    r"redis_?(?:url|host|version)|broker_?(?:url|host)|django_?version|flask_?version|packages|dependencies)$",
    re.IGNORECASE,
)
_WORDS = frozenset(
    "ok okay up down working well healthy unhealthy pass passed passing fail failed failing true false yes no error "
    "warn warning unavailable available degraded alive dead green yellow red connected disconnected running".split()
)
_LEAST = 3
_DEEPEST = 3
_MOST = 200


def inside_told(answer: Answer) -> Proved | None:
    """Return the proof that a health page tells at least three things about the inside; a status tells none."""
    if not is_file(answer) or answer.body.lstrip()[:1] != b"{":
        return None
    try:
        held = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    names = list(dict.fromkeys(name for name in _names(held, _DEEPEST) if _DETAIL.match(name)))
    return Proved(f"JSON with {', '.join(names[:_LEAST])}") if len(names) >= _LEAST else None


def _names(held: object, depth: int) -> Iterator[str]:
    """Yield the keys that hold something, of an object and of those within."""
    if isinstance(held, dict) and depth:
        for name, value in list(held.items())[:_MOST]:
            if _tells(value, depth):
                yield name
                yield from _names(value, depth - 1)


def _tells(value: object, depth: int) -> bool:
    """Return whether a value is more than the word for well or unwell."""
    if isinstance(value, dict):
        return depth > 0 and any(_tells(one, depth - 1) for one in list(value.values())[:_MOST])
    if isinstance(value, str):
        return bool(value.strip()) and value.strip().lower() not in _WORDS
    return value is not None and not isinstance(value, bool) and value != []
