"""Settings of Django that say the same wherever they are written: template engines, throttling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_subjects import Throttle
from batten.understand.evaluate.objects import ABSENT, Abstract, Mapping, Sequence, plain_object
from batten.understand.evaluate.outcome import value_of
from batten.understand.subjects import TemplateEnvironment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter


def engines(machine: Interpreter, setting: Abstract, at: Location) -> Iterator[TemplateEnvironment]:
    """Yield the template engines of `TEMPLATES` that say whether they escape."""
    held = plain_object(setting)
    for one in (held.items or ()) if isinstance(held, Sequence) else ():
        engine = plain_object(one)
        options = plain_object(engine.cells.get("OPTIONS", ABSENT)) if isinstance(engine, Mapping) else ABSENT
        if isinstance(options, Mapping) and "autoescape" in options.cells:
            value = value_of(machine, options.cells["autoescape"], "autoescape", at)
            yield TemplateEnvironment(value, value.at or at, "Django's template engine")


def rest_framework(machine: Interpreter, held: Abstract, at: Location) -> Throttle | None:
    """Return what `REST_FRAMEWORK` limits, None when it is no dict that could be read."""
    target = plain_object(held)
    if not isinstance(target, Mapping) or target.open:
        return None

    def entry(name: str) -> Abstract:
        return target.cells.get(name, ABSENT)

    return Throttle(
        "REST_FRAMEWORK",
        value_of(machine, entry("DEFAULT_THROTTLE_CLASSES"), "DEFAULT_THROTTLE_CLASSES", at),
        value_of(machine, entry("DEFAULT_THROTTLE_RATES"), "DEFAULT_THROTTLE_RATES", at),
        at,
    )
