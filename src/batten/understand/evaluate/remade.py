"""Objects whose making the program changes afterwards: their class, their bases, their code, their slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Unknown,
    each,
    plain_object,
)

if TYPE_CHECKING:
    from batten.understand.evaluate.origin import Place

PARTS = frozenset({"__class__", "__bases__", "__code__", "__defaults__", "__kwdefaults__", "__dict__"})
"""Attributes that decide how an object behaves; writing them is not followed."""


def remake(machine: Any, target: Abstract, name: str, value: Abstract) -> None:
    """Make unknown what changes with one of the `PARTS` of an object."""
    changed = Unknown(f"its {name} was replaced, which is not followed")
    if isinstance(target, Function):
        target.wrapped = target.wrapped or f"a new {name}"
    elif isinstance(target, Instance | Class):
        others = [plain_object(choice) for choice in each(value)]
        others += [base for other in others for base in getattr(other, "order", ())]
        of = target.of if isinstance(target, Instance) else target
        owners = [target, *getattr(of, "order", ()), *others]
        for held in {key for owner in owners for key in getattr(owner, "cells", ()) if not str(key).startswith("__")}:
            machine.put(target.cells, held, changed)
        machine.put(target.cells, "*", Known(value=True))


def fits_slots(machine: Any, target: Instance, name: str, place: Place) -> None:
    """Let an attribute be written that the slots of an object's class have.

    Raises:
        ThrownError: they do not have it.
    """
    order = target.of.order if isinstance(target.of, Class) else ()
    for base in order:
        held = base.facts.get("options", {}).get("frozen") if isinstance(base, Class) else None
        if isinstance(held, Known) and held.value:
            raise ThrownError(
                ("FrozenInstanceError", "AttributeError", "Exception"), f"cannot assign to field {name!r}", place
            )
        if held is not None and not isinstance(held, Known):
            machine.may_throw(frozenset({"AttributeError", "Exception", "BaseException"}))
    slotted = [base for base in order if isinstance(base, Class)]
    rest = [base for base in order if not isinstance(base, Class)]
    if not slotted or any(not isinstance(base, Library) or base.name != "object" for base in rest):
        return
    names: set[object] = set()
    for base in slotted:
        option = base.facts.get("options", {}).get("slots")
        if isinstance(option, Known) and option.value:
            names.update(base.facts.get("annotations", ()))
            continue
        held = plain_object(base.cells.get("__slots__", Unknown("no slots")))
        parts = (held,) if isinstance(held, Known) else getattr(held, "items", None)
        if parts is None or not all(isinstance(part, Known) for part in parts):
            return
        names.update(part.value for part in parts)
    if name not in names and "__dict__" not in names and not any(name in base.cells for base in slotted):
        raise ThrownError(
            ("AttributeError", "Exception", "BaseException"),
            f"{target.of.name!r} object has no attribute {name!r}",
            place,
        )
