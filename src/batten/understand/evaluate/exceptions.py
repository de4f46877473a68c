"""Exceptions: raised for certain or perhaps, caught, swallowed by a context."""

from __future__ import annotations

import ast
import builtins as python
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library, missed
from batten.understand.evaluate.branches import Exit, Path
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import combined
from batten.understand.evaluate.reasons import origin_of
from batten.understand.evaluate.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame

_NONE = Known(None)


class Exceptions(Targets):
    """The part of the evaluator that follows what is raised."""

    def _do_Raise(self, node: ast.Raise, frame: Frame) -> None:
        if node in self.pardoned:
            return
        message = "an exception is raised"
        kinds: tuple[str, ...] = ("Exception",)
        value: Abstract | None = None
        if node.exc is not None:
            written = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            kinds = self._kinds(written, frame)
            if isinstance(node.exc, ast.Call):
                texts = [self.eval(arg, frame) for arg in node.exc.args]
                message = next((t.value for t in texts if isinstance(t, Known) and isinstance(t.value, str)), kinds[0])
                self._make_raised(node.exc, frame)
        error = ThrownError(kinds, message, (frame.path, node), value)
        error.control = (*self.control, *(origin for _, origin in self.rest))  # an earlier `return` that was not taken
        raise error

    def _make_raised(self, node: ast.Call, frame: Frame) -> None:
        """Make an exception that a library has a model for: one that is an answer tells what it answers."""
        try:
            function = plain_object(self.eval(node.func, frame))
            order = function.order if isinstance(function, Class) else (function,)
            if any(isinstance(base, Library) and base.name in library.INITS for base in order):
                self.eval(node, frame)
        except ThrownError:
            return

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
        raised = len(self.raised)
        try:
            left, error = self._attempt(lambda: self.block(node.body, frame))
        finally:
            self.catching.pop()
            passed = self.raised[raised:]
            del self.raised[raised:]
            self.rest[:] = [entry for entry in self.rest if not any(entry[1] is one for one in passed)]
        held, kinds = self.unwatch(position)
        maybe = [
            h for h, names in zip(node.handlers, caught, strict=True) if "*" in kinds or not names.isdisjoint(kinds)
        ]
        if error is None and (self.speculative or not maybe):
            self.unmark()
            if self.speculative:
                self._handlers_too(node, frame)
            if not passed:
                return self.block(node.orelse, frame) if left is None else left
            for handler in node.handlers:
                missed.note(self, handler.body, combined(None, *passed), frame)
            with self.under(combined(None, *passed)):
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
            return self._handle(handler, frame)

        ways = [partial(ended, path) for path in paths] + [partial(interrupted, handler) for handler in maybe]
        hop = ((frame.path, node.handlers[0]), "if an exception is caught here", None)
        return self.all_ways(ways, frame, [None] * len(paths) + [hop] * len(maybe))

    def _handled(self, node: ast.Try, caught: list[frozenset[str]], error: ThrownError, frame: Frame) -> Exit | None:
        """Follow the handler of an exception that is raised for certain."""
        for handler, kinds in zip(node.handlers, caught, strict=True):
            if not kinds.isdisjoint(error.kinds) or "BaseException" in kinds:
                because = combined(None, error.unset, *error.control)
                missed.note(self, [*node.body, *node.orelse], because, frame)
                with self.under(because):
                    return missed.leaving(self._handle(handler, frame), because)
        raise error

    def _handlers_too(self, node: ast.Try, frame: Frame) -> None:
        """Follow the handlers of a `try` at request time: each may run, whatever the body did."""
        for handler in node.handlers:
            mark, kept = self.mark(), len(frame.exits)
            left, _ = self._attempt(partial(self._handle, handler, frame))
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

    def _handle(self, handler: ast.ExceptHandler, frame: Frame) -> Exit | None:
        if handler.name:
            broad = not {"Exception", "BaseException"}.isdisjoint(self._caught(handler, frame))
            labels = frozenset({"error"}) if broad else frozenset[str]()
            value = Unknown("the exception", kind="runtime", labels=labels, truth=True)
            self.put(frame.target(handler.name), handler.name, value)
        left = self.block(handler.body, frame)
        if handler.name:
            self.put(frame.target(handler.name), handler.name, ABSENT)
        return left

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
        self.passed_by = None
        context = self.eval(item.context_expr, frame)
        maker = self.passed_by if isinstance(context, Unknown) else None
        value = self.special(context, "__enter__", [], place)
        if item.optional_vars is not None:
            entered = context if value is None else value
            self.assign(item.optional_vars, entered, frame)
        target = plain_object(context)
        if maker is not None:
            return self._under_unknown(maker, lambda: self._within(node, index + 1, frame), place, frame)
        if not isinstance(target, Instance) or self._hook(target, "__exit__") is None:
            left = self._within(node, index + 1, frame)
            self.special(context, "__exit__", [_NONE] * 3, place)
            return left

        def leave(raised: list[Abstract]) -> Abstract | None:
            return self.special(target, "__exit__", raised, place)

        return self._guarding(leave, lambda: self._within(node, index + 1, frame), place, frame)

    def _under_unknown(self, maker: Any, way: Callable[[], Exit | None], place: Any, frame: Frame) -> Exit | None:
        """Run a body under a context manager that a function of the project makes which is not followed."""

        def leave(_raised: list[Abstract]) -> Abstract:
            self.unfollowed(maker, None)
            return Unknown("whether an exception is swallowed")

        return self._guarding(leave, way, place, frame)

    def _suppressed(self, written: ast.expr, frame: Frame) -> list[ast.expr] | None:
        """Return the exceptions of a `contextlib.suppress(...)`, None when it is something else."""
        if not isinstance(written, ast.Call) or not ast.unparse(written.func).endswith("suppress"):
            return None
        function = self.eval(written.func, frame)
        return written.args if isinstance(function, Library) and function.name == "contextlib.suppress" else None

    def _guarding(
        self,
        leave: Callable[[list[Abstract]], Abstract | None],
        way: Callable[[], Exit | None],
        place: Any,
        frame: Frame,
    ) -> Exit | None:
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
            leave([_NONE] * 3)
            return left
        paths = self._paths(frame, mark, kept, error or left)
        if kinds:
            paths.append(Path(held, ThrownError(tuple(kinds), "an exception", place)))
        self.unmark()

        def ended(path: Path) -> Exit | None:
            self.replay(path.writes)
            if not isinstance(path.out, ThrownError):
                leave([_NONE] * 3)
                return path.out
            raised: list[Abstract] = [Unknown("an exception", kind="runtime", truth=True) for _ in range(3)]
            swallows = self.truth(leave(raised) or _NONE)
            error = path.out

            def rethrow() -> Exit | None:
                raise error

            if swallows is None:
                return self.both_ways(lambda: None, rethrow, frame)
            return None if swallows else rethrow()

        return self.all_ways([partial(ended, path) for path in paths], frame)


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
