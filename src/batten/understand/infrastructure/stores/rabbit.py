"""RabbitMQ: `rabbitmq.conf`, the classic form, definitions that are loaded at the start, and its environment.

RabbitMQ 3.13 `Access Control`: the first user is `guest`, an administrator whose password is the same and who may log
in from loopback only, unless `loopback_users` lets him out; the official image does that (docker-library/rabbitmq,
`10-defaults.conf`). A node that loads definitions makes no first user.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import Location
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.infrastructure.stores.scene import Scene

GUEST = "guest"
_CONF = re.compile(r"(?:rabbitmq|[\w.-]+)\.(?:conf|config)", re.IGNORECASE)
_DEFINITIONS = re.compile(r"[\w.-]+\.json", re.IGNORECASE)
_CLASSIC = re.compile(
    r"\{\s*(loopback_users|default_user|default_pass|load_definitions)\s*,\s*(\[[^\]]*\]|<<\"[^\"]*\">>|\"[^\"]*\")"
)
_LINE = re.compile(r"\s*([\w.$-]+)\s*=\s*(.*?)\s*(?:#.*)?")
_SALT = 4
_MOST_USERS = 500
_COMMON = ("guest", "admin", "password", "rabbitmq", "changeme", "secret", "test", "user", "root", "123456")
"""Passwords that a hash in definitions is tried for."""
_LOADS = ("load_definitions", "management.load_definitions", "definitions.local.path")


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    if scene.container is not None:
        paths = [path for target, path in scene.places(_CONF) if target.startswith(("/etc/rabbitmq/", "/opt/bitnami/"))]
    else:
        paths = [path for path in scene.alone if not path.endswith(".json")]
    settings = {one.name: one for path in paths for one in _file(scene, path)}
    definitions = _definitions(scene, settings)
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=_listen(settings),
        logins=tuple(_logins(scene, settings, definitions)),
        evidence=scene.evidence,
        is_open=False,
    )
    return replace(server, reach=reach_of(server))


def _file(scene: Scene, path: str) -> Iterator[Setting]:
    text = scene.text(path) or ""
    if path.endswith(".config"):
        clean = "\n".join(row.partition("%")[0] for row in text.split("\n"))
        for found in _CLASSIC.finditer(clean):
            value = found[2].strip('<>"')
            line = clean.count("\n", 0, found.start()) + 1
            value = "none" if found[1] == "loopback_users" and "guest" not in value else value
            yield Setting(found[1], value, Location(file=path, line=line), not is_hole(value))
        return
    for number, row in enumerate(text.split("\n"), 1):
        match = _LINE.fullmatch(row)
        if match is not None and not row.lstrip().startswith("#"):
            value = match[2].strip("'")  # RabbitMQ 4.0 takes a value in quotes as it is
            yield Setting(match[1], value, Location(file=path, line=number), not is_hole(value))


def _definitions(scene: Scene, settings: dict[str, Setting]) -> str | None:
    """Return the definitions that the node loads; empty: some that are not in the repository."""
    for name in _LOADS:
        if name in settings:
            held = scene.held(settings[name].value, settings[name].at.file or "")
            found = scene.places(_DEFINITIONS) if held is None else []
            return held or (found[0][1] if found else "")
    return next((path for path in scene.alone if path.endswith(".json")), None)


def _logins(scene: Scene, settings: dict[str, Setting], definitions: str | None) -> Iterator[Login]:
    if definitions:
        yield from _defined(scene, definitions)
    if definitions is not None:
        return
    user, password = settings.get("default_user"), settings.get("default_pass")
    user = scene.env("RABBITMQ_DEFAULT_USER") or user
    password = scene.env("RABBITMQ_DEFAULT_PASS") or password
    name = user.value if user is not None and user.known else GUEST
    if password is not None:
        yield Login(name, password.value if password.known else None, password.at, is_superuser=True)
    elif user is None and password is None and scene.container is not None:
        yield Login(GUEST, GUEST, scene.container.image_at or scene.at, is_superuser=True)


def _defined(scene: Scene, path: str) -> Iterator[Login]:
    text = scene.text(path) or ""
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        scene.reading.unsure(path, "it is not valid JSON", Location(file=path, line=1))
        return
    users = data.get("users") if isinstance(data, dict) else None
    begin = 0
    for user in users[:_MOST_USERS] if isinstance(users, list) else ():
        if not isinstance(user, dict) or not isinstance(user.get("name"), str):
            continue
        name = user["name"]
        found = re.compile(rf'"name"\s*:\s*{re.escape(json.dumps(name))}').search(text, begin)
        begin = found.end() if found is not None else begin
        line = text.count("\n", 0, begin) + 1
        plain = user.get("password")
        password = plain if isinstance(plain, str) else _guessed(name, user)
        known = password if password is None or not is_hole(password) else None
        yield Login(name, known, Location(file=path, line=line), "administrator" in str(user.get("tags")))


def _guessed(name: str, user: dict[str, Any]) -> str | None:
    """Return a password that everybody knows where the hash is its own: salt and SHA-256 (manual, `Passwords`)."""
    try:
        raw = base64.b64decode(str(user.get("password_hash")), validate=True)
    except (binascii.Error, ValueError):
        return None
    salt, digest = raw[:_SALT], raw[_SALT:]
    hashes = {"rabbit_password_hashing_sha512": hashlib.sha512, "rabbit_password_hashing_sha256": hashlib.sha256}
    made = hashes.get(str(user.get("hashing_algorithm", "rabbit_password_hashing_sha256")))
    guesses = (name, *_COMMON) if made is not None else ()
    return next((guess for guess in guesses if made and made(salt + guess.encode()).digest() == digest), None)


def _listen(settings: dict[str, Setting]) -> Listen | None:
    told = [one for name, one in settings.items() if name.startswith("listeners.tcp.") and one.known]
    if not told:
        return None
    addresses = tuple(one.value.rpartition(":")[0] for one in told)
    return Listen(addresses, told[0].at, all(bool(address) and is_local(address) for address in addresses))
