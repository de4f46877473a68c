"""Python's builtin functions, as far as configuration uses them."""

from __future__ import annotations

import ast
import builtins as python
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import enumerations, executed, introspection, iterables
from batten.understand.evaluate.constants import WIDEST, TooLargeError
from batten.understand.evaluate.environ import OtherVariable
from batten.understand.evaluate.iterables import first, has_no_order, listed
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Namespace,
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
    if name in ("object", "NotImplemented", "Ellipsis"):
        return Library(name)
    if name in ("__name__", "__file__", "__doc__"):
        return None
    if held is not None:
        return Builtin(name, lambda machine, call: machine.unknown_of(call.place, *call.args))
    return None


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


def constant(function: Callable[..., Any], of: str, names: str = "") -> Callable[[Any, Call], Abstract]:
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
        return Known(made.value, origin) if isinstance(made, Known) else made

    return model


def extreme(function: Callable[..., Any]) -> Callable[[Any, Call], Abstract]:
    """Return a model of `min` or `max`."""
    simple = constant(function, "", "default")

    def model(machine: Any, call: Call) -> Abstract:
        of_members = len(call.args) == 1 and enumerations.is_enumeration(plain_object(call.args[0]))
        if ("key" not in call.kwargs and not of_members) or len(call.args) != 1:
            return simple(machine, call)
        machine.begun(plain_object(call.args[0]))
        items = machine.iterate(call.args[0])
        key = call.kwargs.get("key")
        keys = [
            machine.plain(machine.as_constant(item) if key is None else machine.call_with(key, [item], call.place))
            for item in items or ()
        ]
        if items is None or None in keys:
            return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]
        if not items:
            if "default" in call.kwargs:
                return call.kwargs["default"]
            raise ThrownError(("ValueError", "Exception"), "an empty sequence", call.place)
        data = [key[0] for key in keys]
        best = items[machine.ordered(lambda: data.index(function(data)), call.place)]
        return machine.tainted(best, Origin(None, (), machine.depends(call.place, *call.args).unset))  # type: ignore[no-any-return]

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
    value = first(call) if call.args else Known("")
    if isinstance(value, Instance):
        text = enumerations.as_text(value, call.place)
        if text is not None and not machine.hooked(value, "__str__"):
            return text
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
    return Known(made.value, machine.depends(place, value)) if isinstance(made, Known) else made


def _first_part(value: Abstract) -> Abstract:
    """Return the name of a pair of a variable and its value, another value itself."""
    held = plain_object(value)
    return held.items[0] if isinstance(held, Sequence) and held.of == "tuple" and held.items else held


def _len(machine: Any, call: Call) -> Abstract:
    value = plain_object(first(call))
    if isinstance(value, Sequence) and value.items is not None and value.of in {"list", "tuple", "range", "view"}:
        if any(isinstance(_first_part(item), OtherVariable) for item in value.items):
            return Unknown("the number of variables that are set", Origin(call.place), of="int")
        return Known(len(value.items), machine.depends(call.place, first(call)))
    unknown = Unknown("a length that is not known", of="int")
    if isinstance(value, Mapping) and value.of == "dict":
        items = machine.iterate(value)
        return unknown if items is None else Known(len(items), machine.depends(call.place, first(call)))
    if isinstance(value, Sequence | Mapping):
        plain = machine.plain(value)
        return unknown if plain is None else Known(len(plain[0]), machine.depends(call.place, first(call)))
    if enumerations.is_enumeration(value):
        return Known(len(machine.iterate(value)), Origin(call.place))
    if isinstance(value, Instance):
        found = machine.special(value, "__len__", [], call.place)
        if found is None:
            machine.may_throw(VALUE_ERRORS)
        return machine.unknown_of(call.place, value, of="int") if found is None else found  # type: ignore[no-any-return]
    return machine.compute(call.place, len, first(call), of="int")  # type: ignore[no-any-return]


def _dict(machine: Any, call: Call) -> Abstract:
    made = Mapping(origin=Origin(call.place))
    for source in call.args:
        made = machine.merged(made, source)
    if call.open:
        made = machine.merged(made, _spread(machine, call))
    made.cells.update(call.kwargs)
    return made


def _spread(machine: Any, call: Call) -> Abstract:
    """Return what `**` stands before in a call, where it is one name: `dict(defaults, **os.environ)`."""
    keywords = call.node.keywords if isinstance(call.node, ast.Call) else []
    parts = [keyword.value for keyword in keywords if keyword.arg is None]
    if len(parts) != 1 or not isinstance(parts[0], ast.Name | ast.Attribute) or call.frame is None:
        return Unknown("arguments that are not known")
    return machine.eval(parts[0], call.frame)  # type: ignore[no-any-return]


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
    origin = machine.depends(call.place, *call.args)
    return Sequence("range", tuple(Known(n, origin) for n in numbers), origin)


def _exit(machine: Any, call: Call) -> Abstract:
    del machine
    message = first(call)
    text = str(message.value) if isinstance(message, Known) else "the program exits"
    raise ThrownError(("SystemExit", "BaseException"), text, call.place)


def _namespace(machine: Any, call: Call) -> Abstract:
    del machine
    if call.frame is None:
        return Unknown("globals() that are not known", Origin(call.place))
    return Namespace(call.frame.globals)


def _locals(machine: Any, call: Call) -> Abstract:
    del machine
    if call.frame is None:
        return Unknown("locals() that are not known", Origin(call.place))
    return Namespace(call.frame.locals)


def _print(machine: Any, call: Call) -> Abstract:
    del machine, call
    return Known(None)


def _import(machine: Any, call: Call) -> Abstract:
    name = first(call)
    if isinstance(name, Known) and isinstance(name.value, str):
        found: Abstract = machine.import_module(name.value, call.place)
        wanted = call.get("fromlist", 3)
        if "." not in name.value or (wanted is not None and machine.truth(wanted) is True):
            return found
        top = machine.import_module(name.value.partition(".")[0], call.place)
        return top if wanted is None or machine.truth(wanted) is False else join(top, found)
    return Unknown("a module chosen by something that is not known", Origin(call.place))


def _type(machine: Any, call: Call) -> Abstract:
    value = plain_object(first(call))
    if len(call.args) == 1 and isinstance(value, Instance):
        return value.of
    if len(call.args) == 1 and isinstance(value, Known | Sequence | Mapping):
        name = type(value.value).__name__ if isinstance(value, Known) else value.of
        return _TABLE.get(name) or Unknown(f"the type of a {name}", Origin(call.place))
    return machine.unknown_of(call.place, *call.args)  # type: ignore[no-any-return]


def _again(function: Function) -> Function:
    """Return another object for the same function."""
    made = Function(function.node, function.path, function.frame)
    for part in ("name", "defaults", "owner", "wrapped", "keeps", "kind"):
        setattr(made, part, getattr(function, part))
    return made


def _marker(name: str) -> Callable[[Any, Call], Abstract]:
    def model(machine: Any, call: Call) -> Abstract:
        function = first(call)
        if not isinstance(function, Function):
            return function
        if not machine.defining:  # no decorator: the function keeps its own name and kind
            function = _again(function)
        function.kind = name
        for part, given in zip(("setter", "deleter"), call.args[1:3], strict=False):
            if not isinstance(given, Known):
                machine.put(function.cells, part, given)
        return function

    return model


def _property(machine: Any, call: Call) -> Abstract:
    """`property(fget, fset, fdel)`, as a decorator too; the functions themselves stay what they are."""
    del machine
    function = call.get("fget", 0) or Unknown("property() of nothing")
    if not isinstance(function, Function):
        return function
    made = Function(function.node, function.path, function.frame)
    made.cells, made.owner, made.defaults = dict(function.cells), function.owner, function.defaults
    made.kind, made.keeps, made.wrapped = "property", function.keeps, function.wrapped
    for position, (name, role) in enumerate((("fset", "setter"), ("fdel", "deleter")), 1):
        given = call.get(name, position)
        if given is not None:
            made.cells[role] = plain_object(given)
    return made


def _module_dict(machine: Any, call: Call) -> Abstract:
    value = plain_object(first(call))
    if isinstance(value, Module | Instance | Class):
        return Namespace(value.cells)
    return _locals(machine, call) if not call.args else Unknown("vars() that are not known")


_MODELS: dict[str, Callable[[Any, Call], Abstract]] = {
    "bool": _bool,
    "int": constant(_int, "int", "base"),
    "float": constant(float, "float"),
    "str": _str,
    "repr": constant(repr, "str"),
    "bytes": constant(_bytes, "bytes"),
    "abs": constant(abs, ""),
    "round": constant(round, "", "ndigits"),
    "min": extreme(min),
    "max": extreme(max),
    "sum": constant(sum, "", "start"),
    "ord": constant(ord, "int"),
    "chr": constant(chr, "str"),
    "hex": constant(hex, "str"),
    "len": _len,
    "list": iterables.sequence("list"),
    "tuple": iterables.sequence("tuple"),
    "set": iterables.sequence("set"),
    "frozenset": iterables.sequence("frozenset"),
    "reversed": iterables.backwards,
    "sorted": iterables.sorted_of,
    "dict": _dict,
    "range": _range,
    "type": _type,
    "getattr": introspection.get,
    "hasattr": introspection.has,
    "setattr": introspection.put,
    "delattr": introspection.remove,
    "dir": introspection.names,
    "isinstance": introspection.is_instance,
    "issubclass": lambda machine, call: machine.unknown_of(call.place, *call.args, of="bool"),
    "callable": introspection.is_callable,
    "any": iterables.any_all(stop=True),
    "all": iterables.any_all(stop=False),
    "zip": iterables.pairs,
    "enumerate": iterables.enumerated,
    "map": iterables.mapped,
    "filter": iterables.filtered,
    "next": iterables.next_of,
    "iter": iterables.iterator,
    "exit": _exit,
    "quit": _exit,
    "print": _print,
    "globals": _namespace,
    "locals": _locals,
    "vars": _module_dict,
    "compile": executed.compiled,
    "exec": executed.execute,
    "eval": executed.unclear,
    "__import__": _import,
    "property": _property,
    "staticmethod": _marker("staticmethod"),
    "classmethod": _marker("classmethod"),
}
_TABLE: dict[str, Abstract] = {name: Builtin(name, model) for name, model in _MODELS.items()}
