"""Calls: functions and classes of the project, models of libraries, builtins."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate import builtins, library, unfollowed
from batten.understand.evaluate.arguments import defaulted, told_by_name
from batten.understand.evaluate.frame import Frame, Names, owned
from batten.understand.evaluate.generators import Generators
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ANY_ERROR, DEEPEST_CALL
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Lazy,
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
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

_NOTHING = Known(None)
_ANY_KEY = "any"
MOST_LOOKS = 4
DEEPEST_LOOK = 6
DEEPEST_AGAIN = 4
"""How deep a function is followed that called itself too deeply before."""


class Calls(Generators):
    """The part of the evaluator that calls things."""

    def builtin(self, name: str) -> Abstract | None:
        """Return a builtin by name, None when there is no such name."""
        held = self.patched.get(f"builtins.{name}")
        return Unknown(f"{name} of the builtins was replaced") if held is not None else builtins.find(name)

    def _Call(self, node: ast.Call, frame: Frame) -> Abstract:
        place = (frame.path, node)
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return self._super(frame, place) if not node.args else self._super_of(node, frame, place)
        return self.call(self.eval(node.func, frame), self.arguments(node, frame))

    def _super_of(self, node: ast.Call, frame: Frame, place: Place) -> Abstract:
        """Return `super(Class, self)`."""
        parts = [plain_object(self.eval(arg, frame)) for arg in node.args]
        if len(parts) == 2 and isinstance(parts[0], Class):  # noqa: PLR2004 - a class and an instance
            return _Super(parts[0], parts[1])
        return Unknown("super() of something that is not known", Origin(place))

    def _super(self, frame: Frame, place: Place) -> Abstract:
        inner: Frame | None = frame
        while inner is not None and inner.owner is None:
            inner = inner.outer
        if inner is None or inner.owner is None or inner.self_ is None:
            return Unknown("super() outside a method", Origin(place))
        return _Super(inner.owner, inner.self_)

    def get_attribute(self, value: Abstract, name: str, place: Place) -> Abstract:
        """Return `value.name`; see `Access.get_attribute`."""
        if isinstance(value, _Super):
            return self._of_super(value, name, place)
        return super().get_attribute(value, name, place)

    def _of_super(self, value: _Super, name: str, place: Place) -> Abstract:
        instance = value.instance
        of = instance.of if isinstance(instance, Instance) else instance
        order = of.order if isinstance(of, Class) else ()
        after = order[order.index(value.owner) + 1 :] if value.owner in order else value.owner.order[1:]
        for base in after:
            if isinstance(base, Class) and name in base.cells:
                held = base.cells[name]
                if isinstance(instance, Instance):
                    return self.bind_instance(held, instance, place)
                return self.bind_class(held, instance, place) if isinstance(instance, Class) else held
            if isinstance(base, Library):
                full = library.method(base.name, name)
                if full:
                    return Bound(Library(full), instance)
                if name == "__init__":
                    return Builtin(
                        "__init__", lambda machine, call, name=base.name: machine.init_library(name, instance, call)
                    )
                return Bound(Library(f"{base.name}.{name}"), instance)
        return Builtin(name, lambda _machine, _call: _NOTHING)

    def init_library(self, name: str, instance: Abstract, call: Call) -> Abstract:
        """Fill an instance of a project class as its library base class does."""
        model = library.INITS.get(name)
        if model is not None and isinstance(instance, Instance):
            model(self, instance, call)  # type: ignore[arg-type]
        return _NOTHING

    def call_with(self, function: Abstract, args: list[Abstract], place: Place) -> Abstract:
        """Call a value with plain positional arguments."""
        return self.call(function, Call(args, {}, place))

    def call(self, function: Abstract, call: Call) -> Abstract:
        """Return what calling `function` gives.

        Raises:
            ThrownError: the call raises, for certain.
        """
        self.step()
        if isinstance(function, OneOf):
            return self._over(function, lambda choice: self.call(choice, call), call.place)
        if isinstance(function, Ref):
            with self.under(function.origin):
                return self.tainted(self.call(function.target, call), function.origin)
        if isinstance(function, Function):
            return self.call_function(function, call)
        if isinstance(function, Class):
            return self.instantiate(function, call)
        if isinstance(function, Library):
            return self.call_library(function.name, call)
        if isinstance(function, Bound):
            return self._call_bound(function, call)
        if isinstance(function, Builtin):
            return function.call(self, call)
        if isinstance(function, Instance):
            hook = self._hook(function, "__call__")
            if hook is not None:
                return self.call(hook, call)
            full = library.method(function.library, "__call__")
            if full:
                return self.call_library(full, call.bound(function))
            return Unknown(f"calling a {function.of.name} is not followed", Origin(call.place))
        told_by_name(self, call, "")
        self.may_throw(ANY_ERROR)
        if not self.defining:
            self.may_run(*call.args, *call.kwargs.values())
        self._escape(call)
        found = self.unknown_of(call.place, function)
        default = defaulted(call) if self.speculative else None
        return found if default is None else join(default, found)

    def _escape(self, call: Call) -> None:
        """Make unknown what lists and dicts hold that are handed to something which is not followed."""
        self.touch(*(v for v in (*call.args, *call.kwargs.values()) if isinstance(plain_object(v), Sequence | Mapping)))

    def _call_bound(self, bound: Bound, call: Call) -> Abstract:
        function = bound.function
        if isinstance(function, Function):
            moved = Call(
                [bound.receiver, *call.args], call.kwargs, call.place, node=call.node, frame=call.frame, open=call.open
            )
            return self.call_function(function, moved, receiver=bound.receiver)
        if isinstance(function, Library):
            return self.call_library(function.name, call.bound(bound.receiver))
        if isinstance(function, Builtin):
            return function.call(self, call.bound(bound.receiver))
        if isinstance(function, OneOf):
            return self._over(function, lambda choice: self.call(Bound(choice, bound.receiver), call), call.place)
        return self.call(function, call)

    # Libraries

    def call_library(self, name: str, call: Call) -> Abstract:
        """Return what calling the library function or class `name` gives."""
        name = library.canonical(name)
        model = library.CALLS.get(name)
        if model is not None:
            return model(self, call)  # type: ignore[arg-type]
        init = library.INITS.get(name)
        if init is not None:
            instance = Instance(Library(name), call.place, Origin(call.place))
            init(self, instance, call)  # type: ignore[arg-type]
            return instance
        self.escaped(name, call)
        told_by_name(self, call, name)
        if not self.defining:  # a decorator keeps the function for later
            self.may_run(*call.args, *call.kwargs.values())
        last = name.rpartition(".")[2]
        if last[:1].isupper() and call.receiver is None:
            instance = Instance(Library(name), call.place, Origin(call.place))
            instance.facts["args"] = call
            self.may_throw(ANY_ERROR)
            return instance
        self.may_throw(ANY_ERROR)
        self._escape(call)
        return self.unknown_of(call.place, Unknown(f"what {name}() gives is not modelled"))

    def escaped(self, name: str, call: Call) -> None:
        """Note that a library without a model was handed values."""
        raise NotImplementedError

    def library_operator(
        self, kind: type[ast.operator], left: Abstract, right: Abstract, place: Place
    ) -> Abstract | None:
        """Return the result of an operator that a library class defines, None when there is none."""
        names = {
            ast.Div: "__truediv__",
            ast.BitOr: "__or__",
            ast.Add: "__add__",
            ast.Mod: "__mod__",
            ast.Sub: "__sub__",
        }
        if kind not in names or not isinstance(left, Instance):
            return None
        hook = self._hook(left, names[kind])
        if hook is not None:
            return self.call_with(hook, [right], place)
        full = library.method(left.library, names[kind])
        return self.call_library(full, Call([right], {}, place, receiver=left)) if full else None

    # Functions

    def call_function(self, function: Function, call: Call, receiver: Abstract | None = None) -> Abstract:
        """Return what a function of the project returns.

        Raises:
            ThrownError: it raises, for certain.
        """
        if function.wrapped:
            self.passed_by = function
            self.unfollowed(function, call)
            return Unknown(
                f"{function.name}() is wrapped by {function.wrapped}, which is not followed", Origin(call.place)
            )
        if self.speculative and not self._worth_another_look(function, call):
            return Unknown(f"{function.name}() was followed already", Origin(call.place))
        if self.depth >= (DEEPEST_AGAIN if function in self.endless else DEEPEST_CALL):
            self.endless.add(function)
            self.unfollowed(function, call)
            return Unknown(f"{function.name}() calls itself too deeply to be followed", Origin(call.place))
        if self.yields(function.node):
            return self.generated(function, call, receiver)
        if function.keeps and function.kind != "property" and not self.speculative:
            return self._kept(function, call, receiver)
        return self.followed(function, call, receiver)

    def _kept(self, function: Function, call: Call, receiver: Abstract | None) -> Abstract:
        """Return what a function with a cache gave for these arguments before, if it was called so."""
        plain = [self.plain(value) for value in (*call.args, *call.kwargs.values())]
        certain = not call.open and None not in plain
        key = ("kept", repr([*plain, *call.kwargs]) if certain else _ANY_KEY)
        held = function.cells.get(key, ABSENT)

        def follow() -> Abstract:
            found = self.followed(function, call, receiver)
            self.put(function.cells, key, found if certain or held is ABSENT else join(held, found))
            return found

        others = [name for name in function.cells if isinstance(name, tuple) and (not certain or name[1] == _ANY_KEY)]
        if others:
            kept = [function.cells[name] for name in {key: 0, **dict.fromkeys(others)} if name in function.cells]
            choices = [choice for one in kept for choice in each(one) if choice is not ABSENT]
            return self.either_way([*(partial(_given_back, choice) for choice in choices), follow])
        before = [choice for choice in each(held) if choice is not ABSENT]
        ways: list[Callable[[], Abstract]] = (
            [lambda: OneOf(tuple(before)) if len(before) > 1 else before[0]] if before else []
        )
        return self.either_way([*ways, follow] if any(choice is ABSENT for choice in each(held)) else ways)

    def forget_results(self, function: Function) -> Abstract:
        """Empty the cache of a function."""
        for key in [key for key in function.cells if isinstance(key, tuple)]:
            self.put(function.cells, key, ABSENT)
        return _NOTHING

    def followed(
        self, function: Function, call: Call, receiver: Abstract | None, sink: Sequence | None = None
    ) -> Abstract:
        """Return what a function returns; what it yields goes into `sink`."""
        frame = Frame(function.path, function.frame.globals, Names(), function.frame, function.frame.module)
        frame.sink = sink
        frame.owner = function.owner
        frame.owns = owned(function.node)
        frame.self_ = receiver if receiver is not None else (call.args[0] if function.owner and call.args else None)
        self.bind(function, call, frame)
        if isinstance(function.node, ast.Lambda):
            return self.eval(function.node.body, frame)
        self.depth += 1
        try:
            found = self.run_body(function.node.body, frame)
        finally:
            self.depth -= 1
        if isinstance(function.node, ast.AsyncFunctionDef) and not self.speculative and call.node is not self.awaited:
            return Unknown("a coroutine", Origin(call.place), truth=True)
        return _asked_for(found, function, call) if call.args or call.kwargs else found

    def unfollowed(self, function: Function, call: Call | None) -> None:
        """Make unknown what a function that is not followed may change."""
        self.may_throw(ANY_ERROR)
        unfollowed.lost(self, function, call)

    def parts_of(self, function: ast.AST) -> list[ast.AST]:
        """Return the nodes of a function's text; it is walked once."""
        found = self.mentioned.get(function)
        if found is None:
            found = self.mentioned[function] = list(ast.walk(function))
        return found

    def may_run(self, *values: Abstract) -> None:
        """Note that functions of the project may be run by something that is not followed."""
        for value in values:
            target = plain_object(value)
            if isinstance(target, Bound):
                self.touch(target.receiver)
                target = plain_object(target.function)
            if isinstance(target, Function):
                self.unfollowed(target, None)
            if isinstance(target, Lazy):
                self.begun(target)

    def yields(self, node: ast.AST) -> bool:
        """Return whether a function is a generator."""
        raise NotImplementedError

    def _worth_another_look(self, function: Function, call: Call) -> bool:
        """Return whether to follow a function at request time: a few times, and whenever it is handed an error."""
        if any(isinstance(arg, Unknown) and arg.labels for arg in (*call.args, *call.kwargs.values())):
            return self.depth < DEEPEST_LOOK
        looks = self.looks.get(function, 0)
        self.looks[function] = looks + 1
        return looks < MOST_LOOKS and self.depth < DEEPEST_LOOK

    def run_body(self, body: list[ast.stmt], frame: Frame) -> Abstract:
        """Run a function's body and return its value."""
        raise NotImplementedError

    # Classes

    def instantiate(self, cls: Class, call: Call) -> Abstract:
        """Return a new instance of a class of the project."""
        raise NotImplementedError


def _given_back(value: Abstract) -> Abstract:
    return value


class _Super(Abstract):
    """`super()` inside a method."""

    __slots__ = ("instance", "owner")

    def __init__(self, owner: Class, instance: Abstract) -> None:
        self.owner = owner
        self.instance = instance


def _asked_for(found: Abstract, function: Function, call: Call) -> Abstract:
    """Return what a helper makes of a variable that the caller names: `flag("DEBUG")` is decided where it is called.

    The line in the helper is the same for all of its callers.
    """
    if function.kind == "property":
        return found
    if isinstance(found, OneOf):
        return OneOf(tuple(_asked_for(choice, function, call) for choice in found.choices))
    home = found.origin.home if isinstance(found, Known) and found.origin.unset else None
    if not isinstance(found, Known) or not isinstance(home, tuple) or home[1] is None or home[0] != function.path:
        return found
    node = function.node
    inside = node.lineno <= home[1].lineno <= (node.end_lineno or 0)
    return Known(found.value, found.origin.moved(call.place)) if inside else found
