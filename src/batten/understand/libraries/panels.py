"""The fact that an app serves documentation, an admin, metrics or another panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

    Guard = Abstract | Callable[[], Abstract] | None


class Noted:
    """One panel, as its library's model saw it."""

    __slots__ = ("app", "enabled", "guarded", "key", "kind", "path", "place", "power", "setting", "what")

    def __init__(self, kind: str, what: str, path: Abstract | str, place: Place, app: Abstract | None) -> None:
        """Hold the kind (`openapi`, `graphql`, `admin`, `metrics`, `panel`), its name, path, place and app."""
        self.kind = kind
        self.what = what
        self.path = path
        self.place = place
        self.app = app
        self.key = -1
        self.enabled: Abstract | None = None
        self.guarded: Guard = None
        """Whether a login stands before it; a function is asked when the whole program has been seen."""
        self.power = ""
        self.setting = ""


def serve(machine: Interpreter, panel: Noted, enabled: Abstract | None = None) -> None:
    """Record that a panel is served, if `enabled` (by default: yes)."""
    panel.key = conditional.put(machine, enabled or Known(value=True, origin=Origin(panel.place)))
    machine.record.append(("panel", panel))


def mount(
    machine: Interpreter, held: Abstract | None, app: Abstract | None, path: Abstract | str, place: Place
) -> None:
    """Record the panel that a library's blueprint, view or WSGI app is, where an app takes it in."""
    found = plain_object(held) if held is not None else None
    panel = found.facts.get("panel") if isinstance(found, Instance) else None
    if isinstance(panel, Noted):
        panel.app, panel.path, panel.place = app, path, place
        serve(machine, panel, panel.enabled)


def text(value: Abstract | None, otherwise: str = "") -> str:
    """Return a known text, else another."""
    return value.value if isinstance(value, Known) and isinstance(value.value, str) else otherwise
