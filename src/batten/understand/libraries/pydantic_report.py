"""Settings as a report shows them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Instance,
    Known,
    OneOf,
    Ref,
    Sequence,
    each,
    plain_object,
)
from batten.understand.libraries.pydantic_check import referred
from batten.understand.libraries.pydantic_models import Model, model_of

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

DEEPEST = 4


def fields(machine: Interpreter, instance: Instance, prefix: str = "", depth: int = 0) -> dict[str, Abstract]:
    """Return the fields of an object of settings, a nested model's as `database.password`."""
    found: dict[str, Abstract] = {}
    if not isinstance(instance.of, Class) or "pydantic" not in instance.of.facts:
        return found
    model = model_of(instance.of)
    values = {name: instance.cells[name] for name in model.fields if name in instance.cells}
    values.update({name: instance.cells[name] for name in instance.facts.get("extra", ()) if name in instance.cells})
    for name, held in (values | _computed(machine, instance, model)).items():
        inner = plain_object(held)
        nested = isinstance(inner, Instance) and isinstance(inner.of, Class) and "pydantic" in inner.of.facts
        if nested and isinstance(inner, Instance) and depth < DEEPEST:
            found.update(fields(machine, inner, f"{prefix}{name}.", depth + 1))
        else:
            found[f"{prefix}{name}"] = shown(machine, held)
    return found


def _computed(machine: Interpreter, instance: Instance, model: Model) -> dict[str, Abstract]:
    """Return the computed fields; one that raises is left out."""
    found = {}
    for name, one in model.functions.items():
        if one.kind == "computed":
            with suppress(ThrownError, ExhaustedError):
                found[name] = machine.get_attribute(instance, name, instance.made)
    return found


def shown(machine: Interpreter, value: Abstract) -> Abstract:
    """Return the plain data that an object of settings stands for, the value itself when there is none."""
    if isinstance(value, OneOf):
        return OneOf(tuple(shown(machine, choice) for choice in each(value)))
    if isinstance(value, Ref):
        return referred(machine, shown(machine, value.target), value.origin)
    if isinstance(value, Sequence) and value.items is not None:
        return Sequence(value.of, tuple(shown(machine, item) for item in value.items), value.origin)
    if not isinstance(value, Instance):
        return value
    for cell in ("hidden", "text", "value"):
        held = value.cells.get(cell)
        if held is not None and (cell != "value" or "name" in value.cells):
            return held
    return value


__all__ = ["Known", "fields", "shown"]
