"""MySQL and MariaDB: option files and the flags of the command.

MySQL 8.4 section 6.2.2, MariaDB 10.11 `Configuring MariaDB with Option Files`: groups, `!include`, dashes and
underscores alike, the last of a name wins; tried on MariaDB 10.11.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.infrastructure.nouns import Login
from batten.understand.infrastructure.stores.nouns import Listen, Setting, StoreServer
from batten.understand.infrastructure.stores.reach import is_local, reach_of
from batten.understand.infrastructure.stores.scene import is_hole, options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.stores.scene import Scene

_GROUPS = frozenset("mysqld server mysqld_safe mysqld-safe".split())
_MARIADB = frozenset("mariadb mariadbd client-server mariadbd-safe galera embedded".split())
_VERSIONED = re.compile(r"(?:mysqld|mariadbd?)-\d+\.\d+")
_CNF = re.compile(r"[\w.-]+\.cnf", re.IGNORECASE)
_PLACES = re.compile(
    r"/etc/my\.cnf|/etc/mysql/(?:my|mariadb)\.cnf|/etc/(?:mysql/|my\.cnf\.d/|mysql/\w+\.conf\.d/|mysql/conf\.d/)[\w.-]+\.cnf"
    r"|/opt/bitnami/\w+/conf/(?:bitnami/)?\w+\.cnf|(?:/root|/usr/local/mysql/etc)/\.?my\.cnf"
)
"""Where servers of the usual images look."""
_PREFIXES = ("loose_", "maximum_")
_OFF = ("skip_", "disable_")
_OWN_SKIPS = frozenset(
    "skip_grant_tables skip_networking skip_name_resolve skip_external_locking skip_show_database skip_slave_start "
    "skip_replica_start skip_host_cache skip_innodb skip_log_bin skip_symbolic_links".split()
)
"""Options whose name begins with `skip`; another `skip-x` says that `x` is off."""
_DEEPEST = 10
_SHUTS = 8
"""From this version on, MySQL without grant tables takes no connection from outside (MySQL 8.0 section 7.1.7)."""
YES = ("1", "on", "true", "")
NO = ("0", "off", "false")


def read(scene: Scene) -> StoreServer:
    """Return the server of a scene."""
    flags = list(_flags(scene))
    named = next((one.value for one in reversed(flags) if one.name in ("defaults_file", "defaults_extra_file")), "")
    held = scene.held(named) if named else None
    if scene.container is not None:
        paths = [path for target, path in sorted(scene.places(_CNF)) if _PLACES.fullmatch(target)]
    else:
        paths = list(scene.alone)
    told = [one for path in ([held] if held else paths) for one in file(scene, path)] + flags
    mine = [one for one in told if _is_read(one.name.partition("/")[0], scene.product)]
    settings = _settled(replace(one, name=one.name.partition("/")[2]) for one in mine)
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
        logins=tuple(_logins(told)),
        evidence=scene.evidence,
    )
    server = replace(server, reach=reach_of(server))
    free = settings.get("skip_grant_tables")
    if free is not None and free.says(*YES):
        return replace(server, is_open=True, open_at=free.at, open_because="checks no account (`skip-grant-tables`)")
    empty = scene.truthy("MYSQL_ALLOW_EMPTY_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "ALLOW_EMPTY_PASSWORD")
    if empty is not None and not _has_password(scene):
        return replace(
            server, is_open=True, open_at=empty.at, open_because=f"lets root in without a password ({empty.name})"
        )
    return server


def _has_password(scene: Scene) -> bool:
    names = [f"{maker}_ROOT_PASSWORD{end}" for maker in ("MYSQL", "MARIADB") for end in ("", "_FILE", "_HASH")]
    told = [one for one in map(scene.env, [*names, "MYSQL_RANDOM_ROOT_PASSWORD"]) if one is not None]
    return any(one.value or not one.known for one in told)


def _is_read(group: str, product: str) -> bool:
    lower = group.lower()
    return lower in _GROUPS or (product == "mariadb" and lower in _MARIADB) or bool(_VERSIONED.fullmatch(lower))


def file(scene: Scene, path: str, depth: int = 0) -> Iterator[Setting]:
    """Yield the settings of an option file as `group/name`, those of files that it includes in their places."""
    group = ""
    for number, row in enumerate((scene.text(path) or "").split("\n"), 1):
        line = row.strip()
        at = Location(file=path, line=number)
        if not line or line[0] in "#;":
            continue
        if line.startswith("["):
            group = line[1:].partition("]")[0].strip()
        elif line.startswith("!"):
            how, _, name = line[1:].partition(" ")
            if depth < _DEEPEST:
                for each in _included(scene, path, how, name.strip(), at):
                    yield from file(scene, each, depth + 1)
        elif group:
            name, mark, value = line.partition("=")
            yield Setting(f"{group}/{_name(name.strip())}", _value(value) if mark else "", at, not is_hole(value))


def _included(scene: Scene, path: str, how: str, name: str, at: Location) -> list[str]:
    if how == "includedir":
        return scene.under(name.rstrip("/"), ".cnf", path)
    held = scene.held(name, path)
    if held is None and scene.container is None:
        scene.reading.unsure(path, f"it includes {posixpath.basename(name)}, which is not in the repository", at)
    return [held] if held is not None else []


def _value(text: str) -> str:
    text = text.strip()
    if text[:1] in ("'", '"'):
        end = text.find(text[0], 1)
        return text[1:end] if end > 0 else text[1:]
    return re.split(r"\s+#", text, maxsplit=1)[0]


def _name(written: str) -> str:
    name = written.lower().replace("-", "_")
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _flags(scene: Scene) -> Iterator[Setting]:
    words = scene.arguments("mysqld", "mariadbd", "mysqld_safe", "mariadbd-safe", "docker-entrypoint.sh")
    every = [word.text.lstrip("-") for word in words if word.text.startswith("--")]
    for one in options(words, every):
        if one.name:
            yield replace(one, name=f"mysqld/{_name(one.name)}")


def _settled(told: Iterable[Setting]) -> dict[str, Setting]:
    """Return the effective settings: the last of each name, `skip-x` and `disable-x` as `x` that is off."""
    found: dict[str, Setting] = {}
    for one in told:
        name, value = one.name, one.value
        for prefix in _OFF:
            if name.startswith(prefix) and name not in _OWN_SKIPS and not value:
                name, value = name.removeprefix(prefix), "0"
        found[name] = replace(one, name=name, value=value)
    return found


def _listen(scene: Scene, settings: dict[str, Setting]) -> Listen | None:
    off, bind = settings.get("skip_networking"), settings.get("bind_address")
    if off is not None and off.says(*YES):
        return Listen((), off.at, is_local=True)
    free = settings.get("skip_grant_tables")
    if free is not None and free.says(*YES) and scene.product == "mysql" and (scene.version or 0) >= _SHUTS:
        return Listen((), free.at, is_local=True)
    if not settings:
        return None
    if bind is None:
        return Listen(("*",), None, is_local=False)  # the default of both
    if not bind.known:
        return None
    addresses = tuple(part.strip() for part in bind.value.split(","))
    return Listen(addresses, bind.at, all(is_local(address) for address in addresses))


def _logins(told: Iterable[Setting]) -> Iterator[Login]:
    """Yield what the programs of option files log in with."""
    users: dict[str, str] = {}
    for one in told:
        group, _, name = one.name.partition("/")
        if name == "user":
            users[group] = one.value
        elif name == "password" and group in ("client", "mysql", "mysqldump", "mysqladmin") and one.value:
            yield Login(users.get(group, ""), one.value if one.known else None, one.at)
