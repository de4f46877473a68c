"""gunicorn's configuration file, evaluated: `gunicorn.conf.py` where it starts, or what `--config` names.

Facts from gunicorn 27.0.1 `gunicorn.app.base.Application.load_config` and `gunicorn.app.wsgiapp`: the file is Python
and runs before the app is imported, in the same process; `file:` and `python:` may stand before its name; the command
line and GUNICORN_CMD_ARGS win over it. `chdir` and `pythonpath` come first on the import path, `raw_env` stands over
the environment, `wsgi_app` names the app where the command does not.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.evaluate.machine import ExhaustedError
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Module, Sequence, Unknown, each, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

DEFAULT = "gunicorn.conf.py"
STEPS = 50_000
_HOOK = "gunicorn file"


def setting(program: Program, name: str) -> Abstract | None:
    """Return a setting of the file that gunicorn reads, None when it has no such file or the file does not set it."""
    if program.unit.start.server != "gunicorn":
        return None
    hooks = program.machine.hooks
    if _HOOK not in hooks:
        hooks[_HOOK] = [read(program, DEFAULT)]
    module: Module | Unknown | None = hooks[_HOOK][0]
    if isinstance(module, Unknown):
        return module
    held = module.cells.get(name, ABSENT) if module is not None else ABSENT
    return None if held is ABSENT else held


def prepare(program: Program) -> None:
    """Run the file as gunicorn does before it imports the app, and do what it says of the process.

    Raises:
        ThrownError: the file raises, for certain, so gunicorn does not start.
    """
    machine, options = program.machine, program.unit.start.options
    directory = setting(program, "chdir") if "chdir" not in options else None
    if directory is not None:
        _change_directory(program, directory)
    paths = setting(program, "pythonpath") if "pythonpath" not in options else None
    if isinstance(paths, Known) and isinstance(paths.value, str):
        for path in paths.value.split(","):
            _first_on_path(machine, path)
    variables = setting(program, "raw_env") if "env" not in options else None
    if variables is not None:
        _set_variables(machine, variables)
    target = setting(program, "wsgi_app") if not program.unit.start.target else None
    if isinstance(target, Known) and isinstance(target.value, str):
        program.unit = replace(program.unit, start=replace(program.unit.start, target=target.value))


def read(program: Program, otherwise: str) -> Module | Unknown | None:
    """Return the evaluated Python file that a server's `--config` names, else the one of that name where it starts.

    None: there is none. Unknown: the file is not in the repository.
    """
    machine, world = program.machine, program.machine.world
    named = program.unit.start.options.get("config")
    name = str(named or otherwise).removeprefix("file:")
    most, machine.most_steps = machine.most_steps, machine.steps + STEPS
    try:
        if name.startswith("python:"):
            held = machine.import_module(name.removeprefix("python:"), program.unit.at)
            return held if isinstance(held, Module) else Unknown(f"{name} is not in the repository")
        path = world.repo_path(name) if name else None
        if path is None or not world.visible(path) or world.read(path) is None:
            if not named:
                return None
            machine.doubt(name, "the server's configuration is not in the repository", program.unit.at)
            return Unknown(f"the server's configuration {name} is not in the repository")
        module = machine.modules["__config__"] = Module("__config__", path, package=False)
        machine.run_module(module, anything=True)
    except (ExhaustedError, RecursionError):
        machine.doubt(name, "the server's configuration takes more steps than are allowed", program.unit.at)
        return Unknown(f"the server's configuration {name} could not be followed")
    finally:
        machine.most_steps = most
    return module


def _change_directory(program: Program, directory: Abstract) -> None:
    machine = program.machine
    world = machine.world
    found = world.directory(directory.value) if isinstance(directory, Known) and directory.value else None
    if found is None:
        machine.doubt("gunicorn's setting chdir", "the directory is not in the repository", program.unit.at)
        return
    home = program.unit.home
    if home is not None and isinstance(directory, Known):
        home = posixpath.normpath(posixpath.join(home, str(directory.value)))
    program.unit = world.unit = replace(program.unit, cwd=found, home=home)
    machine.path.insert(0, found)


def _first_on_path(machine: Interpreter, path: str) -> None:
    found = machine.world.directory(path)
    if found is not None:
        machine.path.insert(0, found)


def _set_variables(machine: Interpreter, variables: Abstract) -> None:
    """Put `NAME=value` of `raw_env` into the environment."""
    held = plain_object(variables)
    items = machine.iterate(variables) if isinstance(held, Sequence) else [variables]
    for item in items if items is not None else [Unknown("raw_env is not known", of="str")]:
        for choice in each(item):
            text = choice.value if isinstance(choice, Known) else getattr(choice, "prefix", "")
            name, equals, value = str(text).partition("=")
            if not equals:
                machine.obscure(machine.environ)
                continue
            origin = getattr(choice, "origin", Origin())
            hop = (origin.home, f"raw_env sets {name}", None)
            told: Abstract = Unknown(f"raw_env sets {name} to something that is not known", origin, of="str")
            if isinstance(choice, Known):
                told = Known(value, Origin(origin.home, (*origin.hops, hop), origin.unset, pinned=True))
            machine.put(machine.environ.cells, name, told)
