"""Processes that only start others: supervisord, honcho, uWSGI with a file."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from batten.model import Evidence
from batten.model.data import dataclass
from batten.understand.deploy import files, procfile
from batten.understand.deploy.drafts import Draft, units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batten.understand.deploy.candidates import Candidates
    from batten.understand.deploy.commands import Launch
    from batten.understand.deploy.reading import Reading, Word
    from batten.understand.stack import Unit

_SUPERVISOR_PLACES = (
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
)
_UWSGI_FILES = ("ini", "yaml", "yml")


@dataclass(frozen=True, slots=True)
class Nested:
    """Follows such a process to what it starts."""

    reading: Reading
    found: Candidates
    used: set[str]
    """Files that were followed."""

    def expand(self, draft: Draft, unit: Unit, launch: Launch) -> list[Unit] | None:
        """Return the units that a process starts, None when it is none of these."""
        around = replace(
            draft,
            evidence=unit.evidence,
            env=dict(launch.env) | {v.name: v for v in launch.start.env},
            cwd=unit.cwd,
            home=unit.home,
            user=unit.user,
        )
        if unit.start.server == "supervisord":
            return self._supervisord(around, unit)
        if unit.start.server == "honcho":
            return self._honcho(around, unit)
        if unit.start.server == "uwsgi":
            return self._uwsgi(around, unit, launch.words)
        return None

    def _file(self, unit: Unit, path: str) -> str | None:
        found = files.repo_path(unit, path)
        return found if self.reading.is_file(found) else None

    def _supervisord(self, around: Draft, unit: Unit) -> list[Unit] | None:
        from batten.understand.deploy import supervisor  # noqa: PLC0415 - only where it is used

        named = unit.start.options.get("configuration")
        places = [named] if isinstance(named, str) else _SUPERVISOR_PLACES
        place = next((place for place in places if self._file(unit, place) is not None), None)
        path = self._file(unit, place) if place is not None else None
        if place is None or path is None:
            self.reading.unsure(unit.command, "its configuration is not in the repository", unit.at)
            return None
        paths = [path]
        folder = posixpath.dirname(posixpath.normpath(posixpath.join(unit.home or "/", place)))
        for pattern in supervisor.included(self.reading, path):
            for other in self.found.supervisor:
                seen = files.unit_path(unit, other) or ""
                if fnmatchcase(seen, posixpath.join(folder, pattern)) and other not in paths:
                    paths.append(other)
        self.used.update(paths)
        around = replace(around, env={**around.env, **supervisor.everywhere(self.reading, path, around.env)})
        drafts = [d for p in paths for d in supervisor.drafts(self.reading, p, around)]
        return [one for draft in drafts for one in units(self.reading, draft)]

    def _honcho(self, around: Draft, unit: Unit) -> list[Unit] | None:
        named = unit.start.options.get("procfile")
        path = self._file(unit, named if isinstance(named, str) else "Procfile")
        if path is None:
            self.reading.unsure(unit.command, "its Procfile is not in the repository", unit.at)
            return None
        self.used.add(path)
        made: list[Unit] = []
        for name, words in procfile.parse(self.reading.text(path) or "", path).items():
            evidence = Evidence(words[0].at, f"started by the Procfile process {name}")
            if name not in procfile.ONE_OFF:
                draft = replace(around, name=name, words=words, evidence=(*around.evidence, evidence))
                made += units(self.reading, draft)
        return made

    def _uwsgi(self, around: Draft, unit: Unit, words: Sequence[Word]) -> list[Unit] | None:
        from batten.understand.deploy import uwsgi  # noqa: PLC0415 - only where it is used

        named = [unit.start.options.get(name) for name in _UWSGI_FILES]
        named += [word.text for word in words if word.text.endswith((".ini", ".yaml", ".yml"))]
        place = next((name for name in named if isinstance(name, str)), None)
        if place is None:
            return None
        path = self._file(unit, place)
        told = uwsgi.words(self.reading, path) if path is not None else ()
        if path is None or not told:
            self.reading.unsure(unit.command, f"{place} is not in the repository", unit.at)
            return None
        self.used.add(path)
        own = [word for word in words[1:] if place not in word.text and word.text not in ("--ini", "--yaml", "--yml")]
        evidence = (*around.evidence, Evidence(told[0].at, "read by uWSGI"))
        head = words[0]
        draft = replace(around, words=(head, *told[1:], *own), evidence=evidence)
        return [replace(one, command=unit.command, at=unit.at) for one in units(self.reading, draft)]
