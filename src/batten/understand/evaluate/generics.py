"""Types as they are written: `list[str]`, `Annotated[int, ...]`, `str | None`.

They do nothing where the code runs, but a library may read them: what a
pydantic field accepts is its annotation, and that may be a name for one.
"""

from __future__ import annotations

from typing import Any

from batten.understand.evaluate import library
from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Instance,
    Known,
    Library,
    Sequence,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place

ALIAS = "types.GenericAlias"
_PLAIN = frozenset("bool bytes complex dict float frozenset int list object set str tuple type".split())
_TAKES = frozenset("dict frozenset list set tuple type".split())
_MODULES = frozenset({"typing", "typing_extensions", "collections.abc", "collections"})
_BASES = frozenset({"Generic", "Protocol"})


def subscripted(value: Abstract, key: Abstract, place: Place) -> Abstract | None:
    """Return a type with its arguments, None when `value` takes none that matter."""
    if isinstance(value, Builtin):
        return alias(value, key, place) if value.name in _TAKES else None
    if isinstance(value, Library):
        module, _, last = value.name.rpartition(".")
        if (module in _MODULES and last not in _BASES) or value.name in library.GENERIC:
            return alias(value, key, place)
    return value if isinstance(value, Class | Library) else None


def either(first: Abstract, second: Abstract, place: Place) -> Abstract | None:
    """Return `first | second` of two types, None when they are none."""
    one, two = plain_object(first), plain_object(second)
    if not (_is_type(one) or _is_type(two)):
        return None
    if not all(_is_type(part) or _is_none(part) for part in (one, two)):
        return None
    return alias(Library("typing.Union"), Sequence("tuple", (one, two)), place)


def bare(value: Abstract) -> Abstract:
    """Return the type without its arguments."""
    return value.facts["origin"] if isinstance(value, Instance) and value.library == ALIAS else value


def arguments(made: Instance) -> list[Abstract]:
    """Return the arguments of a type."""
    key: Abstract = made.facts["arguments"]
    return list(key.items or ()) if isinstance(key, Sequence) and key.of == "tuple" else [key]


def alias(origin: Abstract, key: Abstract, place: Place) -> Instance:
    """Return a type with its arguments: one, or a tuple of several."""
    made = Instance(Library(ALIAS), place, Origin(place))
    made.facts.update({"origin": origin, "arguments": plain_object(key)})
    return made


def _is_none(value: Abstract) -> bool:
    return isinstance(value, Known) and value.value is None


def _is_type(value: Abstract) -> bool:
    if isinstance(value, Builtin):
        return value.name in _PLAIN
    if isinstance(value, Library):
        return library.is_object(value.name) and "." in value.name
    return isinstance(value, Class) or (isinstance(value, Instance) and value.library == ALIAS)


@calls(f"{ALIAS}.__call__")
def _made(machine: Any, call: Call) -> Abstract:
    """Return what `list[str](...)` gives: what `list(...)` does."""
    receiver = call.receiver
    assert isinstance(receiver, Instance)  # noqa: S101 - a method of aliases
    return machine.call(receiver.facts["origin"], call.bound(None))  # type: ignore[no-any-return]
