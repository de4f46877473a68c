"""Flask-CORS 6.0: which origins the extension and its decorator let read answers.

Facts from Flask-CORS 6.0.5 `flask_cors.core` and `flask_cors.extension`; the
same holds back to 3.0. Options are merged in this order, the last one wins:
the defaults, `CORS_…` settings that are not None, arguments of `CORS()`,
arguments of `init_app()`, the options of the resource.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, Call, calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
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
from batten.understand.libraries.extension import app_of, as_bool, extension, setting

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "flask_cors.extension.CORS": "flask_cors.CORS",
        "flask_cors.decorator.cross_origin": "flask_cors.cross_origin",
    }
)

_REGEX_CHARACTERS = frozenset("*\\]?$^[]()")
"""`flask_cors.core._REGEX_HINT_CHARS`: a string with one of them is a pattern; a dot makes none."""
_DEFAULTS: dict[str, object] = {
    "origins": "*",
    "supports_credentials": False,
    "send_wildcard": False,
    "resources": "/*",
}


def _merged(
    machine: Interpreter,
    app: Instance | None,
    name: str,
    layers: list[dict[str, Abstract]],
    place: Place,
    *,
    open_: bool,
) -> Abstract:
    """Return an option after Flask-CORS' precedence (`flask_cors.core.merge_options`)."""
    for layer in reversed(layers):
        if name in layer:
            return layer[name]
    if open_:
        return Unknown(f"{name} may be among arguments that are not known", Origin(place))
    found = setting(machine, app, f"CORS_{name.upper()}", Known(None), place)
    result: Abstract | None = None
    for choice in each(found):
        absent = isinstance(choice, Known) and choice.value is None
        one = Known(_DEFAULTS[name], Origin(place, choice.origin.hops, choice.origin.unset)) if absent else choice
        result = one if result is None else join(result, one)
    return result or Known(_DEFAULTS[name], Origin(place))


def _split(machine: Interpreter, origins: Abstract) -> tuple[Abstract | None, Abstract | None]:
    """Return the origins that are compared as they are, and those that are regular expressions."""
    literal: Abstract | None = None
    pattern: Abstract | None = None
    for choice in each(origins):
        one, other = _split_one(machine, choice)
        if one is not None:
            literal = one if literal is None else join(literal, one)
        if other is not None:
            pattern = other if pattern is None else join(pattern, other)
    return literal, pattern


def _split_one(machine: Interpreter, origins: Abstract) -> tuple[Abstract | None, Abstract | None]:
    expression = _expression(origins)
    if expression is not None:
        return None, expression
    held = plain_object(origins)
    items = machine.iterate(origins) if isinstance(held, Sequence) else None
    if not isinstance(held, Sequence) or items is None:
        return origins, None
    patterns = tuple(found for item in items if (found := _expression(item)) is not None)
    if not patterns:
        return origins, None
    literals = tuple(item for item in items if _expression(item) is None)
    rest = Sequence("list", literals, held.origin) if literals else None
    return rest, Sequence("list", patterns, held.origin)


def _expression(origin: Abstract) -> Abstract | None:
    """Return the regular expression that an origin is, None when it is compared as it is.

    `*` alone is the wildcard; Flask-CORS makes `.*` of it.
    """
    compiled = plain_object(origin)
    if isinstance(compiled, Instance) and compiled.library == "re.Pattern":
        held = compiled.facts.get("python")
        if not isinstance(held, re.Pattern):
            return Unknown("a regular expression that is not known")
        return Known(held.pattern, compiled.origin)
    if isinstance(origin, Known) and isinstance(origin.value, str) and origin.value != "*":
        return None if _REGEX_CHARACTERS.isdisjoint(origin.value) else origin
    return None


def _has_wildcard(machine: Interpreter, origins: Abstract) -> bool:
    """Return whether every origin is allowed, for certain."""
    if isinstance(origins, Known):
        return origins.value in ("*", ".*")
    if isinstance(plain_object(origins), Sequence):
        return any(isinstance(i, Known) and i.value in ("*", ".*") for i in machine.iterate(origins) or ())
    return False


def _note(
    machine: Interpreter,
    app: Instance | None,
    layers: list[dict[str, Abstract]],
    paths: str,
    call: Call,
    *,
    starting: bool = True,
) -> None:
    """Record what one resource allows.

    Raises:
        ThrownError: Flask-CORS refuses the combination.
    """
    place = call.place
    origins = _merged(machine, app, "origins", layers, place, open_=call.open)
    credentials = as_bool(machine, _merged(machine, app, "supports_credentials", layers, place, open_=call.open), place)
    wildcard = machine.truth(_merged(machine, app, "send_wildcard", layers, place, open_=call.open))
    if starting and wildcard and machine.truth(credentials) and _has_wildcard(machine, origins):
        message = "Cannot use supports_credentials in conjunction with an origin string of '*'"
        raise ThrownError(("ValueError", "Exception"), message, place)
    literal, pattern = _split(machine, origins)
    for held, is_pattern in ((literal, False), (pattern, True)):
        if held is not None:
            facts = {
                "origins": held,
                "credentials": credentials,
                "pattern": is_pattern,
                "echo": wildcard is False,
                "paths": paths,
                "late": [
                    name for name in ("origins", "supports_credentials") if not starting and name not in layers[0]
                ],
            }
            machine.record.append(("cors", app, facts, place))


def _resources(machine: Interpreter, held: Abstract) -> list[tuple[str, dict[str, Abstract], bool]]:
    """Return the path, the options and whether all options are known, for each resource."""
    spec = plain_object(held)
    if isinstance(spec, Mapping) and spec.cells:
        found = []
        for path, options in spec.cells.items():
            inner = plain_object(options)
            known = isinstance(inner, Mapping)
            cells = {str(key): value for key, value in inner.cells.items()} if isinstance(inner, Mapping) else {}
            found.append((str(path), cells, known and isinstance(inner, Mapping) and not inner.open))
        return found
    if isinstance(spec, Known) and isinstance(spec.value, str):
        return [(spec.value, {}, True)]
    items = machine.iterate(held) if isinstance(spec, Sequence) else None
    paths = [item.value for item in items or () if isinstance(item, Known) and isinstance(item.value, str)]
    return [(path, {}, True) for path in paths] or [("", {}, not isinstance(spec, Mapping))]


@extension("flask_cors.CORS")
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    made = dict(instance.facts.get("options", {}))
    layers = [made, {name: value for name, value in call.kwargs.items() if name != "app"}]
    resources = _merged(machine, app, "resources", layers, call.place, open_=call.open)
    for path, options, known in _resources(machine, resources):
        one = Call(call.args, call.kwargs, call.place, node=call.node, frame=call.frame, open=call.open or not known)
        _note(machine, app, [*layers, options], path, one)


@calls("flask_cors.cross_origin")
def _cross_origin(machine: Interpreter, call: Call) -> Abstract:
    """Record the decorator; it reads the app's settings at request time."""
    app = next((fact[1] for fact in reversed(machine.record) if fact[0] == "app"), None)
    _note(machine, app_of(app), [dict(call.kwargs)], "", call, starting=False)
    return Builtin("decorator", lambda _machine, later: later.args[0] if later.args else Known(None))
