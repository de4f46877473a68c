"""Doors at which people log in, and whether anything limits how often they try."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.code_subjects import LoginDoor
from batten.understand.evaluate.objects import Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Abstract

_LOGIN = re.compile(r"(^|[/_-])(log-?in|sign-?in|auth(enticate)?|token|session)s?/?$", re.IGNORECASE)
_LIMITS = ("imiter", "ratelimit", "rate_limit", "throttl", "Throttl", "axes", "defender", "limit_req", "fail2ban")
"""Words of what limits: Flask-Limiter, slowapi, django-axes, django-ratelimit, DRF, nginx."""


def login_doors(machine: Interpreter, routes: Iterable[tuple[Abstract | None, Location | None]]) -> list[LoginDoor]:
    """Return the routes that let people log in, nothing when anything read speaks of a limit."""
    found = [
        LoginDoor(path.value, at)
        for path, at in routes
        if isinstance(path, Known) and isinstance(path.value, str) and at is not None and _LOGIN.search(path.value)
    ]
    if not found or _is_limited(machine):
        return []
    return list(dict.fromkeys(found))


def _is_limited(machine: Interpreter) -> bool:
    sources = machine.world.sources
    files = [
        path for path in sources.files() if path.endswith((".conf", ".yml", ".yaml", ".toml", ".txt", ".in", ".cfg"))
    ]
    return any(
        word in text
        for path in (*sorted(machine.world.used), *files)
        if (text := sources.read(path))
        for word in _LIMITS
    )
