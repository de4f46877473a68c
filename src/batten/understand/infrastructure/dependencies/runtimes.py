"""The runtimes, systems, frameworks and databases that production runs, in their versions."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.candidates import aside
from batten.understand.deploy.locks import manifest_of
from batten.understand.infrastructure.dependencies.nouns import Runtime
from batten.understand.infrastructure.dependencies.support import POLICY, Version, ended, in_image
from batten.understand.infrastructure.nouns import Container

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from batten.understand.infrastructure.dependencies.nouns import Installed
    from batten.understand.infrastructure.ground import Ground

_PLAIN = re.compile(r"(?:python-|cpython-)?(\d+\.\d+(?:\.\d+)?)\s*")
_NEWEST = 30
_FRAMEWORKS = {"django": "Django", "flask": "Flask"}


def of_images(ground: Ground) -> Iterator[tuple[Location, str, tuple[Version, ...]]]:
    """Yield the images that production's own are built upon: the line, the name, what they hold."""
    joined = ground.joined
    seen: set[tuple[Location, str]] = set()
    stages = [] if joined is None else [s for s in joined.stages.values() if s is not None]
    for composed in joined.composed if joined is not None else ():
        stages += [drafted.stage for _, drafted in composed.services if drafted.stage is not None]
    for stage in stages:
        at = stage.line()[-1].at
        if (at, stage.base) not in seen:
            seen.add((at, stage.base))
            yield at, stage.base, in_image(stage.base)


def python_of(ground: Ground) -> str:
    """Return the version of Python that production's image has, else that a platform is told; empty: not known."""
    versions = {one.version for _, _, held in of_images(ground) for one in held if one.product == "Python"}
    if not versions:
        versions = {version for _, version, _ in _told(ground)}
    return next(iter(versions)) if len(versions) == 1 else ""


def runtimes(ground: Ground, lists: Iterable[Installed]) -> Iterator[Runtime]:
    """Yield what production runs that is known by its version."""
    has_python = False
    for at, image, held in of_images(ground):
        has_python = has_python or any(one.product == "Python" for one in held)
        yield from _worst(ground, at, f"the base image {image}", held)
    for container in ground.of(Container):
        if container.stage is None and container.image_at is not None:
            yield from _worst(ground, container.image_at, f"the image {container.image}", in_image(container.image))
    if not has_python:
        for at, version, says in _told(ground):
            yield _runtime(ground, Version("Python", version), at, says)
    yield from _frameworks(ground, lists)


def _worst(ground: Ground, at: Location, says: str, held: Sequence[Version]) -> Iterator[Runtime]:
    """Yield the first part of an image that has ended, else its first: one line is mended once."""
    made = [_runtime(ground, one, at, says) for one in held]
    yield from [one for one in made if one.ended is not None][:1] or made[:1]


def _runtime(ground: Ground, one: Version, at: Location, says: str) -> Runtime:
    day = ended(one.product, one.version)
    past = day if day is not None and day < ground.today else None
    return Runtime(one.product, one.version, at, says, past, is_policy=one.product in POLICY)


def _frameworks(ground: Ground, lists: Iterable[Installed]) -> Iterator[Runtime]:
    seen: set[tuple[str, str]] = set()
    for held in lists:
        for one in held.dependencies:
            product = _FRAMEWORKS.get(one.name)
            if product is not None and one.version and not one.group and (product, one.version) not in seen:
                seen.add((product, one.version))
                yield _runtime(ground, Version(product, one.version), one.at, f"{one.name} {one.version}")


def _told(ground: Ground) -> Iterator[tuple[Location, str, str]]:
    """Yield the versions of Python that files tell a platform to run."""
    if not (ground.stack.units or any(app.framework for app in ground.seen.apps)):
        return
    for path in ground.files.get("runtimes", []):
        if "/" in path and not any(unit.cwd == posixpath.dirname(path) for unit in ground.stack.units):
            continue
        for number, row in enumerate((ground.reading.text(path) or "").split("\n")[:_NEWEST], 1):
            match = _PLAIN.fullmatch(row.strip())
            if match is not None:
                yield Location(file=path, line=number), match[1], f"{posixpath.basename(path)} asks for it"
                break
    for path in ground.files.get("requirements", []):
        name = posixpath.basename(path)
        if name in {"Pipfile", "pyproject.toml"} and aside(path) is None and "/" not in path:
            manifest = manifest_of(ground.reading, path)
            wanted = manifest.python if manifest is not None else None
            version = _only(wanted[0]) if wanted is not None else ""
            if wanted is not None and version:
                yield Location(file=path, line=wanted[1]), version, f"{name} allows nothing newer"


def _only(specifier: str) -> str:
    """Return the newest minor version of Python that a specifier allows, where it says one."""
    newest = ""
    for clause in specifier.replace(" ", "").split(","):
        if match := re.fullmatch(r"(?:==|~=)(\d\.\d+)(?:\.[\d*]+)*", clause):
            if clause.startswith("~=") and clause.count(".") == 1:
                continue
            newest = match[1]
        elif match := re.fullmatch(r"<=?(3)\.(\d+)(?:\.[\d*]+)?", clause):
            below = int(match[2]) - (0 if clause.startswith("<=") or clause.count(".") > 1 else 1)
            newest = newest or f"3.{below}"
        elif re.fullmatch(r"<3(?:\.0)?", clause):
            newest = newest or "2.7"
        elif match := re.fullmatch(r"~(\d\.\d+)(?:\.\d+)?", clause):
            newest = match[1]
    return newest
