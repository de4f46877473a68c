"""Redis, Valkey, KeyDB and Sentinel: `redis.conf`, its ACLs and the flags of the command.

Redis 7.0 `src/config.c` and `src/acl.c`; what is said here of passwords, ACL files and protected mode was
tried on 7.0.15. Lines for `user default` and an ACL file decide over `requirepass`, wherever it stands.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from batten.model import Location
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole
from batten.understand.stack import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.deploy.reading import Word
    from batten.understand.infrastructure.stores.scene import Scene

PROGRAMS = ("redis-server", "valkey-server", "keydb-server", "redis-sentinel", "valkey-sentinel")
_WORD = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"']+""")
_ESCAPE = re.compile(r"\\(.)")
_DEEPEST = 10
_MOST_LINES = 5_000
_BITNAMI = re.compile(r"(?:redis|valkey|overrides)\.conf", re.IGNORECASE)
_BITNAMI_PLACE = re.compile(r"/opt/bitnami/(?:redis|valkey)/(?:etc|mounted-etc)/[^/]+")
_SHIELDED = 7
"""From this version on, protected mode holds whatever `bind` says (Redis 7.0 release notes)."""


class _Default(NamedTuple):
    """What is known of the user `default`."""

    is_open: bool | None
    at: Location | None
    because: str = ""
    unsure: str = ""


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    told = list(_told(scene))
    settings = {one.name: one for one in told}
    default = _default(scene, told, settings)
    listen = _listen(scene, settings)
    guarded = _is_guarded(scene, settings)
    server = StoreServer(
        scene.name,
        scene.product,
        scene.at,
        scene.container,
        scene.contained,
        settings=settings,
        files=tuple(scene.files),
        listen=listen,
        logins=tuple(_logins(told, settings)),
        evidence=scene.evidence,
        unsure=default.unsure,
    )
    server = replace(server, reach=reach_of(server))
    if not default.is_open or (listen is not None and listen.is_local) or guarded:
        decided = None if default.is_open is None or (guarded is None and default.is_open) else False
        return replace(server, is_open=decided)
    if guarded is None or server.reach is Reach.UNKNOWN:
        return server
    off = settings.get("protected-mode")
    at, because = default.at, default.because
    if off is not None and off.says("no") and (at is None or default.because == _NO_PASSWORD):
        at, because = off.at, f"{_NO_PASSWORD}, with protected mode off"
    return replace(server, is_open=True, open_at=at or scene.at, open_because=because)


_NO_PASSWORD = "asks for no password"  # noqa: S105 - words of a message


# What the files and the command say


def _told(scene: Scene) -> Iterator[Setting]:
    words = scene.arguments(*PROGRAMS)
    first = words[0] if words and not words[0].text.startswith("-") else None
    paths = [path for target, path in scene.places(_BITNAMI) if _BITNAMI_PLACE.fullmatch(target)]
    if first is not None:
        held = scene.held(first.text, "")
        if held is None and first.text not in ("-", "/dev/stdin"):
            yield Setting("?", first.text, first.at)  # a file that is not in the repository
        paths = [held] if held is not None else []
    for path in [*paths, *scene.alone]:
        if not path.endswith(".acl"):
            yield from _file(scene, path)
    yield from _flags(words)
    yield from _flags(scene.words_of("REDIS_ARGS"))  # redis-stack's `entrypoint.sh`
    for name in ("REDIS_PASSWORD", "VALKEY_PASSWORD") if "bitnami" in scene.image else ():
        password = scene.env(name)
        if password is not None:
            yield Setting("requirepass", password.value, password.at, password.known)


def _file(scene: Scene, path: str, depth: int = 0) -> Iterator[Setting]:
    for number, row in enumerate((scene.text(path) or "").split("\n")[:_MOST_LINES], 1):
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        at = Location(file=path, line=number)
        name, *values = [_plain(word) for word in _WORD.findall(line)] or [""]
        name, value = name.lower(), " ".join(values)
        if name == "include" and depth < _DEEPEST:
            held = scene.held(value, path)
            if held is None:
                scene.reading.unsure(
                    path, f"it includes {posixpath.basename(value)}, which is not in the repository", at
                )
            else:
                yield from _file(scene, held, depth + 1)
        elif name:
            yield Setting(name, value, at, not is_hole(value))


def _plain(word: str) -> str:
    return _ESCAPE.sub(r"\1", word[1:-1]) if word[:1] in "\"'" else word


def _flags(words: Iterable[Word]) -> Iterator[Setting]:
    """Yield `--name value value`; the words up to the next option are one value (`server.c main`)."""
    held: list[Setting] = []
    for word in words:
        text, at, known = word.text, word.at, word.known
        if text.startswith("--") and len(text) > len("--"):
            yield from held
            name, mark, value = text[2:].partition("=")
            held = [Setting(name.lower(), value, at, not mark or not is_hole(value))]
        elif held:
            before = held[0]
            value = f"{before.value} {text}".strip()
            held = [Setting(before.name, value, before.at, before.known and known and not is_hole(value))]
    yield from held


# Who gets in


def _default(scene: Scene, told: list[Setting], settings: dict[str, Setting]) -> _Default:
    """Return whether the user `default` gets in without a password."""
    rules = [one for one in told if one.name == "user" and one.value.split()[:1] == ["default"]]
    acl = settings.get("aclfile")
    if acl is not None and acl.value:
        held = scene.held(acl.value, acl.at.file or "")
        if held is None:
            return _Default(None, None, unsure=f"its users stand in {acl.value}, which is not in the repository")
        rules = [one for one in _file(scene, held) if one.name == "user" and one.value.split()[:1] == ["default"]]
        if not rules:
            return _Default(
                is_open=True, at=acl.at, because="asks for no password: its ACL file says nothing of `default`"
            )
    if rules:
        return _of_rules(rules)
    missing = settings.get("?")
    password = settings.get("requirepass")
    if password is not None and (password.value or not password.known):
        return _Default(is_open=False, at=password.at)
    if missing is not None:
        return _Default(None, None, unsure=f"it reads {missing.value}, which is not in the repository")
    return _Default(is_open=True, at=password.at if password else None, because=_NO_PASSWORD)


def _of_rules(rules: list[Setting]) -> _Default:
    """Return what a line `user default …` gives (Redis 7.0 `acl.c ACLSetUser`): a new user is off and has none."""
    last = rules[-1]
    if not last.known:
        return _Default(is_open=False, at=last.at)
    on = free = False
    for word in last.value.split()[1:]:
        lower = word.lower()
        if lower in ("on", "off"):
            on = lower == "on"
        elif lower == "nopass":
            free = True
        elif lower in ("resetpass", "reset") or word[0] in ">#":
            free = False
            on = on and lower != "reset"
    return _Default(is_open=on and free, at=last.at, because="lets the user default in by `nopass`")


def _logins(told: list[Setting], settings: dict[str, Setting]) -> Iterator[Login]:
    password = settings.get("requirepass")
    if password is not None and password.value:
        yield Login("default", password.value if password.known else None, password.at)
    for one in told:
        name, *words = one.value.split() if one.name == "user" else [""]
        for word in words:
            if word.startswith(">") and len(word) > 1:
                yield Login(name, None if is_hole(word) else word[1:], one.at)


def _is_guarded(scene: Scene, settings: dict[str, Setting]) -> bool | None:
    """Return whether protected mode keeps other machines out; None where that hangs on the version."""
    told = settings.get("protected-mode")
    if told is not None and not told.known:
        return None
    if told is None and scene.container is not None:
        return False  # the official image is built with it off: docker-library/redis, `Dockerfile`
    if told is not None and not told.says("yes"):
        return False
    if "sentinel" in settings or any(name.startswith("sentinel") for name in settings):
        return told is not None  # Redis 7.0 `sentinel.c initSentinelConfig` turns it off
    if "bind" not in settings:
        return True
    return None if scene.version is None else scene.version >= _SHIELDED


def _listen(scene: Scene, settings: dict[str, Setting]) -> Listen | None:
    port, tls, bind = settings.get("port"), settings.get("tls-port"), settings.get("bind")
    if port is not None and port.says("0") and (tls is None or tls.says("0")):
        return Listen((), port.at, is_local=True)
    if bind is None:
        return None if scene.contained else Listen(("*",), None, is_local=False)
    if not bind.known:
        return None
    addresses = tuple(word.lstrip("-") for word in bind.value.split())
    return Listen(addresses, bind.at, all(is_local(address) for address in addresses))
