"""Turns what a deployment file says of one process into units."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy import files
from batten.understand.deploy.commands import Launch, Surroundings, launches
from batten.understand.deploy.envfile import below
from batten.understand.sources import join
from batten.understand.stack import Image, Published, Reach, Start, Unit, Variable

if TYPE_CHECKING:
    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.reading import Reading, Word

_SEARCHED = ("/usr/local/bin", "/usr/bin", "/bin")
_MOST_FROM_ONE = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """One process as its file describes it."""

    name: str
    kind: str
    words: tuple[Word, ...]
    evidence: tuple[Evidence, ...] = ()
    env: Mapping[str, Variable] = field(default_factory=dict)
    cwd: str = "."
    home: str | None = None
    image: Image | None = None
    written: Mapping[str, tuple[str, str, int]] = field(default_factory=dict)
    projects: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    reach: Reach = Reach.UNKNOWN
    user: str = ""
    unread: tuple[Evidence, ...] = ()
    """Sources of variables that are not in the repository; they stand over what the image sets."""

    def on(self, stage: Stage | None) -> Draft:
        """Return the draft inside the image that a stage makes."""
        if stage is None:
            return self
        return replace(
            self,
            words=self.words or stage.process(),
            env={**(below(stage.env) if self.unread else stage.env), **self.env},
            home=self.home if self.home is not None else stage.workdir,
            image=Image(tuple(stage.mounts), stage.ignored, self.image.volumes if self.image else (), stage),
            written=stage.written,
            projects=(*self.projects, *stage.projects),
            user=self.user or stage.user,
        )


Expand = Callable[[Draft, Unit, Launch], "list[Unit] | None"]
"""Units of a process that only starts others (supervisord, honcho); None when it does not."""


def units(reading: Reading, draft: Draft, expand: Expand | None = None) -> list[Unit]:
    """Return the processes that go on running, each as one unit."""
    if not draft.words:
        return []
    around = Unit(
        draft.name, draft.kind, Start(""), "", None,
        cwd=draft.cwd, home=draft.home, env=draft.env, image=draft.image,
    )  # fmt: skip
    reader = _Reader(reading, draft, around)
    if draft.image is not None and draft.home is not None:
        around = replace(around, cwd=files.repo_path(around, ".") or ".")
        reader.around = around
    found: list[Unit] = []
    begun = launches(draft.words, Surroundings(reading, draft.env, reader.read))
    if not begun:
        reading.unsure(draft.name, "what it starts is decided only when it runs", draft.words[0].at)
    for launch in begun:
        unit = _unit(reading, draft, around, launch)
        others = expand(draft, unit, launch) if expand is not None else None
        found += [unit] if others is None else others
    return found[:_MOST_FROM_ONE]


@dataclass(slots=True)
class _Reader:
    """Reads the files that a command names, as its process sees them."""

    reading: Reading
    draft: Draft
    around: Unit

    def read(self, path: str, cwd: str) -> tuple[str, str] | None:
        """Return repository path and text of a file, None when the repository has none there."""
        place = posixpath.normpath(posixpath.join(self.around.home or "", cwd, path))
        if place in self.draft.written:
            origin, text, line = self.draft.written[place]
            return origin, "\n" * (line - 1) + text
        places = [posixpath.join(cwd, path)]
        if "/" not in path:
            searched = self.draft.env.get("PATH")
            folders = (searched.value or "").split(":") if searched is not None else []
            places += [f"{folder}/{path}" for folder in (*folders, *_SEARCHED) if folder]
        for place in places:
            found = files.repo_path(self.around, place)
            if found is not None and self.reading.is_file(found):
                text_ = self.reading.text(found)
                return None if text_ is None else (found, text_)
        return None


def _unit(reading: Reading, draft: Draft, around: Unit, launch: Launch) -> Unit:
    start = launch.start
    at = launch.words[0].at if launch.words else None
    moved = around
    if start.cwd:
        home = posixpath.normpath(posixpath.join(around.home or "", start.cwd))
        inside = files.repo_path(around, start.cwd)
        cwd = inside if inside is not None and reading.is_directory(inside) else None
        if cwd is None and around.image is None and start.cwd.startswith("/"):
            cwd, home = located(reading, start.cwd, start.target)
        known_home = home if around.home is not None or start.cwd.startswith("/") else None
        moved = replace(around, cwd=cwd or around.cwd, home=known_home)
    moved = replace(moved, start=start)
    env, unread = launch.env, (*draft.unread, *start.unread)
    if start.env_files:
        from batten.understand.deploy import supplied  # noqa: PLC0415 - by few commands

        reader = _Reader(reading, draft, moved)
        own = {variable.name: variable for variable in start.env}
        env, missing = supplied.variables(reading, start.env_files, env, own, lambda path: reader.read(path, "."))
        unread = (*unread, *missing)
        moved = replace(moved, start=replace(start, env=tuple(own.values())))
    return replace(
        moved,
        command=launch.command,
        at=at,
        evidence=(*draft.evidence, *launch.trail),
        roots=_roots(reading, draft, moved, launch),
        env=env,
        unread=unread,
        published=draft.published,
        reach=draft.reach,
        user=start.user or draft.user,
    )


def located(reading: Reading, place: str, target: str = "") -> tuple[str, str]:
    """Return the repository directory that an absolute one of a server most likely is, and itself.

    The longest ending that the repository holds: `/srv/shop/backend` is
    `backend` where there is one, else the root of the repository. The root
    is it, too, where only that holds the module `target` names: a project
    in `/srv/shop` may well hold a package `shop`.
    """
    parts = [part for part in place.split("/") if part]
    for start in range(len(parts)):
        candidate = "/".join(parts[start:])
        if reading.is_directory(candidate):
            inside = _holds(reading, candidate, target) or not _holds(reading, ".", target)
            return candidate if inside else ".", posixpath.normpath(place)
    return ".", posixpath.normpath(place)


def _holds(reading: Reading, directory: str, target: str) -> bool:
    """Return whether a directory holds the module or script that a command names."""
    module = target.partition(":")[0]
    path = module if module.endswith(".py") else module.replace(".", "/")
    whole = join(directory, path) if path else None
    return whole is not None and (
        reading.is_file(whole) or reading.is_file(f"{whole}.py") or reading.is_directory(whole)
    )


def _roots(reading: Reading, draft: Draft, unit: Unit, launch: Launch) -> tuple[str, ...]:
    """Return the repository directories on the import path, first wins.

    gunicorn 23 `app/base.py` (`chdir`, `pythonpath`), uvicorn `--app-dir`,
    the interpreter's own `sys.path[0]`, PYTHONPATH, installed projects.
    """
    start = unit.start
    options = start.options
    places: list[str] = []
    for name in ("pythonpath", "app-dir", "pp"):
        value = options.get(name)
        places += value.split(",") if isinstance(value, str) else []
    is_file = start.server == "python" and start.target and not start.is_module
    places.append(posixpath.dirname(start.target) or "." if is_file or start.server == "django" else ".")
    path = {**launch.env, **{v.name: v for v in start.env}}.get("PYTHONPATH")
    if path is not None and path.value:
        places += [part for part in path.value.split(":") if part]
    found: list[str] = []
    for place in places:
        found += _directories(reading, unit, place, start.target)
    for project in draft.projects:
        source = join(project, "src")
        found += [project] if source is None or not reading.is_directory(source) else [source, project]
    return tuple(dict.fromkeys(found)) or (".",)


def _directories(reading: Reading, unit: Unit, place: str, target: str) -> list[str]:
    image = unit.image
    if image is not None and (image.mounts or image.volumes) and unit.home is not None:
        whole = posixpath.normpath(posixpath.join(unit.home, place))
        found = [d for d in files.directories(image, whole) if not reading.is_file(d)]
        return [d for d in found if reading.is_directory(d)]
    inside = files.repo_path(unit, place)
    if inside is None and image is None:
        inside = located(reading, place, target)[0]
    return [inside] if inside is not None and reading.is_directory(inside) else []


def at_line(path: str, line: int) -> Location:
    """Return a line of a file."""
    return Location(file=path, line=line)


def is_python(unit: Unit) -> bool:
    """Return whether a unit runs Python, as far as its command says."""
    return unit.start.server in _PYTHON_SERVERS or bool(re.match(r"(?:flask|celery) ", unit.start.server))


_PYTHON_SERVERS = frozenset(
    (
        "python", "flask", "quart", "gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress",
        "uwsgi", "mod_wsgi", "django", "celery", "fastapi", "sanic", "litestar", "aiohttp", "streamlit",
        "honcho", "supervisord",
    ),
)  # fmt: skip
