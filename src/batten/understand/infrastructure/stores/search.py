"""Elasticsearch and OpenSearch: `elasticsearch.yml` and `opensearch.yml`.

Elasticsearch 8.13 `Security settings`: security is on unless it is switched off; before 8 it was off unless
switched on.
OpenSearch 2.12 `Security plugin`: `plugins.security.disabled` switches it off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.understand.infrastructure.stores import trees
from batten.understand.infrastructure.stores.nouns import Listen, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of

if TYPE_CHECKING:
    from batten.understand.infrastructure.stores.nouns import Setting
    from batten.understand.infrastructure.stores.scene import Scene

_PLACES = {
    "elasticsearch": "/usr/share/elasticsearch/config/elasticsearch.yml",
    "opensearch": "/usr/share/opensearch/config/opensearch.yml",
}
_SWITCHES = {
    "elasticsearch": ("xpack.security.enabled", ("false",)),
    "opensearch": ("plugins.security.disabled", ("true",)),
}
_VARIABLE = {"opensearch": "DISABLE_SECURITY_PLUGIN"}


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    held = scene.held(_PLACES[scene.product])
    paths = [held] if held is not None else list(scene.alone)
    settings = {one.name: one for path in paths for one in trees.settings(scene, path)}
    name, off = _SWITCHES[scene.product]
    for each in (name, "network.host", "http.host"):  # the image hands variables with dots on as settings
        told = scene.env(each)
        if told is not None:
            settings[each] = told
    plugin = scene.env(_VARIABLE.get(scene.product, ""))
    if plugin is not None:
        settings[name] = replace(plugin, name=name)
    listen = _listen(scene, settings)
    switch = settings.get(name)
    is_open: bool | None = None
    if switch is not None and switch.known:
        is_open = switch.says(*off)
    shut = is_open and listen is not None and listen.is_local
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=listen,
        is_open=False if shut else is_open,
        open_at=switch.at if switch is not None and is_open and not shut else None,
        open_because=f"asks for no login (`{name}` is {off[0]})" if is_open and not shut else "",
        evidence=scene.evidence,
    )
    return replace(server, reach=reach_of(server))


def _listen(scene: Scene, settings: dict[str, Setting]) -> Listen | None:
    host = settings.get("http.host") or settings.get("network.bind_host") or settings.get("network.host")
    if host is None:
        return None if scene.contained else Listen(("_local_",), None, is_local=True)
    if not host.known:
        return None
    addresses = tuple(part.strip() for part in host.value.strip("[]").split(","))
    return Listen(addresses, host.at, all(is_local(address) for address in addresses))
