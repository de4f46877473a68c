"""Items of values, and what may or may not be there."""

from __future__ import annotations

from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import beginnings, containers, enumerations, environ, frozen, generics, library
from batten.understand.evaluate.expressions import Expressions
from batten.understand.evaluate.machine import LOOKUP_ERRORS, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    MOST_CHOICES,
    Abstract,
    Bound,
    Class,
    Environ,
    Instance,
    Known,
    Library,
    Mapping,
    Object,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.open_ended import OpenEnded
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined
from batten.understand.evaluate.reasons import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call


_TESTS = frozenset({"pytest", "_pytest", "nose"})
"""Libraries that no server which is started for production imports."""


class Lookups(Expressions):
    """The part of the evaluator that reads items."""

    def of_text(self, text: Unknown, name: str, call: Call) -> Abstract:
        """Return the result of a method of a text that is not known."""
        told = beginnings.method(text, name, call)
        if told is not None:
            return told
        if name in {"encode", "index", "rindex", "join", "format", "format_map"}:
            self.may_throw(VALUE_ERRORS)
        of = (
            "bool"
            if name.startswith(("is", "ends", "starts"))
            else "int"
            if "find" in name or name == "count"
            else "str"
        )
        if name in {"encode", "index", "rindex", "partition", "rpartition", "rsplit", "split", "splitlines"}:
            of = ""
        return self.unknown_of(call.place, text, *call.args, of=of)

    def may_hold(self, container: Mapping, key: Any) -> bool:
        """Return whether a dict may hold a key that is not among its known ones."""
        if isinstance(container, Environ):
            return key in environ.SYSTEM or "rest" in container.more
        return container.open and not (container.of == "sys.modules" and key in _TESTS)

    def _over(self, value: OneOf, read: Callable[[Abstract], Abstract], place: Place) -> Abstract:
        """Return what each alternative gives; one of them is taken, and what it writes is joined with the others'."""
        ways = [partial(read, choice) for choice in value.choices if choice is not ABSENT]
        return self.either_way(ways) if ways else Unknown("no alternative has a value", Origin(place))

    def _hook(self, instance: Instance, name: str) -> Abstract | None:
        if isinstance(instance.of, Class):
            for base in instance.of.order:
                if isinstance(base, Class) and name in base.cells:
                    return Bound(base.cells[name], instance)
        return None

    def call_with(self, function: Abstract, args: list[Abstract], place: Place) -> Abstract:
        """Call a value with plain positional arguments."""
        raise NotImplementedError

    def get_item(self, value: Abstract, key: Abstract, place: Place) -> Abstract:
        """Return `value[key]`.

        Raises:
            ThrownError: there is no such item, for certain.
        """
        if isinstance(value, OneOf):
            return self._over(value, lambda choice: self.get_item(choice, key, place), place)
        if isinstance(key, OneOf):
            return self._over(key, lambda choice: self.get_item(value, choice, place), place)
        if isinstance(value, Ref):
            return self.tainted(self.get_item(value.target, key, place), value.origin)
        origin = origin_of(key)
        if isinstance(value, Mapping):
            key = self._as_key(key)
            return self.tainted(self._entry(value, key, place), origin)
        if isinstance(value, Sequence):
            return self.tainted(self._element(value, key, place), origin)
        if isinstance(value, Instance):
            hook = self._hook(value, "__getitem__")
            if hook is not None:
                return self.call_with(hook, [key], place)
            full = library.method(value.library, "__getitem__")
            if full:
                return self.call_with(Bound(Library(full), value), [key], place)
            return Unknown(f"an item of {value.of.name}", Origin(place))
        if isinstance(value, Known):
            return self.compute(place, lambda text, index: text[index], value, key)
        if isinstance(value, Class) and enumerations.is_enumeration(value):
            return self.get_item(enumerations.by_name(value), key, place)
        found = generics.subscripted(value, key, place)
        if found is not None:
            return found
        self.may_throw(LOOKUP_ERRORS)
        return self.unknown_of(place, value, key)

    @staticmethod
    def _as_key(key: Abstract) -> Abstract:
        """Return a key as a constant: a member of an enumeration is one too."""
        held = frozen.constant(plain_object(key))
        return key if held is None or isinstance(key, Known) else Known(held[0], origin_of(key))

    def _entry(self, value: Mapping, key: Abstract, place: Place) -> Abstract:
        if isinstance(value, Environ) and isinstance(key, Known):
            return self._variable(value, str(key.value), place)
        if not isinstance(key, Known):
            self.may_throw(LOOKUP_ERRORS)
            if "factory" in value.more:
                self.havoc(value)
                return Unknown("an entry of a dict that makes its entries", Origin(place))
            return self._any_entry(value, key, place)
        key = Known(containers.spelled(value, key.value), key.origin)
        held = value.cells.get(key.value, ABSENT)
        if held is ABSENT and "factory" in value.more and not value.open:
            held = self.call_with(value.more["factory"], [], place)
            value.origin = value.origin.also(Origin(None, (), key.origin.unset))
            self.put(value.cells, key.value, held)
        if held is ABSENT or (isinstance(held, OneOf) and ABSENT in held.choices):
            self.may_throw(LOOKUP_ERRORS)
            if held is not ABSENT and not value.open:
                return bound_only(held)
            if value.open:
                result: Abstract = Unknown(f"{key.value!r} may be set in a way that is not known", Origin(place))
                for choice in each(held):
                    result = result if choice is ABSENT else join(choice, result)
                return result
            error = ThrownError(("KeyError", "LookupError", "Exception"), repr(key.value), place)
            raise error.because(self.lacking(value.cells, key.value), key.origin, value.origin)
        return held

    def _any_entry(self, value: Mapping, key: Abstract, place: Place, *others: Abstract) -> Abstract:
        """Return an entry that is chosen by a key which is not known, or one of `others`."""
        reason = self.unknown_of(place, key)
        unknown = Unknown(f"an entry chosen by something that is not known: {reason.why}", reason.origin)
        if value.open or isinstance(value, Environ) or not value.cells:
            self.parts_lost(value)
            return reason if not value.cells else unknown
        found = reduce(join, (*value.cells.values(), *others))
        if isinstance(found, Unknown):
            self.parts_lost(value)
            return unknown
        found = bound_only(found)
        return self.tainted(found, Origin(None, reason.origin.hops, reason.origin.unset))

    def _variable(self, value: Environ, name: str, place: Place) -> Abstract:
        held = value.held(name)
        missing = any(choice is ABSENT for choice in each(held))
        if not missing or not self.catches("KeyError", "LookupError"):
            return environ.read(self, value.cells, name, None, place)
        self.may_throw(LOOKUP_ERRORS)
        if held is ABSENT and name in environ.SYSTEM:
            return environ.read(self, value.cells, name, None, place)
        if held is ABSENT:
            error = ThrownError(("KeyError", "LookupError", "Exception"), repr(name), place)
            error.unset = Origin(None, ((place, f"{name} is not set", None),), frozenset({name}))
            raise error
        return environ.found(bound_only(held), name, place)

    def catches(self, *kinds: str) -> bool:
        """Return whether an exception of these kinds would be caught by the evaluated program."""
        return any(not caught.isdisjoint((*kinds, "Exception", "BaseException")) for caught in self.catching)

    def membership(self, container: Object, item: Abstract) -> Origin:
        """Return what the answer of `item in container` depends on beside the two values."""
        if isinstance(container, Environ) and isinstance(item, Known):
            held = container.cells.get(item.value, ABSENT)
            return Origin(None, (), frozenset({str(item.value)})) if held is ABSENT else origin_of(held)
        if isinstance(container, Mapping) and isinstance(item, Known) and item.value not in container.cells:
            return Origin(None, (), container.origin.unset).also(self.lacking(container.cells, item.value))
        return NOWHERE

    def _element(self, value: Sequence, key: Abstract, place: Place) -> Abstract:
        key = self.as_constant(key)
        content = value.cells["items"]
        if isinstance(content, Unknown) and content.prefix and isinstance(key, Known) and key.value == 0:
            return Known(content.prefix, content.origin)  # the first part of a text that was split
        if value.items is None or not isinstance(key, Known):
            self.may_throw(LOOKUP_ERRORS)
            if value.items and len(value.items) <= MOST_CHOICES:
                return reduce(join, value.items)
            self.parts_lost(value)
            return self.unknown_of(place, value.cells["items"], key)
        if value.of not in {"list", "tuple", "range"}:
            raise ThrownError(("TypeError", "Exception"), f"{value.of!r} object is not subscriptable", place)
        try:
            found: Abstract = value.items[key.value]
        except (IndexError, TypeError) as error:
            if isinstance(value, OpenEnded) and isinstance(error, IndexError):
                self.may_throw(LOOKUP_ERRORS)
                return Unknown(value.why, Origin(place))
            kinds = tuple(cls.__name__ for cls in type(error).__mro__[:-1])
            raise ThrownError(kinds, str(error), place).because(key.origin, value.origin) from None
        return found

    def looked_up(self, mapping: Mapping, key: Abstract, default: Abstract, place: Place) -> Abstract:
        """Return `mapping.get(key, default)`."""
        if isinstance(key, OneOf):
            return self._over(key, lambda choice: self.looked_up(mapping, choice, default, place), place)
        key = self._as_key(key)
        if not isinstance(key, Known):
            return default if not mapping.cells and not mapping.open else self._any_entry(mapping, key, place, default)
        if isinstance(mapping, Environ):
            return environ.read(self, mapping.cells, str(key.value), default, place)
        key = Known(containers.spelled(mapping, key.value), key.origin)
        held = mapping.cells.get(key.value, ABSENT)
        absent = Origin(None, (), mapping.origin.unset).also(self.lacking(mapping.cells, key.value))
        because = combined(None, origin_of(key), NOWHERE if key.value in mapping.cells else absent)
        if held is ABSENT and not mapping.open:
            return self.chosen(default, because, place)
        result: Abstract | None = (
            Unknown(f"{key.value!r} may be set in a way that is not known") if mapping.open and held is ABSENT else None
        )
        for choice in each(held):
            one = default if choice is ABSENT else choice
            result = one if result is None else join(one, result)
        return self.tainted(result or default, because)


def bound_only(held: Abstract) -> Abstract:
    """Return a value without the possibility that there is none."""
    kept = tuple(choice for choice in each(held) if choice is not ABSENT)
    return kept[0] if len(kept) == 1 else OneOf(kept)
