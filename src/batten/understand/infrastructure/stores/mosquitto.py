"""Mosquitto: `mosquitto.conf`.

Mosquitto 2.0 `mosquitto.conf(5)`, tried on 2.0.11: without a listener it serves loopback only, and lets everyone
in; with one, nobody comes in unnamed unless `allow_anonymous` is true.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.model.data import dataclass
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_PLACE = "/mosquitto/config/mosquitto.conf"
_OLD = 2
_DEEPEST = 5


@dataclass(slots=True)
class _Listener:
    address: str
    at: Location
    told: dict[str, Setting] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        return is_local(self.address) or "unix" in self.address


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    flags = {one.name: one for one in options(scene.arguments("mosquitto"), ("d", "v", "verbose"))}
    named = flags.get("c") or flags.get("config-file")
    held = scene.held(named.value if named is not None else _PLACE)
    paths = [held] if held is not None else list(scene.alone)
    told = [one for path in paths for one in _file(scene, path)]
    listeners = _listeners(told)
    settings = {one.name: one for one in told}
    at = listeners[0].at if listeners else None
    listen = Listen(tuple(one.address for one in listeners), at, all(one.is_local for one in listeners))
    if not told and scene.container is not None and named is not None:
        return StoreServer(scene.name, scene.product, scene.at, scene.container, scene.contained)
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
        is_open=False,
    )
    server = replace(server, reach=reach_of(server))
    is_old = scene.version is not None and scene.version < _OLD
    for one in listeners:
        anonymous = one.told.get("allow_anonymous")
        demands = one.told.get("require_certificate")
        if one.is_local or (demands is not None and demands.says("true", "1")):
            continue
        if anonymous is not None and anonymous.says("true", "1"):
            return replace(
                server,
                is_open=True,
                open_at=anonymous.at,
                open_because="lets in whoever names no user (`allow_anonymous true`)",
            )
        if anonymous is None and is_old:
            return replace(
                server,
                is_open=True,
                open_at=one.at,
                open_because="lets in whoever names no user, as Mosquitto 1 does by default",
            )
    return server


def _file(scene: Scene, path: str, depth: int = 0) -> Iterator[Setting]:
    for number, row in enumerate((scene.text(path) or "").split("\n"), 1):
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        name, _, value = line.partition(" ")
        if name == "include_dir" and depth < _DEEPEST:
            for each in scene.under(value.strip(), ".conf", path):
                yield from _file(scene, each, depth + 1)
        else:
            yield Setting(name, value.strip(), Location(file=path, line=number), not is_hole(value))


def _listeners(told: list[Setting]) -> list[_Listener]:
    """Return the listeners, each with the settings that count for it."""
    found: list[_Listener] = []
    shared: dict[str, Setting] = {}
    apart = any(one.name == "per_listener_settings" and one.says("true", "1") for one in told)
    first = _Listener("", Location())
    for one in told:
        words = one.value.split()
        if one.name == "listener":
            # `listener 0 /path` is a socket
            found.append(_Listener(words[1] if len(words) > 1 else "", one.at))
        elif one.name in ("port", "bind_address") and words:
            first.at = one.at if first.at.file is None else first.at
            first.address = words[0] if one.name == "bind_address" else first.address
        elif words:
            value = replace(one, value=words[0])
            (found[-1] if found else first).told[one.name] = value
            shared[one.name] = value
    if first.at.file is not None:
        found.insert(0, first)
    for listener in found:
        listener.told = listener.told if apart else {**listener.told, **_security(shared)}
    return found


def _security(shared: dict[str, Setting]) -> dict[str, Setting]:
    return {name: one for name, one in shared.items() if name in ("allow_anonymous", "password_file", "acl_file")}
