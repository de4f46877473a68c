"""What is said beside a type in `Annotated[...]`: limits, and functions that change or refuse a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.libraries import pydantic_plain as plain
from batten.understand.libraries.pydantic_check import At, InvalidError, check, converted
from batten.understand.libraries.pydantic_names import OLD
from batten.understand.libraries.pydantic_types import Type
from batten.understand.libraries.pydantic_urls import VALIDATION

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

_REFUSING = frozenset({"ValueError", "AssertionError", "PydanticCustomError", "PydanticKnownError"})
_NAMED_LIMITS = {
    "Gt": "gt", "Ge": "ge", "Lt": "lt", "Le": "le", "MultipleOf": "multiple_of", "MinLen": "min_length",
    "MaxLen": "max_length",
}  # fmt: skip
_CHANGES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("strip_whitespace", str.strip), ("to_upper", str.upper), ("to_lower", str.lower),
)  # fmt: skip
_DOUBTFUL = frozenset({"discriminator", "curtail_length", "union_mode"})
_FUNCTIONS = {
    "BeforeValidator": "before", "AfterValidator": "after", "PlainValidator": "plain", "WrapValidator": "wrap",
}  # fmt: skip


def said(value: Abstract, type_: Type, at: At) -> Abstract:
    """Return a value as an annotated type makes it.

    Raises:
        InvalidError: it is refused, for certain.
    """
    inner, part = type_.args[0], plain_object(type_.of or Known(None))
    call = part.facts.get("args") if isinstance(part, Instance) else None
    mode = _FUNCTIONS.get(type_.name)
    if mode is not None:
        function = call.get("func", 0) if isinstance(call, Call) else None
        return by_function(function or Unknown("no function"), mode, value, inner, at)
    if type_.name == "Strict":
        return check(value, Type("strict", (inner,)), at)
    if not isinstance(call, Call) or type_.name in {"NoDecode", "ForceDecode", "Discriminator"}:
        return check(value, inner, at)
    limits = _limits(type_.name, call)
    if call.open or not _DOUBTFUL.isdisjoint(limits):
        return at.doubt("its type has limits that are not followed", value)
    if at.machine.truth(limits.get("strict", Known(value=False))) is not False:
        inner = Type("strict", (inner,))
    return _limited(_changed(check(value, inner, at), limits, at), limits, at)


def _limits(name: str, call: Call) -> dict[str, Abstract]:
    if name in _NAMED_LIMITS and call.args:
        return {_NAMED_LIMITS[name]: call.args[0]}
    if name == "Len":
        names = ("min_length", "max_length")
        given = dict(zip(names, call.args, strict=False)) | call.kwargs
        return {one: held for one, held in given.items() if not _is_none(held)}
    return {one: held for one, held in call.kwargs.items() if not _is_none(held)}


def _is_none(value: Abstract) -> bool:
    return isinstance(value, Known) and value.value is None


def _changed(value: Abstract, limits: dict[str, Abstract], at: At) -> Abstract:
    for name, change in _CHANGES:
        if name in limits and at.machine.truth(limits[name]) is not False:
            if isinstance(value, Known) and isinstance(value.value, str):
                value = converted(value, lambda text, do=change: do(text), at)  # type: ignore[misc]
            elif not _is_none(value):
                value = at.doubt("text that is changed", value, "str")
    return value


def _limited(value: Abstract, limits: dict[str, Abstract], at: At) -> Abstract:
    """Return a value that keeps to some limits."""
    plain_value = at.machine.plain(_measured(value))
    for name, held in limits.items():
        if name not in plain.LIMITS or _is_none(value):
            continue
        limit = at.machine.plain(held)
        if plain_value is None or limit is None:
            at.machine.may_throw(frozenset(VALIDATION))
            continue
        try:
            if not plain.fits(name, limit[0], plain_value[0]):
                raise at.invalid(f"{name} is {limit[0]!r}", value)
        except plain.DoubtError:
            at.machine.may_throw(frozenset(VALIDATION))
    return value


def _measured(value: Abstract) -> Abstract:
    """Return what limits look at: of a secret its text, of a list any list of that length."""
    target = plain_object(value)
    if isinstance(target, Instance):
        return target.cells.get("hidden", target)
    if isinstance(target, Sequence) and target.items is not None and target.of in {"list", "tuple"}:
        return Sequence(target.of, tuple(Known(0) for _ in target.items))
    return Mapping({key: Known(0) for key in target.cells}, more=target.more) if isinstance(target, Mapping) else target


# Functions


def by_function(function: Abstract, mode: str, value: Abstract, inner: Type, at: At) -> Abstract:
    """Return a value checked against a type with a function around it, before it, after it or in its place.

    Raises:
        InvalidError: it is refused, for certain.
    """
    if mode == "plain":
        return called(function, [value], at)
    if mode == "before":
        return check(called(function, [value], at), inner, at)
    if mode == "after":
        return called(function, [check(value, inner, at)], at)
    handler = Builtin("handler", lambda _machine, call: check(call.args[0], inner, at))
    return called(function, [value, handler], at)


def called(function: Abstract, args: list[Abstract], at: At, receiver: Abstract | None = None) -> Abstract:
    """Return what a validator makes of a value; it is told about the field when it asks for that.

    Raises:
        InvalidError: it refuses the value.
    """
    target = plain_object(function)
    given = [receiver, *args] if receiver is not None else args
    inner = plain_object(target.function) if isinstance(target, Bound) else target
    if isinstance(inner, Function):
        taken = positional(inner) - isinstance(target, Bound)
        if taken > len(given):
            given = [*given, information(at)]
    return guarded(lambda: at.machine.call_with(function, given, at.place), at, args[0])


def positional(function: Function) -> int:
    """Return how many arguments a function needs by position (pydantic `count_positional_required_params`)."""
    arguments = function.node.args
    names = [*arguments.posonlyargs, *arguments.args]
    needed = len(names) - len(arguments.defaults)
    return max(needed, 1) if names else 0


def information(at: At) -> Instance:
    """Return pydantic's `ValidationInfo`."""
    info = Instance(Library("pydantic.ValidationInfo"), at.place)
    info.cells.update(
        {
            "data": at.data if at.data is not None else Mapping(),
            "field_name": Known(at.field.rpartition(".")[2]),
            "mode": Known("python"),
            "context": Known(None),
            "config": Mapping(dict(at.config)),
        }
    )
    return info


def guarded(action: Callable[[], Abstract], at: At, *values: Abstract) -> Abstract:
    """Return what a function of the project gives; where it refuses, pydantic does.

    Raises:
        InvalidError: it raises an error that stands for a refused value.
    """
    try:
        return action()
    except InvalidError:
        raise
    except ThrownError as error:
        refusing = _REFUSING | {"TypeError"} if at.major == OLD else _REFUSING
        if refusing.isdisjoint(error.kinds):
            raise
        refused = at.invalid(error.message, *values)
        refused.place = error.place or at.place
        refused.control = error.control
        refused.unset = refused.unset.also(error.unset)
        raise refused from None


def parameters(function: Function) -> tuple[list[str], bool]:
    """Return the names of a function's parameters, and whether it takes any keyword."""
    arguments: ast.arguments = function.node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return names, arguments.kwarg is not None
