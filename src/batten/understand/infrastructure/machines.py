"""Where the files of the repository lie on the machines that run them: containers, images, hosts."""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy import files
from batten.understand.deploy.ignore import ignored
from batten.understand.infrastructure.nouns import Container
from batten.understand.infrastructure.strangers import GIT
from batten.understand.stack import Image, Reach, Start, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.model import Evidence
    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.reading import Reading
    from batten.understand.infrastructure.ground import Ground


@dataclass(frozen=True, slots=True)
class Machine:
    """A container, an image of this repository, or the host that the rest runs on."""

    name: str
    container: Container | None = None
    stage: Stage | None = None
    unit: Unit | None = None
    """Stands for the machine where paths are looked up."""
    homes: tuple[tuple[str, str], ...] = ()
    """Of a host: absolute directories, and what of the repository lies there."""
    is_known: bool = True
    """The repository says what runs there; else nobody knows which of its ports are open."""
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def reach(self) -> Reach:
        """From where its open ports are reached."""
        if self.container is not None:
            return self.container.reach
        return Reach.WORLD if self.stage is None and self.is_known else Reach.UNKNOWN

    def reach_of(self, port: int) -> Reach:
        """From where one of its ports is reached: what a container does not publish is for other containers."""
        held = self.container
        if held is None:
            return self.reach
        if held.facts.get("network_mode", ("",))[0] == "host":
            return Reach.WORLD
        doors = [one for one in held.published if one.container in (port, None)]
        if not doors:
            return Reach.INTERNAL
        local = all(one.address.startswith("127.") or one.address in ("::1", "localhost") for one in doors)
        return Reach.LOOPBACK if local else Reach.WORLD

    def within(self, path: str) -> list[str]:
        """Return the files or directories of the repository that lie at an absolute path, what is seen first."""
        place = posixpath.normpath(path)
        if self.unit is not None and self.unit.image is not None:
            return list(files.directories(self.unit.image, place))
        return [found for home, inside in self.homes if (found := _inside(place, home, inside)) is not None]

    def places(self, path: str) -> Iterator[str]:
        """Yield the absolute paths at which a file of the repository lies."""
        image = self.unit.image if self.unit is not None else None
        for target, source in (*image.volumes, *image.mounts) if image is not None else ():
            if path == source:
                yield target
            elif source == "." or path.startswith(f"{source}/"):
                yield posixpath.join(target, path if source == "." else path[len(source) + 1 :])

    def is_left_out(self, path: str) -> bool:
        """Return whether `.dockerignore` keeps a file out of the image, and no mount brings it back."""
        return self.stage is not None and path in self.stage.ignored and not self._is_mounted(path)

    def has_history(self, reading: Reading) -> bool:
        """Return whether the whole checkout lies on it, `.git` too."""
        if self.container is None and self.stage is None:
            return True
        if self.container is not None and any(mount.path == "." for mount in self.container.mounts):
            return True
        if self.stage is None or not any(source == "." for _, source in self.stage.mounts):
            return False
        text = reading.text(".dockerignore") if reading.is_file(".dockerignore") else None
        return not (text and ignored([GIT], text))

    def _is_mounted(self, path: str) -> bool:
        held = self.container.mounts if self.container is not None else ()
        return any(
            mount.path is not None and (mount.path in (".", path) or path.startswith(f"{mount.path}/"))
            for mount in held
        )


def machines(ground: Ground) -> list[Machine]:
    """Return the containers and images of the repository; the host is not among them."""
    found: list[Machine] = []
    used: set[str] = set()
    for container in ground.of(Container):
        volumes = tuple((mount.target, mount.path) for mount in container.mounts if mount.path is not None)
        found.append(_machine(container.name, container, container.stage, volumes))
        used.add(container.stage.at.file or "" if container.stage is not None else "")
    if ground.joined is not None:
        found += [
            _machine(path, None, stage, ())
            for path, stage in ground.joined.stages.items()
            if stage is not None and path not in used and path not in ground.joined.used
        ]
    return found


def _machine(
    name: str, container: Container | None, stage: Stage | None, volumes: tuple[tuple[str, str], ...]
) -> Machine:
    copied = tuple(stage.mounts) if stage is not None else ()
    image = Image(copied, stage.ignored if stage is not None else (), volumes)
    unit = Unit(name, "compose", Start(""), "", None, home="/", image=image)
    return Machine(name, container, stage, unit, evidence=_evidence(container))


def _evidence(container: Container | None) -> tuple[Evidence, ...]:
    return container.evidence[:1] if container is not None else ()


def host(ground: Ground, paths: Iterable[str]) -> Machine:
    """Return the machine of the files that lie in no container.

    Where the repository lies on it is told by the units of its own services
    (`WorkingDirectory=`), and by the absolute `paths` of files: what
    ends as a file of the repository does lies in its checkout.
    """
    homes: dict[str, str] = {}
    for unit in ground.stack.units:
        if unit.image is None and unit.home and unit.home.startswith("/") and unit.home != "/":
            homes.setdefault(unit.home, unit.cwd)
    for path in paths:
        parts = path.strip("/").split("/")
        for start in range(1, len(parts)):
            if _is_telling(ending := "/".join(parts[start:])) and ground.reading.is_file(ending):
                homes.setdefault("/" + "/".join(parts[:start]), ".")
                break
    return Machine("the host", homes=tuple(sorted(homes.items(), key=lambda home: -len(home[0]))))


def _is_telling(path: str) -> bool:
    """Return whether a file's path is its repository's own: one that many have says nothing alone."""
    return "/" in path or not re.fullmatch(r"\.htaccess|index\.\w+|robots\.txt|favicon\.ico|README\.md", path)


def _inside(place: str, home: str, folder: str) -> str | None:
    """Return what of the repository lies at a place of the host, where `folder` lies at `home`."""
    if place == home or place.startswith(f"{home}/"):
        inside = place[len(home) :].strip("/")
        return posixpath.normpath(posixpath.join(folder, inside)) if inside else folder
    depth = folder.count("/") + 1 if folder != "." else 0
    above = home
    for number in range(depth):  # `/srv/shop/backend` holds `backend`: `/srv/shop` is the root
        above = posixpath.dirname(above)
        if place == above:
            left = folder.split("/")[: depth - number - 1]
            return "/".join(left) or "."
    return None
