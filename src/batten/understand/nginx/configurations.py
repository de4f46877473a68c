"""The nginxes that a repository configures: those of its containers and images, else files that lie beside."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from batten.model import Confidence, Evidence, Location
from batten.model.data import dataclass
from batten.understand.deploy.yamltree import Text as Scalar, items
from batten.understand.infrastructure.nouns import Container
from batten.understand.infrastructure.products import product_of
from batten.understand.nginx.loading import Loader, beside, on_machine, text_of
from batten.understand.nginx.machine import Laid, Machine
from batten.understand.nginx.scopes import Scope
from batten.understand.nginx.syntax import Directive, Text
from batten.understand.nginx.texts import is_template, looks, plain_name
from batten.understand.sources import join
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from batten.understand.deploy.image import Stage
    from batten.understand.deploy.reading import Reading
    from batten.understand.infrastructure.ground import Ground

KIND = "nginx"
"""The kind of its files, in `places`."""
_MAINS = (
    "/etc/nginx/nginx.conf",
    "/usr/local/openresty/nginx/conf/nginx.conf",
    "/opt/bitnami/nginx/conf/nginx.conf",
    "/usr/local/nginx/conf/nginx.conf",
)
_INCLUDED = ("/etc/nginx/conf.d/*.conf", "/etc/nginx/http.d/*.conf", "/etc/nginx/sites-enabled/*")
_TEMPLATES = "/etc/nginx/templates/"


@dataclass(frozen=True, eq=False, slots=True)
class Configuration:
    """One nginx as it is configured."""

    name: str
    """The container or image that it runs in, else its file."""
    http: Scope
    servers: tuple[Scope, ...]
    machine: Machine
    at: Location
    container: Container | None = None
    reach: Reach = Reach.UNKNOWN
    confidence: Confidence = Confidence.CERTAIN
    evidence: tuple[Evidence, ...] = ()
    is_partial: bool = False
    """It is a file that others include: what stands around it is not known."""
    is_whole: bool = False
    """Its main file is in the repository: what nothing there sets has nginx's own default."""
    is_official: bool = False
    """It runs in nginx's own image, whose main file sets nothing that matters here."""


def configurations(ground: Ground) -> list[Configuration]:
    """Return them; files that lie beside count where no container has any."""
    found: list[Configuration] = []
    used: set[str] = set()
    for container in ground.of(Container):
        if container.product in ("nginx", "") or container.stage is not None:
            found += _contained(ground, container, used)
    if ground.joined is not None:
        own = {id(container.stage) for container in ground.of(Container)}
        for path, stage in ground.joined.stages.items():
            if stage is not None and id(stage) not in own and path not in ground.joined.used:
                found += _contained(ground, _of_image(path, stage), used)
    if any(one.servers for one in found):
        return found
    return [*found, *_beside(ground, used)]


def _of_image(path: str, stage: Stage) -> Container:
    return Container(path, "image", stage.at, stage=stage, env=stage.env, words=stage.process())


# In a container


def _contained(ground: Ground, container: Container, used: set[str]) -> Iterator[Configuration]:
    machine = _machine(ground, container)
    written = dict(_written(ground, container, machine))
    if container.product != KIND and not _has_any(machine, written):
        return
    loader = Loader(ground.reading, on_machine(machine, written), container.env)
    main = _main(container, machine, written)
    directives = (
        loader.load(*main) if main is not None else loader.expanded(_as_it_comes(container), ("/etc/nginx/nginx.conf",))
    )
    used |= loader.used
    yield _made(container.name, directives, machine, container, is_whole=main is not None)


def _machine(ground: Ground, container: Container) -> Machine:
    stage = container.stage
    laid = [Laid(place, path) for place, path in stage.mounts] if stage is not None else []
    laid += [Laid(mount.target, mount.path, mount.at, mounted=True) for mount in container.mounts]
    return Machine(ground.reading, laid, stage.ignored if stage is not None else (), _unlisted(ground))


def _unlisted(ground: Ground) -> tuple[str, ...]:
    """Return the files of variables that compose needs beside it, which are kept out of repositories."""
    found: dict[str, None] = {}
    for composed in ground.joined.composed if ground.joined is not None else ():
        for service, _ in composed.services:
            for origin, node in service.parts.get("env_file", []):
                for item in (one for one in items(node) if isinstance(one, Scalar)):
                    path = join(composed.folder(origin), composed.text(item) or "..")
                    if path is not None and not ground.reading.is_file(path):
                        found[path] = None
    return tuple(found)


def _written(ground: Ground, container: Container, machine: Machine) -> Iterator[tuple[str, Text]]:
    """Yield texts that lie in the container and are no files of the repository: here-documents, filled templates."""
    for place, (path, text, line) in (container.stage.written if container.stage is not None else {}).items():
        yield place, Text(text, path, line)
    for mount in container.mounts:
        at = mount.text_at
        if mount.text is not None and at is not None and at.file is not None:
            yield mount.target, Text(mount.text, at.file, at.line or 1)
    for place, path in machine.below("/etc/nginx"):
        if not is_template(place):
            continue
        target = plain_name(place)
        if target.startswith(_TEMPLATES):
            target = f"/etc/nginx/conf.d/{target[len(_TEMPLATES) :]}"
        template = text_of(ground.reading, path)
        if template is not None and not ground.reading.is_file(machine.path(target)):
            yield target, template


def _has_any(machine: Machine, written: Mapping[str, Text]) -> bool:
    folders = tuple(f"{posixpath.dirname(main)}/" for main in _MAINS)
    if any(place.startswith(folders) for place in written):
        return True
    return any(one.path is not None and f"{one.place}/".startswith(folders) for one in machine.laid)


def _main(container: Container, machine: Machine, written: Mapping[str, Text]) -> tuple[str, Text] | None:
    words = [word.text for word in container.words]
    is_nginxs = any(posixpath.basename(word) in ("nginx", "openresty") for word in words)
    named = [words[at + 1] for at, word in enumerate(words[:-1]) if word == "-c" and is_nginxs]
    for place in (*named, *_MAINS):
        if place in written:
            return place, written[place]
        path = machine.path(place)
        text = text_of(machine.reading, path) if path is not None and machine.reading.is_file(path) else None
        if text is not None:
            return place, text
    return None


def _as_it_comes(container: Container) -> tuple[Directive, ...]:
    """Return the main file that the image brings, as far as it includes what the repository may add.

    The official image (nginx 1.29) includes `conf.d/*.conf`; those of Debian and Alpine more.
    """
    patterns = _INCLUDED[:1] if container.product == KIND and container.stage is None else _INCLUDED
    inside = tuple(Directive("include", (pattern,), container.at) for pattern in patterns)
    return (Directive("http", (), container.at, inside),)


# Beside


def _beside(ground: Ground, used: set[str]) -> Iterator[Configuration]:
    reading = ground.reading
    texts = {path: text for path in ground.files.get(KIND, ()) if (text := text_of(reading, path)) is not None}
    texts = {path: text for path, text in texts.items() if path not in used and _is_nginxs(path, text.text)}
    mains = [path for path, text in texts.items() if "http" in text.text and _is_main(text.text)]
    host = Machine(reading, list(_homes(ground)), (), _unlisted(ground))
    for path in (*mains, *(path for path in texts if path not in mains)):
        if path in used:
            continue
        loader = Loader(reading, beside(reading), {})
        directives = loader.load(path, texts[path])
        used |= loader.used
        yield _made(path, directives, host, None, is_whole=path in mains)


def _is_nginxs(path: str, text: str) -> bool:
    return KIND in posixpath.basename(path).lower() or looks(text)


def _is_main(text: str) -> bool:
    return _HTTP.search(text) is not None


_HTTP = re.compile(r"^[ \t]*http[ \t\r\n]*\{", re.MULTILINE)


def _homes(ground: Ground) -> Iterator[Laid]:
    """Yield where the repository lies on the host, by the units that run on it."""
    for unit in ground.stack.units:
        if unit.image is None and unit.home and unit.home.startswith("/") and unit.home != "/":
            yield Laid(unit.home, unit.cwd, unit.at, mounted=True)


# Either


def _made(
    name: str, directives: tuple[Directive, ...], machine: Machine, container: Container | None, *, is_whole: bool
) -> Configuration:
    http = next((one for one in directives if one.name == "http" and one.block is not None), None)
    inside = http.block if http is not None and http.block is not None else directives
    outer = Scope("http", http, inside, None)
    servers = tuple(_bounded(machine.reading, _servers(outer)))
    is_partial = not servers and http is None and not _is_for_http(inside)
    if is_partial:
        outer = Scope("fragment", None, inside, None)
        servers = (outer,)
    at = container.at if container is not None else Location(file=name, line=1)
    evidence = container.evidence if container is not None else (Evidence(at, "a configuration that lies beside"),)
    return Configuration(
        name,
        outer,
        servers,
        machine,
        at,
        container,
        container.reach if container is not None else Reach.UNKNOWN,
        Confidence.CERTAIN if container is not None else Confidence.LIKELY,
        evidence,
        is_partial,
        is_whole,
        container is not None and _is_official(container),
    )


def _is_official(container: Container) -> bool:
    if container.stage is None:
        return container.product == KIND
    product = product_of(container.stage.base)
    return product is not None and product.name == KIND


def _bounded(reading: Reading, servers: Iterator[Scope]) -> Iterator[Scope]:
    """Yield the servers, each with so many locations as can be followed; that there are more is told."""
    for number, server in enumerate(servers):
        if number >= _MOST_SERVERS:
            reading.unsure(server.name, "there are too many servers to follow all", server.at)
            return
        for scope in list(server.all()):
            if len(scope.locations) > _MOST_LOCATIONS:
                reading.unsure(scope.name, "it has too many locations to follow all", scope.at)
                del scope.locations[_MOST_LOCATIONS:]
        yield server


_MOST_SERVERS = 300
_MOST_LOCATIONS = 300


def _servers(http: Scope) -> Iterator[Scope]:
    for one in http.own:
        if one.name == "server" and one.block is not None:
            yield Scope("server", one, one.block, http)


def _is_for_http(inside: Iterable[Directive]) -> bool:
    """Return whether a file without servers stands beside them: maps, upstreams, settings of http."""
    return any(one.name in ("map", "upstream", "geo", "log_format") for one in inside)
