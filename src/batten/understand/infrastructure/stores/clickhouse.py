"""ClickHouse: `users.xml`, who has an empty password and from where he may come.

ClickHouse 24 `Users and Roles Settings`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.parsers import expat

from batten.model import Location
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.nouns import StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_XML = re.compile(r"[\w.-]+\.xml", re.IGNORECASE)
_LOCKS = ("password_sha256_hex", "password_double_sha1_hex", "ldap", "kerberos", "ssl_certificates", "ssh_keys")
_USER, _PARTS = 3, 4
"""How deep a user and his parts stand: `clickhouse/users/NAME/password`."""


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    held = [path for target, path in scene.places(_XML) if "users" in target]
    users: dict[str, dict[str, tuple[str, int]]] = {}
    origin: dict[str, str] = {}
    for path in held or scene.alone:
        for name, parts in _users(scene, path):
            users[name] = parts
            origin[name] = path
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        files=tuple(scene.files),
        logins=tuple(_logins(users, origin)),
        evidence=scene.evidence,
        is_open=False if users and "default" in users else None,
    )
    server = replace(server, reach=reach_of(server))
    for name, parts in users.items():
        password, line = parts.get("password", ("x", 0))
        nets = parts.get("networks", ("", 0))[0].split()
        is_near = bool(nets) and all(is_local(net.partition("/")[0]) for net in nets)
        if password == "" and not is_near and not any(lock in parts for lock in _LOCKS):
            at = Location(file=origin[name], line=line)
            return replace(server, is_open=True, open_at=at, open_because=f"lets {name} in with an empty password")
    return server


def _logins(users: dict[str, dict[str, tuple[str, int]]], origin: dict[str, str]) -> Iterator[Login]:
    for name, parts in users.items():
        password, line = parts.get("password", ("", 0))
        if password:
            known = None if is_hole(password) else password
            yield Login(name, known, Location(file=origin[name], line=line))


def _users(scene: Scene, path: str) -> list[tuple[str, dict[str, tuple[str, int]]]]:
    """Return users with their parts: text and line, those of parts below put together."""
    text = scene.text(path) or ""
    found: list[tuple[str, dict[str, tuple[str, int]]]] = []
    stack: list[str] = []
    reader = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        stack.append(name)
        if len(stack) == _USER and stack[1] == "users":
            found.append((name, {}))
        if len(stack) == _PARTS and stack[1] == "users" and not {"from_env", "incl", "remove"} & set(attributes):
            found[-1][1].setdefault(name, ("", reader.CurrentLineNumber))

    def end(_: str) -> None:
        stack.pop()

    def told(text: str) -> None:
        if len(stack) >= _PARTS and stack[1] == "users" and stack[3] in found[-1][1]:
            before, line = found[-1][1][stack[3]]
            found[-1][1][stack[3]] = (f"{before} {text.strip()}".strip(), line)

    def refuse(*_: object) -> None:
        raise ValueError

    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = begin, end, told
    reader.EntityDeclHandler = refuse
    try:
        reader.Parse(text, True)  # noqa: FBT003 - expat takes no name for it
    except (expat.ExpatError, ValueError):
        at = Location(file=path, line=reader.CurrentLineNumber)
        scene.reading.unsure(path, "it is not valid XML, or declares entities", at)
    return found
