"""Compose services that start a development server, where the platform's own file starts a production server.

Such a compose file is for the desk: `Procfile` says gunicorn, `docker-compose.yml` beside it says `runserver`. A
compose file that stands alone is taken for production, whatever it starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.stack import Start, Unit

_PRODUCTION = frozenset({"gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress", "uwsgi", "mod_wsgi"})
_DEVELOPMENT = frozenset({"flask", "quart", "adev"})
_PLATFORMS = frozenset({"procfile", "platform", "kubernetes", "systemd"})


def set_aside(units: Sequence[Unit]) -> tuple[list[Unit], dict[str, str]]:
    """Return the units that production starts, and by name those that are for development, with the reason."""
    served = [unit for unit in units if unit.kind in _PLATFORMS and is_production(unit.start)]
    kept: list[Unit] = []
    aside: dict[str, str] = {}
    for unit in units:
        other = next((one for one in served if set(one.roots) & set(unit.roots)), None)
        if unit.kind == "compose" and other is not None and other.at is not None and _is_development(unit.start):
            aside[f"the compose service {unit.name}"] = (
                f"it starts a development server, {other.at.file} starts {other.start.server}"
            )
        else:
            kept.append(unit)
    return kept, aside


def is_production(start: Start) -> bool:
    """Return whether a command starts a server that is made for production, and not to be reloaded."""
    return start.server in _PRODUCTION and not start.options.get("reload")


def _is_development(start: Start) -> bool:
    if start.server == "django":
        return str(start.options.get("command", "")).startswith("runserver")
    return start.server in _DEVELOPMENT or bool(start.options.get("reload"))
