"""Pages for developers and operators: what a panel is, and what proves that one is open.

A page that asks for a password is no open door, so each proof wants the page without one; Django's admin is told for
its address alone.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.answers.page import tags
from batten.understand.exposures.proofs import Proved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.answers.http import Answer
    from batten.understand.answers.site import Site
    from batten.understand.exposures.proofs import Proof

_WELL = 200
_READ_CHARACTERS = 256 * 1024
RUNS, CHANGES = "runs code", "changes data"
"""What a visitor can do in a panel beyond reading."""


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """One panel, and where it is looked for."""

    kind: str
    """`openapi`, `graphql`, `admin`, `default-admin`, `metrics`, `panel`, `toolbar`, `status`."""
    what: str
    """As the static rules call it, where they know it."""
    proof: Proof
    paths: tuple[str, ...] = ()
    """Relative to where the site begins; none is asked where only the landing page tells of it."""
    accept: str = ""
    inside: re.Pattern[str] | None = None
    """The panel counts only where a page that it links to, of such an address, is open as well."""
    inner: Proof | None = None
    """What proves that page."""
    api: str = ""
    """What is asked besides, from the same folder: whether the panel serves strangers, and how far."""
    api_proof: Proof | None = None
    needs_api: bool = False
    """The page alone says nothing: it is shown to whoever has no password too."""
    power: str = ""
    """What a visitor can do there beyond reading: `changes data`, `runs code`."""
    api_power: str = ""
    """The same, where the API serves strangers."""


@dataclass(frozen=True, slots=True)
class SeenPanel:
    """A panel that a visitor can open."""

    kind: str
    what: str
    answer: Answer
    line: str
    """What proves it."""
    power: str = ""
    more: tuple[Answer, ...] = ()
    """What else of it was opened."""


def found(site: Site, kind: str) -> Iterator[tuple[str, list[SeenPanel]]]:
    """Yield each panel of a kind by its name, with all that was opened of it."""
    held = [part for part in site.parts if isinstance(part, SeenPanel) and part.kind == kind]
    for what in dict.fromkeys(part.what for part in held):
        yield what, [part for part in held if part.what == what]


def shows(*marks: str, says: str, flags: int = re.IGNORECASE) -> Proof:
    """Return the proof that an answer is a page which holds all of these marks and no field for a password."""
    return _page(marks, says, flags, asks_password=False)


def login(*marks: str, says: str) -> Proof:
    """Return the proof that an answer is a page which holds all of these marks and asks for a password."""
    return _page(marks, says, re.IGNORECASE, asks_password=True)


def _page(marks: tuple[str, ...], says: str, flags: int, *, asks_password: bool) -> Proof:
    compiled = [re.compile(mark, flags) for mark in marks]

    def prove(answer: Answer) -> Proved | None:
        if answer.status != _WELL or answer.media_type not in ("text/html", "application/xhtml+xml"):
            return None
        text = answer.text[:_READ_CHARACTERS]
        if not all(mark.search(text) for mark in compiled) or has_password(text) is not asks_password:
            return None
        return Proved(says)

    return prove


def has_password(text: str) -> bool:
    """Return whether a page has a field for a password."""
    if "password" not in text.lower():
        return False
    return any(tag.name == "input" and (tag.get("type") or "").strip().lower() == "password" for tag in tags(text))


def introspected(answer: Answer) -> Proved | None:
    """Return the proof that a schema was told: data, which no server that only echoes the question has."""
    try:
        held = json.loads(answer.body)
        name = held["data"]["__schema"]["queryType"]["name"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return Proved(f"introspection is answered: queryType {name[:40]}") if isinstance(name, str) and name else None
