"""Which lists production installs from: what its images and platforms name, and nothing that only developers use."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy.candidates import aside, is_for_development
from batten.understand.deploy.copies import held_at
from batten.understand.deploy.image import Build, build, context_of
from batten.understand.deploy.install_commands import installs
from batten.understand.deploy.locks import lock_of, manifest_of
from batten.understand.deploy.requirement_lines import Option, Requirement, lines
from batten.understand.infrastructure.dependencies.markers import is_left_out
from batten.understand.infrastructure.dependencies.nouns import Dependency, Installed
from batten.understand.infrastructure.dependencies.projects import Project
from batten.understand.sources import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.install_commands import Install
    from batten.understand.deploy.requirement_lines import Line
    from batten.understand.infrastructure.dependencies.nouns import Group
    from batten.understand.infrastructure.ground import Ground

MOST_FILES = 200
_TOOLS = frozenset(
    "pip setuptools wheel uv poetry poetry-core pipenv pdm pip-tools virtualenv build hatch hatchling".split()
)
"""What installs the rest; whoever builds an image takes the newest."""
_LISTS = (
    "requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements-prod.txt",
    "requirements-production.txt", "requirements/requirements.txt", "requirements/base.txt", "requirements/common.txt",
)  # fmt: skip
"""What a platform or a person installs from where no command says it, the surest first."""
_PROJECTS = ("pyproject.toml", "Pipfile", "setup.py", "setup.cfg")
_EXPORTED = re.compile(
    r"\b(?:poetry|uv|pdm|pipenv|pip-compile|pip\s+freeze|micropipenv)\b[^\n&|;]*\b(?:export|requirements|compile|freeze)\b|pip-compile"
)


class Production:
    """Gathers the lists that production installs from."""

    def __init__(self, ground: Ground, python: str) -> None:
        """Look at what the ground holds; `python` is the version that runs, empty when not known."""
        self.ground = ground
        self.reading = ground.reading
        self.python = python
        self.found: list[tuple[str, Installed]] = []
        """Each list with the image, or the directory, that it is installed for."""
        self.groups: list[Group] = []
        self.pins: dict[str, set[str]] = {}
        """By image or directory, the names whose versions constraints decide."""
        self._for = ""
        self._seen: set[str] = set()
        self._done: set[tuple[Location, tuple[str, ...]]] = set()
        self.stages = list(_stages(ground))

    def gather(self) -> list[Installed]:
        """Return the lists, those that commands of an image name first."""
        for stage in self.stages:
            made = [(one, at, text) for text, at in stage.installs for one in installs(text)]
            for number, (one, at, text) in enumerate(made):
                # uv 0.9: `uv sync` is exact, what an earlier one installed is taken away
                is_undone = one.tool == "uv" and any(other.tool == "uv" for other, _, _ in made[number + 1 :])
                if not is_undone and (at, one.words) not in self._done:
                    self._done.add((at, one.words))
                    self._for = at.file or ""
                    self._command(one, at, text)
        if not self.found:
            for folder in dict.fromkeys(self._folders()):
                self._for = folder
                self._nearest(folder)
        return list(_decided(_without_desks(self.found), self.pins))

    # What a command names

    def _command(self, made: Install, at: Location, text: str) -> None:
        if made.tool not in {"pip", "uv pip"}:
            folder = self._project_folder(".", at)
            if folder is not None:
                self._project(folder, at, made)
            return
        if made.has("--group"):  # pip 25.1: dependency groups of the project in the working directory
            folder = self._project_folder(".", at)
            if folder is not None:
                self._project(folder, at, made)
        hashes = made.has("--require-hashes")
        asked: list[Requirement] = []
        for line in made.lines:
            if isinstance(line, Requirement):
                if line.is_path:
                    folder = self._project_folder(re.sub(r"\[.*|#.*", "", line.url), at)
                    if folder is not None:
                        self._project(folder, at, made)
                elif line.name not in _TOOLS:
                    asked.append(line)
            elif isinstance(line, Option):
                self._option(line, at, text, hashes=hashes)
        if asked:
            held = tuple(self._dependencies(asked, at.file or "", at.line))
            evidence = (Evidence(at, "installed by the image"),)
            made_of = Installed(at.file or "", at, "command", held, evidence=evidence, is_hashed=hashes)
            self.found.append((self._for, made_of))

    def _option(self, line: Option, at: Location, text: str, *, hashes: bool) -> None:
        if line.name == "constraint":
            path = self._resolved(line.value, at)
            if path is not None:
                self._constrain(path)
        elif line.name == "requirement":
            path = self._resolved(line.value, at)
            if path is not None and path.endswith(".toml"):
                self._project(posixpath.dirname(path) or ".", at, None)
            elif path is not None:
                self.file(path, Evidence(at, "installed by the image"), hashes=hashes)
            elif "$" not in line.value and "://" not in line.value:
                self._absent(line.value, at, text)

    def _absent(self, named: str, at: Location, text: str) -> None:
        """Take the lock that a list is made from, where it is made by the image; else tell that it is not there."""
        if _EXPORTED.search(text) or any(_EXPORTED.search(other) for other, _ in self._all_installs()):
            folder = self._project_folder(".", at)
            if folder is not None:
                self._project(folder, at, None)
                return
        why = "the image installs from it, and it is not in the repository; what it holds is not known"
        self.reading.unsure(named, why, at)

    def _all_installs(self) -> Sequence[tuple[str, Location]]:
        return self.ground.joined.installs if self.ground.joined is not None else ()

    # Where things lie

    def _resolved(self, named: str, at: Location) -> str | None:
        """Return the file of the repository that an image's command names."""
        for stage in self.stages:
            if any(place.file == at.file for _, place in stage.installs):
                path = held_at(posixpath.join(stage.workdir, named), stage.mounts)
                if self.reading.is_file(path):
                    return path
        name = posixpath.basename(named)
        folder = posixpath.dirname(at.file or "") or "."
        for path in (
            join(folder, named.lstrip("/")),
            join(".", named.lstrip("/")),
            join(folder, name),
            join(".", name),
        ):
            if self.reading.is_file(path):
                return path
        alike = [path for path in self.reading.files() if path.endswith(f"/{name}") and aside(path) is None]
        return alike[0] if len(alike) == 1 else None

    def _project_folder(self, named: str, at: Location) -> str | None:
        """Return the directory of the project that a command installs."""
        tried: list[str | None] = []
        for stage in self.stages:
            if any(place.file == at.file for _, place in stage.installs):
                tried += [held_at(posixpath.join(stage.workdir, named), stage.mounts), *reversed(stage.projects)]
        tried += [posixpath.dirname(at.file or "") or ".", "."]
        return next((one for one in tried if one is not None and self._has_project(one)), None)

    def _has_project(self, folder: str) -> bool:
        return any(self.reading.is_file(join(folder, name)) for name in _PROJECTS)

    def _folders(self) -> Iterator[str]:
        """Yield the directories in which production starts something that is not built into an image of ours."""
        for unit in self.ground.stack.units:
            yield unit.cwd
        for app in self.ground.seen.apps:
            if app.framework:
                yield app.root
        for path in self.reading.files():  # a project of Django is served, whoever says how
            if path.endswith("manage.py") and posixpath.basename(path) == "manage.py" and aside(path) is None:
                yield posixpath.dirname(path) or "."

    def _nearest(self, folder: str) -> None:
        """Take the list in a directory, or in the nearest one above it."""
        while True:
            for name in _LISTS:
                path = join(folder, name)
                if path is not None and self.reading.is_file(path):
                    self.file(path, None)
                    return
            if self._has_project(folder) and self._project(folder, None, None):
                return
            if folder == ".":
                return
            folder = posixpath.dirname(folder) or "."

    # What a file holds

    def file(self, path: str, why: Evidence | None, *, hashes: bool = False) -> None:
        """Take a requirements file with those that it includes."""
        if path in self._seen or len(self._seen) >= MOST_FILES:
            return
        self._seen.add(path)
        read = lines(self.reading.text(path) or "")
        folder = posixpath.dirname(path) or "."
        evidence = (why,) if why is not None else ()
        hashed = hashes or any(isinstance(line, Option) and line.name == "require-hashes" for line in read)
        asked = [line for line in read if isinstance(line, Requirement)]
        held = tuple(self._dependencies([one for one in asked if not one.is_path], path))
        hashed = hashed or any(one.hashes for one in asked)  # pip 25: one hash demands hashes of all
        at = Location(file=path, line=1)
        self.found.append((self._for, Installed(path, at, "requirements", held, evidence=evidence, is_hashed=hashed)))
        self._included(read, folder, why or Evidence(at, "installed by production"), hashes=hashed)
        for one in asked:
            where = join(folder, re.sub(r"\[.*|#.*", "", one.url).removeprefix("file:")) if one.is_path else None
            if where is not None and self._has_project(where):
                self._project(where, None, None)

    def _included(self, read: Iterable[Line], folder: str, why: Evidence, *, hashes: bool) -> None:
        for line in read:
            if not isinstance(line, Option) or line.name not in {"requirement", "constraint"}:
                continue
            other = join(folder, line.value)
            if other is None or not self.reading.is_file(other):
                continue
            if line.name == "constraint":
                self._constrain(other)
            else:
                self.file(other, why, hashes=hashes)

    def _constrain(self, path: str) -> None:
        for line in lines(self.reading.text(path) or ""):
            if isinstance(line, Requirement) and line.name and line.version:
                self.pins.setdefault(self._for, set()).add(line.name)

    def _dependencies(self, asked: Iterable[Requirement], path: str, line: int | None = None) -> Iterator[Dependency]:
        for one in asked:
            if is_left_out(one.marker, self.python):
                continue
            at = Location(file=path, line=line or one.line)
            yield Dependency(one.name, at, one.specifier, one.version, one.url, is_hashed=one.hashes > 0)

    def _project(self, folder: str, at: Location | None, made: Install | None) -> bool:
        """Take a project of the repository, with the lock that its installer follows."""
        key = f"{folder}/"
        if key in self._seen:
            return True
        self._seen.add(key)
        project = Project(self.reading, folder, self.python)
        for name in _PROJECTS:
            path = join(folder, name)
            manifest = manifest_of(self.reading, path) if path is not None else None
            if path is not None and manifest is not None:
                project.take(path, manifest)
                for listed in manifest.files:
                    other = join(folder, listed)
                    if other is not None and self.reading.is_file(other):
                        self.file(other, Evidence(Location(file=path, line=1), "read by the project"))
        for name in ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"):
            path = self._lock_path(folder, name)
            lock = lock_of(self.reading, path) if path is not None else None
            if path is not None and lock is not None and not lock.error:
                project.lock(path, lock)
        found = project.installed(at, made)
        self.found += [(self._for, one) for one in found]
        self.groups += project.groups(at, made)
        return bool(found) or folder == "."

    def _lock_path(self, folder: str, name: str) -> str | None:
        """Return where a project's lock lies: beside it, or at the root of a workspace."""
        own = join(folder, name)
        if self.reading.is_file(own):
            return own
        return name if name == "uv.lock" and self.reading.is_file(name) else None


def _without_desks(lists: Sequence[tuple[str, Installed]]) -> list[tuple[str, Installed]]:
    """Return the lists without those that an image for developers installs, where another image installs others."""
    kept = [(where, one) for where, one in lists if aside(one.path) is None]
    return kept or list(lists)


def _decided(lists: Sequence[tuple[str, Installed]], pins: Mapping[str, set[str]]) -> Iterator[Installed]:
    """Yield the lists, each with the names whose versions others of the same image decide."""
    named = {where: set(names) for where, names in pins.items()}
    for where, one in lists:
        named.setdefault(where, set()).update(held.name for held in one.dependencies if held.version)
    for where, one in lists:
        pinned = frozenset(named[where] & {held.name for held in one.dependencies})
        yield replace(one, pinned=pinned, alone=not named[where])


def _stages(ground: Ground) -> Iterator[Stage]:
    """Yield the stages that production ships; of a recipe of which only a stage for developers is built, its last."""
    if ground.joined is None:
        return
    held = list(_built(ground))
    shipped = [stage for stage in held if not is_for_development(stage.name)]
    if not shipped:
        paths = dict.fromkeys(stage.at.file for stage in held if stage.at.file)
        made = [build(ground.reading, Build(path, context_of(ground.reading, path), alone=True)) for path in paths]
        shipped = [stage for stage in made if stage is not None] or held
    yield from shipped


def _built(ground: Ground) -> Iterator[Stage]:
    if ground.joined is None:
        return
    for composed in ground.joined.composed:
        for _, drafted in composed.services:
            if drafted.stage is not None:
                yield drafted.stage
    yield from (stage for stage in ground.joined.stages.values() if stage is not None)
