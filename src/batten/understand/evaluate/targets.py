"""Assignments change names, attributes, items and what objects hold."""

from __future__ import annotations

import ast
from functools import reduce
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import environ, library, missed, remade
from batten.understand.evaluate.containers import gone
from batten.understand.evaluate.definitions import Definitions
from batten.understand.evaluate.machine import LOOKUP_ERRORS, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Class,
    Environ,
    Function,
    Instance,
    Items,
    Known,
    Library,
    Mapping,
    Module,
    OneOf,
    Ref,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import MOST_ELEMENTS, TYPE_ERROR
from batten.understand.evaluate.origin import Origin
from batten.understand.evaluate.reasons import rests_on

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame

_NONE = Known(None)
_NO_ATTRIBUTE = ("AttributeError", "Exception", "BaseException")
_NOT_BOUND = ("NameError", "Exception", "BaseException")
VALUE_ERROR = ("ValueError", "Exception", "BaseException")
IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "__iadd__",
    ast.BitOr: "__ior__",
    ast.BitAnd: "__iand__",
    ast.Sub: "__isub__",
    ast.Mult: "__imul__",
}


class Targets(Definitions):
    """The part of the evaluator that writes."""

    def _do_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        place, target = (frame.path, node), node.target
        if isinstance(target, ast.Name):
            old = self.eval(ast.copy_location(ast.Name(target.id, ast.Load()), target), frame)
            self.assign(target, self.augmented(type(node.op), old, self.eval(node.value, frame), place), frame)
            return
        owner = self.eval(target.value, frame)
        if isinstance(target, ast.Attribute):
            old = self.get_attribute(owner, frame.mangled(target.attr), place)
            made = self.augmented(type(node.op), old, self.eval(node.value, frame), place)
            self.set_attribute(owner, frame.mangled(target.attr), made, (frame.path, target))
            return
        key = self.eval(target.slice, frame)
        old = self.get_item(owner, key, place)
        made = self.augmented(type(node.op), old, self.eval(node.value, frame), place)
        self.store(owner, key, made, (frame.path, target))

    def augmented(self, kind: type[ast.operator], old: Abstract, value: Abstract, place: Any) -> Abstract:
        """Return the result of `old <op>= value`; what can be changed in place is."""
        if isinstance(old, OneOf):
            return self._over(old, lambda choice: self.augmented(kind, choice, value, place), place)
        target = plain_object(old)
        if isinstance(target, Instance):
            hook = self._hook(target, IN_PLACE.get(kind, ""))
            return self.call_with(hook, [value], place) if hook is not None else self.binary(kind, old, value, place)
        if isinstance(target, Mapping) and kind is ast.BitOr:
            self.update_mapping(target, value)
            return old
        if not isinstance(target, Sequence) or target.of not in {"list", "set"}:
            return self.binary(kind, old, value, place)
        content: Abstract = Unknown("part of it is not known")
        if target.of == "list" and kind is ast.Add:
            more = self.iterate(value)
            if target.items is not None and more is not None and len(target.items) + len(more) <= MOST_ELEMENTS:
                content = Items((*target.items, *more))
        else:
            made = self.binary(kind, target, value, place)
            content = made.cells["items"] if isinstance(made, Sequence) else content
        self.put(target.cells, "items", content)
        return old

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Write `value` to an assignment target."""
        if isinstance(target, ast.Name):
            name = frame.mangled(target.id) if frame.is_class else target.id
            self.put(frame.target(name), name, value)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.eval(target.value, frame), frame.mangled(target.attr), value, (frame.path, target))
        elif isinstance(target, ast.Subscript):
            owner = self.eval(target.value, frame)
            self.store(owner, self.eval(target.slice, frame), value, (frame.path, target))
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, frame)

    def _unpack(self, targets: list[ast.expr], value: Abstract, frame: Frame) -> None:
        items = self._halves(value)
        starred = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        if items is None:
            part = self.unknown_of((frame.path, targets[0]), value) if targets else Unknown("nothing")
            for target in targets:
                self.assign(target, part, frame)
            return
        if len(items) < len(targets) - (starred is not None) or (starred is None and len(items) != len(targets)):
            error = ThrownError(VALUE_ERROR, "not as many values as names", (frame.path, targets[0]))
            raise error.because(rests_on(value))
        if starred is None:
            for target, item in zip(targets, items, strict=True):
                self.assign(target, item, frame)
            return
        after = len(targets) - starred - 1
        for target, item in zip(targets[:starred], items[:starred], strict=False):
            self.assign(target, item, frame)
        middle = tuple(items[starred : len(items) - after])
        self.assign(targets[starred], Sequence("list", middle, rests_on(value)), frame)
        for target, item in zip(targets[starred + 1 :], items[len(items) - after :], strict=False):
            self.assign(target, item, frame)

    def _halves(self, value: Abstract) -> list[Abstract] | None:
        """Return the elements of a sequence, joined one by one where it is one of several of equal length."""
        if not isinstance(value, OneOf):
            return self.iterate(value)
        rows = [plain_object(choice) for choice in value.choices]
        parts = [row.items for row in rows if isinstance(row, Sequence) and row.of in {"list", "tuple"}]
        if len(parts) != len(rows) or any(part is None or len(part) != len(parts[0] or ()) for part in parts):
            self.may_throw(VALUE_ERRORS)
            return None
        return [reduce(join, column) for column in zip(*(part or () for part in parts), strict=True)]

    def set_attribute(self, owner: Abstract, name: str, value: Abstract, place: Any) -> None:
        """Write `owner.name = value`."""
        if isinstance(owner, OneOf):

            def write(choice: Abstract) -> Abstract:
                self.set_attribute(choice, name, value, place)
                return _NONE

            self._over(owner, write, place)
            return
        if isinstance(owner, Ref) and owner.origin.unset:
            for other in owner.others:
                missed.might_set(self, other, name, Origin(None, owner.origin.hops, owner.origin.unset))
            with self.under(owner.origin):
                self.set_attribute(owner.target, name, value, place)
            return
        target = plain_object(owner)
        if isinstance(target, Instance | Library):
            of = target.library if isinstance(target, Instance) else target.name
            model = next(
                (
                    library.SETTERS[f"{base}.{name}"]
                    for base in (of, *library.BASES.get(of, ()))
                    if f"{base}.{name}" in library.SETTERS
                ),
                None,
            )
            if model is not None:
                model(self, target, value, place)  # type: ignore[arg-type]
                return
        if isinstance(target, Mapping):
            self.attribute_on_mapping(target, name, value, place)
        elif name in remade.PARTS:
            remade.remake(self, target, name, value)
        elif isinstance(target, Library):
            self.put(self.patched, library.canonical(f"{target.name}.{name}"), value)
        elif isinstance(target, Instance) and self._set_property(target, name, value, place):
            return
        elif isinstance(target, Instance | Class | Module | Function):
            if isinstance(target, Instance):
                remade.fits_slots(self, target, name, place)
            self.put(target.cells, name, value)

    def _set_property(self, target: Instance, name: str, value: Abstract, place: Any) -> bool:
        """Set a property of a class of the project; return whether it is one."""
        hook = self._hook(target, "__setattr__")
        if hook is not None:
            self.put(target.cells, name, Unknown("its class has __setattr__, which is not followed"))
            return True
        bound = self._hook(target, name)
        held = bound.function if isinstance(bound, Bound) else None
        setter = self.setter_of(target, name)
        if setter is not None:
            self.call_with(setter, [target, value], place)
            return True
        if isinstance(held, Function) and held.kind == "property" and held.keeps:
            return False  # `cached_property` is an entry of the object's dict
        if not isinstance(held, Function) or held.kind != "property":
            full = library.method(target.library, "__setattr__")
            if full is None or full == "object.__setattr__":  # what every class does that says nothing else
                return False
            self.call_with(Bound(Library(full), target), [Known(name), value], place)
            return True
        setter = plain_object(held.cells["setter"]) if "setter" in held.cells else None
        if setter is None:
            raise ThrownError(("AttributeError", "Exception"), f"property {name!r} has no setter", place)
        self.call_with(Bound(setter, target), [value], place)
        return True

    def attribute_on_mapping(self, target: Mapping, name: str, value: Abstract, place: Any) -> None:
        """Note an attribute written on a dict-like object, which is no entry of it."""

    def store(self, owner: Abstract, key: Abstract, value: Abstract, place: Any) -> None:
        """Write `owner[key] = value`."""
        if isinstance(owner, OneOf):

            def write(choice: Abstract) -> Abstract:
                self.store(choice, key, value, place)
                return _NONE

            self._over(owner, write, place)
            return
        if isinstance(owner, Ref) and owner.origin.unset:
            for other in owner.others:
                missed.might_change(self, other, Origin(None, owner.origin.hops, owner.origin.unset))
            with self.under(owner.origin):
                self.store(owner.target, key, value, place)
            return
        held = plain_object(owner)
        if isinstance(held, Mapping):
            if isinstance(held, Environ) and held.of == "environ" and isinstance(key, Known):
                value = environ.set_here(value, str(key.value), place)
            self.set_item(held, key, _sent(value, place) if held.of == "headers" else value)
        elif isinstance(held, Sequence):
            self._store_element(held, key, value, place)
        elif isinstance(held, Instance):
            full = library.method(held.library, "__setitem__")
            hook = self._hook(held, "__setitem__")
            call = library.Call([key, value], {}, place, receiver=held)
            if hook is not None:
                self.call(hook, call)
            elif full:
                self.call_library(full, call)

    def _store_element(self, target: Sequence, key: Abstract, value: Abstract, place: Any) -> None:
        items = target.items
        if items is None or not isinstance(key, Known) or not isinstance(key.value, int):
            self.may_throw(LOOKUP_ERRORS)
            self.havoc(target)
            return
        kept = list(items)
        if target.of != "list" or not -len(kept) <= key.value < len(kept):
            kinds = ("IndexError", "LookupError", "Exception") if target.of == "list" else TYPE_ERROR
            raise ThrownError(kinds, "it cannot be assigned", place)
        kept[key.value] = value
        self.put(target.cells, "items", Items(tuple(kept)))

    def _do_Delete(self, node: ast.Delete, frame: Frame) -> None:
        for target in node.targets:
            self._delete(target, frame)

    def _delete(self, target: ast.expr, frame: Frame) -> None:
        if isinstance(target, ast.Name):
            held = frame.target(target.id).get(target.id, ABSENT)
            if held is ABSENT and not frame.open:
                raise ThrownError(_NOT_BOUND, f"name {target.id!r} is not defined", (frame.path, target))
            if any(choice is ABSENT for choice in each(held)):
                self.may_throw(frozenset(_NOT_BOUND))
            self.put(frame.target(target.id), target.id, ABSENT)
        elif isinstance(target, ast.Tuple | ast.List):
            for inner in target.elts:
                self._delete(inner, frame)
        elif isinstance(target, ast.Subscript):
            key = self.eval(target.slice, frame)
            self._delete_item(self.eval(target.value, frame), key, (frame.path, target))
        elif isinstance(target, ast.Attribute):
            owner = self.eval(target.value, frame)
            self.delete_attribute(owner, frame.mangled(target.attr), (frame.path, target))

    def delete_attribute(self, owner: Abstract, name: str, place: Any) -> None:
        """Do what `del owner.name` does.

        Raises:
            ThrownError: there is no such attribute, for certain.
        """
        if isinstance(owner, OneOf):

            def drop(choice: Abstract) -> Abstract:
                self.delete_attribute(choice, name, place)
                return _NONE

            self._over(owner, drop, place)
            return
        owner = plain_object(owner)
        if not isinstance(owner, Instance | Class | Module | Function):
            return
        if isinstance(owner, Instance):
            hook, bound = self._hook(owner, "__delattr__"), self._hook(owner, name)
            held = bound.function if isinstance(bound, Bound) else None
            if hook is None and isinstance(held, Instance):
                hook = self._hook(held, "__delete__")
                if hook is not None:
                    self.call_with(hook, [owner], place)
                    return
            if hook is None and isinstance(held, Function) and "deleter" in held.cells:
                self.call_with(Bound(held.cells["deleter"], owner), [], place)
                return
            if hook is not None:
                self.call_with(hook, [Known(name)], place)
                return
        held = owner.cells.get(name, ABSENT)
        if held is ABSENT and "*" not in owner.cells:
            raise ThrownError(_NO_ATTRIBUTE, f"it has no attribute {name!r}", place)
        if any(choice is ABSENT for choice in each(held)):
            self.may_throw(frozenset(_NO_ATTRIBUTE))
        self.put(owner.cells, name, ABSENT)

    def _delete_item(self, owner: Abstract, key: Abstract, place: Any) -> None:
        if isinstance(owner, OneOf):

            def drop(choice: Abstract) -> Abstract:
                self._delete_item(choice, key, place)
                return _NONE

            self._over(owner, drop, place)
            return
        owner = plain_object(owner)
        if isinstance(owner, Instance):
            self.special(owner, "__delitem__", [key], place)
        elif isinstance(owner, Mapping):
            if not isinstance(key, Known):
                self.may_throw(LOOKUP_ERRORS)
                self.obscure(owner, ABSENT)
                return
            if isinstance(owner, Environ):
                self.get_item(owner, key, place)  # raises where it is not set
            held = owner.cells.get(key.value, ABSENT)
            if held is ABSENT and not owner.open and not isinstance(owner, Environ):
                error = ThrownError(("KeyError", "LookupError", "Exception"), repr(key.value), place)
                raise error.because(key.origin, self.lacking(owner.cells, key.value))
            self.put(owner.cells, key.value, gone(owner))
        elif isinstance(owner, Sequence):
            items = owner.items
            if items is None or not isinstance(key, Known) or not isinstance(key.value, int):
                self.havoc(owner)
            elif -len(items) <= key.value < len(items):
                kept = list(items)
                del kept[key.value]
                self.put(owner.cells, "items", Items(tuple(kept)))
            else:
                raise ThrownError(("IndexError", "LookupError", "Exception"), "no such element", place)

    def special(self, value: Abstract, name: str, args: list[Abstract], place: Any) -> Abstract | None:
        """Return the result of a special method, None when the object has none that is known."""
        value = plain_object(value)
        if not isinstance(value, Instance):
            return None
        hook = self._hook(value, name)
        if hook is not None:
            return self.call_with(hook, args, place)
        full = library.method(value.library, name)
        if full:
            return self.call_library(full, library.Call(args, {}, place, receiver=value))
        return None


def _sent(value: Abstract, place: Any) -> Abstract:
    """Return what a header holds: of what the request decides, the line that sends it is the one that counts."""
    if not isinstance(value, Unknown) or not value.labels:
        return value
    home = value.origin.moved(place)
    return Unknown(value.why, home, kind=value.kind, truth=value.truth, of=value.of, labels=value.labels)
