"""Each framework's evaluated app as the subjects that rules read."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from batten.understand.conditions import conditions
from batten.understand.frameworks import everywhere

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.objects import Instance
    from batten.understand.subjects import App

READERS = {
    "flask": "flask",
    "quart": "flask",
    "litestar": "litestar",
    "pyramid": "pyramid",
    "sanic": "sanic",
    "tornado": "tornado",
    "aiohttp": "aiohttp",
    "bottle": "bottle",
    "django": "django",
    "fastapi": "starlette",
    "starlette": "starlette",
}
"""Framework (as the model of its app class notes it in `facts["framework"]`) to the file that reads its apps."""


def app(program: Program, made: Instance) -> App:
    """Return an app object and all that was seen of it as the subject of rules."""
    reader = import_module(f"{__name__}.{READERS[made.facts['framework']]}")
    found: App = reader.app(program, made)
    return replace(everywhere.completed(found, program, made), conditions=conditions(program.machine))
