"""Statements change the state; undecided conditions are followed both ways and joined."""

from __future__ import annotations

import ast
import builtins as python
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.branches import Exit, Path
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
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import MOST_ELEMENTS, TYPE_ERROR, origin_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame


class Statements(Definitions):
    """The part of the evaluator that runs statements."""

    def block(self, body: list[ast.stmt], frame: Frame) -> Exit | None:
        """Run statements in order; return the way out, None at the end."""
        for statement in body:
            self.step()
            method: Callable[[Any, Frame], Exit | None] | None = getattr(self, f"_do_{type(statement).__name__}", None)
            if method is None:
                self.doubt(f"a {type(statement).__name__} statement", "it is not followed", (frame.path, statement))
                continue
            left = method(statement, frame)
            if left is not None:
                return left
        return None

    # Simple statements

    def _do_Expr(self, node: ast.Expr, frame: Frame) -> None:
        if not isinstance(node.value, ast.Constant):
            self.eval(node.value, frame)

    def _do_Pass(self, node: ast.Pass, frame: Frame) -> None:
        pass

    def _do_Assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self.eval(node.value, frame)
        for target in node.targets:
            self.assign(target, self.rehomed(value, node.value, target, frame), frame)

    def _do_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        if frame.owner is not None and isinstance(node.target, ast.Name):
            frame.owner.facts.setdefault("annotations", {})[node.target.id] = node.annotation
        if node.value is not None:
            value = self.eval(node.value, frame)
            self.assign(node.target, self.rehomed(value, node.value, node.target, frame), frame)

    def _do_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        place, target = (frame.path, node), node.target
        if isinstance(target, ast.Name):
            old = self.eval(ast.copy_location(ast.Name(target.id, ast.Load()), target), frame)
            self.assign(target, self.augmented(type(node.op), old, self.eval(node.value, frame), place), frame)
            return
        owner = self.eval(target.value, frame)
        if isinstance(target, ast.Attribute):
            old = self.get_attribute(owner, target.attr, place)
            made = self.augmented(type(node.op), old, self.eval(node.value, frame), place)
            self.set_attribute(owner, target.attr, made, (frame.path, target))
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
            self.put(frame.target(target.id), target.id, value)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.eval(target.value, frame), target.attr, value, (frame.path, target))
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
            raise ThrownError(VALUE_ERROR, "not as many values as names", (frame.path, targets[0]))
        if starred is None:
            for target, item in zip(targets, items, strict=True):
                self.assign(target, item, frame)
            return
        after = len(targets) - starred - 1
        for target, item in zip(targets[:starred], items[:starred], strict=False):
            self.assign(target, item, frame)
        middle = tuple(items[starred : len(items) - after])
        self.assign(targets[starred], Sequence("list", middle), frame)
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
        elif isinstance(target, Instance) and self._set_property(target, name, value, place):
            return
        elif isinstance(target, Instance | Class | Module | Function):
            self.put(target.cells, name, value)

    def _set_property(self, target: Instance, name: str, value: Abstract, place: Any) -> bool:
        """Set a property of a class of the project; return whether it is one."""
        hook = self._hook(target, "__setattr__")
        if hook is not None:
            self.put(target.cells, name, Unknown("its class has __setattr__, which is not followed"))
            return True
        bound = self._hook(target, name)
        held = bound.function if isinstance(bound, Bound) else None
        if not isinstance(held, Function) or held.kind != "property":
            return False
        setter = held.cells.get("setter")
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
        held = plain_object(owner)
        if isinstance(held, Mapping):
            self.set_item(held, key, value)
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
            self.put(frame.target(target.id), target.id, ABSENT)
        elif isinstance(target, ast.Tuple | ast.List):
            for inner in target.elts:
                self._delete(inner, frame)
        elif isinstance(target, ast.Subscript):
            key = self.eval(target.slice, frame)
            for choice in self._singly(self.eval(target.value, frame)):
                self._delete_item(choice, key, (frame.path, target))
        elif isinstance(target, ast.Attribute):
            for choice in self._singly(self.eval(target.value, frame)):
                if isinstance(choice, Instance | Class | Module):
                    self.put(choice.cells, target.attr, ABSENT)

    def _singly(self, value: Abstract) -> list[Abstract]:
        """Return the object that is changed; of several, each, after its content is made unknown."""
        choices = [plain_object(choice) for choice in each(value) if choice is not ABSENT]
        if len(choices) > 1:
            for choice in choices:
                self.havoc(choice)
            return []
        return choices

    def _delete_item(self, owner: Abstract, key: Abstract, place: Any) -> None:
        if isinstance(owner, Mapping):
            if not isinstance(key, Known):
                self.may_throw(LOOKUP_ERRORS)
                self.obscure(owner, ABSENT)
                return
            held = owner.cells.get(key.value, ABSENT)
            if held is ABSENT and not owner.open and not isinstance(owner, Environ):
                raise ThrownError(("KeyError", "LookupError", "Exception"), repr(key.value), place)
            self.put(owner.cells, key.value, ABSENT)
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

    def _do_Global(self, node: ast.Global, frame: Frame) -> None:
        frame.globals_declared.update(dict.fromkeys(node.names, frame.globals))

    def _do_Nonlocal(self, node: ast.Nonlocal, frame: Frame) -> None:
        for name in node.names:
            outer = frame.outer
            while outer is not None and name not in outer.locals:
                outer = outer.outer
            if outer is not None:
                frame.globals_declared[name] = outer.locals

    def _do_Return(self, node: ast.Return, frame: Frame) -> Exit:
        return Exit("return", self.controlled(self.eval(node.value, frame)) if node.value else Known(None))

    def _do_Break(self, node: ast.Break, frame: Frame) -> Exit:
        del node, frame
        return Exit("break")

    def _do_Continue(self, node: ast.Continue, frame: Frame) -> Exit:
        del node, frame
        return Exit("continue")

    def _do_Raise(self, node: ast.Raise, frame: Frame) -> None:
        message = "an exception is raised"
        kinds: tuple[str, ...] = ("Exception",)
        value: Abstract | None = None
        if node.exc is not None:
            written = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            kinds = self._kinds(written, frame)
            if isinstance(node.exc, ast.Call):
                texts = [self.eval(arg, frame) for arg in node.exc.args]
                message = next((t.value for t in texts if isinstance(t, Known) and isinstance(t.value, str)), kinds[0])
        raise ThrownError(kinds, message, (frame.path, node), value)

    def _kinds(self, node: ast.expr, frame: Frame) -> tuple[str, ...]:
        try:
            value = plain_object(self.eval(node, frame))
        except ThrownError:
            return ("Exception",)
        return kinds_of(value)

    def _do_Assert(self, node: ast.Assert, frame: Frame) -> None:
        test = self.eval(node.test, frame)
        if self.truth(test) is None:
            self.may_throw(frozenset({"AssertionError", "Exception", "BaseException"}))
        if self.truth(test) is False:
            with self.under(origin_of(test)):
                message = self.eval(node.msg, frame) if node.msg else Known("an assertion fails")
                error = ThrownError(
                    ("AssertionError", "Exception"), str(getattr(message, "value", "")), (frame.path, node)
                )
                error.control = self.control
                raise error

    # Definitions

    # Branches

    # Loops

    # Exceptions and contexts

    def _do_Try(self, node: ast.Try, frame: Frame) -> Exit | None:
        if not node.finalbody:
            return self._tried(node, frame)
        mark, kept, position = self.mark(), len(frame.exits), self.watch()
        left, error = self._attempt(lambda: self._tried(node, frame))
        held, kinds = self.unwatch(position)
        if error is None and len(frame.exits) == kept and not kinds:
            self.unmark()
            final = self.block(node.finalbody, frame)
            return left if final is None else final
        paths = self._paths(frame, mark, kept, error or left)
        if kinds:
            paths.append(Path(held, ThrownError(tuple(kinds), "an exception", (frame.path, node))))
        self.unmark()

        def ended(path: Path) -> Exit | None:
            self.replay(path.writes)
            final = self.block(node.finalbody, frame)
            if final is None and isinstance(path.out, ThrownError):
                raise path.out
            return path.out if final is None and not isinstance(path.out, ThrownError) else final

        return self.all_ways([partial(ended, path) for path in paths], frame)

    _do_TryStar = _do_Try

    def _tried(self, node: ast.Try, frame: Frame) -> Exit | None:
        if not node.handlers:
            return self.block(node.body, frame)
        caught = [self._caught(handler, frame) for handler in node.handlers]
        mark, kept, position = self.mark(), len(frame.exits), self.watch()
        self.catching.append(frozenset().union(*caught))
        try:
            left, error = self._attempt(lambda: self.block(node.body, frame))
        finally:
            self.catching.pop()
        held, kinds = self.unwatch(position)
        maybe = [h for h, names in zip(node.handlers, caught, strict=True) if "*" in kinds or not names.isdisjoint(kinds)]
        if error is None and (self.speculative or not maybe):
            self.unmark()
            if self.speculative:
                self._handlers_too(node, caught, frame)
            return self.block(node.orelse, frame) if left is None else left
        if error is not None and not maybe and len(frame.exits) == kept:
            self.unmark()
            return self._handled(node, caught, error, frame)
        paths = self._paths(frame, mark, kept, error or left)
        self.unmark()

        def ended(path: Path) -> Exit | None:
            self.replay(path.writes)
            if isinstance(path.out, ThrownError):
                return self._handled(node, caught, path.out, frame)
            return self.block(node.orelse, frame) if path.out is None else path.out

        def interrupted(handler: ast.ExceptHandler) -> Exit | None:
            self.replay(held)
            return self._handle(handler, frame, None)

        ways = [partial(ended, path) for path in paths] + [partial(interrupted, handler) for handler in maybe]
        hop = ((frame.path, node.handlers[0]), "if an exception is caught here", None)
        return self.all_ways(ways, frame, [None] * len(paths) + [hop] * len(maybe))

    def _handled(
        self, node: ast.Try, caught: list[frozenset[str]], error: ThrownError, frame: Frame
    ) -> Exit | None:
        """Follow the handler of an exception that is raised for certain."""
        for handler, kinds in zip(node.handlers, caught, strict=True):
            if not kinds.isdisjoint(error.kinds) or "BaseException" in kinds:
                with self.under(error.unset):
                    return self._handle(handler, frame, error)
        raise error

    def _handlers_too(self, node: ast.Try, caught: list[frozenset[str]], frame: Frame) -> None:
        """Follow the handlers of a `try` at request time: each may run, whatever the body did."""
        for handler, kinds in zip(node.handlers, caught, strict=True):
            mark, kept = self.mark(), len(frame.exits)
            error = ThrownError(tuple(kinds), "", (frame.path, handler))
            left, _ = self._attempt(lambda one=handler, what=error: self._handle(one, frame, what))  # type: ignore[misc]
            self._settle(frame, kept)
            if left is not None and left.kind == "return":
                frame.returned.append(left.value or Known(None))
            self.rollback(mark)
            self.unmark()

    def _caught(self, handler: ast.ExceptHandler, frame: Frame) -> frozenset[str]:
        if handler.type is None:
            return frozenset({"BaseException", "Exception"})
        written = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return frozenset(self._kinds(one, frame)[0] for one in written)

    def _handle(self, handler: ast.ExceptHandler, frame: Frame, error: ThrownError | None) -> Exit | None:
        if handler.name:
            broad = error is None or not {"Exception", "BaseException"}.isdisjoint(error.kinds[:2])
            labels = frozenset({"error"}) if broad else frozenset[str]()
            value = Unknown("the exception", kind="runtime", labels=labels, truth=True)
            self.put(frame.target(handler.name), handler.name, value)
        return self.block(handler.body, frame)

    def _do_With(self, node: ast.With | ast.AsyncWith, frame: Frame) -> Exit | None:
        return self._within(node, 0, frame)

    _do_AsyncWith = _do_With

    def _within(self, node: ast.With | ast.AsyncWith, index: int, frame: Frame) -> Exit | None:
        """Enter the contexts of a `with` statement from one on, and run its body."""
        if index == len(node.items):
            return self.block(node.body, frame)
        item = node.items[index]
        suppressed = self._suppressed(item.context_expr, frame)
        if suppressed is not None:
            inner = ast.copy_location(type(node)(items=node.items[index + 1 :], body=node.body), node)
            handler = ast.ExceptHandler(type=ast.Tuple(suppressed, ast.Load()), name=None, body=[])
            tried = ast.Try(body=[inner] if inner.items else node.body, orelse=[], finalbody=[], handlers=[handler])
            return self._do_Try(ast.copy_location(tried, node), frame)
        place = (frame.path, item.context_expr)
        context = self.eval(item.context_expr, frame)
        value = self.special(context, "__enter__", [], place)
        if item.optional_vars is not None:
            entered = context if value is None else value
            self.assign(item.optional_vars, entered, frame)
        target = plain_object(context)
        if not isinstance(target, Instance) or self._hook(target, "__exit__") is None:
            left = self._within(node, index + 1, frame)
            self.special(context, "__exit__", [_NONE] * 3, place)
            return left
        return self._guarding(target, lambda: self._within(node, index + 1, frame), place, frame)

    def _suppressed(self, written: ast.expr, frame: Frame) -> list[ast.expr] | None:
        """Return the exceptions of a `contextlib.suppress(...)`, None when it is something else."""
        if not isinstance(written, ast.Call) or not ast.unparse(written.func).endswith("suppress"):
            return None
        function = self.eval(written.func, frame)
        return written.args if isinstance(function, Library) and function.name == "contextlib.suppress" else None

    def _guarding(self, context: Instance, way: Callable[[], Exit | None], place: Any, frame: Frame) -> Exit | None:
        """Run a body under a context manager of the project, which may swallow exceptions."""
        mark, kept, position = self.mark(), len(frame.exits), self.watch()
        self.catching.append(frozenset({"BaseException"}))
        try:
            left, error = self._attempt(way)
        finally:
            self.catching.pop()
        held, kinds = self.unwatch(position)
        if error is None and not kinds and len(frame.exits) == kept:
            self.unmark()
            self.special(context, "__exit__", [_NONE] * 3, place)
            return left
        paths = self._paths(frame, mark, kept, error or left)
        if kinds:
            paths.append(Path(held, ThrownError(tuple(kinds), "an exception", place)))
        self.unmark()

        def ended(path: Path) -> Exit | None:
            self.replay(path.writes)
            if not isinstance(path.out, ThrownError):
                self.special(context, "__exit__", [_NONE] * 3, place)
                return path.out
            raised = [Unknown("an exception", kind="runtime", truth=True) for _ in range(3)]
            swallows = self.truth(self.special(context, "__exit__", raised, place) or _NONE)
            if swallows is None:
                return self.both_ways(lambda: None, lambda: _raise(path.out), frame)
            return None if swallows else _raise(path.out)

        return self.all_ways([partial(ended, path) for path in paths], frame)

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


_NONE = Known(None)
VALUE_ERROR = ("ValueError", "Exception", "BaseException")
IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "__iadd__",
    ast.BitOr: "__ior__",
    ast.BitAnd: "__iand__",
    ast.Sub: "__isub__",
    ast.Mult: "__imul__",
}


def _raise(error: object) -> None:
    assert isinstance(error, ThrownError)  # noqa: S101 - as the caller found
    raise error


def kinds_of(value: Abstract) -> tuple[str, ...]:
    """Return the names of an exception class and its bases."""
    if isinstance(value, Instance):
        value = value.of
    if isinstance(value, Class):
        names: list[str] = []
        for base in value.order:
            names += kinds_of(base) if isinstance(base, Library) else [getattr(base, "name", "Exception")]
        return tuple(dict.fromkeys(names))
    if isinstance(value, Library):
        held = getattr(python, value.name, None)
        if isinstance(held, type) and issubclass(held, BaseException):
            return tuple(cls.__name__ for cls in held.__mro__ if cls is not object)
        return (value.name.rpartition(".")[2], "Exception")
    return ("Exception",)
