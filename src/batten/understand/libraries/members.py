"""What of `inspect` looks into objects (CPython 3.11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Module,
    Sequence,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.reasons import Rows

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

MOST_MEMBERS = 1_000


@calls("inspect.getmembers")
def _members(machine: Interpreter, call: Call) -> Abstract:
    """`inspect.getmembers(object)` of an object, a class or a module of the project: pairs, sorted by name."""
    target = plain_object(call.get("object", 0) or Known(None))
    names = names_of(target)
    if names is None or call.get("predicate", 1) is not None or len(names) > MOST_MEMBERS:
        return Unknown("the members of an object that is not known", Origin(call.place), of="list")
    pairs: list[Abstract] = []
    for name in sorted(names):
        held = machine.get_attribute(target, name, call.place)
        pairs.append(Sequence("tuple", (Known(name, Origin(call.place)), held), Origin(call.place)))
    return Rows("list", tuple(pairs), Origin(call.place))


def names_of(target: Abstract) -> frozenset[str] | None:
    """Return the names that an object of the project has, those that every object has left out; None when not known."""
    owners: list[Abstract] = [target]
    if isinstance(target, Instance):
        owners += target.of.order if isinstance(target.of, Class) else (target.of,)
    elif isinstance(target, Class):
        owners = list(target.order)
    elif not isinstance(target, Module):
        return None
    found: set[str] = set()
    for owner in owners:
        if isinstance(owner, Library) and owner.name == "object":
            continue
        if not isinstance(owner, Instance | Class | Module) or "*" in owner.cells:
            return None
        if isinstance(owner, Instance) and owner.facts:
            return None
        for name, held in owner.cells.items():
            if any(choice is ABSENT for choice in each(held)):
                return None
            found |= {name} if isinstance(name, str) and not name.startswith("__") else set()
    return frozenset(found)
