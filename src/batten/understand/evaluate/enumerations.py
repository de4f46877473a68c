"""Enumerations of the project (CPython 3.11 `enum`).

The members of a plain enumeration are members of a real one of the same names and values, so that Python itself
compares, writes and combines them. Where the class has special methods of its own, or values that are not known,
only names and identity are told.
"""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import constants, frozen
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    OneOf,
    Ref,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from batten.understand.evaluate.library import Call

_KINDS: dict[str, type[enum.Enum]] = {
    f"enum.{kind.__name__}": kind for kind in (enum.Enum, enum.IntEnum, enum.StrEnum, enum.Flag, enum.IntFlag)
}
_MIXED: dict[str, type] = {"str": str, "int": int, "float": float}


def is_enumeration(value: Abstract) -> bool:
    """Return whether a value is a class of the project that enumerates."""
    return isinstance(value, Class) and bool(value.facts.get("enum"))


def make_members(machine: Any, cls: Class) -> None:
    """Turn the values in an enumeration's body into its members; an equal value is another name of the first."""
    values = {
        str(name): held
        for name, held in cls.cells.items()
        if not str(name).startswith("_") and not isinstance(plain_object(held), Function | Class | Bound)
    }
    real = _real(machine, cls, values)
    made: dict[str, Instance] = {}
    for name, held in values.items():
        if real is None:
            cls.cells[name] = _vague(machine, cls, name, values)
            continue
        member = real.__members__[name]
        if member.name not in made:
            made[str(member.name)] = _member(machine, cls, member, held)
        cls.cells[name] = made[str(member.name)]
    cls.facts["members"] = list(values)
    cls.facts["real"] = real
    if real is not None:
        real.understood_class = cls  # type: ignore[attr-defined]  # the way back, for combinations of flags


def _member(machine: Any, cls: Class, member: enum.Enum, held: Abstract) -> Instance:
    origin = getattr(held, "origin", cls.origin)
    instance = Instance(cls, origin=origin)
    automatic = isinstance(held, Instance)
    value = machine.lift(member.value, origin) if automatic else held
    instance.cells.update({"value": value, "name": Known(member.name)})
    frozen.hold(instance, member)
    return instance


def _vague(machine: Any, cls: Class, name: str, values: dict[str, Abstract]) -> Instance:
    """Return a member of which no more than the value's text may be known."""
    held = values[name]
    plain = machine.plain(held)
    earlier = list(values)[: list(values).index(name)]
    for other in earlier:
        found = cls.cells[other]
        if plain is not None and machine.plain(values[other]) == plain and isinstance(found, Instance):
            return found
    instance = Instance(cls, origin=getattr(held, "origin", cls.origin))
    instance.cells.update({"value": held, "name": Known(name)})
    if plain is None or "__new__" in cls.cells or "__init__" in cls.cells:
        instance.cells["value"] = Unknown("the value of a member that is made at run time")
    if earlier and any(machine.plain(values[other]) is None for other in [*earlier, name]):
        instance.cells["name"] = Unknown("the name of a member that may be an alias")
    return instance


def _real(machine: Any, cls: Class, values: dict[str, Abstract]) -> type[enum.Enum] | None:
    """Return a real enumeration of the same names and values, None where it would not behave alike."""
    kind: type[enum.Enum] | None = None
    mixed: type | None = None
    for base in cls.order:
        if isinstance(base, Class):
            own = [str(name) for name in base.cells if str(name).startswith("_")]
            if set(own) - {"__doc__", "__module__", "__qualname__", "__slots__"}:
                return None
        elif isinstance(base, Library) and base.name in _KINDS:
            kind = kind or _KINDS[base.name]
        elif isinstance(base, Builtin) and base.name in _MIXED:
            mixed = mixed or _MIXED[base.name]
        elif not (isinstance(base, Library) and base.name == "object"):
            return None
    plain = {name: _plain(machine, held) for name, held in values.items()}
    if kind is None or None in plain.values():
        return None
    try:
        made: Any = kind
        members = [(name, one[0]) for name, one in plain.items() if one is not None]
        return made(cls.name, members, type=mixed)  # type: ignore[no-any-return]
    except (TypeError, ValueError, AttributeError):
        return None


def _plain(machine: Any, held: Abstract) -> tuple[Any] | None:
    if isinstance(held, Instance) and held.library == "enum.auto":
        return (enum.auto(),)
    plain: tuple[Any] | None = machine.plain(held)
    return plain


def chosen(machine: Any, cls: Class, call: Call) -> Abstract:
    """Return the member that `Enumeration(value)` is.

    Raises:
        ThrownError: there is none of that value.
    """
    wanted = call.args[0] if call.args else call.kwargs.get("value", Unknown("no value"))
    if isinstance(wanted, OneOf):
        return machine.either_way([partial(_chosen, machine, cls, one, call.place) for one in wanted.choices])  # type: ignore[no-any-return]
    return _chosen(machine, cls, wanted, call.place)


def _chosen(machine: Any, cls: Class, wanted: Abstract, place: Place) -> Abstract:
    target = plain_object(wanted)
    if isinstance(target, Instance) and target.of is cls:
        return wanted
    plain = machine.plain(wanted)
    members = [cls.cells[name] for name in cls.facts.get("members", ())]
    values = [machine.plain(member.cells["value"]) for member in members if isinstance(member, Instance)]
    if plain is None or None in values or len(values) < len(members):
        machine.may_throw(VALUE_ERRORS)
        return machine.unknown_of(place, wanted)  # type: ignore[no-any-return]
    origin = origin_of(wanted)
    for member, value in zip(members, values, strict=True):
        if value[0] == plain[0]:
            return Ref(member, origin) if origin.hops or origin.unset else member  # type: ignore[arg-type]
    if any(isinstance(base, Class) and "_missing_" in base.cells for base in cls.order):
        machine.may_throw(VALUE_ERRORS)
        return Unknown(f"what {cls.name}._missing_ gives is not followed", Origin(place))
    real = cls.facts.get("real")
    if real is not None and issubclass(real, enum.Flag):
        return machine.compute(place, real, wanted)  # type: ignore[no-any-return]
    message = f"{plain[0]!r} is not a valid {cls.name}"
    raise ThrownError(("ValueError", "Exception"), message, place).because(origin)


def members(cls: Class) -> list[Abstract]:
    """Return the members of an enumeration in order, aliases left out."""
    found: list[Abstract] = []
    for name in cls.facts.get("members", ()):
        if not any(cls.cells[name] is one for one in found):
            found.append(cls.cells[name])
    return found


def by_name(cls: Class) -> Mapping:
    """Return `Enumeration.__members__`."""
    return Mapping({name: cls.cells[name] for name in cls.facts.get("members", ())})


def constant_inside(value: Instance) -> Known | None:
    """Return the text or number that a member is too, None when it is none."""
    held = frozen.constant(value)
    if held is None or not isinstance(held[0], enum.Enum) or not isinstance(held[0], constants.PLAIN):
        return None
    return Known(held[0].value, value.origin)


def as_text(value: Instance, place: Place) -> Abstract | None:
    """Return `str(member)`, None when the object is no member that is known."""
    held = frozen.constant(value)
    if held is None or not isinstance(held[0], enum.Enum):
        return None
    if isinstance(held[0], enum.IntEnum | enum.IntFlag):  # written otherwise before Python 3.11
        return Unknown("how a member is written depends on the version of Python", Origin(place), of="str")
    return Known(str(held[0]), value.origin)


def formatted(value: Instance, place: Place) -> Abstract | None:
    """Return what an f-string makes of a member, None when the object is no member that is known."""
    inside = constant_inside(value)
    if inside is not None and not isinstance((frozen.constant(value) or (None,))[0], enum.ReprEnum):
        return Unknown("how a member is written depends on the version of Python", Origin(place), of="str")
    return Known(str(inside.value), value.origin) if inside is not None else as_text(value, place)
