"""Django 5.2's enumerations of choices: a value and a label for each member.

Facts from `django.db.models.enums`. Models themselves are no configuration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CLASSES
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Class,
    Function,
    Instance,
    Known,
    Sequence,
    plain_object,
)

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.interpreter import Interpreter

_PAIR = 2


def _members(machine: Interpreter, cls: Class, frame: Frame) -> None:
    """`ChoicesType.__new__`: the last part of a tuple is the label, else the name in words."""
    del machine, frame
    made: dict[str, Instance] = {}
    for key, held in list(cls.cells.items()):
        name = str(key)
        if name.startswith("_") or isinstance(plain_object(held), Function | Class | Bound | Instance):
            continue
        value: Abstract = held
        label: Abstract = Known(name.replace("_", " ").title())
        inner = plain_object(held)
        if isinstance(inner, Sequence) and inner.items and len(inner.items) >= _PAIR:
            *values, label = inner.items
            value = values[0] if len(values) == 1 else Sequence("tuple", tuple(values), inner.origin)
        member = Instance(cls, origin=getattr(value, "origin", cls.origin))
        member.cells.update({"value": value, "name": Known(name), "label": label})
        made[name] = member
        cls.cells[name] = member
    cls.facts["enum"] = True
    pairs: list[Abstract] = [
        Sequence("tuple", (member.cells["value"], member.cells["label"])) for member in made.values()
    ]
    cls.cells.setdefault("choices", Sequence("list", tuple(pairs)))
    for plural, part in (("values", "value"), ("labels", "label"), ("names", "name")):
        cls.cells.setdefault(plural, Sequence("list", tuple(member.cells[part] for member in made.values())))


for _class in ("TextChoices", "IntegerChoices", "Choices"):
    CLASSES[f"django.db.models.{_class}"] = _members
    ALIASES[f"django.db.models.enums.{_class}"] = f"django.db.models.{_class}"
