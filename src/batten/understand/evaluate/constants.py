"""Python's own operations on constants, with bounded results.

Everything here runs on plain data only (None, bool, int, float, str, bytes),
so that Python itself can do the work; what could grow without bound is
refused before it is done.
"""

from __future__ import annotations

import ast
import operator
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 65_536
"""Most characters, bytes or elements a value may have."""
WIDEST = 4_096
"""Most bits an integer may have."""

PLAIN = (type(None), bool, int, float, str, bytes)


class TooLargeError(Exception):
    """The result would be larger than the evaluator allows."""


class RefusedError(Exception):
    """Python raises here; the message says what."""

    def __init__(self, kinds: tuple[str, ...], message: str) -> None:
        """Keep the names of the exception's class and its bases, and its message."""
        super().__init__(message)
        self.kinds = kinds


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.Pow: operator.pow,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda a, b: a is b or (type(a) is type(b) and a == b and not isinstance(a, str | bytes | float)),
    ast.IsNot: lambda a, b: not COMPARE[ast.Is](a, b),
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


class UnfollowedError(Exception):
    """Something of a constant that is not followed."""


def run(function: Callable[..., Any], *args: Any) -> Any:
    """Return `function(*args)`.

    Raises:
        RefusedError: Python raised; the evaluated program would too.
        TooLargeError: the result is over the limits.
    """
    try:
        result = function(*args)
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(tuple(cls.__name__ for cls in type(error).__mro__[:-1]), str(error)[:200]) from None
    return checked(result)


def checked(result: Any) -> Any:
    """Return `result` when it is within the limits.

    Raises:
        TooLargeError: it is not.
    """
    if isinstance(result, str | bytes | list | tuple) and len(result) > LONGEST:
        raise TooLargeError
    if isinstance(result, int) and result.bit_length() > WIDEST:
        raise TooLargeError
    return result


def binary(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """Return `left <op> right`.

    Raises:
        RefusedError: Python raised.
        TooLargeError: the result would be over the limits.
    """
    if kind is ast.Mult:
        for text, times in ((left, right), (right, left)):
            if isinstance(text, str | bytes) and isinstance(times, int) and len(text) * max(times, 0) > LONGEST:
                raise TooLargeError
    if kind in (ast.Pow, ast.LShift) and isinstance(left, int) and isinstance(right, int):
        bits = left.bit_length() * right if kind is ast.Pow else left.bit_length() + right
        if bits > WIDEST:
            raise TooLargeError
    if kind is ast.Mod and isinstance(left, str | bytes):
        _check_widths(left)
    operation = BINARY.get(kind)
    if operation is None:
        raise RefusedError(("TypeError", "Exception", "BaseException"), "not an operation on constants")
    return run(operation, left, right)


def _check_widths(template: str | bytes) -> None:
    text = template.decode("latin-1") if isinstance(template, bytes) else template
    if len(text) > LONGEST or "*" in text or re.search(r"\d{4,}", text):
        raise TooLargeError


def formatted(value: Any, spec: str) -> str:
    """Return `format(value, spec)`.

    Raises:
        RefusedError: Python raised.
        TooLargeError: the width is over the limits.
    """
    _check_widths(spec)
    return str(run(format, value, spec))


STRING_METHODS = frozenset(
    "capitalize casefold count encode endswith expandtabs find index isalnum isalpha isascii isdecimal isdigit "
    "isidentifier islower isnumeric isprintable isspace istitle isupper lower lstrip partition removeprefix "
    "removesuffix replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase title "
    "upper zfill center ljust rjust translate".split()
)
_BYTES_METHODS = frozenset("decode endswith hex lower lstrip replace rstrip split startswith strip upper".split())
_NUMBER_METHODS = frozenset("bit_length is_integer conjugate to_bytes".split())
_WIDENING = frozenset({"zfill", "center", "ljust", "rjust", "expandtabs", "to_bytes"})


def method(value: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Return `value.name(*args, **kwargs)` for the methods of constants that configuration uses.

    Raises:
        RefusedError: Python raised.
        TooLargeError: the result would be over the limits.
        UnfollowedError: the method is not one of those.
    """
    allowed = (
        STRING_METHODS
        if isinstance(value, str)
        else _BYTES_METHODS
        if isinstance(value, bytes)
        else _NUMBER_METHODS
        if isinstance(value, int | float)
        else frozenset()
    )
    if name not in allowed:
        raise UnfollowedError(name)
    if name in _WIDENING and any(isinstance(a, int) and a > LONGEST for a in args):
        raise TooLargeError
    if name == "replace" and len(args) > 1 and isinstance(args[1], str | bytes):
        occurrences = len(value) + 1
        if occurrences * (len(args[1]) + 1) > LONGEST * 4:
            raise TooLargeError
    return run(lambda: getattr(value, name)(*args, **kwargs))


def format_template(template: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Return `template.format(*args, **kwargs)` for plain fields.

    Raises:
        RefusedError: Python raised.
        TooLargeError: a width is over the limits.
        KeyError: a field reads attributes or items.
    """
    if re.search(r"\{[^{}]*[.\[]", template.partition("!")[0]) and re.search(r"\{\w*[.\[]", template):
        raise KeyError(template)
    _check_widths(template)
    return str(run(lambda: template.format(*args, **kwargs)))
