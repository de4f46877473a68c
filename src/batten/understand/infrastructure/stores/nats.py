"""NATS: `nats-server.conf`.

NATS 2.10 `Configuration`: without authorization, accounts or an operator everybody is let in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_LOCKS = ("authorization", "accounts", "operator", "resolver", "include", "auth_callout", "trusted_keys")
_PLACES = ("/nats-server.conf", "/etc/nats/nats-server.conf", "/etc/nats/nats.conf")


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    flags = {
        one.name: one for one in options(scene.arguments("nats-server", "nats-streaming-server"), ("js", "D", "V"))
    }
    named = flags.get("c") or flags.get("config")
    places = (named.value,) if named is not None else _PLACES
    paths = [held for held in map(scene.held, places) if held is not None] or list(scene.alone)
    settings = {one.name: one for path in paths for one in _file(scene, path)}
    host = settings.get("host") or settings.get("net") or settings.get("listen")
    listen = Listen(("*",), None, is_local=False)
    if host is not None:
        address = host.value.rpartition(":")[0] if host.name == "listen" else host.value
        listen = Listen((address or "*",), host.at, is_local(address.strip("\"'")))
    locked = any(name in settings for name in _LOCKS) or any(name in flags for name in ("user", "auth", "tlsverify"))
    is_open = (not locked and not listen.is_local) if settings else None
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=listen,
        is_open=is_open,
        open_at=(listen.at or Location(file=paths[0], line=1)) if is_open else None,
        open_because="has no authorization" if is_open else "",
        evidence=scene.evidence,
    )
    return replace(server, reach=reach_of(server))


def _file(scene: Scene, path: str) -> Iterator[Setting]:
    """Yield the settings outside of any block; a block by its name."""
    depth = 0
    for number, row in enumerate((scene.text(path) or "").split("\n"), 1):
        line = re.split(r"\s*(?:#|//)", row, maxsplit=1)[0]
        if depth == 0 and line.strip():
            match = re.match(r"\s*([\w$-]+)\s*[:=]?\s*(.*)", line)
            if match is not None:
                value = match[2].rstrip("{[, ").strip("\"'")
                yield Setting(match[1].lower(), value, Location(file=path, line=number), not is_hole(value))
        depth = max(0, depth + line.count("{") + line.count("[") - line.count("}") - line.count("]"))
