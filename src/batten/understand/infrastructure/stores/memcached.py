"""Memcached: `memcached.conf`, which holds the flags of the command, one a line (Debian's `start-memcached`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.reading import Word
from batten.understand.infrastructure.stores.nouns import Listen, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_SWITCHES = ("S", "v", "vv", "d", "enable-sasl", "k", "M", "r", "A", "F", "C", "Z")
_LOCKS = ("S", "enable-sasl", "Y", "auth-file")
"""SASL, and a file of passwords (memcached 1.6 `doc/protocol.txt`)."""


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    words = [word for path in scene.alone for word in _words(scene, path)] + list(scene.arguments("memcached"))
    settings = {one.name: one for one in options(words, _SWITCHES)}
    socket, bind = settings.get("s") or settings.get("unix-socket"), settings.get("l") or settings.get("listen")
    listen = Listen(("*",), None, is_local=False)
    if socket is not None:
        listen = Listen((), socket.at, is_local=True)
    elif bind is not None:
        addresses = tuple(part.strip() for part in bind.value.split(","))
        listen = Listen(addresses, bind.at, not bind.known or all(is_local(address) for address in addresses))
    locked = any(name in settings for name in _LOCKS)
    is_open = not locked and not listen.is_local
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
        open_at=(listen.at or scene.at) if is_open else None,
        open_because="knows no login" if is_open else "",
        evidence=scene.evidence,
    )
    return replace(server, reach=reach_of(server))


def _words(scene: Scene, path: str) -> Iterator[Word]:
    for number, row in enumerate((scene.text(path) or "").split("\n"), 1):
        if row.startswith("-"):
            for text in row.partition("#")[0].split():
                yield Word(text, Location(file=path, line=number), not is_hole(text))
