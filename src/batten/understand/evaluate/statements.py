"""Statements change the state; undecided conditions are followed both ways and joined."""

from __future__ import annotations

import ast
import builtins as python
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.branches import Exit, Path
from batten.understand.evaluate.definitions import Definitions
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
    OneOf,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of

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
        read = ast.copy_location(_as_load(node.target), node.target)
        old, value = self.eval(read, frame), self.eval(node.value, frame)
        target = plain_object(old)
        if isinstance(target, Sequence) and target.of == "list" and isinstance(node.op, ast.Add):
            more = self.iterate(value)
            items = None if target.items is None or more is None else (*target.items, *more)
            content: Abstract = Unknown("part of it is not known")
            self.put(target.cells, "items", content if items is None else Sequence("list", items).cells["items"])
            return
        if isinstance(target, Mapping) and isinstance(node.op, ast.BitOr):
            self.update_mapping(target, value)
            return
        self.assign(node.target, self.binary(type(node.op), old, value, (frame.path, node)), frame)

    def assign(self, target: ast.expr, value: Abstract, frame: Frame) -> None:
        """Write `value` to an assignment target."""
        if isinstance(target, ast.Name):
            self.put(frame.target(target.id), target.id, value)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.eval(target.value, frame), target.attr, value, (frame.path, target))
        elif isinstance(target, ast.Subscript):
            self.store(self.eval(target.value, frame), target, value, frame)
        elif isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, frame)

    def _unpack(self, targets: list[ast.expr], value: Abstract, frame: Frame) -> None:
        items = self.iterate(value)
        starred = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
        if items is None or (starred is None and len(items) != len(targets)):
            part = self.unknown_of((frame.path, targets[0]), value) if targets else Unknown("nothing")
            for target in targets:
                self.assign(target, part, frame)
            return
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

    def set_attribute(self, owner: Abstract, name: str, value: Abstract, place: Any) -> None:
        """Write `owner.name = value`."""
        for choice in each(owner):
            target = plain_object(choice)
            if isinstance(owner, OneOf):
                value = join(value, Unknown("it may be set on another object"))
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
                    continue
            if isinstance(target, Mapping):
                self.attribute_on_mapping(target, name, value, place)
            elif isinstance(target, Instance | Class | Module | Function):
                self.put(target.cells, name, value)

    def attribute_on_mapping(self, target: Mapping, name: str, value: Abstract, place: Any) -> None:
        """Note an attribute written on a dict-like object, which is no entry of it."""

    def store(self, owner: Abstract, target: ast.Subscript, value: Abstract, frame: Frame) -> None:
        """Write `owner[key] = value`."""
        key = self.eval(target.slice, frame)
        for choice in each(owner):
            held = plain_object(choice)
            one = join(value, Unknown("it may be set on another object")) if isinstance(owner, OneOf) else value
            if isinstance(held, Mapping):
                self.set_entry(held, key, one, (frame.path, target))
            elif isinstance(held, Sequence):
                self._store_element(held, key, one)
            elif isinstance(held, Instance):
                full = library.method(held.library, "__setitem__")
                hook = self._hook(held, "__setitem__")
                call = library.Call([key, one], {}, (frame.path, target), receiver=held)
                if hook is not None:
                    self.call(hook, call)
                elif full:
                    self.call_library(full, call)

    def set_entry(self, target: Mapping, key: Abstract, value: Abstract, place: Any) -> None:
        """Write an entry of a dict."""
        del place
        self.set_item(target, key, value)

    def _store_element(self, target: Sequence, key: Abstract, value: Abstract) -> None:
        items = target.items
        if items is None or not isinstance(key, Known) or not isinstance(key.value, int):
            self.put(target.cells, "items", Unknown("an element chosen by something that is not known"))
            return
        kept = list(items)
        if -len(kept) <= key.value < len(kept):
            kept[key.value] = value
            self.put(target.cells, "items", Sequence("list", tuple(kept)).cells["items"])

    def _do_Delete(self, node: ast.Delete, frame: Frame) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.put(frame.target(target.id), target.id, ABSENT)
            elif isinstance(target, ast.Subscript):
                owner, key = plain_object(self.eval(target.value, frame)), self.eval(target.slice, frame)
                if isinstance(owner, Mapping) and isinstance(key, Known):
                    self.put(owner.cells, key.value, ABSENT)
                elif isinstance(owner, Mapping):
                    self.put(owner.more, "rest", Known(value=True))

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
            labels = frozenset({"exception"}) if broad else frozenset[str]()
            value = Unknown("the exception", kind="runtime", labels=labels, truth=True)
            self.put(frame.target(handler.name), handler.name, value)
        return self.block(handler.body, frame)

    def _do_With(self, node: ast.With, frame: Frame) -> Exit | None:
        entered: list[Abstract] = []
        for item in node.items:
            context = self.eval(item.context_expr, frame)
            value = self.special(context, "__enter__", [], (frame.path, item.context_expr))
            if item.optional_vars is not None:
                self.assign(item.optional_vars, context if value is None else value, frame)
            entered.append(context)
        left = self.block(node.body, frame)
        for context in reversed(entered):
            self.special(context, "__exit__", [], (frame.path, node))
        return left

    _do_AsyncWith = _do_With

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


def _as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Attribute):
        return ast.Attribute(target.value, target.attr, ast.Load())
    assert isinstance(target, ast.Subscript)  # noqa: S101 - the grammar allows no other
    return ast.Subscript(target.value, target.slice, ast.Load())
