"""Python's builtin functions, as far as configuration uses them."""

from __future__ import annotations

import builtins as python
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.constants import PLAIN, WIDEST, TooLargeError
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
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
from batten.understand.evaluate.origin import Origin, combined

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.library import Call

LARGEST_RANGE = 5_000

extra: dict[str, Abstract] = {}
"""Builtins whose models live with a library's (`open`)."""


def find(name: str) -> Abstract | None:
    """Return a builtin, an exception class as a `Library`, None for an unknown name."""
    if name in _TABLE:
        return _TABLE[name]
    if name in extra:
        return extra[name]
    held = getattr(python, name, None)
    if isinstance(held, type) and issubclass(held, BaseException):
        return Library(name)
    if name in ("object", "type", "NotImplemented", "Ellipsis"):
        return Library(name)
    if name in ("__name__", "__file__", "__doc__"):
        return None
    if held is not None:
        return Builtin(name, lambda machine, call: machine.unknown_of(call.place, *call.args))
    return None


def _first(call: Call) -> Abstract:
    return call.args[0] if call.args else Known(None)


def _bool(machine: Any, call: Call) -> Abstract:
    if not call.args:
        return Known(value=False, origin=Origin(call.place))
    result: Abstract | None = None
    for choice in each(call.args[0]):
        if choice is ABSENT:
            continue
        truth = machine.truth(choice)
        one = (
            machine.unknown_of(call.place, choice, of="bool")
            if truth is None
            else Known(truth, machine.depends(call.place, choice))
        )
        result = one if result is None else join(result, one)
    return result or Unknown("no value", Origin(call.place))


def _constant(function: Callable[..., Any], of: str) -> Callable[[Any, Call], Abstract]:
    def model(machine: Any, call: Call) -> Abstract:
        args = [*call.args, *call.kwargs.values()]
        plain = [machine.plain(arg) for arg in args]
        if any(isinstance(plain_object(arg), Sequence | Mapping) for arg in args) and all(plain):
            data = [p[0] for p in plain]
            return machine.lift(function(*data), machine.depends(call.place, *args))  # type: ignore[no-any-return]
        return machine.compute(call.place, function, *args, of=of)  # type: ignore[no-any-return]

    return model


def _int(*args: Any) -> int:
    if args and isinstance(args[0], str) and len(args[0]) > WIDEST // 4:
        raise TooLargeError
    return int(*args)


def _bytes(*args: Any) -> bytes:
    if args and isinstance(args[0], int):
        raise TooLargeError
    return bytes(*args)


def _str(machine: Any, call: Call) -> Abstract:
    value = _first(call) if call.args else Known("")
    if isinstance(value, Instance):
        for hook in ("__str__", "__fspath__"):
            found = machine.special(value, hook, [], call.place)
            if found is not None:
                return found  # type: ignore[no-any-return]
        return machine.unknown_of(call.place, value, of="str")  # type: ignore[no-any-return]
    if isinstance(plain_object(value), Sequence | Mapping):
        plain = machine.plain(value)
        if plain is not None:
            return Known(str(plain[0])[:4096], Origin(call.place))
    if len(call.args) > 1 or call.kwargs:
        return machine.unknown_of(call.place, *call.args, of="str")  # type: ignore[no-any-return]
    return machine.compute(call.place, str, value, of="str")  # type: ignore[no-any-return]


def _len(machine: Any, call: Call) -> Abstract:
    value = plain_object(_first(call))
    if isinstance(value, Sequence) and value.items is not None and value.of in ("list", "tuple"):
        return Known(len(value.items), Origin(call.place))
    if isinstance(value, Sequence | Mapping):
        plain = machine.plain(value)
        return Unknown("a length that is not known", of="int") if plain is None else Known(len(plain[0]))
    return machine.compute(call.place, len, _first(call), of="int")  # type: ignore[no-any-return]


def _sequence(of: str) -> Callable[[Any, Call], Abstract]:
    def model(machine: Any, call: Call) -> Abstract:
        if not call.args:
            return Sequence(of, (), Origin(call.place))
        items = machine.iterate(call.args[0])
        if unordered(call.args[0]) and of in ("list", "tuple"):
            items = None
        if items is None:
            inner = machine.unknown_of(call.place, call.args[0])
            return Sequence(of, Unknown(inner.why, inner.origin, labels=inner.labels), Origin(call.place))
        return Sequence(of, tuple(items), machine.depends(call.place, call.args[0]))

    return model


def unordered(value: Abstract) -> bool:
    """Return whether a value's elements come in an order that Python does not promise."""
    value = plain_object(value)
    return isinstance(value, Sequence) and value.of in ("set", "frozenset") and len(value.items or ()) > 1


def _dict(machine: Any, call: Call) -> Abstract:
    made = Mapping(origin=Origin(call.place))
    for source in call.args:
        machine.update_mapping(made, source)
    made.cells.update(call.kwargs)
    if call.open:
        made.more["rest"] = Known(value=True)
    return made


def _range(machine: Any, call: Call) -> Abstract:
    plain = [machine.plain(arg) for arg in call.args]
    if not all(plain) or not call.args:
        return Unknown("a range that is not known", Origin(call.place))
    try:
        numbers = range(*(p[0] for p in plain))
    except (TypeError, ValueError) as error:
        raise ThrownError((type(error).__name__, "Exception"), str(error), call.place) from None
    if len(numbers) > LARGEST_RANGE:
        return Sequence("list", Unknown("too long to follow"), Origin(call.place))
    return Sequence("list", tuple(Known(n) for n in numbers), Origin(call.place))


def _getattr(machine: Any, call: Call) -> Abstract:
    name = call.get("name", 1)
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("an attribute chosen by something that is not known", Origin(call.place))
    try:
        found = machine.get_attribute(call.args[0], name.value, call.place)
    except ThrownError:
        if len(call.args) > 2:  # noqa: PLR2004 - the default
            return machine.tainted(call.args[2], name.origin)  # type: ignore[no-any-return]
        raise
    return machine.tainted(found, name.origin)  # type: ignore[no-any-return]


def _hasattr(machine: Any, call: Call) -> Abstract:
    try:
        found = _getattr(machine, call)
    except ThrownError:
        return Known(value=False, origin=Origin(call.place))
    return Unknown("whether it has the attribute", of="bool") if isinstance(found, Unknown) else Known(value=True)


def _setattr(machine: Any, call: Call) -> Abstract:
    if len(call.args) == 3 and isinstance(call.args[1], Known):  # noqa: PLR2004
        machine.set_attribute(call.args[0], str(call.args[1].value), call.args[2], call.place)
    return Known(None)


_CHECKED = {
    "str": str, "int": int, "bool": bool, "float": float, "bytes": bytes, "list": list, "dict": dict,
    "tuple": tuple, "set": set, "frozenset": frozenset,
}  # fmt: skip


def _isinstance(machine: Any, call: Call) -> Abstract:
    if len(call.args) != 2:  # noqa: PLR2004
        return Unknown("isinstance() of something odd")
    wanted = call.args[1]
    kinds = machine.iterate(wanted) if isinstance(wanted, Sequence) else [wanted]
    answers: set[bool | None] = set()
    for choice in each(call.args[0]):
        value = plain_object(choice)
        for kind in kinds or [Unknown("")]:
            answers.add(_is(value, kind))
    if True in answers and len(answers - {False}) == 1 and not isinstance(call.args[0], OneOf):
        return Known(value=True, origin=machine.depends(call.place, call.args[0]))
    if answers == {False}:
        return Known(value=False, origin=machine.depends(call.place, call.args[0]))
    return machine.unknown_of(call.place, call.args[0], of="bool")  # type: ignore[no-any-return]


def _is(value: Abstract, kind: Abstract) -> bool | None:
    if isinstance(kind, Builtin) and kind.name in _CHECKED:
        python_type = _CHECKED[kind.name]
        if isinstance(value, Known):
            return isinstance(value.value, python_type)
        if isinstance(value, Sequence | Mapping):
            return (value.of if isinstance(value, Sequence) else "dict") == kind.name
        if isinstance(value, Unknown):
            return value.of == kind.name if value.of else None
        return False
    if isinstance(kind, Class) and isinstance(value, Instance):
        return kind in value.of.order if isinstance(value.of, Class) else False
    if isinstance(value, Known | Sequence | Mapping) and isinstance(kind, Class | Library):
        return False
    return None


def _callable(machine: Any, call: Call) -> Abstract:
    del machine
    value = plain_object(_first(call))
    if isinstance(value, Function | Class | Bound | Builtin | Library):
        return Known(value=True)
    return Known(value=False) if isinstance(value, Known | Sequence | Mapping) else Unknown("callable or not")


def _any_all(stop: bool) -> Callable[[Any, Call], Abstract]:  # noqa: FBT001 - which of the two
    def model(machine: Any, call: Call) -> Abstract:
        items = machine.iterate(_first(call))
        if items is None:
            return machine.unknown_of(call.place, _first(call), of="bool")  # type: ignore[no-any-return]
        truths = [machine.truth(item) for item in items]
        if stop in truths:
            return Known(stop, machine.depends(call.place, *items))
        if None in truths:
            return machine.unknown_of(call.place, *items, of="bool")  # type: ignore[no-any-return]
        return Known(not stop, machine.depends(call.place, *items))

    return model


def _pairs(machine: Any, call: Call) -> Abstract:
    columns = [machine.iterate(arg) for arg in call.args]
    if any(column is None for column in columns):
        return Sequence("list", Unknown("not all known"), Origin(call.place))
    rows = zip(*columns, strict=False)
    return Sequence("list", tuple(Sequence("tuple", tuple(row)) for row in rows), Origin(call.place))


def _enumerate(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(_first(call))
    if items is None:
        return Sequence("list", Unknown("not all known"), Origin(call.place))
    rows = tuple(Sequence("tuple", (Known(i), item)) for i, item in enumerate(items))
    return Sequence("list", rows, Origin(call.place))


def _map(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(call.args[1]) if len(call.args) == 2 else None  # noqa: PLR2004
    if items is None:
        return Sequence("list", Unknown("not all known"), Origin(call.place))
    return Sequence("list", tuple(machine.call_with(call.args[0], [i], call.place) for i in items), Origin(call.place))


def _filter(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(call.args[1]) if len(call.args) == 2 else None  # noqa: PLR2004
    kept: list[Abstract] = []
    for item in items or ():
        keep = item if isinstance(call.args[0], Known) else machine.call_with(call.args[0], [item], call.place)
        truth = machine.truth(keep)
        if truth is None:
            items = None
            break
        if truth:
            kept.append(item)
    return Sequence("list", Unknown("not all known") if items is None else tuple(kept), Origin(call.place))


def _next(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(_first(call))
    if items:
        return items[0]  # type: ignore[no-any-return]
    if items is not None and len(call.args) > 1:
        return call.args[1]
    return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]


def _exit(machine: Any, call: Call) -> Abstract:
    del machine
    message = _first(call)
    text = str(message.value) if isinstance(message, Known) else "the program exits"
    raise ThrownError(("SystemExit", "BaseException"), text, call.place)


def _namespace(machine: Any, call: Call) -> Abstract:
    del machine
    if call.frame is None:
        return Unknown("globals() that are not known", Origin(call.place))
    return Mapping(call.frame.globals)


def _locals(machine: Any, call: Call) -> Abstract:
    del machine
    if call.frame is None:
        return Unknown("locals() that are not known", Origin(call.place))
    return Mapping(call.frame.locals)


def _print(machine: Any, call: Call) -> Abstract:
    del machine, call
    return Known(None)


def _exec(machine: Any, call: Call) -> Abstract:
    machine.doubt("a call of exec() or eval()", "what it does is not followed", call.place)
    if call.frame is not None:
        call.frame.open = True
    return Unknown("the result of exec() or eval()", Origin(call.place))


def _import(machine: Any, call: Call) -> Abstract:
    name = _first(call)
    if isinstance(name, Known) and isinstance(name.value, str):
        return machine.import_module(name.value, call.place)  # type: ignore[no-any-return]
    return Unknown("a module chosen by something that is not known", Origin(call.place))


def _sorted(machine: Any, call: Call) -> Abstract:
    plain = machine.plain(_first(call))
    if plain is None or call.kwargs.get("key"):
        return Sequence("list", Unknown("not all known"), Origin(call.place))
    try:
        data = sorted(plain[0])
    except TypeError as error:
        raise ThrownError(("TypeError", "Exception"), str(error), call.place) from None
    return (
        machine.lift(data, combined(call.place))
        if all(isinstance(d, PLAIN) for d in data)
        else Sequence(  # type: ignore[no-any-return]
            "list", Unknown("not all known"), Origin(call.place)
        )
    )


def _marker(name: str) -> Callable[[Any, Call], Abstract]:
    def model(machine: Any, call: Call) -> Abstract:
        del machine
        function = _first(call)
        if isinstance(function, Function):
            function.kind = name
        return function

    return model


def _module_dict(machine: Any, call: Call) -> Abstract:
    value = plain_object(_first(call))
    if isinstance(value, Module | Instance | Class):
        return Mapping(value.cells)
    return _locals(machine, call) if not call.args else Unknown("vars() that are not known")


_MODELS: dict[str, Callable[[Any, Call], Abstract]] = {
    "bool": _bool,
    "int": _constant(_int, "int"),
    "float": _constant(float, "float"),
    "str": _str,
    "repr": _constant(repr, "str"),
    "bytes": _constant(_bytes, "bytes"),
    "abs": _constant(abs, "int"),
    "round": _constant(round, "int"),
    "min": _constant(min, ""),
    "max": _constant(max, ""),
    "sum": _constant(sum, "int"),
    "ord": _constant(ord, "int"),
    "chr": _constant(chr, "str"),
    "hex": _constant(hex, "str"),
    "len": _len,
    "list": _sequence("list"),
    "tuple": _sequence("tuple"),
    "set": _sequence("set"),
    "frozenset": _sequence("frozenset"),
    "reversed": lambda machine, call: (
        Unknown("not all known") if (i := machine.iterate(_first(call))) is None else Sequence("list", tuple(i[::-1]))
    ),
    "sorted": _sorted,
    "dict": _dict,
    "range": _range,
    "getattr": _getattr,
    "hasattr": _hasattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "issubclass": lambda machine, call: machine.unknown_of(call.place, *call.args, of="bool"),
    "callable": _callable,
    "any": _any_all(stop=True),
    "all": _any_all(stop=False),
    "zip": _pairs,
    "enumerate": _enumerate,
    "map": _map,
    "filter": _filter,
    "next": _next,
    "iter": lambda _machine, call: _first(call),
    "exit": _exit,
    "quit": _exit,
    "print": _print,
    "globals": _namespace,
    "locals": _locals,
    "vars": _module_dict,
    "exec": _exec,
    "eval": _exec,
    "__import__": _import,
    "property": _marker("property"),
    "staticmethod": _marker("staticmethod"),
    "classmethod": _marker("classmethod"),
}
_TABLE: dict[str, Abstract] = {name: Builtin(name, model) for name, model in _MODELS.items()}
