"""A suppression: which findings somebody accepts, why, and until when."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from batten.model import BattenError, Location
from batten.model.data import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Ignore:
    """Accept the findings of these rules; every part that is given must match."""

    rules: tuple[str, ...]
    """Rule ids, topics or a rule's former ids."""
    reason: str
    at: Location
    """Where it is written."""
    path: str = ""
    """Pattern of the finding's file: `*` within a name, `**` across folders.

    Without a slash it matches at any depth; a folder stands for all in it.
    """
    app: str = ""
    env: str = ""
    until: str = ""
    """The last day on which it holds, `YYYY-MM-DD`, as written."""
    owner: str = ""
    problem: str = ""
    """Why it cannot be followed, when it was not understood."""

    def refused(self, today: date) -> str:
        """Return why it does not hold today, or nothing when it does."""
        if self.problem:
            return f"suppression {self.problem}"
        if not self.reason:
            return "suppression gives no reason; write it after --"
        if not self.until:
            return ""
        last = _date(self.until)
        if last is None:
            return f"suppression has a malformed date: {self.until} is not YYYY-MM-DD"
        return "" if today <= last else f"suppression expired on {self.until}"

    def covers_file(self, file: str | None) -> bool:
        """Return whether the finding's file is meant."""
        return not self.path or (file is not None and _pattern(self.path).fullmatch(file) is not None)


def ignore_from(table: Mapping[str, object], *, known: Collection[str], at: Location) -> Ignore:
    """Return the suppression that one `[[tool.batten.ignore]]` table describes.

    `known` holds every rule id, former id and topic. A date that cannot be
    read is kept: the finding then returns and says so.

    Raises:
        BattenError: a key is unknown, missing or of the wrong type, or no rule
            has that id; the message names the key and the nearest right one.
    """
    for key in table:
        if key not in _KEYS:
            message = f"{at}: unknown key {key!r} in an ignore table"
            raise BattenError(message, hint=_hint(key, _KEYS))
    return Ignore(
        rules=_rules(table, known, at),
        reason=_text(table, "reason", at, needed=True),
        at=at,
        path=_text(table, "path", at),
        app=_text(table, "app", at),
        env=_text(table, "env", at),
        until=_until(table, at),
        owner=_text(table, "owner", at),
    )


def nearest(name: str, known: Collection[str]) -> str:
    """Return the known name most like `name`, or nothing when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake; it costs start-up

    return next(iter(get_close_matches(name, sorted(known), n=1)), "")


def _hint(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"did you mean {near!r}?" if near else f"known are: {', '.join(sorted(known))}"


def _rules(table: Mapping[str, object], known: Collection[str], at: Location) -> tuple[str, ...]:
    given = table.get("rule")
    names = given if isinstance(given, list) else [given]
    rules = tuple(name for name in names if isinstance(name, str) and name)
    if not rules or len(rules) < len(names):
        message = f"{at}: an ignore table needs `rule`, a rule id or topic"
        raise BattenError(message, hint='write: rule = "debug-mode/flask"')
    for name in rules:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near!r}?" if near else "`batten rules` lists them"
            message = f"{at}: no rule or topic is called {name!r}"
            raise BattenError(message, hint=hint)
    return rules


def _text(table: Mapping[str, object], key: str, at: Location, *, needed: bool = False) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        message = f"{at}: `{key}` of an ignore table must be a string"
        raise BattenError(message, hint=f'write: {key} = "..."')
    if needed and not value.strip():
        message = f"{at}: an ignore table needs `{key}`"
        raise BattenError(message, hint=f'say why this is acceptable: {key} = "..."')
    return value.strip()


def _until(table: Mapping[str, object], at: Location) -> str:
    value = table.get("until", "")
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else _text(table, "until", at)


def _date(text: str) -> date | None:
    if not _ISO.fullmatch(text):
        return None  # date.fromisoformat also takes 20270301 and 2027-W09-1
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _pattern(path: str) -> re.Pattern[str]:
    path = path.removeprefix("./").strip("/")
    if "/" not in path:
        path = f"**/{path}"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", path)
    return re.compile("".join(_GLOB.get(part) or re.escape(part) for part in parts) + "(?:/.*)?", re.DOTALL)


_KEYS = frozenset({"rule", "path", "app", "env", "reason", "until", "owner"})
_ISO = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_GLOB = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
