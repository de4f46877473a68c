"""Immutable objects of the standard library that are no plain data: a `Decimal`, a parsed URL, a compiled pattern.

They are computed with as constants are: Python itself does the work. A model
file registers the kinds that it knows, with the attributes and methods that may
be used; anything else of them is not followed.
"""

from __future__ import annotations

from enum import Enum, Flag
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import ATTRIBUTES, CALLS
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import AttributeModel, Call, CallModel
    from batten.understand.evaluate.origin import Origin

KINDS: dict[type, str] = {}
"""The types that are known, with their dotted names."""
_HELD = "python"


def register(kind: type, name: str, attributes: str = "", methods: str = "") -> None:
    """Make a type known: its attributes and methods, in words, may be computed.

    The operators of Python need no mention. `__str__` and, where the type has them, `__len__` and `__getitem__`
    are among the methods.
    """
    KINDS[kind] = name
    for attribute in attributes.split():
        ATTRIBUTES[f"{name}.{attribute}"] = _attribute(attribute)
    special = [special for special in ("__str__", "__len__", "__getitem__") if hasattr(kind, special)]
    for method in [*methods.split(), *special]:
        CALLS[f"{name}.{method}"] = _method(method)


def made(value: Any, origin: Origin) -> Instance:
    """Return such an object as a value."""
    instance = Instance(Library(KINDS[type(value)]), origin.home, origin)
    instance.facts[_HELD] = value
    return instance


def hold(instance: Instance, value: Any) -> None:
    """Make an object stand for a constant."""
    instance.facts[_HELD] = value
    if isinstance(value, Enum):
        value.understood = instance  # type: ignore[attr-defined]  # the way back, for `lifted`


def lifted(value: Any, origin: Origin) -> Abstract | None:
    """Return such an object as a value, None when it is of no known kind."""
    if type(value) in KINDS:
        return made(value, origin)
    if not isinstance(value, Enum):
        return None
    found: Abstract | None = getattr(value, "understood", None)
    cls = getattr(type(value), "understood_class", None)
    if found is None and isinstance(value, Flag) and cls is not None:
        combined = Instance(cls, origin.home, origin)
        combined.cells.update({"value": Known(value.value, origin), "name": Known(value.name, origin)})
        hold(combined, value)
        return combined
    return found


def constant(value: Abstract) -> tuple[Any] | None:
    """Return `(Python object,)` of a constant, plain or not; None of anything else."""
    if isinstance(value, Known):
        return (value.value,)
    return (value.facts[_HELD],) if isinstance(value, Instance) and _HELD in value.facts else None


def is_frozen(value: object) -> bool:
    """Return whether a value is such an object."""
    return isinstance(value, Instance) and _HELD in value.facts


def _attribute(name: str) -> AttributeModel:
    def model(machine: Any, instance: Instance, place: Any) -> Abstract:
        return machine.compute(place, lambda value: getattr(value, name), instance)  # type: ignore[no-any-return]

    return model


def _method(name: str) -> CallModel:
    def model(machine: Any, call: Call) -> Abstract:
        operands = [*([call.receiver] if call.receiver is not None else []), *call.args, *call.kwargs.values()]
        if call.open or not operands:
            return machine.unknown_of(call.place, *operands)  # type: ignore[no-any-return]
        return machine.compute(  # type: ignore[no-any-return]
            call.place, applied(lambda value, *rest, **named: getattr(value, name)(*rest, **named), call), *operands
        )

    return model


def applied(function: Callable[..., Any], call: Call) -> Callable[..., Any]:
    """Return a function of positional arguments that passes the last ones by the names they have in the call."""
    names = list(call.kwargs)

    def apply(*operands: Any) -> Any:
        count = len(operands) - len(names)
        return function(*operands[:count], **dict(zip(names, operands[count:], strict=True)))

    return apply


def computed(function: Callable[..., Any], of: str = "") -> CallModel:
    """Return a model that lets Python call `function` with constants, positional and by name."""

    def model(machine: Any, call: Call) -> Abstract:
        operands = [*call.args, *call.kwargs.values()]
        if call.open:
            return machine.unknown_of(call.place, *operands, of=of)  # type: ignore[no-any-return]
        return machine.compute(call.place, applied(function, call), *operands, of=of)  # type: ignore[no-any-return]

    return model


def computed_of_data(function: Callable[..., Any], of: str = "") -> CallModel:
    """Return a model that lets Python call `function` with plain data, lists and dicts too, when all of it is known."""

    def model(machine: Any, call: Call) -> Abstract:
        operands = [*call.args, *call.kwargs.values()]
        if call.open or not operands:
            return machine.unknown_of(call.place, *operands, of=of)  # type: ignore[no-any-return]
        folded = [_folded(machine, operand) for operand in operands]
        if any(operand is None for operand in folded):
            return machine.unknown_of(call.place, *operands, of=of)  # type: ignore[no-any-return]
        values = [value for value, _ in folded if value is not None]
        wraps = [wrap for _, wrap in folded]

        def apply(*given: Any) -> Any:
            parts = iter(given)
            return applied(function, call)(*(wrap[0] if wrap else next(parts) for wrap in wraps))

        made_of = machine.compute(call.place, apply, *values, of=of)
        return machine.tainted(made_of, machine.depends(call.place, *operands))  # type: ignore[no-any-return]

    return model


def _folded(machine: Any, operand: Abstract) -> Any:
    """Return an operand to compute with, or plain data that stands for a list or dict, or None."""
    from batten.understand.evaluate.objects import Mapping, Sequence, plain_object  # noqa: PLC0415 - used rarely

    if not isinstance(plain_object(operand), Sequence | Mapping):
        return (operand, None)
    plain = machine.plain(operand)
    return None if plain is None else (None, plain)
