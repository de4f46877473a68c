"""What apps of every framework have in common: names, extensions, credentials, tools."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.objects import Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of
from batten.understand.subjects import Credential, DebugTool

if TYPE_CHECKING:
    from batten.model import Location, Value
    from batten.understand.evaluate.interpreter import Interpreter


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
    """Return the settings that hold a user and a password in a DSN."""
    found = []
    for name, value in values.items():
        if any(isinstance(case.value, str) and "://" in case.value and "@" in case.value for case in value.cases()):
            found.append(Credential(name, value.hidden()))
        elif isinstance(value.value, dict):
            found += [
                Credential(f"{name}[{key!r}]", replace(value, value=item).hidden())
                for key, item in value.value.items()
                if isinstance(item, str) and "://" in item and "@" in item
            ]
    return tuple(found)


def tools(machine: Interpreter, fallback: Location) -> tuple[DebugTool, ...]:
    """Return the debuggers, toolbars and profilers that the program wires in."""
    return tuple(
        DebugTool(fact[1], value_of(machine, fact[2], fact[1], locate(fact[3])), locate(fact[3]) or fallback, fact[4])
        for fact in machine.record
        if fact[0] == "tool"
    )
