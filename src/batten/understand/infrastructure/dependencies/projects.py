"""What installing a project of the repository brings: what it asks for, the lock that decides, its groups."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.understand.deploy.project_files import DEVELOPMENT
from batten.understand.deploy.requirement_lines import Requirement
from batten.understand.infrastructure.dependencies.markers import is_left_out
from batten.understand.infrastructure.dependencies.nouns import Dependency, Group, Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.deploy.install_commands import Install
    from batten.understand.deploy.lock_files import Lock
    from batten.understand.deploy.project_files import Listed, Manifest
    from batten.understand.deploy.reading import Reading

_LOCKS = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock", "pipenv": "Pipfile.lock", "rye": "uv.lock"}
"""The lock that a tool follows. pip follows none of them."""


class Project:
    """A project of the repository."""

    def __init__(self, reading: Reading, folder: str, python: str) -> None:
        """Start without manifests."""
        self.reading = reading
        self.folder = folder
        self.python = python
        self.path = ""
        self.manifests: list[tuple[str, Manifest]] = []
        self.locks: dict[str, tuple[str, Lock]] = {}

    def take(self, path: str, manifest: Manifest) -> None:
        """Take a manifest; the first one that lists something names the project."""
        self.manifests.append((path, manifest))
        if not self.path and manifest.listed:
            self.path = path

    def lock(self, path: str, lock: Lock) -> None:
        """Take a lock."""
        self.locks[posixpath.basename(path)] = (path, lock)

    def installed(self, at: Location | None, made: Install | None) -> list[Installed]:
        """Return what an install of the project brings: the list of the project, and that of its lock."""
        if not self.path:
            return []
        groups = self._groups(made)
        evidence = (Evidence(at, "installed by the image"),) if at is not None else ()
        name = self._lock_name(made)
        path, lock = self.locks.get(name, ("", None)) if name else ("", None)
        direct = [*self._direct(groups | ({""} if _with_main(made) else frozenset()))]
        held = {one.name for one in lock.packages} if lock is not None else set()
        left = tuple(_dependency(at, one) for at, one in direct if one.asked.name not in held)  # not in the lock
        own = Installed(self.path, Location(file=self.path, line=1), "project", left, lock=path, evidence=evidence)
        if lock is None:
            return [own]
        packages = tuple(_locked(path, lock, [one.asked.name for _, one in direct]))
        return [own, Installed(path, Location(file=path, line=1), "lock", packages, evidence=evidence)]

    def groups(self, at: Location | None, made: Install | None) -> Iterator[Group]:
        """Yield the groups for development that the command installs too."""
        if at is None or made is None:
            return
        for name in sorted(self._groups(made)):
            short = name.rpartition(":")[2]
            if DEVELOPMENT.search(short):
                listed = [(p, one) for p, m in self.manifests for one in m.listed if one.group == name]
                held = tuple(_dependency(path, one) for path, one in listed)
                if held:
                    yield Group(short, at, made.tool, held)

    def _groups(self, made: Install | None) -> frozenset[str]:
        """Return the groups and extras that a command installs besides the project's own requirements."""
        known = {one.group for _, manifest in self.manifests for one in manifest.listed if one.group}
        if made is None:
            return frozenset()
        extras = frozenset(f"extra:{name}" for name in made.values("--extra", "--extras", "-E"))
        if made.has("--all-extras"):
            extras = frozenset(one for one in known if one.startswith("extra:"))
        for word in made.words if made.tool in {"pip", "uv pip"} else ():
            named = word.partition("[")[2].partition("]")[0]
            extras |= {f"extra:{name.strip()}" for name in named.split(",") if name}
        plain = {one for one in known if not one.startswith(("extra:", "optional:"))}
        extras |= {f"optional:{name}" for name in made.values("--with")}
        return frozenset(self._chosen(made, plain)) | (extras & known)

    def _chosen(self, made: Install, plain: set[str]) -> set[str]:
        """Return the groups that a tool installs, by its options.

        pip 25.1: those of `--group`; uv 0.9: the default groups (`dev`) without `--no-dev`; Poetry 2: all that
        are not optional, without `--only`; PDM 2: all of development without
        `--prod`; Pipenv: none without `--dev`.
        """
        if made.tool == "uv":
            default = {name for _, manifest in self.manifests for name in manifest.default_groups} & plain
            off = made.has("--no-dev", "--no-default-groups", "--only-group")
            chosen = set() if off else plain if made.has("--all-groups") else default
            chosen |= set(made.values("--group", "--only-group")) & plain
            return chosen - set(made.values("--no-group"))
        if made.tool == "poetry":
            if made.has("--only", "--no-dev", "--only-root"):
                return set(made.values("--only")) & plain
            return plain - set(made.values("--without"))
        if made.tool in {"pip", "uv pip"}:
            return {name.rpartition(":")[2] for name in made.values("--group")} & plain
        if made.tool == "pdm":
            return set() if made.has("--prod", "--production", "--no-dev") else plain
        return plain if made.tool == "pipenv" and made.has("--dev", "-d") else set()

    def _lock_name(self, made: Install | None) -> str:
        """Return the name of the lock that decides; where no tool is known to install, the one that is there."""
        if made is not None and made.tool in {"pip", "uv pip"}:
            return ""
        wanted = _LOCKS.get(made.tool, "") if made is not None else ""
        if wanted:
            return wanted if wanted in self.locks else ""
        return next(iter(self.locks), "")

    def _direct(self, groups: frozenset[str]) -> Iterator[tuple[str, Listed]]:
        for path, manifest in self.manifests:
            for one in manifest.listed:
                is_wanted = one.group in groups and not (one.group and DEVELOPMENT.search(one.group.rpartition(":")[2]))
                if is_wanted and not one.asked.is_path and not is_left_out(one.asked.marker, self.python):
                    yield path, one


def _with_main(made: Install | None) -> bool:
    """Return whether a command installs the project's own requirements, and not only groups."""
    if made is None or not made.words:
        return True
    if made.tool in {"pip", "uv pip"}:
        return not made.has("--group") or any(isinstance(line, Requirement) and line.is_path for line in made.lines)
    only = made.values("--only")
    return not made.has("--only-group", "--only-dev") and (not only or "main" in only)


def _dependency(path: str, one: Listed) -> Dependency:
    asked = one.asked
    at = Location(file=path, line=asked.line)
    return Dependency(asked.name, at, asked.specifier, asked.version, asked.url)


def _locked(path: str, lock: Lock, direct: list[str]) -> Iterator[Dependency]:
    """Yield the packages of a lock; those that only development needs are marked so."""
    known = any(one.groups is not None for one in lock.packages)
    own = [one for one in lock.packages if one.is_local and one.grouped is not None]
    wanted = [*direct, *(name for one in own for name in (one.grouped or {}).get("", ()))]
    reached = {id(one) for one in lock.reached(wanted)} if wanted else {id(one) for one in lock.packages}
    for one in lock.packages:
        if one.is_local:
            continue
        is_main = "" in (one.groups or ()) if known else id(one) in reached
        at = Location(file=path, line=one.line)
        url = "" if one.from_index else "locked"
        yield Dependency(
            one.name, at, f"=={one.version}" if one.version else "", one.version, url, is_hashed=one.is_hashed,
            group="" if is_main else "dev", is_direct=one.name in direct,
        )  # fmt: skip
