"""What is registered on a Starlette app or router: kept as cells, so that a branch not taken registers nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.objects import SERIAL, Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

ENTRY = "entry"
"""The first part of the key of the cell that says whether an entry is there."""


class Entry:
    """Something registered on an app or router."""

    __slots__ = ("call", "facts", "kind", "place")

    def __init__(self, kind: str, call: Call, **facts: Any) -> None:  # noqa: ANN401 - by kind
        """Hold what the call registers: a `route`, `mount`, `include`, `middleware`, `handler` or the like."""
        self.kind = kind
        self.call = call
        self.place = call.place
        self.facts = facts


def register(machine: Interpreter, owner: Abstract | None, entry: Entry) -> None:
    """Note an entry of an app or router, under the conditions that led here."""
    target = plain_object(owner) if owner is not None else None
    if isinstance(target, Instance):
        key = (ENTRY, next(SERIAL))
        target.facts.setdefault("entries", {})[key] = entry
        machine.put(target.cells, key, Known(value=True, origin=Origin(entry.place)))


def disturb(machine: Interpreter, owner: Abstract | None, kind: str, why: str, *, taken: bool = False) -> None:
    """Note that entries of a kind may be added, or with `taken` taken away, in a way that is not followed."""
    target = plain_object(owner) if owner is not None else None
    if isinstance(target, Instance):
        machine.put(target.cells, ("disturbed", kind), Known(why))
        if taken:
            machine.put(target.cells, ("taken", kind), Known(why))
