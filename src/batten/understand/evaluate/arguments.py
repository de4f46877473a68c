"""Arguments: evaluated where a call is written, bound to the parameters of what is called."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.access import Access
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame


class Arguments(Access):
    """The part of the evaluator that hands values to functions."""

    def arguments(self, node: ast.Call, frame: Frame) -> Call:
        """Return a written call with its arguments evaluated, the function aside."""
        place = (frame.path, node)
        args: list[Abstract] = []
        kwargs: dict[str, Abstract] = {}
        open_ = False
        for written in node.args:
            if isinstance(written, ast.Starred):
                items = self.iterate(self.eval(written.value, frame))
                open_ = open_ or items is None
                args.extend(items or ())
            elif open_:
                self.eval(written, frame)  # its position is not known
            else:
                args.append(self.rehomed(self.eval(written, frame), written, written, frame))
        for keyword in node.keywords:
            value = self.eval(keyword.value, frame)
            if keyword.arg is not None:
                kwargs[keyword.arg] = self.rehomed(value, keyword.value, keyword, frame)
                continue
            spread = plain_object(value)
            if isinstance(spread, Mapping):
                open_ = open_ or spread.open
                for key, item in spread.cells.items():
                    kwargs[str(key)] = self.tainted(item, origin_of(value))
                    if any(choice is ABSENT for choice in each(item)):
                        kwargs[str(key)] = Unknown("an argument that may not be passed")
            else:
                open_ = True
        call = Call(args, kwargs, place, node=node, frame=frame, open=open_)
        if library.HANDED:
            _handed(self, call)
        return call

    def function(self, node: Any, frame: Frame) -> Function:
        """Return a function object with its defaults evaluated."""
        made = Function(node, frame.path, frame.scope)
        arguments = node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        written = [
            *zip(reversed(positional), reversed(arguments.defaults), strict=False),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for argument, default in written:
            if default is not None:
                value = made.defaults[argument.arg] = self.eval(default, frame)
                if isinstance(value, Library) and value.name in library.HANDED:
                    _handed(self, Call([], {argument.arg: value}, (frame.path, default)))
        return made

    def bind(self, function: Function, call: Call, frame: Frame) -> None:
        """Bind arguments to parameters.

        Raises:
            ThrownError: a parameter has neither argument nor default.
        """
        arguments = function.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        given = list(call.args)
        kwargs = dict(call.kwargs)
        for parameter in positional:
            name = parameter.arg
            if given:
                frame.locals[name] = given.pop(0)
            elif name in kwargs:
                frame.locals[name] = kwargs.pop(name)
            else:
                frame.locals[name] = self._missing(function, name, call)
        for parameter in arguments.kwonlyargs:
            name = parameter.arg
            frame.locals[name] = kwargs.pop(name) if name in kwargs else self._missing(function, name, call)
        if arguments.vararg:
            rest: Any = Unknown("arguments that are not known") if call.open else tuple(given)
            frame.locals[arguments.vararg.arg] = Sequence("tuple", rest)
        elif given and not call.open:
            raise ThrownError(("TypeError", "Exception"), f"{function.name}() takes fewer arguments", call.place)
        if arguments.kwarg:
            made = Mapping(dict(kwargs))
            if call.open:
                made.more["rest"] = Known(value=True)
            frame.locals[arguments.kwarg.arg] = made
        elif kwargs and not call.open:
            raise ThrownError(
                ("TypeError", "Exception"), f"{function.name}() has no parameter {next(iter(kwargs))!r}", call.place
            )

    def _missing(self, function: Function, name: str, call: Call) -> Abstract:
        default = function.defaults.get(name)
        if call.open:
            unknown = Unknown(f"the argument {name} is not known")
            return unknown if default is None else join(default, unknown)
        if default is not None:
            return default
        raise ThrownError(("TypeError", "Exception"), f"{function.name}() misses the argument {name!r}", call.place)


def _handed(machine: Arguments, call: Call) -> None:
    """Tell the names of libraries that mean something wherever they are handed to."""
    for name, value in (*((str(i), v) for i, v in enumerate(call.args)), *call.kwargs.items()):
        if isinstance(value, Library) and value.name in library.HANDED:
            library.HANDED[value.name](machine, call, name)  # type: ignore[arg-type]


def told_by_name(machine: Arguments, call: Call, dotted: str) -> None:
    """Tell what a method's name alone says, where the class of its object is not known."""
    function = getattr(call.node, "func", None)
    model = library.METHODS.get(function.attr) if isinstance(function, ast.Attribute) else None
    if model is not None:
        model(machine, call, dotted)  # type: ignore[arg-type]
    if not dotted:
        options_told(machine, call, ast.unparse(function)[:60] if function is not None else "a function")


def options_told(machine: Arguments, call: Call, function: str) -> None:
    """Tell the keywords that mean the same to many libraries."""
    for name in sorted(call.kwargs.keys() & library.OPTIONS.keys()):
        library.OPTIONS[name](machine, call, function, name)  # type: ignore[arg-type]


def defaulted(call: Call) -> Abstract | None:
    """Return what `something.get(name, default)` gives where the name is not there, None for another call."""
    function = getattr(call.node, "func", None)
    if isinstance(function, ast.Attribute) and function.attr == "get" and len(call.args) == _NAME_AND_DEFAULT:
        return call.args[1] if isinstance(call.args[1], Known) and call.args[1].value is not None else None
    return None


_NAME_AND_DEFAULT = 2
