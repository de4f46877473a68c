"""Secrets that units, programs of supervisor and platforms' files write out for what they start."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.committed import uncommitted
from batten.understand.deploy import platform, supervisor, systemd
from batten.understand.infrastructure.secret_text import is_written, password_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Variable


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A variable whose text reads as a secret."""

    name: str
    text: str
    at: Location
    to: str
    """What is started with it, as its file calls it."""
    is_unit: bool = False
    """It stands in a unit of systemd, which every user of the machine reads."""
    default: bool = False
    """Whoever deploys may change it."""
    evidence: tuple[Evidence, ...] = ()


def read(ground: Ground) -> Iterator[WrittenOut]:
    """Yield each secret once; what an app signs or logs in with, rules on apps tell."""
    outside = uncommitted(ground.reading.sources)
    told = _told(ground)
    seen: set[str] = set()
    for variable, to, evidence in _variables(ground):
        text, at = variable.value or "", variable.at
        is_told = (at.file, at.line) in told or at.file in outside or text in seen
        if text and not is_told and is_written(variable.name, text):
            seen.add(text)
            is_unit = variable.says == "Environment"
            yield WrittenOut(
                variable.name, password_in(text) or text, at, to, is_unit, variable.default, evidence=evidence
            )


def _told(ground: Ground) -> set[tuple[str | None, int | None]]:
    """Return the lines that what apps sign and log in with rests on."""
    values = [
        value
        for app in ground.seen.apps
        for value in (*(k.value for k in app.keys), *(c.value for c in app.credentials))
    ]
    return {(one.at.file, one.at.line) for value in values for case in value.cases() for one in case.evidence}


def _variables(ground: Ground) -> Iterator[tuple[Variable, str, tuple[Evidence, ...]]]:
    reading = ground.reading
    for path in ground.files.get("systemd", []):
        for draft in systemd.drafts(reading, path):
            if not isinstance(draft, str):
                yield from ((one, draft.name, draft.evidence) for one in draft.env.values())
    for path in ground.files.get("supervisor", []):
        for program in supervisor.drafts(reading, path):
            yield from ((one, program.name, program.evidence) for one in program.env.values())
    for path in ground.files.get("platform", []):
        for process in platform.hosted(reading, path):
            yield from ((one, process.name, (process.evidence,)) for one in process.env.values())
        if posixpath.basename(path) == "app.json":
            yield from ((one, "the app", ()) for one in platform.app_json(reading, path).values())
