"""Comparisons: equal, identical, contained."""

from __future__ import annotations

import ast
from functools import partial, reduce
from typing import Any

from batten.understand.evaluate import beginnings, constants, frozen, library
from batten.understand.evaluate.containers import spelled
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Object,
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import Operators
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined
from batten.understand.evaluate.reasons import origin_of, rests_on


class Comparisons(Operators):
    """The part of the evaluator that compares values."""

    def _both(self, first: Abstract, second: Abstract, place: Place) -> Abstract:
        truths = (self.truth(first), self.truth(second))
        if False in truths:
            return Known(value=False, origin=combined(place, origin_of(first), origin_of(second)))
        if None in truths:
            return self.unknown_of(place, first, second, of="bool")
        return second

    def compare(self, kind: type[ast.cmpop], left: Abstract, right: Abstract, place: Place) -> Abstract:
        """Return `left <op> right`."""
        if isinstance(left, OneOf) or isinstance(right, OneOf):
            pairs = [(a, b) for a in each(left) for b in each(right) if a is not ABSENT and b is not ABSENT]
            if not pairs:
                return Unknown("nothing to compare", Origin(place))
            return self.either_way([partial(self.compare, kind, a, b, place) for a, b in pairs])
        if kind not in (ast.Is, ast.IsNot):
            left, right = self.as_constant(left), self.as_constant(right)
        origin = combined(place, rests_on(left), rests_on(right))
        container = plain_object(right)
        if kind in (ast.In, ast.NotIn) and isinstance(container, Object):
            inside = self._inside_object(container, left, place)
            if isinstance(inside, Abstract):
                return inside if kind is ast.In else self.negated(inside, place)
            if inside is None:
                return self.unknown_of(place, left, right, of="bool")
            return Known(inside is (kind is ast.In), origin.also(self.membership(container, left)))
        if kind in (ast.Is, ast.IsNot, ast.Eq, ast.NotEq):
            of = kind in (ast.Is, ast.IsNot)
            same = self.identical(left, right) if of else self._equal(plain_object(left), plain_object(right))
            if same is not None:
                return Known(same is (kind in (ast.Is, ast.Eq)), origin)
            if of:
                return self.unknown_of(place, left, right, of="bool")
        told = beginnings.equal(kind, left, right)
        if told is not None:
            return Known(told, origin)
        first, second = self.plain(left), self.plain(right)
        if first is None or second is None:
            return self.unknown_of(place, left, right, of="bool")
        try:
            return Known(bool(constants.run(constants.COMPARE[kind], first[0], second[0])), origin)
        except constants.RefusedError as error:
            raise ThrownError(error.kinds, str(error), place).because(rests_on(left), rests_on(right)) from None

    def identical(self, left: Abstract, right: Abstract) -> bool | None:
        """Return whether two values are the same object, None when it could be either."""
        first, second = plain_object(left), plain_object(right)
        if isinstance(first, Known) and isinstance(second, Known):
            if type(first.value) is not type(second.value) or first.value != second.value:
                return False
            return True if first.value is None or isinstance(first.value, bool) or _is_small(first.value) else None
        for one, two in ((first, second), (second, first)):
            if isinstance(one, Unknown):
                alone = isinstance(two, Known) and two.value is None
                return False if alone and (one.truth or one.of in {"str", "bool", "int"}) else None
            if isinstance(one, Known):
                return None if isinstance(two, Library) and not library.is_object(two.name) else False
        if first is second:
            return True
        if _are_members(first, second):
            return False
        if isinstance(first, Library) and isinstance(second, Library):
            return True if first.name == second.name else None
        if isinstance(first, Sequence) and isinstance(second, Sequence):
            return None if first.of == second.of and first.of in {"tuple", "frozenset"} else False
        if isinstance(first, Object) and isinstance(second, Object):
            made_elsewhere = any(isinstance(one, Instance) and one.library for one in (first, second))
            return None if made_elsewhere or isinstance(first, Library) or isinstance(second, Library) else False
        return None

    def _equal(self, first: Abstract, second: Abstract) -> bool | None:
        """Return whether two values are equal by being the same or not, None when their content decides."""
        if frozen.is_frozen(first) or frozen.is_frozen(second):
            return None
        if isinstance(first, Instance) or isinstance(second, Instance):
            for one, two in ((first, second), (second, first)):
                if isinstance(one, Instance) and not self.compares_by_identity(one):
                    return None if one is not two or self.hooked(one, "__eq__") else True
        simple = Class | Function | Module | Instance
        nothing = any(isinstance(one, Known) and one.value is None for one in (first, second))
        if isinstance(first, simple) or isinstance(second, simple) or nothing:
            return self.identical(first, second)
        return None

    def compares_by_identity(self, value: Instance) -> bool:
        """Return whether an object equals nothing but itself."""
        raise NotImplementedError

    def hooked(self, value: Instance, name: str) -> bool:
        """Return whether a class of the project defines a special method of the object."""
        raise NotImplementedError

    def _inside_object(self, container: Object, item: Abstract, place: Place) -> Abstract | bool | None:
        """Return the answer of an object's own `__contains__`, else what `contains` tells."""
        if not isinstance(container, Instance):
            return self.contains(container, item)
        if frozen.is_frozen(container):
            return self.compute(place, lambda inside, one: one in inside, container, item, of="bool")
        return self.special(container, "__contains__", [item], place)

    def negated(self, value: Abstract, place: Place) -> Abstract:
        """Return `not value`."""
        if isinstance(value, OneOf):
            kept = [self.negated(choice, place) for choice in value.choices if choice is not ABSENT]
            return reduce(join, kept) if kept else Unknown("no value", Origin(place))
        truth = self.truth(value)
        if truth is None:
            return self.unknown_of(place, value, of="bool")
        return Known(not truth, combined(place, origin_of(value)))

    def special(self, value: Abstract, name: str, args: list[Abstract], place: Place) -> Abstract | None:
        """Return the result of a special method, None when the object has none that is known."""
        raise NotImplementedError

    def _is_same(self, element: Abstract, item: Abstract) -> bool | None:
        """Return whether an element of a list is what is looked for, None when it could be."""
        one, two = frozen.constant(plain_object(element)), frozen.constant(plain_object(item))
        if one is not None and two is not None:
            return bool(one[0] == two[0])
        if isinstance(element, OneOf | Unknown) or isinstance(item, OneOf | Unknown):
            return beginnings.equal(ast.Eq, element, item)
        return self._equal(plain_object(element), plain_object(item))

    def as_constant(self, value: Abstract) -> Abstract:
        """Return a member of an enumeration of texts or numbers as the constant that it is, too."""
        member = plain_object(value)
        if not isinstance(member, Instance) or not is_member(member) or not isinstance(member.of, Class):
            return value
        names = {getattr(base, "name", "") for base in member.of.order if not isinstance(base, Class)}
        held = member.cells.get("value")
        kind = next((kind for kind, mixins in _MIXINS.items() if not names.isdisjoint(mixins)), None)
        if kind is None or not isinstance(held, Known) or type(held.value) is not kind or self.hooked(member, "__eq__"):
            return value
        return Known(held.value, held.origin.also(origin_of(value)))

    def membership(self, container: Object, item: Abstract) -> Origin:
        """Return what the answer of `item in container` depends on beside the two values."""
        del container, item
        return NOWHERE

    def may_hold(self, container: Mapping, key: Any) -> bool:
        """Return whether a dict may hold a key that is not among its known ones."""
        del key
        return container.open

    def contains(self, container: Object, item: Abstract) -> bool | None:
        """Return whether `item in container`, None when it could be either."""
        if isinstance(container, Sequence):
            self.begun(container, lambda element: self._is_same(self.as_constant(element), item) is True)
            items = container.items
            if container.of == "iterator":
                self.havoc(container)
            if items is None:
                return None
            answers = {self._is_same(self.as_constant(element), item) for element in items}
            return True if True in answers else None if None in answers else False
        wanted = frozen.constant(plain_object(item))
        if isinstance(container, Mapping) and wanted is not None:
            held = container.cells.get(spelled(container, wanted[0]), ABSENT)
            if held is ABSENT:
                return None if self.may_hold(container, wanted[0]) else False
            return None if any(c is ABSENT for c in each(held)) else True
        return None


_MIXINS: dict[type, frozenset[str]] = {
    str: frozenset({"str", "enum.StrEnum"}),
    int: frozenset({"int", "enum.IntEnum"}),
    float: frozenset({"float"}),
}


def is_member(value: Instance) -> bool:
    """Return whether an object is a member of an enumeration of the project."""
    return isinstance(value.of, Class) and bool(value.of.facts.get("enum")) and "name" in value.cells


def _are_members(first: Abstract, second: Abstract) -> bool:
    """Return whether two different objects are members of enumerations, and surely not the same one."""
    if not (isinstance(first, Instance) and isinstance(second, Instance) and is_member(first) and is_member(second)):
        return False
    return first.of is not second.of or all(isinstance(one.cells["name"], Known) for one in (first, second))


def _is_small(value: object) -> bool:
    """Return whether CPython keeps one object for an integer."""
    return isinstance(value, int) and -5 <= value <= 256  # noqa: PLR2004 - CPython's own limits
