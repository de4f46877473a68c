"""Expressions become values."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import beginnings, constants, enumerations, missed
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
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
from batten.understand.evaluate.origin import NOWHERE, Origin, Place, combined
from batten.understand.evaluate.reasons import origin_of, rests_on
from batten.understand.evaluate.vouching import Vouching

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame


_NOTHING = Known(None)
_NOT_BOUND = frozenset({"NameError", "UnboundLocalError", "Exception", "BaseException"})


class Expressions(Vouching):
    """The part of the evaluator that evaluates expressions."""

    def eval(self, node: ast.expr, frame: Frame) -> Abstract:
        """Return the value of an expression.

        Raises:
            ThrownError: the program raises here, for certain.
            ExhaustedError: the budget is spent.
        """
        self.step()
        if node in self.pardoned:
            return Unknown("the app refuses to start here", Origin((frame.path, node)))
        method: Callable[[Any, Frame], Abstract] | None = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            return Unknown(f"{type(node).__name__} expressions are not followed", Origin((frame.path, node)))
        return method(node, frame)

    # Truth

    # Leaves

    def _Constant(self, node: ast.Constant, frame: Frame) -> Abstract:
        if node.value is Ellipsis:
            return Library("Ellipsis")
        if not isinstance(node.value, constants.PLAIN):
            return Unknown("not a plain constant", Origin((frame.path, node)))
        return Known(node.value, Origin((frame.path, node), plain=True))

    def _Name(self, node: ast.Name, frame: Frame) -> Abstract:
        value = frame.lookup(frame.mangled(node.id) if frame.is_class else node.id)
        if isinstance(value, OneOf) and any(c is ABSENT for c in value.choices):
            value = self._perhaps_bound(node.id, value, frame)
        if value is not ABSENT:
            return value
        if node.id in frame.owns:
            kinds = ("UnboundLocalError", "NameError", "Exception", "BaseException")
            raise ThrownError(kinds, f"{node.id!r} is not bound yet", (frame.path, node))
        builtin = self.builtin(node.id)
        if builtin is not None:
            return builtin
        if frame.open or self.speculative:  # a function that is followed may be a part of something
            return Unknown(f"{node.id} comes from somewhere that was not read", Origin((frame.path, node)))
        error = ThrownError(
            ("NameError", "Exception", "BaseException"), f"name {node.id!r} is not defined", (frame.path, node)
        )
        error.unset = self.lacking(frame.globals, node.id)
        raise error

    def _perhaps_bound(self, name: str, value: OneOf, frame: Frame) -> Abstract:
        """Return what a name holds that is bound on some ways; on the others it is looked up further out."""
        kept = tuple(choice for choice in value.choices if choice is not ABSENT)
        found = kept[0] if len(kept) == 1 else OneOf(kept)
        further: Abstract | None = frame.outer.lookup(name) if frame.is_class and frame.outer is not None else ABSENT
        if further is ABSENT and frame.is_class:
            further = frame.globals.get(name, ABSENT)
        if further is ABSENT and name not in frame.owns:
            further = self.builtin(name)
        if further is None or any(choice is ABSENT for choice in each(further)):
            self.may_throw(_NOT_BOUND)
            return found
        return join(found, further)

    def special(self, value: Abstract, name: str, args: list[Abstract], place: Any) -> Abstract | None:
        """Return the result of a special method, None when the object has none that is known."""
        raise NotImplementedError

    def builtin(self, name: str) -> Abstract | None:
        """Return a builtin by name, None when there is no such name."""
        raise NotImplementedError

    def _NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Abstract:
        value = self.eval(node.value, frame)
        while frame.comprehension and frame.outer is not None:
            frame = frame.outer
        self.put(frame.target(node.target.id), node.target.id, value)
        return value

    def _Lambda(self, node: ast.Lambda, frame: Frame) -> Abstract:
        return self.function(node, frame)

    def function(self, node: Any, frame: Frame) -> Function:
        """Return a function object with its defaults evaluated."""
        raise NotImplementedError

    # Containers

    def _List(self, node: ast.List, frame: Frame) -> Abstract:
        return self._display("list", node.elts, node, frame)

    def _Tuple(self, node: ast.Tuple, frame: Frame) -> Abstract:
        return self._display("tuple", node.elts, node, frame)

    def _Set(self, node: ast.Set, frame: Frame) -> Abstract:
        return self._display("set", node.elts, node, frame)

    def _display(self, of: str, elements: list[ast.expr], node: ast.expr, frame: Frame) -> Abstract:
        origin = Origin((frame.path, node))
        found: list[Abstract] = []
        for element in elements:
            if isinstance(element, ast.Starred):
                spread = self.eval(element.value, frame)
                origin = origin.also(rests_on(spread))
                inner = self.iterate(spread, ordered=of != "set")
                if inner is None:
                    return Sequence(of, Unknown("an element list that could not be told"), origin)
                found.extend(inner)
            else:
                found.append(self.eval(element, frame))
        return Sequence(of, tuple(found), origin)

    def _Dict(self, node: ast.Dict, frame: Frame) -> Abstract:
        made = Mapping(origin=Origin((frame.path, node)))
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                made = self.merged(made, self.eval(value, frame))
                continue
            self.set_item(made, self.eval(key, frame), self.rehomed(self.eval(value, frame), value, key, frame))
        return made

    def rehomed(self, value: Abstract, written: ast.expr, target: ast.AST, frame: Frame) -> Abstract:
        """Return a computed constant with the line of what it is assigned to as its home."""
        if (
            isinstance(value, Known)
            and not value.origin.pinned
            and not isinstance(written, ast.Name | ast.Attribute | ast.Subscript)
            and getattr(written, "lineno", 0) != getattr(target, "lineno", 0)
        ):
            return Known(value.value, value.origin.moved((frame.path, target)))
        return value

    # Operations

    def _JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> Abstract:
        parts = [
            self._FormattedValue(part, frame) if isinstance(part, ast.FormattedValue) else self.eval(part, frame)
            for part in node.values
        ]
        made = self.compute((frame.path, node), lambda *texts: "".join(texts), *parts, of="str")
        return beginnings.begun(made, beginnings.of(parts))

    def _FormattedValue(self, node: ast.FormattedValue, frame: Frame) -> Abstract:
        value = self.eval(node.value, frame)
        spec = self.eval(node.format_spec, frame) if node.format_spec else Known("")
        target = plain_object(value)
        plainly = node.conversion == -1 and node.format_spec is None
        written = plainly or node.conversion == ord("s")
        if isinstance(target, Instance) and written and not self.hooked(target, "__format__"):
            place = (frame.path, node)
            text = enumerations.formatted(target, place) if plainly else enumerations.as_text(target, place)
            value = text or self.special(value, "__str__", [], place) or value
        conversions: dict[int, Callable[[Any], Any]] = {-1: lambda v: v, 115: str, 114: repr, 97: ascii}
        convert = conversions[node.conversion]
        return self.compute((frame.path, node), lambda v, s: constants.formatted(convert(v), s), value, spec, of="str")

    def _BinOp(self, node: ast.BinOp, frame: Frame) -> Abstract:
        left, right = self.eval(node.left, frame), self.eval(node.right, frame)
        return self.binary(type(node.op), left, right, (frame.path, node))

    def _UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Abstract:
        value = self.eval(node.operand, frame)
        if isinstance(node.op, ast.Not):
            found = self.negated(value, (frame.path, node))
            if isinstance(found, Known) and isinstance(node.operand, ast.Name | ast.Attribute):
                # `SECURE = not DEBUG`: what a deployment file decided is DEBUG; this line makes the other of it.
                return Known(found.value, Origin((frame.path, node), found.origin.hops, found.origin.unset))
            return found
        return self.compute((frame.path, node), constants.UNARY[type(node.op)], value)

    def _BoolOp(self, node: ast.BoolOp, frame: Frame) -> Abstract:
        return self._operands(node, 0, NOWHERE, frame)

    def _operands(self, node: ast.BoolOp, index: int, passed: Origin, frame: Frame) -> Abstract:
        """Return the value of `and` or `or` from an operand on; `passed` is what the ones before depend on."""
        stop, place = isinstance(node.op, ast.Or), (frame.path, node)
        with self.under(passed):
            value = self.eval(node.values[index], frame)
        last = index == len(node.values) - 1
        kept: Abstract | None = None
        for choice in each(value):
            if last or self.truth(choice) in (stop, None):
                one = self.chosen(choice, passed, place)
                kept = one if kept is None else join(kept, one)
        if kept is not None and (last or all(self.truth(choice) is stop for choice in each(value))):
            missed.note(self, node.values[index + 1 :], combined(None, passed, origin_of(value)), frame)
            return kept

        def rest() -> Abstract:
            return self._operands(node, index + 1, combined(None, passed, origin_of(value)), frame)

        return rest() if kept is None else self.either_way([lambda: kept, rest])

    def _IfExp(self, node: ast.IfExp, frame: Frame) -> Abstract:
        test = self.eval(node.test, frame)
        truth = self.truth(test)
        origin = origin_of(test)
        if truth is not None:
            with self.under(origin):
                found = self.tainted(self.eval(node.body if truth else node.orelse, frame), origin)
            missed.note(self, [node.orelse if truth else node.body], origin, frame)
            if isinstance(found, Ref) and origin.unset:
                other = missed.owner(self, node.orelse if truth else node.body, frame)
                found = Ref(found.target, found.origin, (*found.others, other)) if isinstance(other, Object) else found
            return found
        return self.either_way(
            [
                lambda: self.chosen_by(node.test, node.body, frame, holds=True),
                lambda: self.chosen_by(node.test, node.orelse, frame, holds=False),
            ]
        )

    def _Compare(self, node: ast.Compare, frame: Frame) -> Abstract:
        return self._chain(node, 0, self.eval(node.left, frame), frame)

    def _chain(self, node: ast.Compare, index: int, left: Abstract, frame: Frame) -> Abstract:
        """Return a chain of comparisons from one on; what comes after a false one is not evaluated."""
        right = self.eval(node.comparators[index], frame)
        one = self.compare(type(node.ops[index]), left, right, (frame.path, node))
        if index == len(node.ops) - 1:
            return one
        truth = self.truth(one)
        if truth is False:
            return one

        def rest() -> Abstract:
            return self._both(one, self._chain(node, index + 1, right, frame), (frame.path, node))

        return rest() if truth else self.either_way([lambda: one, rest])

    def _Subscript(self, node: ast.Subscript, frame: Frame) -> Abstract:
        value = self.eval(node.value, frame)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node.slice, (frame.path, node), frame)
        return self.get_item(value, self.eval(node.slice, frame), (frame.path, node))

    def _slice(self, value: Abstract, node: ast.Slice, place: Place, frame: Frame) -> Abstract:
        bounds = [self.eval(part, frame) if part else Known(None) for part in (node.lower, node.upper, node.step)]
        target = plain_object(value)
        if isinstance(target, Sequence):
            plain = [self.plain(bound) for bound in bounds]
            if target.items is None or any(p is None for p in plain):
                return Sequence(target.of, Unknown("a part that could not be told"), Origin(place))
            items = constants.run(lambda: target.items[slice(*(p[0] for p in plain if p))])  # type: ignore[index]
            return Sequence(target.of, items, Origin(place).also(combined(None, *map(rests_on, (value, *bounds)))))
        return self.compute(place, lambda v, a, b, c: v[slice(a, b, c)], value, *bounds)

    def get_item(self, value: Abstract, key: Abstract, place: Place) -> Abstract:
        """Return `value[key]`.

        Raises:
            ThrownError: there is no such item, for certain.
        """
        raise NotImplementedError

    def _Attribute(self, node: ast.Attribute, frame: Frame) -> Abstract:
        return self.get_attribute(self.eval(node.value, frame), frame.mangled(node.attr), (frame.path, node))

    def get_attribute(self, value: Abstract, name: str, place: Place) -> Abstract:
        """Return `value.name`.

        Raises:
            ThrownError: there is no such attribute, for certain.
        """
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Write `value` to an assignment target."""
        raise NotImplementedError

    def _Await(self, node: ast.Await, frame: Frame) -> Abstract:
        self.awaited = node.value
        return self.eval(node.value, frame)

    def _Starred(self, node: ast.Starred, frame: Frame) -> Abstract:
        return self.eval(node.value, frame)

    def _Call(self, node: ast.Call, frame: Frame) -> Abstract:
        raise NotImplementedError
