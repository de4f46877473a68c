"""PostgreSQL: who may come from where, by `pg_hba.conf`, and what `postgresql.conf` and `-c` say."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.stores import hba, pgconf
from batten.understand.infrastructure.stores.entrances import entrances
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_HBA = re.compile(r"[\w.-]*pg_hba[\w.-]*\.conf", re.IGNORECASE)
_CONF = re.compile(r"(?:postgresql|[\w-]*postgres[\w-]*)\.conf(?:\.sample)?", re.IGNORECASE)
_AUTO = "postgresql.auto.conf"
_READ_BY_ITSELF = re.compile(r".*/(?:data|pgdata|conf|conf\.d)/[^/]+|.*\.sample", re.IGNORECASE)
"""Places of `postgresql.conf` that the server reads unasked: its data directory, Bitnami's `conf`."""
_SHORT = {"h": "listen_addresses", "p": "port", "k": "unix_socket_directories"}
_JOINED = re.compile(r"-c\w")
_APPENDS = re.compile(r"^\s*echo\s+(?:-e\s+)?[\"']?((?:local|host)\w*\s[^\"'>]*)[\"']?\s*>>\s*\S*pg_hba\.conf")
_MOST = {"loopback", "socket"}


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    told = list(_told(scene))
    settings = {one.name: one for one in told}
    tls = pgconf.boolean(settings.get("ssl"))
    if tls is None and "ssl" not in settings and scene.contained:
        tls = False  # the default, and the image's
    found = entrances(_lines(scene, settings), has_tls=tls)
    if scene.container is not None:
        found = [one for one in found if one.at != scene.at]  # the image's own line stands nowhere
    open_ = [one for one in found if one.method == "trust" and one.width not in _MOST and not one.demands_certificate]
    listen = _listen(settings)
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        is_open=True if open_ else False if found else None,
        open_at=open_[0].at if open_ else None,
        open_because=f"trusts {open_[0].shown}" if open_ else "",
        listen=listen,
        entrances=tuple(found),
        evidence=scene.evidence,
    )
    return replace(server, reach=reach_of(server))


def _told(scene: Scene) -> Iterator[Setting]:
    """Yield the settings in the order in which the server takes them: file, ALTER SYSTEM, command line."""
    flags = list(_flags(scene))
    named = next((one for one in reversed(flags) if one.name == "config_file"), None)
    if named is not None:
        held = scene.held(named.value)
        paths = [held] if held is not None else []
    elif scene.container is not None:
        paths = [path for target, path in scene.places(_CONF) if _READ_BY_ITSELF.fullmatch(target)]
    else:
        paths = [path for path in scene.alone if not _HBA.fullmatch(posixpath.basename(path)) and _AUTO not in path]
    for path in paths:
        yield from pgconf.settings(scene, path)
    for path in scene.alone:
        if posixpath.basename(path) == _AUTO:
            yield from pgconf.settings(scene, path)
    yield from flags


def _flags(scene: Scene) -> Iterator[Setting]:
    words = scene.arguments("postgres", "postmaster", "docker-entrypoint.sh", "docker-ensure-initdb.sh")
    apart = [replace(word, text=f"--{word.text[2:]}") if _JOINED.match(word.text) else word for word in words]
    for one in options(apart, ("i", "l", "B", "F")):
        name, value = one.name, one.value
        if name == "c":
            name, _, value = value.partition("=")
        elif name == "i":
            name, value = "listen_addresses", "*"
        elif name == "l":
            name, value = "ssl", "on"
        name = _SHORT.get(name, name.lower().replace("-", "_"))
        if name:
            yield Setting(name, value.strip("'"), one.at, one.known)


def _lines(scene: Scene, settings: dict[str, Setting]) -> list[hba.Line]:
    named = settings.get("hba_file")
    if named is not None:
        held = scene.held(named.value, named.at.file or "")
        paths = [held] if held is not None else []
    elif scene.container is not None:
        paths = [path for _, path in scene.places(_HBA)]
    else:
        paths = [path for path in scene.alone if _HBA.fullmatch(posixpath.basename(path))]
    lines = hba.read(scene.reading, paths[-1]) if paths else []
    scene.files += paths[-1:]
    return lines if paths or scene.container is None else list(_of_image(scene))


def _of_image(scene: Scene) -> Iterator[hba.Line]:
    """Yield what the image appends to the `pg_hba.conf` that it makes, and what scripts append after that.

    docker-library/postgres `docker-entrypoint.sh pg_setup_hba_conf`: `host all all all METHOD`.
    """
    told = scene.env("POSTGRES_HOST_AUTH_METHOD")
    method = told.value if told is not None and told.value in hba.METHODS else "scram-sha-256"
    everyone = (hba.Token("all"),)
    yield hba.Line("host", everyone, everyone, "all", hba.EVERYWHERE, method, told.at if told else scene.at)
    for path in scene.under("/docker-entrypoint-initdb.d", ".sh"):
        rows = (scene.reading.text(path) or "").split("\n")
        for number, row in enumerate(rows, 1):
            match = _APPENDS.search(row)
            found = hba.line(scene.reading, match[1], Location(file=path, line=number)) if match is not None else None
            if found is not None:
                scene.files.append(path)
                yield found


def _listen(settings: dict[str, Setting]) -> Listen | None:
    told = settings.get("listen_addresses")
    if told is None or not told.known:
        return None
    addresses = tuple(part.strip() for part in told.value.split(",") if part.strip())
    return Listen(addresses, told.at, all(is_local(address) for address in addresses))
