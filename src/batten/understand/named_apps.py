"""Commands of a project's own that name the app they serve: `shop serve shop.web:app --host 0.0.0.0`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Unsure
from batten.understand.assumed import is_asgi
from batten.understand.evaluate import distributions
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from batten.understand.sources import Sources
    from batten.understand.stack import Unit

_APP = re.compile(r"([A-Za-z_]\w*(?:\.\w+)+):[A-Za-z_]\w*(?:\(\))?")
_OTHERS = frozenset({"celery", "dramatiq", "rq", "arq", "huey", "taskiq", "faststream", "alembic", "pytest"})
"""Programs that start no server for web apps, whatever they name."""


def units(sources: Sources, stack: Sequence[Unit], known: Collection[str]) -> list[Unit]:
    """Return the units whose program is not known and is given `module:name` of a module of the repository."""
    found = []
    for unit in stack:
        if unit.start.server not in known and unit.start.server not in _OTHERS:
            for word in unit.command.split():
                match = _APP.fullmatch(word)
                path = _module(sources, unit, match[1]) if match is not None else None
                if path is not None:
                    server = "asgi" if is_asgi(sources, path) else "wsgi"
                    found.append(replace(unit, start=replace(unit.start, server=server, target=word)))
                    break
    return found


def unknown(sources: Sources, stack: Sequence[Unit], known: Collection[str]) -> list[Unsure]:
    """Return what could not be told of units that run a command of the project's own and name no app."""
    told = {unit.name for unit in units(sources, stack, known)}
    return [
        Unsure(f"{unit.name} ({unit.command})", "it is a command of the project's own; it was not followed", unit.at)
        for unit in stack
        if unit.start.server not in known
        and unit.name not in told
        and distributions.has(sources, unit.start.server.replace("-", "_"))
    ]


def _module(sources: Sources, unit: Unit, name: str) -> str | None:
    """Return the file of a module as the unit's process finds it."""
    inside = name.replace(".", "/")
    for root in unit.roots:
        for path in (join(root, f"{inside}.py"), join(root, f"{inside}/__init__.py")):
            if path is not None and sources.exists(path):
                return path
    elsewhere = distributions.module(sources, name)
    return elsewhere[0] if elsewhere is not None else None
