"""How bad a line of `pg_hba.conf` is, by whom it lets in and where the server stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Severity
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from batten.understand.infrastructure.nouns import DataStore
    from batten.understand.infrastructure.stores.nouns import Entrance

INSIDE = ("socket", "loopback")
"""Widths of lines that other machines do not meet."""


def is_far(store: DataStore, entrance: Entrance) -> bool:
    """Return whether other machines meet the line, as far as the repository tells."""
    if entrance.width in INSIDE:
        return False
    if store.contained:
        return store.reach is Reach.WORLD
    return store.listen is None or not store.listen.is_local


def trusted(store: DataStore, entrance: Entrance) -> Severity:
    """Return how bad it is that the line asks for nothing."""
    if entrance.width == "socket" or (entrance.width == "loopback" and store.contained):
        return Severity.LOW
    if is_far(store, entrance):
        return Severity.CRITICAL if entrance.width in ("any", "wide") or store.contained else Severity.HIGH
    return Severity.MEDIUM if store.contained else Severity.HIGH
