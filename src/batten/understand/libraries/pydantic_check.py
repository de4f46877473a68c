"""A value checked against a type as pydantic does (2.14 with pydantic-core 2.50, and 1.10).

A value that pydantic refuses raises `InvalidError`; one whose conversion is
not followed becomes unknown, with the reason and the origin that it had.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeGuard

from batten.model.data import dataclass
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.libraries import pydantic_plain as plain
from batten.understand.libraries.pydantic_names import NEW, OLD, bare_name
from batten.understand.libraries.pydantic_urls import VALIDATION, validated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping as Mapped

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Origin, Place
    from batten.understand.libraries.pydantic_types import Type

PATH = "pathlib.Path"
_STRIP = ("str_strip_whitespace", "anystr_strip_whitespace")
_LOWER = ("str_to_lower", "anystr_lower")
_UPPER = ("str_to_upper", "anystr_upper")
_DOUBTFUL = ("str_min_length", "str_max_length", "min_anystr_length", "max_anystr_length", "strict")


class InvalidError(ThrownError):
    """Pydantic refuses a value; where nothing catches that, the app does not start."""


@dataclass(slots=True)
class At:
    """Where a value is checked, and what is known around it."""

    machine: Interpreter
    place: Place
    """The line of the field."""
    major: int
    field: str
    """As a person writes it: `Settings.debug`."""
    config: Mapped[str, Abstract]
    """The settings of the model that has the field."""
    model: Class | None = None
    data: Mapping | None = None
    """The fields that were checked before this one."""
    names: tuple[str, ...] = ()
    """The variables that would set the field; of a nested model each is a beginning."""
    delimiter: str = ""
    """What stands between a variable's name and the name of a nested field."""
    made_at: Place = None
    """Where the model is made."""
    exact_case: bool = False
    """Names of variables are told apart by case."""

    def says(self, *names: str) -> bool:
        """Return whether one of these settings of the model is on."""
        return any(self.machine.truth(self.config[name]) is not False for name in names if name in self.config)

    def invalid(self, message: str, *values: Abstract) -> InvalidError:
        """Return the error that refuses a value."""
        error = InvalidError(VALIDATION, f"{self.field}: {message}", self.place)
        for value in values:
            error.unset = error.unset.also(origin_of(value))
        return error

    def doubt(self, why: str, value: Abstract, of: str = "") -> Unknown:
        """Return an unknown value that comes from another."""
        self.machine.may_throw(frozenset(VALIDATION))
        inner = plain_object(value)
        if isinstance(inner, Unknown):
            return Unknown(inner.why, inner.origin, kind=inner.kind, of=of, labels=inner.labels)
        return Unknown(why, origin_of(value), of=of)


def check(value: Abstract, type_: Type, at: At) -> Abstract:
    """Return a value as the type makes it.

    Raises:
        InvalidError: the type refuses it, for certain.
    """
    at.machine.step()
    if isinstance(value, OneOf):
        ways = [partial(check, choice, type_, at) for choice in value.choices if choice is not ABSENT]
        return at.machine.either_way(ways)
    if isinstance(value, Ref):
        return referred(at.machine, check(value.target, type_, at), value.origin)
    return _CHECKS[type_.kind](value, type_, at)


def referred(machine: Interpreter, value: Abstract, origin: Origin) -> Abstract:
    """Return a value with an origin added to what it depends on; a member of an enumeration is one object for all."""
    if isinstance(value, Instance) and (origin.hops or origin.unset):
        return Ref(value, origin)
    return machine.tainted(value, origin)


# Single values


def _scalar(value: Abstract, type_: Type, at: At) -> Abstract:
    constant = at.machine.as_constant(value)
    if isinstance(value, Instance) and isinstance(constant, Known):
        kept = type(constant.value).__name__ == type_.kind
        if at.major == OLD and type_.kind == "int" and kept:
            return value  # pydantic 1.10 `int_validator` keeps any int, a member of an enumeration too
        if not kept:
            return at.doubt("a member of an enumeration that is converted", value, type_.kind)
    if isinstance(constant, Known):
        return _text(converted(constant, plain.SCALARS[at.major][type_.kind], at, type_.kind), at)
    if isinstance(value, Unknown):
        at.machine.may_throw(frozenset(VALIDATION))
        truth = value.truth if type_.kind == value.of == "str" else None
        return Unknown(value.why, value.origin, kind=value.kind, truth=truth, of=type_.kind, labels=value.labels)
    if isinstance(value, Sequence | Mapping):
        raise at.invalid(f"a {value.of} is no valid {type_.kind}", value)
    return at.doubt("an object that is converted", value, type_.kind)


def converted(value: Known, convert: Callable[[Any], Any], at: At, of: str = "") -> Abstract:
    """Return a constant as a function makes it.

    Raises:
        InvalidError: the function refuses it.
    """
    try:
        found = convert(value.value)
    except plain.DoubtError:
        return at.doubt("its conversion is not followed", value, of)
    except (ValueError, TypeError) as error:
        raise at.invalid(str(error)[:120], value) from None
    return value if type(found) is type(value.value) and found == value.value else Known(found, value.origin)


def _text(value: Abstract, at: At) -> Abstract:
    """Return text as the settings of the model want it."""
    if not isinstance(value, Known) or not isinstance(value.value, str) or not at.config:
        return at.doubt("its type is strict", value) if at.says("strict") and at.major == NEW else value
    if at.says(*_DOUBTFUL):
        return at.doubt("its model restricts all texts", value, "str")
    text = value.value
    for names, change in ((_STRIP, str.strip), (_LOWER, str.lower), (_UPPER, str.upper)):
        text = change(text) if at.says(*names) else text
    return value if text == value.value else Known(text, value.origin)


def _any(value: Abstract, type_: Type, at: At) -> Abstract:
    del type_, at
    return value


def _none(value: Abstract, type_: Type, at: At) -> Abstract:
    del type_
    if isinstance(value, Known) and value.value is None:
        return value
    if isinstance(value, Unknown):
        return at.doubt("", value)
    raise at.invalid("Input should be None", value)


def _unfollowed(value: Abstract, type_: Type, at: At) -> Abstract:
    why = type_.name if type_.kind in {"unknown", "pending"} else f"the type {type_.name}"
    return at.doubt(f"{why} is not followed", value)


def _kept(value: Abstract, type_: Type, at: At) -> Abstract:
    """Return an object of a class that is no pydantic type: it is taken as it is, anything else is converted."""
    if isinstance(value, Instance):
        order = value.of.order if isinstance(value.of, Class) else (value.of,)
        if type_.of in order or any(getattr(base, "name", "") == type_.name for base in order):
            return value
    if isinstance(value, Known) and value.value is None:
        raise at.invalid(f"a value of type {type_.name} is wanted", value)
    if type_.kind == "kept" and not isinstance(value, Known | Sequence | Mapping | Unknown | Instance):
        return value
    return _unfollowed(value, type_, at)


def _literal(value: Abstract, type_: Type, at: At) -> Abstract:
    constant = at.machine.as_constant(value)
    if isinstance(value, Unknown):
        return at.doubt("", value)
    same = [one for one in type_.values if one is value]
    if same:
        return value
    if isinstance(value, Sequence | Mapping):
        raise at.invalid(f"a {value.of} is no valid literal", value)
    if not isinstance(constant, Known):
        return at.doubt("an object where a literal is wanted", value)
    choices = [(one, at.machine.as_constant(one)) for one in type_.values]
    equal = [one for one, held in choices if isinstance(held, Known) and held.value == constant.value]
    exact = [one for one in equal if isinstance(one, Known) and type(one.value) is type(constant.value)]
    if not equal:
        shown = ", ".join(repr(held.value) for _, held in choices if isinstance(held, Known))
        raise at.invalid(f"Input should be one of {shown}", value)
    if len(exact or equal) > 1:
        return at.doubt("it equals more than one literal", value)
    found = (exact or equal)[0]
    return (
        Known(found.value, constant.origin)
        if isinstance(found, Known)
        else referred(at.machine, found, constant.origin)
    )


def _enum(value: Abstract, type_: Type, at: At) -> Abstract:
    cls = type_.of
    assert isinstance(cls, Class)  # noqa: S101 - that is its kind
    member = value if isinstance(value, Instance) and value.of is cls else _member(value, cls, at)
    if isinstance(member, Instance) and at.says("use_enum_values"):
        held = member.cells.get("value", Unknown("no value"))
        return at.machine.tainted(held, origin_of(value))
    return member if member is value else referred(at.machine, member, origin_of(value))


def _member(value: Abstract, cls: Class, at: At) -> Abstract:
    """Return the member of an enumeration that has a value."""
    plain_values = all(isinstance(one.cells.get("value"), Known) for one in cls.cells.values() if _is_of(one, cls))
    if isinstance(value, Sequence | Mapping) and plain_values and not _hooked(cls):
        raise at.invalid(f"a {value.of} is no value of {cls.name}", value)
    if not isinstance(value, Known):
        return at.doubt("a member of an enumeration that is not known", value)
    names = {getattr(base, "name", "") for base in cls.order}
    wanted: Abstract = value
    numeric = {"enum.IntEnum"} if at.major == OLD else {"enum.IntEnum", "int"}
    try:
        if not names.isdisjoint(numeric):
            wanted = converted(value, plain.SCALARS[at.major]["int"], at)
        elif "float" in names and at.major == NEW:
            wanted = converted(value, plain.to_float, at)
    except InvalidError:
        wanted = value  # it may be a member's value as it is
    members = [one for one in cls.cells.values() if _is_of(one, cls)]
    held = [(one, one.cells.get("value")) for one in members]
    found = [one for one, is_ in held if isinstance(is_, Known) and _equal(is_, wanted)]
    if found:
        return found[0]
    if any(not isinstance(is_, Known) for _, is_ in held) or _hooked(cls) or not isinstance(wanted, Known):
        return at.doubt(f"a member of {cls.name} that is not known", value)
    raise at.invalid(f"{value.value!r} is no value of {cls.name}", value)


def _is_of(value: Abstract, cls: Class) -> TypeGuard[Instance]:
    return isinstance(value, Instance) and value.of is cls


def _equal(first: Known, second: Abstract) -> bool:
    return isinstance(second, Known) and bool(first.value == second.value)


def _hooked(cls: Class) -> bool:
    return any(isinstance(base, Class) and "_missing_" in base.cells for base in cls.order)


def _secret(value: Abstract, type_: Type, at: At) -> Abstract:
    if isinstance(value, Instance) and value.library.rpartition(".")[2] in {"SecretStr", "SecretBytes"}:
        same = bare_name(value.library) == bare_name(type_.name)
        return value if same else at.doubt("a secret of another kind", value)
    made = Instance(Library(f"pydantic.{bare_name(type_.name)}"), at.made_at, origin_of(value))
    at.machine.put(made.cells, "hidden", check(value, type_.args[0], at))
    return made


def _url(value: Abstract, type_: Type, at: At) -> Abstract:
    if isinstance(value, Instance) and value.library in {type_.name, f"pydantic.v1.{bare_name(type_.name)}"}:
        return value
    if isinstance(value, Known) and isinstance(value.value, str):
        try:
            return validated(at.machine, value, type_.name, at.major, at.made_at)
        except ValueError as error:
            raise at.invalid(str(error), value) from None
    if isinstance(value, Known):
        raise at.invalid("URL input should be a string or URL", value)
    return at.doubt("an address that is not known", value)


def _path(value: Abstract, type_: Type, at: At) -> Abstract:
    del type_
    if isinstance(value, Instance) and value.library == PATH:
        return value
    if isinstance(value, Known) and not isinstance(value.value, str):
        raise at.invalid("Input is not a valid path", value)
    if not isinstance(value, Known | Unknown):
        return at.doubt("an object that is converted", value)
    made = Instance(Library(PATH), at.made_at, value.origin)
    text = Known(str(PurePosixPath(value.value)), value.origin) if isinstance(value, Known) else value
    at.machine.put(made.cells, "text", text)
    return made


def _json(value: Abstract, type_: Type, at: At) -> Abstract:
    if not isinstance(value, Known) or not isinstance(value.value, str | bytes):
        return at.doubt("it is read as JSON", value)
    try:
        data = json.loads(value.value)
    except (ValueError, RecursionError):
        raise at.invalid("Invalid JSON", value) from None
    return check(at.machine.lift(data, value.origin), type_.args[0], at)


def _email(value: Abstract, type_: Type, at: At) -> Abstract:
    del type_
    if isinstance(value, Known) and isinstance(value.value, str):
        return converted(value, plain.to_email, at, "str")
    return at.doubt("an address that is not known", value, "str")


def _strict(value: Abstract, type_: Type, at: At) -> Abstract:
    inner = type_.args[0]
    if isinstance(value, Known) and type(value.value).__name__ == inner.kind:
        return check(value, inner, at)
    return at.doubt("its type is strict", value, inner.kind)


# Containers

_READ = {
    "list": frozenset({"list", "tuple", "set", "frozenset"}),
    "sequence": frozenset({"list", "tuple"}),
}


def _sequence(value: Abstract, type_: Type, at: At) -> Abstract:
    kind = "tuple" if type_.kind == "tuple..." else type_.kind
    text = isinstance(value, Known) and isinstance(value.value, str | bytes)
    if text and kind == "sequence" and type_.name == "bare" and at.major == NEW:
        return value
    if isinstance(value, Known | Mapping):
        raise at.invalid(f"Input should be a valid {kind}", value)
    if not isinstance(value, Sequence):
        return at.doubt(f"a {kind} that is not known", value)
    if value.of not in _READ.get(kind, _READ["list"]):
        return at.doubt(f"a {value.of} is not followed here", value)
    of = value.of if kind == "sequence" else kind
    items = at.machine.iterate(value, ordered=of in {"list", "tuple"})
    if items is None:
        return Sequence(of, Unknown("elements that are not known"), value.origin)
    return Sequence(of, tuple(check(item, type_.args[0], at) for item in items), value.origin)


def _tuple(value: Abstract, type_: Type, at: At) -> Abstract:
    if isinstance(value, Known | Mapping):
        raise at.invalid("Input should be a valid tuple", value)
    if not isinstance(value, Sequence) or value.of not in {"list", "tuple"} or value.items is None:
        return at.doubt("a tuple that is not known", value)
    if len(value.items) != len(type_.args):
        raise at.invalid(f"{len(type_.args)} elements are wanted", value)
    parts = zip(value.items, type_.args, strict=True)
    return Sequence("tuple", tuple(check(item, inner, at) for item, inner in parts), value.origin)


def _dict(value: Abstract, type_: Type, at: At) -> Abstract:
    if at.major == OLD and type_.kind == "mapping" and isinstance(value, Known | Sequence):
        return at.doubt("something that becomes a dict", value)
    if at.major == OLD and isinstance(value, Sequence):
        empty = value.items is not None and not value.items
        return Mapping(origin=value.origin) if empty else at.doubt("pairs that become a dict", value)
    if at.major == OLD and is_empty_text(value):
        return Mapping(origin=origin_of(value))
    if isinstance(value, Known | Sequence):
        raise at.invalid("Input should be a valid dictionary", value)
    if not isinstance(value, Mapping):
        return at.doubt("a dict that is not known", value)
    made = Mapping(origin=value.origin, more=dict(value.more))
    for key, held in value.cells.items():
        name = check(Known(key), type_.args[0], at)
        if not isinstance(name, Known):
            return at.doubt("a dict with keys that are not followed", value)
        found = check(held, type_.args[1], at)
        made.cells[name.value] = join(found, ABSENT) if any(one is ABSENT for one in each(held)) else found
    return made


def is_empty_text(value: Abstract) -> bool:
    """Return whether a value is an empty text, of which pydantic 1.10 makes an empty dict (`dict("")`)."""
    return isinstance(value, Known) and isinstance(value.value, str | bytes) and not value.value


def _model(value: Abstract, type_: Type, at: At) -> Abstract:
    from batten.understand.libraries.pydantic_fill import nested  # noqa: PLC0415 - models check their fields

    assert isinstance(type_.of, Class)  # noqa: S101 - that is its kind
    return nested(value, type_.of, at)


def _union(value: Abstract, type_: Type, at: At) -> Abstract:
    from batten.understand.libraries.pydantic_unions import chosen  # noqa: PLC0415 - unions check their members

    return chosen(value, type_, at)


def _annotated(value: Abstract, type_: Type, at: At) -> Abstract:
    from batten.understand.libraries.pydantic_said import said  # noqa: PLC0415 - what is said checks what is inside

    return said(value, type_, at)


_CHECKS: dict[str, Callable[[Abstract, Type, At], Abstract]] = {
    **dict.fromkeys(("bool", "int", "float", "str", "bytes"), _scalar),
    **dict.fromkeys(("list", "set", "frozenset", "tuple...", "sequence"), _sequence),
    **dict.fromkeys(("dict", "mapping"), _dict),
    **dict.fromkeys(("unknown", "pending"), _unfollowed),
    **dict.fromkeys(("opaque", "foreign", "kept", "dataclass", "instance"), _kept),
    "any": _any,
    "none": _none,
    "literal": _literal,
    "enum": _enum,
    "secret": _secret,
    "url": _url,
    "path": _path,
    "json": _json,
    "email": _email,
    "strict": _strict,
    "tuple": _tuple,
    "model": _model,
    "union": _union,
    "annotated": _annotated,
}
