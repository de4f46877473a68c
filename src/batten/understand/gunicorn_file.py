"""gunicorn's configuration file, evaluated: `gunicorn.conf.py` beside the app, or what `--config` names.

Facts from gunicorn 23 `gunicorn.app.base.Application.load_config`: the file
is Python, `file:` and `python:` may stand before its name, and the command
line wins over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.frame import Frame
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Module

if TYPE_CHECKING:
    from batten.understand.entry import Program

DEFAULT = "gunicorn.conf.py"
STEPS = 20_000


def setting(program: Program, name: str) -> Abstract | None:
    """Return a setting of the file that gunicorn reads, None when it has no such file or the file does not set it."""
    if program.unit.start.server != "gunicorn":
        return None
    hooks = program.machine.hooks
    if "gunicorn file" not in hooks:
        hooks["gunicorn file"] = [_read(program)]
    module: Module | None = hooks["gunicorn file"][0]
    held = module.cells.get(name, ABSENT) if module is not None else ABSENT
    return None if held is ABSENT else held


def _read(program: Program) -> Module | None:
    machine, world = program.machine, program.machine.world
    name = str(program.unit.start.options.get("config") or DEFAULT).removeprefix("file:")
    if name.startswith("python:"):
        name = f"{name.removeprefix('python:').replace('.', '/')}.py"
    path = world.repo_path(name)
    text = world.read(path) if path else None
    tree = machine.parse(path, text) if path and text is not None else None
    if path is None or tree is None:
        return None
    module = Module("__config__", path, package=False)
    module.cells["__file__"] = Known(world.process_path(path))
    most, machine.most_steps = machine.most_steps, machine.steps + STEPS
    try:
        machine.block(tree.body, Frame(path, module.cells, module.cells, None, module))
    except (ThrownError, ExhaustedError, RecursionError) as error:
        machine.doubt(path, f"gunicorn's configuration could not be followed to its end: {error}")
    finally:
        machine.most_steps = most
    return module
