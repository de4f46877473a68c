"""What a pydantic field accepts, read from its annotation (pydantic 2.14, and 1.10 where it differs)."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate import generics
from batten.understand.evaluate.library import Call, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Builtin,
    Class,
    Instance,
    Known,
    Library,
    Sequence,
    plain_object,
)
from batten.understand.libraries.pydantic_names import ANNOTATIONS, FIELD, IGNORED_METADATA, bare_name

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.interpreter import Interpreter

DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Type:
    """One type: its kind, and what it is made of."""

    kind: str
    args: tuple[Type, ...] = ()
    of: Abstract | None = None
    """The class of a model or an enumeration, the metadata of an annotated type."""
    values: tuple[Abstract, ...] = ()
    """What a literal may be."""
    name: str = ""
    """The library's name of a type that is kept as it is; the reason why a type is not known."""


ANY = Type("any")
NONE = Type("none")
_SCALARS = frozenset({"bool", "int", "float", "str", "bytes"})
_CONTAINERS = {
    "list": "list", "set": "set", "frozenset": "frozenset", "dict": "dict",
    "List": "list", "Set": "set", "FrozenSet": "frozenset", "Dict": "dict", "MutableSet": "set", "AbstractSet": "set",
    "Sequence": "sequence", "MutableSequence": "list", "Mapping": "mapping", "MutableMapping": "mapping",
}  # fmt: skip
_OPAQUE = frozenset(
    "datetime.datetime datetime.date datetime.time datetime.timedelta decimal.Decimal uuid.UUID fractions.Fraction "
    "ipaddress.IPv4Address ipaddress.IPv6Address ipaddress.IPv4Network ipaddress.IPv6Network re.Pattern typing.Pattern "
    "zoneinfo.ZoneInfo".split()
)
_NUMBERS = {"Int": "int", "Float": "float"}
_SIGNS = {"Positive": "gt", "Negative": "lt", "NonNegative": "ge", "NonPositive": "le"}


def unknown(why: str) -> Type:
    """Return the type of a field that is not followed."""
    return Type("unknown", name=why)


def read(machine: Interpreter, node: ast.expr, frame: Frame) -> Type:
    """Return what an annotation says; of kind `pending` when a name in it is not bound yet."""
    try:
        return typed(machine, machine.eval(node, frame), frame)
    except ThrownError as error:
        return Type("pending", name=error.message)


def typed(machine: Interpreter, value: Abstract, frame: Frame, depth: int = 0) -> Type:
    """Return the type that a value stands for."""
    value = plain_object(value)
    if depth > DEEPEST:
        return unknown("a type nested too deeply")
    if isinstance(value, Known):
        return _written(machine, value, frame)
    if isinstance(value, Builtin):
        return _builtin(value.name)
    if isinstance(value, Library):
        return _library(value.name, ())
    if isinstance(value, Class):
        return _class(value)
    if isinstance(value, Instance) and value.library == generics.ALIAS:
        return _with_arguments(machine, value, frame, depth)
    return unknown("a type that is not followed")


def _written(machine: Interpreter, value: Known, frame: Frame) -> Type:
    if value.value is None:
        return NONE
    try:
        return read(machine, ast.parse(str(value.value).strip(), mode="eval").body, frame)
    except (SyntaxError, ValueError, RecursionError):
        return unknown("a type in a string that is not Python")


def _builtin(name: str) -> Type:
    if name in _SCALARS:
        return Type(name)
    if name in _CONTAINERS:
        return _container(_CONTAINERS[name], ())
    if name == "tuple":
        return Type("tuple...", (ANY,), name="bare")
    return Type("kept", name=name) if name == "type" else unknown(f"the type {name}")


def _container(kind: str, args: tuple[Type, ...]) -> Type:
    wanted = 2 if kind in {"dict", "mapping"} else 1
    return Type(kind, args) if len(args) == wanted else Type(kind, (ANY,) * wanted, name="bare")


def _class(cls: Class) -> Type:
    if cls.facts.get("enum"):
        return Type("enum", of=cls)
    if "pydantic" in cls.facts:
        return Type("model", of=cls)
    if cls.facts.get("dataclass"):
        return Type("dataclass", of=cls, name=f"the dataclass {cls.name}")
    return Type("instance", of=cls, name=cls.name)


def _with_arguments(machine: Interpreter, alias: Instance, frame: Frame, depth: int) -> Type:
    origin, arguments = alias.facts["origin"], generics.arguments(alias)
    name = getattr(origin, "name", "")
    last = name.rpartition(".")[2]

    def inner(value: Abstract) -> Type:
        return typed(machine, value, frame, depth + 1)

    if last == "Literal":
        return _literal(arguments)
    if last == "Annotated" and arguments:
        return annotated(inner(arguments[0]), arguments[1:])
    if last == "Optional" and arguments:
        return union((inner(arguments[0]), NONE))
    if last == "Union":
        return union(tuple(inner(argument) for argument in arguments))
    if last in {"Final", "Required", "NotRequired"} and arguments:
        return inner(arguments[0])
    if last in {"tuple", "Tuple"}:
        return _tuple([argument for argument in arguments if not _is_ellipsis(argument)], arguments, inner)
    if last in _CONTAINERS:
        return _container(_CONTAINERS[last], tuple(inner(argument) for argument in arguments))
    return _library(name, tuple(inner(argument) for argument in arguments)) if name else unknown("a generic type")


def _tuple(items: list[Abstract], arguments: list[Abstract], inner: object) -> Type:
    assert callable(inner)  # noqa: S101 - the closure above
    types = tuple(inner(item) for item in items)
    return Type("tuple...", types) if len(items) < len(arguments) and len(types) == 1 else Type("tuple", types)


def _is_ellipsis(value: Abstract) -> bool:
    return isinstance(value, Library) and value.name == "Ellipsis"


def _literal(arguments: list[Abstract]) -> Type:
    flat: list[Abstract] = []
    for argument in map(plain_object, arguments):
        if isinstance(argument, Instance) and argument.library == generics.ALIAS:
            flat += generics.arguments(argument)
        else:
            flat.append(argument)
    if all(isinstance(value, Known | Instance) for value in flat):
        return Type("literal", values=tuple(flat))
    return unknown("a literal of something that is not known")


def union(members: tuple[Type, ...]) -> Type:
    """Return the union of some types, nested ones taken apart."""
    flat: list[Type] = []
    for member in members:
        for part in member.args if member.kind == "union" else (member,):
            if part not in flat:
                flat.append(part)
    pending = next((part for part in flat if part.kind == "pending"), None)
    if pending is not None:
        return pending
    return flat[0] if len(flat) == 1 else Type("union", tuple(flat))


def annotated(inner: Type, metadata: list[Abstract]) -> Type:
    """Return a type with what is said of it beside, outermost last."""
    if inner.kind == "pending":
        return inner
    for part in metadata:
        inner = _said(inner, plain_object(part))
    return inner


def _said(inner: Type, part: Abstract) -> Type:
    if isinstance(part, Instance | Library):
        name = bare_name(part.library if isinstance(part, Instance) else part.name)
        if name in ANNOTATIONS:
            return Type("annotated", (inner,), of=part, name=name)
        if name in IGNORED_METADATA:
            return inner
        return unknown(f"a type annotated with {name}")
    if isinstance(part, Known):
        return inner
    return unknown("a type annotated with something that is not known")


def _library(name: str, args: tuple[Type, ...]) -> Type:
    last = name.rpartition(".")[2]
    short = bare_name(name)
    if name in {"object", "typing.Any"}:
        return ANY
    if name in _OPAQUE:
        return Type("opaque", name=name)
    if name.startswith(("typing.", "collections.abc.", "typing_extensions.")):
        return _from_typing(last)
    if name in {"pathlib.Path", "os.PathLike"} or short in {"FilePath", "DirectoryPath", "NewPath"}:
        return Type("path")
    if not name.startswith("pydantic"):
        return Type("foreign", name=name)
    return _of_pydantic(short, name, args)


def _from_typing(last: str) -> Type:
    if last in _CONTAINERS:
        return _container(_CONTAINERS[last], ())
    if last in {"Tuple", "Callable", "Type"}:
        return Type("tuple...", (ANY,)) if last == "Tuple" else Type("kept", name=last)
    return Type("str") if last == "Text" else unknown(f"the type {last}")


def _of_pydantic(short: str, name: str, args: tuple[Type, ...]) -> Type:
    if short in {"SecretStr", "SecretBytes"}:
        return Type("secret", (Type("str" if short == "SecretStr" else "bytes"),), name=name)
    if short.endswith(("Url", "Dsn", "DSN")):
        return Type("url", name=name)
    if short == "Json":
        return Type("json", args or (ANY,))
    if short == "EmailStr":
        return Type("email")
    if short == "SkipValidation":
        return ANY
    if short.startswith("Strict") and short[6:].lower() in _SCALARS:
        return Type("strict", (Type(short[6:].lower()),))
    for sign, bound in _SIGNS.items():
        number = _NUMBERS.get(short.removeprefix(sign)) if short.startswith(sign) else None
        if number is not None:
            limit = Instance(Library(FIELD))
            limit.facts["args"] = Call([], {bound: Known(0)}, None)
            return Type("annotated", (Type(number),), of=limit, name="Field")
    return Type("opaque", name=name)


def parts(type_: Type) -> tuple[Type, ...]:
    """Return the members of a union, or the type alone; what is said beside is left out."""
    while type_.kind == "annotated":
        type_ = type_.args[0]
    return type_.args if type_.kind == "union" else (type_,)


# Functions that make types

_FUNCTIONS = {
    "conint": "int", "confloat": "float", "constr": "str", "conbytes": "bytes", "conlist": "list", "conset": "set",
    "confrozenset": "frozenset",
}  # fmt: skip


def _constrained(base: str, machine: Interpreter, call: Call) -> Abstract:
    """Return `conint(gt=0)` and the like as the annotated type that it stands for."""
    inner: Abstract = machine.builtin(base) or Known(None)
    if base in _CONTAINERS and (call.args or "item_type" in call.kwargs):
        inner = generics.subscripted(inner, call.get("item_type", 0) or Known(None), call.place) or inner
    said = Instance(Library("pydantic.StringConstraints" if base == "str" else FIELD), call.place)
    said.facts["args"] = Call([], {**call.kwargs}, call.place, open=call.open)
    return generics.alias(Library("typing.Annotated"), Sequence("tuple", (inner, said)), call.place)


for _name, _base in _FUNCTIONS.items():
    calls(f"pydantic.{_name}")(partial(_constrained, _base))


@inits(*(f"pydantic.{_name}" for _name in sorted(ANNOTATIONS)), *(f"annotated_types.{_name}" for _name in ANNOTATIONS))
def _said_beside(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Keep what is written beside a type, as it is written."""
    del machine
    instance.facts["args"] = call
