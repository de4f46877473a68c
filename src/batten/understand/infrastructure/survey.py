"""Surveys what stands around the apps: each reader in its turn, a broken one is told and the others go on."""

from __future__ import annotations

import datetime as dt
import traceback
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from batten.model import Unsure
from batten.understand.deploy.reading import Reading
from batten.understand.infrastructure.ground import Ground
from batten.understand.infrastructure.nouns import IdleServer, Infrastructure
from batten.understand.infrastructure.places import READERS, find

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.apps import Understanding
    from batten.understand.infrastructure.dependencies.advisories import Service
    from batten.understand.infrastructure.places import Reader
    from batten.understand.sources import Sources
    from batten.understand.stack import Stack

EVALUATED = "evaluated"
EXAMPLES_DAY = dt.date(2026, 7, 1)
"""The day on which examples and tests are audited: none of them may change with the calendar."""


def survey(
    sources: Sources,
    stack: Stack,
    seen: Understanding,
    note: Callable[[Unsure], None],
    *,
    today: dt.date = EXAMPLES_DAY,
    advisories: Service | None = None,
) -> Infrastructure:
    """Return what the repository says of all that stands around its apps; what could not be told goes to `note`.

    `today` is the day of the audit; `advisories` is where versions are looked up,
    by default in the data that Batten carries.
    """
    layer = ""

    def told(doubt: Unsure) -> None:
        note(replace(doubt, layer=layer))

    reading = Reading(sources, told)
    if stack.joined is not None:
        reading.trees = stack.joined.reading.trees
    ground = Ground(reading, stack, seen, find(sources.files()), today=today, advisories=advisories)
    ground.parts += [
        IdleServer(one.what, one.why, one.at, one.topics)
        for one in seen.not_deployed
        if one.topics and one.why.startswith("production starts")
    ]
    states: dict[str, str] = {}
    for reader in READERS:
        if not _is_called_for(reader, ground):
            continue
        layer = reader.layer
        try:
            parts = list(import_module(f"batten.understand.infrastructure.{reader.module}").read(ground))
        except Exception as error:  # noqa: BLE001 - a bug of ours must not end the audit
            why = f"a bug in Batten: {type(error).__name__}: {error}"
            told(Unsure(f"the reader {reader.module}", why, detail=traceback.format_exc()))
            states[layer] = why
            continue
        ground.parts += parts
        if parts:
            states.setdefault(layer, EVALUATED)
    return Infrastructure("", None, tuple(ground.parts), {**states, **ground.states}, tuple(ground.notes))


def _is_called_for(reader: Reader, ground: Ground) -> bool:
    if not reader.kinds and not reader.after:
        return True
    held = {type(part).__name__ for part in ground.parts}
    return any(ground.files.get(kind) for kind in reader.kinds) or any(name in held for name in reader.after)
