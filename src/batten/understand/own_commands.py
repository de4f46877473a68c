"""What the smaller frameworks' own commands start: `bottle`, `quart run`, `sanic`, `pserve` and their like."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from batten.understand.evaluate import library

if TYPE_CHECKING:
    from batten.understand.entry import Program

COMMANDS = {
    "adev": ("aiohttp", "aiohttp_web"),
    "aiohttp": ("aiohttp", "aiohttp_web"),
    "bottle": ("bottle", "bottle"),
    "litestar": ("litestar", "litestar"),
    "pserve": ("pyramid", "paste"),
    "quart": ("quart", "quart"),
    "sanic": ("sanic", "sanic"),
}
"""Server, as the deployment files name it, to the library's module and the file of its model.

The model's `command(program)` does what the command does, and notes the server that it starts.
"""


def start(program: Program) -> None:
    """Do what the command of the program's unit does."""
    module, file = COMMANDS[program.unit.start.server]
    library.load(module)
    import_module(f"batten.understand.libraries.{file}").command(program)
