"""django-environ 0.14 (and 0.10 to 0.13 where they agree): typed environment variables with a scheme.

Facts from django-environ 0.14.0 `environ.Env`: a default that applies is not
cast, except by `url` and what is made of it; a value that equals its default
is not either; a value that begins with `$` names another variable.
"""

from __future__ import annotations

import ast
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from batten.understand.evaluate import builtins, library
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, SETTERS, Call, attribute, calls, inits, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Instance,
    Known,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import paths
from batten.understand.libraries.django_environ_casts import parse_value
from batten.understand.libraries.lookup import found

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ENV = "environ.Env"
ALIASES.update({f"environ.environ.{name}": f"environ.{name}" for name in ("Env", "FileAwareEnv", "Path")})
BASES["environ.FileAwareEnv"] = (ENV,)
_ERROR = ("ImproperlyConfigured",)
_TRUE = frozenset({"true", "on", "ok", "y", "yes", "1"})
_NO_CAST = Known(None)
DEEPEST = 8

library.load("urllib.parse")


@inits(ENV, "environ.FileAwareEnv")
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    scheme = Mapping(dict(call.kwargs))
    if call.open:
        scheme.more["rest"] = Known(value=True)
    for name, held in (
        ("smart_cast", Known(value=True)),
        ("escape_proxy", Known(value=False)),
        ("warn_on_default", Known(value=False)),
        ("prefix", Known("")),
        ("scheme", scheme),
    ):
        machine.put(instance.cells, name, held)


@value(f"{ENV}.ENVIRON")
def _environ(machine: Interpreter, place: Place) -> Abstract:
    del place
    return machine.environ


@attribute(f"{ENV}.ENVIRON")
def _environ_of(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance, place
    return machine.environ


SETTERS[f"{ENV}.BOOLEAN_TRUE_STRINGS"] = lambda machine, _instance, held, _place: machine.hooks.setdefault(
    "environ.true", []
).append(held)


# Looking up


class Asked(NamedTuple):
    """How a variable is asked for."""

    call: Call
    cast: Abstract
    """None (known) where no cast is asked for."""
    default: Abstract | None
    parse_default: bool = False
    depth: int = 0


def get_value(machine: Interpreter, env: Instance, name: str, asked: Asked) -> Abstract:
    """Return what `Env.get_value` gives."""
    prefix = env.cells.get("prefix", Known(""))
    scheme = plain_object(env.cells.get("scheme", ABSENT))
    place = asked.call.place
    if not isinstance(prefix, Known) or not isinstance(scheme, Mapping) or asked.depth > DEEPEST:
        return Unknown(f"how {name} is read is not known", Origin(place))
    full = f"{prefix.value}{name}"
    entry = scheme.cells.get(full, ABSENT)
    if entry is ABSENT and scheme.open:
        return Unknown(f"how {full} is read is not known", Origin(place))
    if entry is not ABSENT:
        cast, default = _from_scheme(machine, plain_object(entry), asked.cast, asked.default)
        asked = asked._replace(cast=cast, default=default)
    result: Abstract | None = None
    for held, is_default in _raw(machine, env, full, asked):
        one = _resolved(machine, env, held, asked)
        if not is_default or asked.parse_default or one is not held:
            one = _parsed(machine, env, one, asked)
        result = one if result is None else join(result, one)
    return result or Unknown("it has no value", Origin(place))


def _from_scheme(
    machine: Interpreter, entry: Abstract, cast: Abstract, default: Abstract | None
) -> tuple[Abstract, Abstract | None]:
    pair = entry.items if isinstance(entry, Sequence) and entry.of in {"tuple", "list"} else None
    if pair is not None and len(pair) == 2:  # noqa: PLR2004 - a cast and a default
        return (pair[0] if machine.truth(cast) is False else cast), (pair[1] if default is None else default)
    return (entry if machine.truth(cast) is False else cast), default


def _raw(machine: Interpreter, env: Instance, name: str, asked: Asked) -> list[tuple[Abstract, bool]]:
    """Return the values that a variable may have, each with whether it is the default."""
    place = asked.call.place
    if env.library == "environ.FileAwareEnv":
        file = machine.environ.cells.get(f"{name}_FILE", ABSENT)
        if file is not ABSENT and machine.truth(file) is not False:
            return [(paths.content(machine, file, place), False)]
    return found(machine, name, ABSENT, asked.default, place, _ERROR)


def _resolved(machine: Interpreter, env: Instance, held: Abstract, asked: Asked) -> Abstract:
    """Return the value of the variable that a value names (`$OTHER`), or the value itself."""
    if isinstance(held, Known) and isinstance(held.value, str) and held.value.startswith("$"):
        further = asked._replace(parse_default=False, depth=asked.depth + 1)
        again = get_value(machine, env, held.value.lstrip("$"), further)
        held = machine.tainted(again, held.origin)
    if machine.truth(env.cells.get("escape_proxy", Known(value=False))) is not False:
        return machine.compute(asked.call.place, _unescaped, held)
    return held


def _unescaped(text: Any) -> Any:  # noqa: ANN401 - any constant
    return text.replace("\\$", "$") if isinstance(text, str) else text


def _parsed(machine: Interpreter, env: Instance, held: Abstract, asked: Asked) -> Abstract:
    """Return a value after its cast, which one that equals the default is spared."""
    call, cast, default = asked.call, asked.cast, asked.default
    nothing = isinstance(default, Known) and default.value is None
    smart = machine.truth(env.cells.get("smart_cast", Known(value=True)))
    if smart is not False and isinstance(cast, Known) and cast.value is None and default is not None and not nothing:
        cast = _type_of(machine, default, call) if smart else Unknown("whether it is cast is not known")
    if nothing and isinstance(held, Known) and held.value == "":
        held = Known(None, held.origin)
    if asked.parse_default:
        return held if isinstance(held, Known) and held.value is None else parse_value(machine, held, cast, call)
    differs = None if default is None else _differs(machine, held, default, call)
    if default is None or differs:
        return parse_value(machine, held, cast, call)
    return held if differs is False else join(held, parse_value(machine, held, cast, call))


def _differs(machine: Interpreter, held: Abstract, default: Abstract, call: Call) -> bool | None:
    other = plain_object(default)
    if isinstance(held, Known) and isinstance(other, Instance) and not machine.plain(other):
        return True if other.library == "pathlib.Path" else None
    return machine.truth(machine.compare(ast.NotEq, held, default, call.place))


def _type_of(machine: Interpreter, default: Abstract, call: Call) -> Abstract:
    kind = builtins.find("type")
    if len([*each(default)]) != 1 or not isinstance(kind, Builtin):
        return Unknown("the type of a default that is not known", Origin(call.place))
    return machine.call(kind, Call([default], {}, call.place))


# Methods


def _variable(call: Call, otherwise: str | None = None) -> Abstract:
    given = call.get("var", 0)
    return given if given is not None else Known(otherwise) if otherwise else Unknown("no name", Origin(call.place))


def read(
    machine: Interpreter,
    call: Call,
    cast: Abstract,
    default: Abstract | None,
    *,
    name: str | None = None,
    parse_default: bool = False,
) -> Abstract:
    """Return the value of a variable for a method of an Env."""
    env = plain_object(call.receiver or Known(None))
    if not isinstance(env, Instance):
        return Unknown("an Env that is not known", Origin(call.place))
    if call.open:
        return Unknown("it is read with arguments that are not known", Origin(call.place))

    def look(one: Abstract) -> Abstract:
        if not isinstance(one, Known) or not isinstance(one.value, str):
            return machine.unknown_of(call.place, one)
        return get_value(machine, env, one.value, Asked(call, cast, default, parse_default))

    return machine.either_way([partial(look, one) for one in each(_variable(call, name))])


@calls(f"{ENV}.__call__", f"{ENV}.get_value")
def _call(machine: Interpreter, call: Call) -> Abstract:
    parse = machine.truth(call.get("parse_default", 3) or Known(value=False))
    cast = call.get("cast", 1) or _NO_CAST
    return read(machine, call, cast, call.get("default", 2), parse_default=bool(parse))


def _typed(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        return read(machine, call, builtins.find(kind) or _NO_CAST, call.get("default", 1))

    return model


for _kind in ("bool", "int", "float"):
    CALLS[f"{ENV}.{_kind}"] = _typed(_kind)


@calls(f"{ENV}.str")
def _str(machine: Interpreter, call: Call) -> Abstract:
    held = _typed("str")(machine, call)
    if machine.truth(call.get("multiline", 2) or Known(value=False)) is not False:
        return machine.compute(call.place, lambda text: re.sub(r"(\\r)?\\n", r"\n", text), held, of="str")
    choices = call.get("choices", 3)
    if choices is not None:
        inside = machine.truth(machine.compare(ast.In, held, choices, call.place))
        if inside is False:
            raise ThrownError(("ImproperlyConfigured", "Exception"), "Invalid value", call.place)
        if inside is None:
            machine.may_throw(frozenset({"ImproperlyConfigured", "Exception"}))
    return held


@calls(f"{ENV}.bytes")
def _bytes(machine: Interpreter, call: Call) -> Abstract:
    encoding = call.get("encoding", 2) or Known("utf8")
    held = _typed("str")(machine, call)
    return machine.compute(
        call.place, lambda text, code: text.encode(code) if isinstance(text, str) else text, held, encoding, of="bytes"
    )


@calls(f"{ENV}.json")
def _json(machine: Interpreter, call: Call) -> Abstract:
    loads = Builtin("json.loads", lambda inner, later: inner.compute(later.place, json.loads, *later.args[:1]))
    return read(machine, call, loads, call.get("default", 1))


def _collection(kind: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        asked = call.get("cast", 1) or _NO_CAST
        cast = builtins.find(kind) or _NO_CAST
        if machine.truth(asked) is not False:
            cast = asked if kind == "dict" else Sequence(kind, (asked,))
        return read(machine, call, cast, call.get("default", 2))

    return model


for _kind in ("list", "tuple", "dict"):
    CALLS[f"{ENV}.{_kind}"] = _collection(_kind)


@calls(f"{ENV}.__contains__")
def _contains(machine: Interpreter, call: Call) -> Abstract:
    return machine.compare(ast.In, call.args[0], machine.environ, call.place)
