"""Regular expressions: `re` (CPython 3.11), as far as the work they may do is bounded.

The matcher of Python goes back as often as a pattern lets it; an expression
that may take too long on its text is not followed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.frozen import computed, register
from batten.understand.evaluate.library import CALLS, VALUES, Call
from batten.understand.evaluate.objects import (
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Known,
    Library,
    Sequence,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import backtracking

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

LONGEST_PATTERN = 1_000
LONGEST_TEXT = 20_000
MOST_WORK = 10_000_000
"""Most steps that the matcher may take, as far as the pattern tells."""
_REFUSED = type("regular expression that may take too long on its text", (), {})()
"""Stands for a match that was not tried; it becomes something unknown with that reason."""

register(re.Pattern, "re.Pattern", "pattern flags groups groupindex")
register(
    re.Match,
    "re.Match",
    "string lastgroup lastindex pos endpos re",
    "group groups groupdict start end span expand",
)


def _checked(pattern: Any, text: Any, flags: Any) -> bool:  # noqa: ANN401 - any constant
    """Return whether the work of a search is bounded.

    Raises:
        ValueError: the pattern is none.
    """
    source = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    flags = pattern.flags if isinstance(pattern, re.Pattern) else flags
    if not isinstance(source, str) or not isinstance(text, str) or not isinstance(flags, int):
        return isinstance(source, str) is not isinstance(text, str)  # Python says what is wrong with it
    if len(source) > LONGEST_PATTERN or len(text) > LONGEST_TEXT:
        return False
    return bool(_done(backtracking.work, source, flags & ~re.DEBUG, text) <= MOST_WORK)


def _done(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any constant
    try:
        return function(*args, **kwargs)
    except re.error as error:
        raise ValueError(str(error)) from None


_PARAMETERS = {
    **dict.fromkeys(("match", "fullmatch", "search", "findall", "finditer"), "pattern string flags"),
    "split": "pattern string maxsplit flags",
    "sub": "pattern repl string count flags",
    "subn": "pattern repl string count flags",
}


def _model(name: str, *, flags: bool = True) -> Callable[[Interpreter, Call], Abstract]:
    function = getattr(re, name)
    names = _PARAMETERS[name].split()[: None if flags else -1]

    def model(machine: Interpreter, call: Call) -> Abstract:
        bound = dict(zip(names, call.args, strict=False)) | call.kwargs
        odd = call.open or len(call.args) > len(names) or not bound.keys() <= set(names)
        if odd or any(isinstance(plain_object(one), _CALLED) for one in bound.values()):
            return machine.unknown_of(call.place, *call.args, *call.kwargs.values())

        def apply(*values: Any) -> Any:  # noqa: ANN401 - any constant
            given = dict(zip(bound, values, strict=True))
            if not {"pattern", "string"} <= given.keys():
                raise TypeError(f"{name}() misses an argument")
            if not _checked(given["pattern"], given["string"], given.get("flags", 0)):
                return _REFUSED
            found = _done(function, **given)
            return list(found) if name == "finditer" else found

        return machine.compute(call.place, apply, *bound.values())

    return model


_CALLED = (Function, Bound, Builtin, Library, Class)


def _compiled(machine: Interpreter, call: Call) -> Abstract:
    def compile_(pattern: Any, flags: Any = 0) -> Any:  # noqa: ANN401 - any constant
        if isinstance(pattern, str | bytes) and len(pattern) > LONGEST_PATTERN:
            return _REFUSED
        return _done(re.compile, pattern, flags & ~re.DEBUG)

    return computed(compile_)(machine, call)


def _of_pattern(name: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a method of patterns: the function of the module with the pattern first, without flags."""
    function = _model(name, flags=False)

    def model(machine: Interpreter, call: Call) -> Abstract:
        if call.receiver is None:
            return machine.unknown_of(call.place, *call.args)
        return function(machine, Call([call.receiver, *call.args], call.kwargs, call.place, open=call.open))

    return model


def _iterated(model: Callable[[Interpreter, Call], Abstract]) -> Callable[[Interpreter, Call], Abstract]:
    def wrapped(machine: Interpreter, call: Call) -> Abstract:
        found = model(machine, call)
        if isinstance(found, Sequence) and found.items is not None:
            return Sequence("iterator", found.items, found.origin)
        return found

    return wrapped


for _name in ("match", "fullmatch", "search", "split", "findall", "sub", "subn"):
    CALLS[f"re.{_name}"] = _model(_name)
    CALLS[f"re.Pattern.{_name}"] = _of_pattern(_name)
CALLS["re.finditer"] = _iterated(_model("finditer"))
CALLS["re.Pattern.finditer"] = _iterated(_of_pattern("finditer"))
CALLS["re.compile"] = _compiled
CALLS["re.escape"] = lambda machine, call: machine.compute(call.place, re.escape, *call.args[:1], of="str")


def _flag(name: str) -> Callable[[Interpreter, Place], Abstract]:
    def model(machine: Interpreter, place: Place) -> Abstract:
        del machine
        return Known(int(getattr(re, name)), Origin(place))

    return model


for _name in "A ASCII I IGNORECASE M MULTILINE S DOTALL X VERBOSE U UNICODE".split():
    VALUES[f"re.{_name}"] = _flag(_name)
