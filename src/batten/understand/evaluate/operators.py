"""Operations on values: truth, arithmetic, comparison, containment, plain data."""

from __future__ import annotations

import ast
from collections import OrderedDict
from math import prod
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import beginnings, constants, environ, frozen, generics, library
from batten.understand.evaluate.effects import Effects
from batten.understand.evaluate.machine import LOOKUP_ERRORS, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
    Enough,
    Environ,
    Function,
    Instance,
    Items,
    Known,
    Lazy,
    Library,
    Mapping,
    Module,
    Object,
    OneOf,
    Sequence,
    Unknown,
    distinct,
    each,
    join,
    known,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place, combined
from batten.understand.evaluate.reasons import origin_of, rests_on

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_ELEMENTS = 5_000
MOST_PARTS = 20_000
"""Most parts of nested data that are turned into plain data."""
MOST_WAYS = 256
"""Combinations of what operands may be that are computed."""
DEEPEST_DATA = 20
TYPE_ERROR = ("TypeError", "Exception", "BaseException")
_KINDS: dict[str, Callable[[list[Any]], Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
_TRUE_OBJECTS = (Function, Class, Module, Library, Bound, Builtin)


def told(labels: frozenset[str]) -> frozenset[str]:
    """Return what text made from a value holds: made from an error, the error's own text."""
    return labels - {"error"} | {"exception"} if "error" in labels else labels


class _NotPlainError(Exception):
    """Some part is not known, or there are too many parts."""


class Operators(Effects):
    """The part of the evaluator that computes with values."""

    def truth(self, value: Abstract) -> bool | None:
        """Return the truth value, None when it could be either."""
        if isinstance(value, Known):
            return bool(value.value)
        if isinstance(value, Unknown):
            return value.truth
        if isinstance(value, OneOf):
            truths = {self.truth(choice) for choice in value.choices if choice is not ABSENT}
            return truths.pop() if len(truths) == 1 else None
        value = plain_object(value)
        if isinstance(value, Sequence):
            return True if value.of == "iterator" else None if value.items is None else bool(value.items)
        if isinstance(value, Mapping):
            certain = any(not any(c is ABSENT for c in each(v)) for v in value.cells.values())
            return True if certain else (None if value.open or value.cells else False)
        if isinstance(value, Instance):
            return self.instance_truth(value)
        if isinstance(value, Library):
            return True if library.is_object(value.name) else None
        return True if isinstance(value, _TRUE_OBJECTS) else None

    def instance_truth(self, value: Instance) -> bool | None:
        """Return the truth value of an object, None when it could be either."""
        raise NotImplementedError

    def iterate(self, value: Abstract, *, ordered: bool = True) -> list[Abstract] | None:
        """Return the elements a loop would see, None when they are not known.

        The order of a set is not known; where order does not matter, ask for `ordered=False`.
        """
        self.started(plain_object(value))
        origin = origin_of(value)
        value = plain_object(value)
        if isinstance(value, Sequence | Mapping) and value.origin.unset:
            origin = combined(None, origin, Origin(None, value.origin.hops, value.origin.unset))
        if isinstance(value, Sequence) and value.items is not None:
            items = value.items
            if value.of == "iterator":
                self.put(value.cells, "items", Unknown("what is left of an iterator"))
            if value.of in ("set", "frozenset"):
                items = distinct(items)
                if ordered and len(items) > 1:
                    self.parts_lost(value)
                    return None
            return [self.tainted(item, origin) for item in items]
        if isinstance(value, Environ):
            found = environ.entries(value)
            return self.elements(value) if found is None else [name for name, _ in found]
        if isinstance(value, Mapping) and not value.open:
            if any(c is ABSENT for v in value.cells.values() for c in each(v)):
                return None
            return [self.lift(key, origin) for key in value.cells]
        if isinstance(value, Known) and isinstance(value.value, str | bytes):
            return (
                [Known(part, origin) for part in value.value[:MOST_ELEMENTS]]
                if len(value.value) <= MOST_ELEMENTS
                else None
            )
        if isinstance(value, Known) and not isinstance(value.value, str | bytes):
            raise ThrownError(("TypeError", "Exception"), "not iterable", None)
        return self.elements(value)

    def started(self, value: Abstract, enough: Enough | None = None) -> None:
        """Make the elements of a generator, which is asked for them now, up to the one that is `enough`."""
        if not isinstance(value, Lazy):
            return
        begun = value.cells["made"]
        if known(begun, bool) and begun.value:  # type: ignore[attr-defined]
            return
        self.put(value.cells, "made", Known(value=True))
        if known(begun):
            made = value.make(enough)
            value.origin = value.origin.also(made.origin)
            self.put(value.cells, "items", made.cells["items"])
        else:
            self.put(value.cells, "items", Unknown("a generator that was perhaps begun before"))

    def begun(self, value: Abstract, enough: Enough | None = None) -> None:
        """Make the elements of a generator of which perhaps not all are wanted: what it raises may come too late."""
        if isinstance(value, Lazy) and value.in_parts is not None:
            value.in_parts()
            self.put(value.cells, "made", Known(value=True))
            self.put(value.cells, "items", Unknown("a generator that runs in parts is not followed"))
            return
        try:
            self.started(value, enough)
        except ThrownError as error:
            self.may_throw(frozenset(error.kinds))
            if isinstance(value, Lazy):
                self.put(value.cells, "items", Unknown(error.message))

    def entries_of(self, value: Abstract) -> list[Abstract] | None:
        """Return the pairs of anything that is no dict and no sequence; None when they are not known."""
        del value
        return None

    def elements(self, value: Abstract) -> list[Abstract] | None:
        """Return the elements of anything that is no constant, list or dict; None when they are not known."""
        self.may_throw(VALUE_ERRORS)
        self.parts_lost(value)
        return None

    def compute(self, place: Place, function: Callable[..., Any], *operands: Abstract, of: str = "") -> Abstract:
        """Return `function` of constants, over all alternatives; unknown when an operand is.

        Raises:
            ThrownError: Python raises on these constants, for certain.
        """
        several = [len(operand.choices) for operand in operands if isinstance(operand, OneOf)]
        if prod(several) > MOST_WAYS:
            self.may_throw(LOOKUP_ERRORS)
            return self.unknown_of(place, *operands, Unknown(f"one of more than {MOST_WAYS} values"), of=of)
        if several:
            return self._spread(place, function, operands, of)
        held = [frozen.constant(operand) for operand in operands]
        if None in held:
            self.may_throw(LOOKUP_ERRORS)
            return self.unknown_of(place, *operands, of=of)
        try:
            result = constants.run(function, *(one[0] for one in held if one is not None))
        except constants.RefusedError as error:
            raise ThrownError(error.kinds, str(error), place).because(*map(origin_of, operands)) from None
        except constants.TooLargeError:
            self.doubt("a configuration value", "it grows past 64 KiB; it was not followed", place)
            return Unknown("longer than 64 KiB", Origin(place))
        return self.lift(result, combined(place, *(origin_of(operand) for operand in operands)))

    def _spread(self, place: Place, function: Callable[..., Any], operands: tuple[Abstract, ...], of: str) -> Abstract:
        index = next(i for i, operand in enumerate(operands) if isinstance(operand, OneOf))
        result: Abstract | None = None
        thrown: ThrownError | None = None
        for choice in each(operands[index]):
            if choice is ABSENT:
                continue
            self.step()
            try:
                one = self.compute(place, function, *operands[:index], choice, *operands[index + 1 :], of=of)
            except ThrownError as error:
                self.may_throw(frozenset(error.kinds))
                thrown = error
                continue
            result = one if result is None else join(result, one)
        if result is None:
            raise thrown or ThrownError(("TypeError", "Exception"), "no alternative fits", place)
        return result

    def lift(self, result: Any, origin: Origin) -> Abstract:
        """Return plain Python data as a value."""
        special = frozen.lifted(result, origin)
        if special is not None:
            return special
        if isinstance(result, constants.PLAIN):
            return Known(result, origin)
        kind = type(result).__name__
        if kind in _KINDS:
            return Sequence(kind, tuple(self.lift(item, origin) for item in result), origin)
        if isinstance(result, dict):
            return Mapping({key: self.lift(item, origin) for key, item in result.items()}, origin)
        return Unknown(f"a {type(result).__name__}", origin)

    def unknown_of(self, place: Place, *operands: Abstract, of: str = "") -> Unknown:
        """Return an unknown that says which operand was not known, and keeps what it holds."""
        labels: frozenset[str] = frozenset()
        reason: Unknown | None = None
        for operand in operands:
            for choice in each(operand):
                if isinstance(choice, Object):
                    self.parts_lost(choice)
                if isinstance(choice, Unknown):
                    labels |= told(choice.labels)
                    if reason is None or (reason.kind == "unknown" and choice.kind != "unknown"):
                        reason = choice
        origin = combined(place, *(origin_of(operand) for operand in operands))
        if reason is None:
            return Unknown("it is computed from something that is not a constant", origin, of=of, labels=labels)
        return Unknown(reason.why, origin, kind=reason.kind, of=of, labels=labels)

    def binary(self, kind: type[ast.operator], left: Abstract, right: Abstract, place: Place) -> Abstract:
        """Return `left <op> right`."""
        special = self.library_operator(kind, left, right, place)
        if special is not None:
            return special
        first, second = plain_object(left), plain_object(right)
        union = generics.either(first, second, place) if kind is ast.BitOr else None
        if union is not None:
            return union
        if isinstance(first, Sequence) and isinstance(second, Sequence) and kind is ast.Add:
            if first.of != second.of or first.of not in ("list", "tuple"):
                raise ThrownError(TYPE_ERROR, f"can only concatenate {first.of} to {first.of}", place)
            if first.items is None or second.items is None:
                return Sequence(first.of, Unknown("part of it is not known"), Origin(place))
            if len(first.items) + len(second.items) > MOST_ELEMENTS:
                self.doubt("a configuration value", "a list grows past 5,000 elements; it was not followed", place)
                return Sequence(first.of, Unknown("too long"), Origin(place))
            return Sequence(first.of, first.items + second.items, Origin(place))
        if isinstance(first, Mapping) and isinstance(second, Mapping) and kind is ast.BitOr:
            return self.merged(self.merged(Mapping(origin=Origin(place)), first), second)
        if (
            isinstance(first, Sequence)
            and isinstance(second, Known)
            and kind is ast.Mult
            and first.of in ("list", "tuple")
        ):
            count = second.value if isinstance(second.value, int) else 0
            if first.items is None or len(first.items) * count > MOST_ELEMENTS:
                self.parts_lost(first)
                return Sequence(first.of, Unknown("too long"), Origin(place))
            return Sequence(first.of, first.items * max(count, 0), Origin(place))
        if isinstance(first, Sequence) and isinstance(second, Sequence) and first.of in ("set", "frozenset"):
            return self._set_operation(kind, first, second, place)
        if kind is ast.Mod and isinstance(first, Known) and isinstance(second, Sequence | Mapping):
            plain = self.plain(second)
            if plain is None:
                return self.unknown_of(place, *self._parts(second), of="str")
            text = self.compute(place, lambda text: constants.binary(ast.Mod, text, plain[0]), first, of="str")
            return self.tainted(text, Origin(None, (), rests_on(second).unset))
        result = self.compute(place, lambda a, b: constants.binary(kind, a, b), left, right)
        return beginnings.added(result, left, right) if kind is ast.Add else result

    def library_operator(
        self, kind: type[ast.operator], left: Abstract, right: Abstract, place: Place
    ) -> Abstract | None:
        """Return the result of an operator that a library class defines, None when there is none."""
        raise NotImplementedError

    def _set_operation(self, kind: type[ast.operator], first: Sequence, second: Sequence, place: Place) -> Abstract:
        one, two = self.plain(first), self.plain(second)
        if one is None or two is None:
            return Sequence(first.of, Unknown("part of it is not known"), Origin(place))
        operation = constants.BINARY.get(kind)
        if operation is None:
            return Unknown("not an operation on sets", Origin(place))
        return self.lift(
            operation(_KINDS[first.of](one[0]), set(two[0])),
            Origin(place).also(combined(None, rests_on(first), rests_on(second))),
        )

    @staticmethod
    def _parts(value: Abstract) -> tuple[Abstract, ...]:
        if isinstance(value, Sequence):
            return value.items or ()
        return tuple(value.cells.values()) if isinstance(value, Mapping) else (value,)

    def plain(self, value: Abstract) -> tuple[Any] | None:
        """Return `(plain Python data,)`; None when some part is not known, or it is too large."""
        try:
            return (self._data(value, [MOST_PARTS], 0),)
        except _NotPlainError:
            return None

    def _data(self, value: Abstract, left: list[int], depth: int) -> Any:
        value = plain_object(value)
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST_DATA:
            raise _NotPlainError
        if isinstance(value, Known):
            return value.value
        if isinstance(value, Sequence) and value.items is not None:
            if value.of not in _KINDS:
                raise _NotPlainError
            data = [self._data(item, left, depth + 1) for item in value.items]
            if value.of in {"set", "frozenset"} and not all(isinstance(part, constants.PLAIN) for part in data):
                raise _NotPlainError
            return _KINDS[value.of](data)
        if isinstance(value, Mapping) and not value.open and value.of != "defaultdict":
            made = {key: self._data(item, left, depth + 1) for key, item in value.cells.items()}
            return OrderedDict(made) if value.of == "OrderedDict" else made
        if frozen.is_frozen(value):
            return frozen.constant(value)[0]  # type: ignore[index]
        raise _NotPlainError

    def chosen(self, value: Abstract, because: Origin, place: Place) -> Abstract:
        """Return `value`, chosen at `place` because of what `because` tells."""
        if isinstance(value, Known) and (because.unset or because.hops or because.pinned):
            home = value.origin.home if value.origin.hops or value.origin.pinned else place
            origin = value.origin.also(because)
            if not because.hops and not because.unset:
                return value
            return Known(value.value, Origin(home, origin.hops, origin.unset, pinned=origin.pinned))
        return self.tainted(value, because)

    @staticmethod
    def items_of(sequence: Sequence) -> tuple[Abstract, ...]:
        """Return the elements, none when they are not known."""
        return content.items if isinstance(content := sequence.cells["items"], Items) else ()


__all__ = ["DEEPEST_DATA", "MOST_ELEMENTS", "MOST_PARTS", "TYPE_ERROR", "Operators", "origin_of", "rests_on", "told"]
