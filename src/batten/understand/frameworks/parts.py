"""What apps of every framework have in common: names, extensions, credentials, tools."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from batten.model import is_secret
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of
from batten.understand.frameworks import logins
from batten.understand.subjects import DebugTool

if TYPE_CHECKING:
    from batten.model import Location, Value
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place
    from batten.understand.subjects import Credential


def name(made: Instance) -> str:
    """Return what people call an app: its import name, else its file's."""
    held = made.cells.get("import_name")
    if isinstance(held, Known) and isinstance(held.value, str) and held.value != "__main__":
        return held.value
    path = str(made.facts.get("path", "app"))
    return path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]


def belongs(fact: tuple[Any, ...], index: int, made: Instance) -> bool:
    """Return whether a fact is about this app (or about no app in particular)."""
    owner = plain_object(fact[index]) if isinstance(fact[index], Abstract) else None
    return owner is made or owner is None or not (isinstance(owner, Instance) and "routes" in owner.facts)


def extensions(machine: Interpreter, made: Instance) -> dict[str, Location]:
    """Return the extensions installed on an app, with the place."""
    found: dict[str, Location] = {}
    for fact in machine.record:
        if fact[0] == "extension" and belongs(fact, 2, made):
            at = locate(fact[3])
            if at is not None:
                found.setdefault(fact[1], at)
    return found


def credentials(values: dict[str, Value]) -> tuple[Credential, ...]:
    """Return the settings that hold a user and a password in a DSN; tables of them are read for all frameworks."""
    return tuple(logins.of_texts(values))


_SIGNS = re.compile(
    r"\.((app|application|jwt|session|token|auth|cookie|csrf|access_token|refresh_token)_)?(secret|secret_key|signing_key)$",
    re.IGNORECASE,
)


_FOR_TESTS = re.compile(r"^Tests?(?=[A-Z_]|$)|(?<![A-Z])Test(ing|s)?(Config|Settings)?$|(?<![a-z])test(ing|s)?_")
"""Classes of settings that tests use, by their names: `TestConfig`, `SettingsTest`."""


def settings_objects(machine: Interpreter) -> dict[str, Value]:
    """Return the fields of settings objects, each as `settings.field` after the variable that holds the object.

    A model notes them as `("settings", instance, name, place)`.
    """
    found: dict[str, Value] = {}
    for fact in machine.record:
        owner = plain_object(fact[1]) if fact[0] == "settings" else None
        if not isinstance(owner, Instance) or _FOR_TESTS.search(str(fact[2])):
            continue
        fields = {name: held for name, held in owner.cells.items() if isinstance(name, str) and name[:1] != "_"}
        for name, held in {**fields, **_computed(machine, owner, fact[3])}.items():
            value = value_of(machine, held, name, locate(fact[3]))
            found.setdefault(f"{_called(machine, owner, fact[2])}.{name}", value.hidden() if is_secret(name) else value)
    return found


def _called(machine: Interpreter, owner: Instance, name: str) -> str:
    """Return what the program calls a settings object: `settings` where it is bound so, else the name of its class."""
    held = (module.cells.get("settings") for module in machine.modules.values())
    return "settings" if any(one is not None and plain_object(one) is owner for one in held) else name.lower()


def _computed(machine: Interpreter, owner: Instance, place: Place) -> dict[str, Abstract]:
    """Return the fields that pydantic computes of others (`computed_field`)."""
    functions = getattr(owner.facts.get("model"), "functions", {})
    names = [str(name) for name, one in functions.items() if one.kind == "computed"]
    found: dict[str, Abstract] = {}
    for name in names:
        with suppress(ThrownError):
            found[name] = machine.get_attribute(owner, name, place)
    return found


def signs(name: str) -> bool:
    """Return whether a field of that name usually holds a key that the app itself signs with."""
    return bool(_SIGNS.search(name))


def tools(machine: Interpreter, fallback: Location) -> tuple[DebugTool, ...]:
    """Return the debuggers, toolbars and profilers that the program wires in."""
    return tuple(
        DebugTool(fact[1], value_of(machine, fact[2], fact[1], locate(fact[3])), locate(fact[3]) or fallback, fact[4])
        for fact in machine.record
        if fact[0] == "tool"
    )
