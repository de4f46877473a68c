"""Documentation, admins, metrics and other panels that an app serves, with what stands before them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.understand import requests
from batten.understand.evaluate.objects import ABSENT, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of
from batten.understand.frameworks.parts import belongs
from batten.understand.libraries import conditional
from batten.understand.libraries.panels import Noted, text
from batten.understand.subjects import Panel

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Instance


def panels(machine: Interpreter, made: Instance, asks: Value = UNSET) -> tuple[Panel, ...]:
    """Return the panels that an app serves.

    `asks` says whether something before all of its views asks for a login.
    """
    found: list[Panel] = []
    for fact in machine.record:
        if fact[0] == "panel" and _is_of(fact[1], made):
            panel = _panel(machine, fact[1], asks)
            if panel is not None and panel not in found:
                found.append(panel)
    return tuple(found)


def _panel(machine: Interpreter, noted: Noted, asks: Value) -> Panel | None:
    held, guard = conditional.get(machine, noted.key), noted.guarded
    login = guard() if callable(guard) else guard
    at = locate(noted.place)  # the guard may have found the very view that is open
    if held is ABSENT or login is ABSENT or at is None:
        return None
    enabled = value_of(machine, held, noted.what, at)
    guarded = UNSET if login is None else value_of(machine, login, "a login", at)
    if not guarded.is_true() and asks.state is not State.UNSET:
        guarded = asks
    return Panel(
        kind=noted.kind,
        what=noted.what,
        path=noted.path if isinstance(noted.path, str) else text(noted.path),
        enabled=enabled if enabled.at is not None else replace(enabled, at=at),
        at=at,
        guarded=guarded,
        setting=noted.setting,
        evidence=enabled.evidence,
        power=noted.power,
    )


def _is_of(noted: Noted, made: Instance) -> bool:
    """Return whether a panel is the app's, by itself or on one of its blueprints."""
    owner = plain_object(noted.app) if noted.app is not None else None
    return (
        owner is None
        or belongs((owner,), 0, made)
        or any(owner is blueprint for blueprint in requests.blueprints(made))
    )
