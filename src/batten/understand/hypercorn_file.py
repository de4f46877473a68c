"""Hypercorn's configuration file: TOML, or Python after `file:` and `python:`.

Facts from Hypercorn 0.18 `__main__._load_config`.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand import gunicorn_file
from batten.understand.evaluate.objects import ABSENT, Abstract, Module, Unknown
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.entry import Program

_HOOK = "hypercorn file"


def setting(program: Program, name: str) -> Abstract | None:
    """Return a setting of the file that `--config` names, None when there is none or it does not set it."""
    start, hooks = program.unit.start, program.machine.hooks
    named = start.options.get("config")
    if start.server != "hypercorn" or not isinstance(named, str):
        return None
    if _HOOK not in hooks:
        is_python = named.startswith(("file:", "python:"))
        hooks[_HOOK] = [gunicorn_file.read(program, "") if is_python else _toml(program, named)]
    held: Module | Unknown | dict[str, Abstract] | None = hooks[_HOOK][0]
    if isinstance(held, Unknown):
        return held
    cells: dict[Any, Abstract] = held.cells if isinstance(held, Module) else held or {}
    found = cells.get(name, ABSENT)
    return None if found is ABSENT else found


def _toml(program: Program, name: str) -> Unknown | dict[str, Abstract]:
    machine, world = program.machine, program.machine.world
    path = world.repo_path(name)
    text = world.read(path) if path is not None else None
    try:
        data = tomllib.loads(text) if text is not None else None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        machine.doubt(name, f"it is not valid TOML: {error}", program.unit.at)
        return Unknown(f"{name} is not valid TOML")
    if data is None or path is None:
        machine.doubt(name, "the server's configuration is not in the repository", program.unit.at)
        return Unknown(f"the server's configuration {name} is not in the repository")
    found: dict[str, Abstract] = {}
    for key, value in data.items():
        match = re.search(rf"^\s*[\"']?{re.escape(key)}[\"']?\s*=", text or "", re.MULTILINE)
        line = (text or "").count("\n", 0, match.start()) + 1 if match else 1
        at = Location(file=path, line=line)
        found[key] = machine.lift(value, Origin(at, ((at, f"{path} sets {key} to", repr(value)),), pinned=True))
    return found
