"""django-configurations 2.5: values that a setting takes from the environment, `configurations.values`.

Most are objects until the class they stand in is chosen: then `setup(name)`
(the call model `configurations.values.Value.setup`, with the object as
receiver and the setting's name) tells what the setting is. One with a name of
its own (`environ_name="X"`), or with `environ=False` and a default, is what it
stands for at once, unless it binds late.
"""

from __future__ import annotations

import ast
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.library import BASES, CALLS, Call, attribute, calls
from batten.understand.evaluate.machine import VALUE_ERRORS, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.operators import origin_of
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.lookup import found

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

MODULE = "configurations.values"
VALUE = f"{MODULE}.Value"
_ERROR = ("ValueError",)
_SEQUENCES = {
    "ListValue": "list",
    "TupleValue": "tuple",
    "BackendsValue": "list",
    "SetValue": "set",
    "SingleNestedListValue": "list",
    "SingleNestedTupleValue": "tuple",
}
_URLS = {
    "DatabaseURLValue": ("DATABASE_URL", "dj_database_url.parse"),
    "CacheURLValue": ("CACHE_URL", "django_cache_url.parse"),
    "EmailURLValue": ("EMAIL_URL", "dj_email_url.parse"),
    "SearchURLValue": ("SEARCH_URL", "dj_search_url.parse"),
}
_CHECKED = frozenset({"EmailValue", "URLValue", "IPValue", "RegexValue"})
_NUMBERS = frozenset({"IntegerValue", "PositiveIntegerValue", "FloatValue", "DecimalValue"})
KINDS = ("Value", "BooleanValue", "DictValue", "PathValue", "SecretValue", *_SEQUENCES, *_URLS, *_CHECKED, *_NUMBERS)
_PARAMETERS = ("default", "environ", "environ_name", "environ_prefix", "environ_required")

for _kind in KINDS[1:]:
    BASES[f"{MODULE}.{_kind}"] = (VALUE,)
for _name in ("dj_database_url", "django_cache_url", "dj_email_url", "decimal", "os"):
    library.load(_name)


def kind_of(value: Instance) -> str:
    """Return the name of the library class that a value is of."""
    return value.library.removeprefix(f"{MODULE}.")


def _made(of: Class | Library, machine: Interpreter, call: Call) -> Abstract:
    """Return a new value, or what it stands for where that is asked for at once."""
    instance = Instance(of, call.place, Origin(call.place))
    kind = kind_of(instance)
    arguments = dict(zip(_PARAMETERS, call.args, strict=False)) | call.kwargs
    if call.open:
        return Unknown("a value with arguments that are not known", Origin(call.place))
    if kind in _URLS:
        arguments = {"environ_prefix": Known(None), "environ_name": Known(_URLS[kind][0])} | arguments
    if kind == "SecretValue":
        if machine.truth(arguments.get("default", Known(None))) is not False:
            raise ThrownError(
                (*_ERROR, "Exception"), "Secret values are only allowed to be set in the environment", call.place
            )
        arguments |= {"environ": Known(value=True), "environ_required": Known(value=True)}
    instance.facts["arguments"] = arguments
    default = _default(machine, instance, kind, arguments.get("default", Known(None)), call.place)
    instance.facts["default"] = default
    late = machine.truth(arguments.get("late_binding", Known(value=kind in _URLS)))
    environ = machine.truth(arguments.get("environ", Known(value=True)))
    named = machine.truth(arguments.get("environ_name", Known(None)))
    at_once = named if environ else machine.truth(default) if environ is False else None
    if late or at_once is False:
        return instance
    if late is None or at_once is None:
        return Unknown("whether the value is read at once is not known", Origin(call.place))
    return setup(machine, Call([arguments.get("environ_name", Known(""))], {}, call.place, receiver=instance))


def _default(machine: Interpreter, value: Instance, kind: str, default: Abstract, place: Place) -> Abstract:
    """Return the default as the value keeps it.

    Raises:
        ThrownError: it is none that this kind of value may have.
    """
    other = plain_object(default)
    if isinstance(other, Instance) and other.library.startswith(f"{MODULE}."):
        default = other.facts.get("default", Unknown("the default of another value"))
    nothing = isinstance(default, Known) and default.value is None
    if kind == "BooleanValue" and isinstance(default, Known) and default.value not in (True, False):
        raise ThrownError((*_ERROR, "Exception"), f"Default value {default.value!r} is not a boolean value", place)
    if kind in _SEQUENCES:
        items = () if nothing else machine.iterate(default)
        if items is None:
            return machine.unknown_of(place, default, of=_SEQUENCES[kind])
        made = Sequence(_SEQUENCES[kind], tuple(items), origin_of(default))
        return _converted(machine, value, kind, made, place)
    if kind == "DictValue" and nothing:
        return Mapping(origin=Origin(place))
    if kind in _URLS:
        return Mapping(origin=Origin(place)) if nothing else to_python(machine, value, default, place)
    return default


# Texts become values


def to_python(machine: Interpreter, value: Instance, text: Abstract, place: Place) -> Abstract:
    """Return what a value makes of a text; by the project's own method where its class has one."""
    if machine.hooked(value, "to_python"):
        return machine.call_with(machine.get_attribute(value, "to_python", place), [text], place)
    return _to_python(machine, value, text, place)


def _to_python(machine: Interpreter, value: Instance, text: Abstract, place: Place) -> Abstract:
    kind = kind_of(value)
    if kind in _NUMBERS:
        return _number(machine, value, kind, text, place)
    if kind in _SEQUENCES:
        return _sequence(machine, value, kind, text, place)
    if kind in _URLS:
        return _of_url(machine, value, kind, text, place)
    if kind in _CHECKED:
        machine.may_throw(VALUE_ERRORS)
        return machine.unknown_of(place, text, Unknown("whether the app takes the value is not checked"), of="str")
    function = {"BooleanValue": boolean, "DictValue": dictionary}.get(kind)
    return text if function is None else machine.compute(place, function, text)


def boolean(text: str) -> bool:
    """Return what `BooleanValue` makes of a text.

    Raises:
        ValueError: it is no word for yes or no.
    """
    word = text.strip().lower()
    if word not in {"yes", "y", "true", "1", "no", "n", "false", "0", ""}:
        raise ValueError(f"Cannot interpret boolean value {text!r}")
    return word in {"yes", "y", "true", "1"}


def dictionary(text: str) -> dict[Any, Any]:
    """Return what `DictValue` makes of a text.

    Raises:
        ValueError: it is no dict as Python writes one.
    """
    if not text:
        return {}
    try:
        found = ast.literal_eval(text)
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if not isinstance(found, dict):
        raise ValueError(f"Cannot interpret dict value {text!r}")  # noqa: TRY004 - as the original
    return found


def _number(machine: Interpreter, value: Instance, kind: str, text: Abstract, place: Place) -> Abstract:
    if any(isinstance(base, Class) and "caster" in base.cells for base in getattr(value.of, "order", ())):
        made = machine.call_with(machine.get_attribute(value, "caster", place), [text], place)
    elif kind == "DecimalValue":
        made = machine.call_library("decimal.Decimal", Call([text], {}, place))
    else:
        made = machine.compute(place, float if kind == "FloatValue" else int, text)
    if kind == "PositiveIntegerValue":
        return machine.compute(place, _positive, made, of="int")
    return made


def _positive(number: int) -> int:
    if number < 0:
        raise ValueError(f"Cannot interpret value {number!r}")
    return number


def _argument(machine: Interpreter, value: Instance, name: str, otherwise: str) -> Abstract:
    """Return an argument of a value, or an attribute of its class of that name."""
    held: Abstract | None = value.facts["arguments"].get(name)
    if held is None and any(isinstance(base, Class) and name in base.cells for base in getattr(value.of, "order", ())):
        held = machine.get_attribute(value, name, value.made)
    return held if held is not None else Known(otherwise or None)


def _sequence(machine: Interpreter, value: Instance, kind: str, text: Abstract, place: Place) -> Abstract:
    by = _argument(machine, value, "separator", ",")
    if "Nested" not in kind:
        return _split(machine, value, kind, text, by, place)
    outer = _argument(machine, value, "seq_separator", ";")
    rows = machine.compute(place, _parts, text, outer)
    parts = machine.iterate(rows) if isinstance(rows, Sequence) else None
    if parts is None:
        return rows
    flat = tuple(_split(machine, value, kind, part, by, place) for part in parts)
    return Sequence(_SEQUENCES[kind], flat, rows.origin)


def _split(machine: Interpreter, value: Instance, kind: str, text: Abstract, by: Abstract, place: Place) -> Abstract:
    parts = machine.compute(place, _parts, text, by)
    items = machine.iterate(parts) if isinstance(parts, Sequence) else None
    if items is None:
        return parts
    return _converted(machine, value, kind, Sequence(_SEQUENCES[kind], tuple(items), parts.origin), place)


def _parts(text: str, by: str) -> list[str]:
    return [part for part in (part.strip() for part in text.strip().split(by)) if part]


def _converted(machine: Interpreter, value: Instance, kind: str, made: Sequence, place: Place) -> Sequence:
    """Return a sequence with each element after the `converter`."""
    converter = _argument(machine, value, "converter", "")
    if kind == "BackendsValue":
        machine.may_throw(VALUE_ERRORS)
    if (isinstance(converter, Known) and converter.value is None) or made.items is None:
        return made
    kept: list[Abstract] = []
    for item in made.items:
        inner = plain_object(item)
        nested = "Nested" in kind and isinstance(inner, Sequence)
        one = _converted(machine, value, kind, inner, place) if nested and isinstance(inner, Sequence) else None
        kept.append(one if one is not None else machine.call_with(converter, [item], place))
    return Sequence(made.of, tuple(kept), made.origin)


def _of_url(machine: Interpreter, value: Instance, kind: str, text: Abstract, place: Place) -> Abstract:
    caster = _URLS[kind][1]
    if caster not in CALLS:
        return machine.unknown_of(place, text, Unknown(f"what {caster}() gives is not modelled"), of="dict")
    used = {"alias", "late_binding", *_PARAMETERS}
    options = {name: held for name, held in value.facts["arguments"].items() if name not in used}
    parsed = machine.call_library(caster, Call([text], options, place))
    if kind == "EmailURLValue":
        return parsed
    made = Mapping(origin=Origin(place))
    machine.set_item(made, value.facts["arguments"].get("alias", Known("default")), parsed)
    return made


# Setting up


@calls(f"{VALUE}.setup")
def setup(machine: Interpreter, call: Call) -> Abstract:
    """Return what the setting of a name is: the variable's value, or the default.

    Raises:
        ThrownError: a variable that has to be set is not, and the program catches that.
    """
    value, name = plain_object(call.receiver or Known(None)), call.args[0] if call.args else Known("")
    if not isinstance(value, Instance) or "arguments" not in value.facts or not isinstance(name, Known):
        return Unknown("a value that is not known", Origin(call.place))
    arguments: dict[str, Abstract] = value.facts["arguments"]
    held = value.facts["default"]
    environ = machine.truth(arguments.get("environ", Known(value=True)))
    full = _full_name(machine, arguments, str(name.value), call.place)
    if environ is None or not isinstance(full, Known):
        return machine.unknown_of(call.place, full, Unknown("which variable it is read from is not known"))
    if environ:
        required = machine.truth(arguments.get("environ_required", Known(value=False)))
        held = _looked_up(machine, value, str(full.value), None if required else held, call.place)
    if kind_of(value) == "SecretValue" and machine.truth(held) is False:
        raise ThrownError((*_ERROR, "Exception"), f"Secret value {name.value!r} is not set", call.place)
    return _as_path(machine, arguments, held, call.place) if kind_of(value) == "PathValue" else held


def _full_name(machine: Interpreter, arguments: dict[str, Abstract], name: str, place: Place) -> Abstract:
    given = arguments.get("environ_name", Known(None))
    prefix = arguments.get("environ_prefix", Known("DJANGO"))

    def join_names(own: Any, before: Any) -> str:  # noqa: ANN401 - any constant
        own = own or name.upper()
        return f"{before.removesuffix('_')}_{own}" if before and before != "_" else own

    return machine.compute(place, join_names, given, prefix, of="str")


def _looked_up(machine: Interpreter, value: Instance, name: str, default: Abstract | None, place: Place) -> Abstract:
    result: Abstract | None = None
    for held, is_default in found(machine, name, ABSENT, default, place, _ERROR):
        one = held if is_default else to_python(machine, value, held, place)
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(place))


def _as_path(machine: Interpreter, arguments: dict[str, Abstract], held: Abstract, place: Place) -> Abstract:
    if machine.truth(arguments.get("check_exists", Known(value=True))) is not False:
        machine.may_throw(VALUE_ERRORS)
    text = machine.special(held, "__fspath__", [], place) or held
    if isinstance(text, Known) and re.match("~", str(text.value)):
        return Unknown("the home directory is not known", Origin(place), of="str")
    return machine.call_library("os.path.abspath", Call([text], {}, place))


@attribute(f"{VALUE}.value")
def _value(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Return what a value is before its setting has a name: the default, unless it names its variable itself."""
    arguments = instance.facts.get("arguments", {})
    name = arguments.get("environ_name", Known(None))
    if machine.truth(name):
        return setup(machine, Call([name], {}, place, receiver=instance))
    held: Abstract = instance.facts.get("default", Unknown("a value that is not known", Origin(place)))
    return held


@calls(f"{VALUE}.to_python")
def _own_to_python(machine: Interpreter, call: Call) -> Abstract:
    value = plain_object(call.receiver or Known(None))
    text = call.get("value", 0) or Unknown("no text")
    if not isinstance(value, Instance) or "arguments" not in value.facts:
        return machine.unknown_of(call.place, text)
    return _to_python(machine, value, text, call.place)


def _of_subclass(machine: Interpreter, call: Call) -> Abstract:
    """Make a value of a class of the project; one with a constructor of its own is not followed."""
    cls = plain_object(call.receiver or Known(None))
    if not isinstance(cls, Class) or any(
        isinstance(b, Class) and {"__init__", "setup"} & b.cells.keys() for b in cls.order
    ):
        return Unknown("a kind of value that is made in its own way", Origin(call.place))
    return _made(cls, machine, call)


for _kind in KINDS:
    CALLS[f"{MODULE}.{_kind}"] = partial(_made, Library(f"{MODULE}.{_kind}"))
    CALLS[f"{MODULE}.{_kind}.__new__"] = _of_subclass
