"""What values depend on: the variables whose absence decided them, and the hops they took."""

from __future__ import annotations

from batten.understand.evaluate import frozen
from batten.understand.evaluate.objects import (
    Abstract,
    Environ,
    Known,
    Mapping,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import NOWHERE, Origin, combined

DEEPEST_PART = 3
MOST_REASONS = 64
"""How deep in a container, and in how many parts of it, it is looked for what it depends on."""


class Rows(Sequence):
    """A list whose length and order rest on no value in it: the members of an object, name by name."""

    __slots__ = ()


def rests_on(value: Abstract, depth: int = 0) -> Origin:
    """Return what a value depends on, for a list or dict what its parts and its being so depend on too."""
    held = plain_object(value)
    if not isinstance(held, Sequence | Mapping) or isinstance(held, Environ) or depth > DEEPEST_PART:
        return origin_of(value)
    if isinstance(held, Rows):
        return combined(None, held.origin, origin_of(value))
    parts = held.items or () if isinstance(held, Sequence) else tuple(held.cells.values())
    origins = [rests_on(part, depth + 1) for part in parts[:MOST_REASONS]]
    found = [origin for origin in (held.origin, origin_of(value), *origins) if origin.unset]
    return combined(None, *found) if found else origin_of(value)


def origin_of(value: Abstract) -> Origin:
    """Return what a value depends on."""
    if isinstance(value, Known | Unknown | Ref) or frozen.is_frozen(value):
        return value.origin
    if isinstance(value, OneOf):
        return combined(None, *(origin_of(choice) for choice in value.choices))
    return NOWHERE
