"""Which member of a union takes a value: the smart mode of pydantic-core 2.50, left to right in pydantic 1.10."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Instance,
    Known,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.libraries.pydantic_check import At, InvalidError, check
from batten.understand.libraries.pydantic_names import OLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.libraries.pydantic_types import Type


class Fit(IntEnum):
    """How well a value fits a type that takes it (pydantic-core `Exactness`)."""

    CONVERTED = 0
    STRICT = 1
    EXACT = 2


def chosen(value: Abstract, type_: Type, at: At) -> Abstract:
    """Return a value as the member of a union makes it that takes it.

    Raises:
        InvalidError: no member takes it, for certain.
    """
    members = [member for member in type_.args if member.kind != "none"]
    if isinstance(value, Known) and value.value is None and len(members) < len(type_.args):
        return value
    if len(members) == 1:
        return check(value, members[0], at)
    if isinstance(value, Unknown):
        return _of_unknown(value, members, at)
    if at.major == OLD:
        return _first(value, members, at)
    return _best(value, members, at)


def _of_unknown(value: Unknown, members: list[Type], at: At) -> Abstract:
    """Return text that is not known, where text is what the union keeps."""
    keeps = {"str", "none", "int", "float", "bool", "list", "set", "dict", "url", "path", "enum", "model", "literal"}
    text = next((member for member in members if member.kind == "str"), None)
    if value.of == "str" and at.major != OLD and text is not None and all(m.kind in keeps for m in members):
        return check(value, text, at)
    return at.doubt("one of several types", value)


def _attempt(value: Abstract, member: Type, at: At) -> Abstract | None:
    """Return a value as one member makes it, None when the member refuses it; nothing is left behind then."""
    mark = at.machine.mark()
    try:
        return check(value, member, at)
    except InvalidError:
        at.machine.rollback(mark)
        return None
    finally:
        at.machine.unmark()


def _first(value: Abstract, members: list[Type], at: At) -> Abstract:
    for member in members:
        found = _attempt(value, member, at)
        if found is not None:
            return found
    raise at.invalid("no member of the union takes it", value)


def _best(value: Abstract, members: list[Type], at: At) -> Abstract:
    if sum(_may_be_model(member, value) for member in members) > 1:
        return at.doubt("one of several models", value)
    kept: tuple[Fit, Abstract] | None = None
    for member in members:
        found = _attempt(value, member, at)
        if found is None:
            continue
        fit = fits(value, member)
        if fit is None or isinstance(plain_object(found), Unknown):
            return at.doubt("one of several types that are not followed", value)
        if fit is Fit.EXACT:
            return found
        if kept is None or fit > kept[0]:
            kept = (fit, found)
    if kept is None:
        raise at.invalid("no member of the union takes it", value)
    return kept[1]


def _may_be_model(member: Type, value: Abstract) -> bool:
    return member.kind == "model" and isinstance(value, Mapping)


def fits(value: Abstract, type_: Type) -> Fit | None:
    """Return how well a value fits a type that takes it, None when that is not followed."""
    rule = _FITS.get(type_.kind)
    return rule(value, type_) if rule is not None else None


def _of_scalar(value: Abstract, type_: Type) -> Fit | None:
    if isinstance(value, Instance):
        return None
    held = type(value.value).__name__ if isinstance(value, Known) else ""
    if held == type_.kind:
        return Fit.EXACT
    return Fit.STRICT if (held, type_.kind) == ("int", "float") else Fit.CONVERTED


def _of_sequence(value: Abstract, type_: Type) -> Fit | None:
    kind = "tuple" if type_.kind == "tuple..." else type_.kind
    if not isinstance(value, Sequence) or value.items is None:
        return None
    if value.of != kind:
        return Fit.CONVERTED
    found = [fits(item, type_.args[0]) for item in value.items]
    return _least(found)


def _of_dict(value: Abstract, type_: Type) -> Fit | None:
    if not isinstance(value, Mapping):
        return None
    keys = [fits(Known(key), type_.args[0]) for key in value.cells]
    return _least(keys + [fits(held, type_.args[1]) for held in value.cells.values()])


def _least(found: list[Fit | None]) -> Fit | None:
    known = [one for one in found if one is not None]
    return None if len(known) < len(found) else min(known, default=Fit.EXACT)


def _of_object(value: Abstract, type_: Type) -> Fit:
    if isinstance(value, Instance) and isinstance(value.of, Class) and type_.of in value.of.order:
        return Fit.EXACT
    return Fit.CONVERTED


def _of_secret(value: Abstract, type_: Type) -> Fit | None:
    return Fit.EXACT if isinstance(value, Instance) else fits(value, type_.args[0])


def _of_literal(value: Abstract, type_: Type) -> Fit | None:
    return Fit.EXACT if isinstance(value, Known) and isinstance(value.value, str) and type_.values else None


def _of_any(value: Abstract, type_: Type) -> Fit:
    del value, type_
    return Fit.STRICT


def _of_library_object(value: Abstract, type_: Type) -> Fit:
    del type_
    return Fit.EXACT if isinstance(value, Instance) else Fit.CONVERTED


def _of_strict(value: Abstract, type_: Type) -> Fit | None:
    return fits(value, type_.args[0])


def _of_said(value: Abstract, type_: Type) -> Fit | None:
    """Return how well a value fits a type with limits; what a function makes of it is not followed."""
    return None if type_.name.endswith("Validator") else fits(value, type_.args[0])


_FITS: dict[str, Callable[[Abstract, Type], Fit | None]] = {
    **dict.fromkeys(("bool", "int", "float", "str", "bytes"), _of_scalar),
    **dict.fromkeys(("list", "set", "frozenset", "tuple..."), _of_sequence),
    **dict.fromkeys(("enum", "model"), _of_object),
    **dict.fromkeys(("url", "path"), _of_library_object),
    "dict": _of_dict,
    "secret": _of_secret,
    "literal": _of_literal,
    "any": _of_any,
    "strict": _of_strict,
    "annotated": _of_said,
}
