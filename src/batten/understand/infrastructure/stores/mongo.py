"""MongoDB: `mongod.conf` in YAML or in the old form, and the flags of the command.

MongoDB 7.0 manual, `Configuration File Options`: without `security.authorization` (or a key file, which implies
it) whoever connects may do everything; `net.bindIp` is localhost unless something says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.stores import trees
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_OLD = {
    "auth": "security.authorization",
    "noauth": "security.noauth",
    "keyfile": "security.keyFile",
    "bind_ip": "net.bindIp",
    "bind_ip_all": "net.bindIpAll",
    "clusterauthmode": "security.clusterAuthMode",
    "tlsmode": "net.tls.mode",
    "f": "config",
    "config": "config",
}
"""Flags and names of the old form, lower case."""
_SWITCHES = ("auth", "noauth", "bind_ip_all", "ipv6", "quiet", "fork", "tlsOnNormalPorts", "shardsvr", "configsvr")
_YES = ("true", "yes", "1", "", "enabled", "on")


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    words = scene.arguments("mongod", "mongos")
    flags = [replace(one, name=_OLD.get(one.name.lower(), one.name)) for one in options(words, _SWITCHES)]
    named = next((one for one in flags if one.name == "config"), None)
    held = scene.held(named.value) if named is not None else None
    paths = [held] if held is not None else list(scene.alone)
    told = [one for path in paths for one in _file(scene, path)]
    settings = {one.name: one for one in (*told, *flags)}
    settings |= {one.name: replace(one, value="enabled") for one in flags if one.name == "security.authorization"}
    listen = _listen(scene, settings)
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=listen,
        evidence=scene.evidence,
    )
    server = replace(server, reach=reach_of(server))
    return _judged(scene, server, missing=named is not None and held is None)


def _judged(scene: Scene, server: StoreServer, *, missing: bool) -> StoreServer:
    access, key = server.get("security.authorization"), server.get("security.keyFile")
    if (access is not None and not access.known) or (access is not None and access.says(*_YES)):
        return replace(server, is_open=False if access.known else None)
    root = scene.env("MONGO_INITDB_ROOT_USERNAME") or scene.env("MONGO_INITDB_ROOT_USERNAME_FILE")
    bitnami = scene.env("MONGODB_ROOT_PASSWORD") if "bitnami" in scene.image else None
    if key is not None or root is not None or bitnami is not None or server.get("security.clusterAuthMode"):
        return replace(server, is_open=False)  # docker-library/mongo's entrypoint adds --auth
    if missing:
        return replace(server, unsure="its configuration file is not in the repository")
    if server.listen is not None and server.listen.is_local:
        return replace(server, is_open=False)
    at = access.at if access is not None else server.listen.at if server.listen is not None else None
    words = (
        "has authorization disabled" if access is not None else "asks for no login: `security.authorization` is not set"
    )
    return replace(server, is_open=True, open_at=at or server.at, open_because=words)


def _file(scene: Scene, path: str) -> Iterator[Setting]:
    text = scene.reading.text(path) or ""
    rows = [row for row in text.split("\n") if row.strip() and not row.lstrip().startswith("#")]
    if not any("=" in row.partition(":")[0] for row in rows):
        yield from trees.settings(scene, path)
        return
    scene.files.append(path)
    for number, row in enumerate(text.split("\n"), 1):
        name, mark, value = row.partition("=")
        if mark and not row.lstrip().startswith("#"):
            value = value.strip()
            known = not is_hole(value)
            yield Setting(_OLD.get(name.strip().lower(), name.strip()), value, Location(file=path, line=number), known)


def _listen(scene: Scene, settings: dict[str, Setting]) -> Listen | None:
    every, bind = settings.get("net.bindIpAll"), settings.get("net.bindIp")
    if every is not None and every.says(*_YES):
        return Listen(("*",), every.at, is_local=False)
    if bind is None:
        return None if scene.contained else Listen(("localhost",), None, is_local=True)
    if not bind.known:
        return None
    addresses = tuple(part.strip() for part in bind.value.split(",") if part.strip())
    return Listen(addresses, bind.at, all(is_local(address) for address in addresses))
