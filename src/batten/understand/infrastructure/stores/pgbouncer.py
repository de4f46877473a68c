"""PgBouncer: `pgbouncer.ini` and the list of users beside it (PgBouncer 1.22 `config`)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.deploy.ini import parse
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_INI = re.compile(r"[\w.-]*pgbouncer[\w.-]*\.ini", re.IGNORECASE)
_USER = re.compile(r'\s*"((?:[^"]|"")*)"\s+"((?:[^"]|"")*)"')
_HASHES = ("md5", "SCRAM-SHA-256$")
_OPEN = ("trust", "any")
_MOST_USERS = 1_000


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    paths = [path for _, path in scene.places(_INI)] or [path for path in scene.alone if path.endswith(".ini")]
    told = [one for path in paths[-1:] for one in _file(scene, path)]
    settings = {one.name: one for one in told}
    kind, bind = settings.get("auth_type"), settings.get("listen_addr")
    listen: Listen | None = Listen((), None, is_local=True)  # a socket only
    if bind is not None:
        addresses = tuple(part.strip() for part in bind.value.split(",") if part.strip())
        listen = Listen(addresses, bind.at, all(map(is_local, addresses))) if bind.known else None
    is_open = kind is not None and kind.says(*_OPEN) and listen is not None and not listen.is_local
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=listen,
        is_open=is_open if told else None,
        open_at=kind.at if kind is not None and is_open else None,
        open_because=f"asks for no password (`auth_type = {kind.value}`)" if kind is not None and is_open else "",
        logins=tuple(_logins(scene, settings)),
        evidence=scene.evidence,
    )
    return replace(server, reach=reach_of(server))


def _file(scene: Scene, path: str) -> Iterator[Setting]:
    for section in parse(scene.text(path) or "", style="uwsgi"):
        for entry in section.entries if section.name == "pgbouncer" else ():
            at = Location(file=path, line=entry.line)
            yield Setting(entry.name, entry.value, at, not is_hole(entry.value))


def _logins(scene: Scene, settings: dict[str, Setting]) -> Iterator[Login]:
    """Yield users whose password is written as it is."""
    file = settings.get("auth_file")
    held = scene.held(file.value, file.at.file or "") if file is not None else None
    lists = [path for path in scene.alone if posixpath.basename(path) == "userlist.txt"]
    for path in [held] if held is not None else lists:
        for number, row in enumerate((scene.text(path) or "").split("\n")[:_MOST_USERS], 1):
            match = _USER.match(row)
            if match is not None and match[2] and not match[2].startswith(_HASHES):
                known = None if is_hole(match[2]) else match[2]
                yield Login(match[1], known, Location(file=path, line=number))
