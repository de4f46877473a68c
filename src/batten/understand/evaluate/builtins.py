"""Python's builtin functions, as far as configuration uses them."""

from __future__ import annotations

import builtins as python
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.constants import WIDEST, TooLargeError
from batten.understand.evaluate.machine import ANY_ERROR, VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
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
from batten.understand.evaluate.origin import Origin

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


def _constant(function: Callable[..., Any], of: str, names: str = "") -> Callable[[Any, Call], Abstract]:
    """Return a model that lets Python compute; `names` are the keyword arguments it may be given."""
    allowed = frozenset(names.split())

    def model(machine: Any, call: Call) -> Abstract:
        args = [listed(machine, arg) for arg in call.args]
        named = {name: listed(machine, arg) for name, arg in call.kwargs.items()}
        if call.open or not allowed.issuperset(named):
            return machine.unknown_of(call.place, *args, *named.values(), of=of)  # type: ignore[no-any-return]
        if not any(isinstance(plain_object(arg), Sequence | Mapping) for arg in (*args, *named.values())):
            count = len(args)

            def apply(*data: Any) -> Any:
                return function(*data[:count], **dict(zip(named, data[count:], strict=True)))

            return machine.compute(call.place, apply, *args, *named.values(), of=of)  # type: ignore[no-any-return]
        plain = [machine.plain(arg) for arg in (*args, *named.values())]
        if None in plain:
            machine.may_throw(VALUE_ERRORS)
            return machine.unknown_of(call.place, *args, *named.values(), of=of)  # type: ignore[no-any-return]
        data = [p[0] for p in plain]
        if of == "str" and any(map(has_no_order, data)):
            return Unknown("the order of a set is not known", Origin(call.place), of=of)
        made = machine.compute(
            call.place, lambda: function(*data[: len(args)], **dict(zip(named, data[len(args) :], strict=True)))
        )
        origin = machine.depends(call.place, *call.args, *call.kwargs.values())
        return Known(made.value, origin) if isinstance(made, Known) else made  # type: ignore[no-any-return]

    return model


def listed(machine: Any, value: Abstract) -> Abstract:
    """Return an iterator, a range or the view of a dict as a list; anything else as it is."""
    target = plain_object(value)
    if isinstance(target, Sequence) and target.of in {"iterator", "range", "view"}:
        items = machine.iterate(value)
        return Sequence("list", Unknown("not all known") if items is None else tuple(items), target.origin)
    return value


def unordered(value: Abstract) -> bool:
    """Return whether a value's elements come in an order that Python does not promise."""
    value = plain_object(value)
    return isinstance(value, Sequence) and value.of in {"set", "frozenset"} and len(value.items or ()) > 1


def has_no_order(data: Any) -> bool:
    """Return whether plain data holds a set of several elements, whose order nobody knows."""
    if isinstance(data, set | frozenset):
        return len(data) > 1 or any(map(has_no_order, data))
    if isinstance(data, list | tuple):
        return any(map(has_no_order, data))
    return isinstance(data, dict) and any(map(has_no_order, data.values()))


def _extreme(function: Callable[..., Any]) -> Callable[[Any, Call], Abstract]:
    """Return a model of `min` or `max`."""
    simple = _constant(function, "", "default")

    def model(machine: Any, call: Call) -> Abstract:
        if "key" not in call.kwargs or len(call.args) != 1:
            return simple(machine, call)
        items = machine.iterate(call.args[0])
        keys = [machine.plain(machine.call_with(call.kwargs["key"], [item], call.place)) for item in items or ()]
        if items is None or None in keys:
            return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]
        if not items:
            if "default" in call.kwargs:
                return call.kwargs["default"]
            raise ThrownError(("ValueError", "Exception"), "an empty sequence", call.place)
        data = [key[0] for key in keys]
        return items[machine.ordered(lambda: data.index(function(data)), call.place)]  # type: ignore[no-any-return]

    return model


def _int(*args: Any, **kwargs: Any) -> int:
    if args and isinstance(args[0], str) and len(args[0]) > WIDEST // 4:
        raise TooLargeError
    return int(*args, **kwargs)


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
    if len(call.args) > 1 or call.kwargs:
        return machine.unknown_of(call.place, *call.args, of="str")  # type: ignore[no-any-return]
    if isinstance(plain_object(value), Sequence | Mapping):
        return written(machine, value, call.place)
    return machine.compute(call.place, str, value, of="str")  # type: ignore[no-any-return]


def written(machine: Any, value: Abstract, place: Any) -> Abstract:
    """Return a list, dict or set as `str()` writes it."""
    plain = machine.plain(value)
    if plain is None or has_no_order(plain[0]):
        return machine.unknown_of(place, value, of="str")  # type: ignore[no-any-return]
    made = machine.compute(place, lambda: str(plain[0]), of="str")
    return Known(made.value, machine.depends(place, value)) if isinstance(made, Known) else made  # type: ignore[no-any-return]


def _len(machine: Any, call: Call) -> Abstract:
    value = plain_object(_first(call))
    if isinstance(value, Sequence) and value.items is not None and value.of in {"list", "tuple", "range", "view"}:
        return Known(len(value.items), Origin(call.place))
    if isinstance(value, Mapping) and value.of == "dict":
        items = machine.iterate(value)
        return Unknown("a length that is not known", of="int") if items is None else Known(len(items), Origin(call.place))
    if isinstance(value, Sequence | Mapping):
        plain = machine.plain(value)
        return Unknown("a length that is not known", of="int") if plain is None else Known(len(plain[0]))
    if isinstance(value, Instance):
        found = machine.special(value, "__len__", [], call.place)
        return machine.unknown_of(call.place, value, of="int") if found is None else found  # type: ignore[no-any-return]
    return machine.compute(call.place, len, _first(call), of="int")  # type: ignore[no-any-return]


def _sequence(of: str) -> Callable[[Any, Call], Abstract]:
    def model(machine: Any, call: Call) -> Abstract:
        if not call.args:
            return Sequence(of, (), Origin(call.place))
        items = machine.iterate(call.args[0], ordered=of in {"list", "tuple", "iterator"})
        if items is None:
            inner = machine.unknown_of(call.place, call.args[0])
            return Sequence(of, Unknown(inner.why, inner.origin, labels=inner.labels), Origin(call.place))
        return Sequence(of, tuple(items), machine.depends(call.place, call.args[0]))

    return model


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
        return Sequence("range", Unknown("too long to follow"), Origin(call.place))
    return Sequence("range", tuple(Known(n) for n in numbers), Origin(call.place))


def _getattr(machine: Any, call: Call) -> Abstract:
    name = call.get("name", 1)
    if isinstance(name, OneOf):
        return machine._over(name, lambda one: _getattr(machine, _renamed(call, one)), call.place)  # type: ignore[no-any-return]  # noqa: SLF001 - the evaluator's own
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("an attribute chosen by something that is not known", Origin(call.place))
    text = name.value
    found, missing = machine.attempted(lambda: machine.get_attribute(call.args[0], text, call.place))
    if len(call.args) > 2 and missing:  # noqa: PLR2004 - the default
        default = machine.tainted(call.args[2], name.origin)
        return default if found is None else join(machine.tainted(found, name.origin), default)
    if found is None:
        found = machine.get_attribute(call.args[0], text, call.place)
    return machine.tainted(found, name.origin)  # type: ignore[no-any-return]


def _renamed(call: Call, name: Abstract) -> Call:
    return type(call)([call.args[0], name, *call.args[2:]], call.kwargs, call.place, node=call.node, frame=call.frame)


def _hasattr(machine: Any, call: Call) -> Abstract:
    name = call.get("name", 1)
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("whether it has the attribute", Origin(call.place), of="bool")
    text = name.value
    found, missing = machine.attempted(lambda: machine.get_attribute(call.args[0], text, call.place))
    if found is None:
        return Known(value=False, origin=Origin(call.place))
    if missing or isinstance(found, Unknown) or any(isinstance(c, Unknown) for c in each(call.args[0])):
        return Unknown("whether it has the attribute", Origin(call.place), of="bool")
    return Known(value=True, origin=Origin(call.place))


def _setattr(machine: Any, call: Call) -> Abstract:
    if len(call.args) == 3 and isinstance(call.args[1], Known):  # noqa: PLR2004 - a count of arguments or words
        machine.set_attribute(call.args[0], str(call.args[1].value), call.args[2], call.place)
    elif call.args:
        for choice in each(call.args[0]):
            machine.havoc(plain_object(choice))
    return Known(None)


_CHECKED = {
    "str": str, "int": int, "bool": bool, "float": float, "bytes": bytes, "list": list, "dict": dict,
    "tuple": tuple, "set": set, "frozenset": frozenset,
}  # fmt: skip


def _isinstance(machine: Any, call: Call) -> Abstract:
    if len(call.args) != 2:  # noqa: PLR2004 - a count of arguments or words
        return Unknown("isinstance() of something odd")
    wanted = call.args[1]
    kinds = machine.iterate(wanted) if isinstance(wanted, Sequence) else [wanted]
    answers = {_is_one(plain_object(choice), kinds or [Unknown("")]) for choice in each(call.args[0])}
    answer = answers.pop() if len(answers) == 1 else None
    if answer is None:
        return machine.unknown_of(call.place, call.args[0], of="bool")  # type: ignore[no-any-return]
    return Known(answer, machine.depends(call.place, call.args[0]))


def _is_one(value: Abstract, kinds: list[Abstract]) -> bool | None:
    answers = {_is(value, kind) for kind in kinds}
    return True if True in answers else None if None in answers else False


def _is(value: Abstract, kind: Abstract) -> bool | None:
    if isinstance(kind, Builtin) and kind.name in _CHECKED:
        python_type = _CHECKED[kind.name]
        if isinstance(value, Known):
            return isinstance(value.value, python_type)
        if isinstance(value, Sequence | Mapping):
            return (value.of if isinstance(value, Sequence) else "dict") == kind.name
        if isinstance(value, Unknown):
            return issubclass(_CHECKED[value.of], python_type) if value.of in _CHECKED else None
        if isinstance(value, Instance):
            order = value.of.order if isinstance(value.of, Class) else (value.of,)
            return False if all(isinstance(base, Class) for base in order) else None
        return False if isinstance(value, Function | Class | Module) else None
    if isinstance(kind, Class) and isinstance(value, Instance):
        if not isinstance(value.of, Class):
            return False
        return True if kind in value.of.order else False if all(isinstance(b, Class) for b in value.of.order) else None
    if isinstance(value, Known | Sequence | Mapping) and isinstance(kind, Class):
        return False if "__instancecheck__" not in kind.cells else None
    return None


def _callable(machine: Any, call: Call) -> Abstract:
    del machine
    value = plain_object(_first(call))
    if isinstance(value, Function | Class | Bound | Builtin | Library):
        return Known(value=True)
    return Known(value=False) if isinstance(value, Known | Sequence | Mapping) else Unknown("callable or not")


def _any_all(stop: bool) -> Callable[[Any, Call], Abstract]:  # noqa: FBT001 - which of the two
    def model(machine: Any, call: Call) -> Abstract:
        items = machine.iterate(_first(call), ordered=False)
        if items is None:
            return machine.unknown_of(call.place, _first(call), of="bool")  # type: ignore[no-any-return]
        truths = [machine.truth(item) for item in items]
        if stop in truths:
            return Known(stop, machine.depends(call.place, *items))
        if None in truths:
            return machine.unknown_of(call.place, *items, of="bool")  # type: ignore[no-any-return]
        return Known(not stop, machine.depends(call.place, *items))

    return model


_UNKNOWN_ITEMS = "not all known"


def _pairs(machine: Any, call: Call) -> Abstract:
    columns = [machine.iterate(arg) for arg in call.args]
    if any(column is None for column in columns) or call.kwargs or call.open:
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    rows = zip(*columns, strict=False)
    return Sequence("iterator", tuple(Sequence("tuple", tuple(row)) for row in rows), Origin(call.place))


def _enumerate(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(_first(call))
    start = call.get("start", 1) or Known(0)
    if items is None or not isinstance(start, Known) or not isinstance(start.value, int):
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    rows = tuple(Sequence("tuple", (Known(i), item)) for i, item in enumerate(items, start.value))
    return Sequence("iterator", rows, Origin(call.place))


def _map(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(call.args[1]) if len(call.args) == 2 else None  # noqa: PLR2004 - a count of arguments or words
    if items is None:
        return Sequence("iterator", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    try:
        made = tuple(machine.call_with(call.args[0], [item], call.place) for item in items)
    except ThrownError as error:  # it raises when it is used, if it is
        machine.may_throw(frozenset(error.kinds))
        return Unknown(error.message, Origin(call.place))
    return Sequence("iterator", made, Origin(call.place))


def _filter(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(call.args[1]) if len(call.args) == 2 else None  # noqa: PLR2004 - a count of arguments or words
    kept: list[Abstract] = []
    for item in items or ():
        keep = item if isinstance(call.args[0], Known) else machine.call_with(call.args[0], [item], call.place)
        truth = machine.truth(keep)
        if truth is None:
            items = None
            break
        if truth:
            kept.append(item)
    return Sequence("iterator", Unknown(_UNKNOWN_ITEMS) if items is None else tuple(kept), Origin(call.place))


def _next(machine: Any, call: Call) -> Abstract:
    held = plain_object(_first(call))
    items = held.items if isinstance(held, Sequence) and held.of == "iterator" else None
    if items:
        machine.put(held.cells, "items", Items(items[1:]))  # type: ignore[union-attr]
        return items[0]
    if items is not None and len(call.args) > 1:
        return call.args[1]
    if items is not None:
        raise ThrownError(("StopIteration", "Exception"), "nothing is left of an iterator", call.place)
    if isinstance(held, Sequence):
        machine.havoc(held)
    machine.may_throw(ANY_ERROR)
    return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]


def _iter(machine: Any, call: Call) -> Abstract:
    target = plain_object(_first(call))
    if isinstance(target, Sequence) and target.of == "iterator":
        return _first(call)
    return _sequence("iterator")(machine, call)


def _reversed(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(_first(call))
    return Sequence("iterator", Unknown(_UNKNOWN_ITEMS) if items is None else tuple(items[::-1]), Origin(call.place))


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
    machine.may_throw(ANY_ERROR)
    if call.frame is not None:
        call.frame.open = True
        for cells in (call.frame.globals, call.frame.locals):
            machine.obscure(Mapping(cells), Unknown("exec() or eval() may write it"))
        call.frame.globals["*"] = Known(value=True)
    return Unknown("the result of exec() or eval()", Origin(call.place))


def _import(machine: Any, call: Call) -> Abstract:
    name = _first(call)
    if isinstance(name, Known) and isinstance(name.value, str):
        return machine.import_module(name.value, call.place)  # type: ignore[no-any-return]
    return Unknown("a module chosen by something that is not known", Origin(call.place))


def _sorted(machine: Any, call: Call) -> Abstract:
    items = machine.iterate(_first(call), ordered="key" in call.kwargs)
    return sort(machine, call, items)


def sort(machine: Any, call: Call, items: list[Abstract] | None) -> Sequence:
    """Return elements in the order that `key` and `reverse` of a call ask for, as a list."""
    unknown = Sequence("list", Unknown(_UNKNOWN_ITEMS), Origin(call.place))
    if items is None or call.open or not {"key", "reverse"}.issuperset(call.kwargs):
        return unknown
    backwards = machine.truth(call.kwargs.get("reverse", Known(value=False)))
    key = call.kwargs.get("key", Known(None))
    keys = items if isinstance(key, Known) else [machine.call_with(key, [item], call.place) for item in items]
    plain = [machine.plain(one) for one in keys]
    if None in plain or backwards is None:
        machine.may_throw(VALUE_ERRORS)
        return unknown
    data = [one[0] for one in plain]
    order = machine.ordered(lambda: sorted(range(len(data)), key=data.__getitem__, reverse=backwards), call.place)
    return Sequence("list", tuple(items[index] for index in order), machine.depends(call.place, *call.args))


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
    "int": _constant(_int, "int", "base"),
    "float": _constant(float, "float"),
    "str": _str,
    "repr": _constant(repr, "str"),
    "bytes": _constant(_bytes, "bytes"),
    "abs": _constant(abs, ""),
    "round": _constant(round, "", "ndigits"),
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": _constant(sum, "", "start"),
    "ord": _constant(ord, "int"),
    "chr": _constant(chr, "str"),
    "hex": _constant(hex, "str"),
    "len": _len,
    "list": _sequence("list"),
    "tuple": _sequence("tuple"),
    "set": _sequence("set"),
    "frozenset": _sequence("frozenset"),
    "reversed": _reversed,
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
    "iter": _iter,
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
