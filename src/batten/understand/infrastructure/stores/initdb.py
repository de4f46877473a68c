"""The SQL that databases run at their first start, and SQL that makes roles and lies alone.

docker-library: `docker-entrypoint-initdb.d` of postgres, mysql and mariadb runs `.sql` files and sources
`.sh` files, by name, once, in an empty database.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from batten.model import Confidence, Location
from batten.model.data import dataclass
from batten.understand.infrastructure.nouns import Container, Login
from batten.understand.infrastructure.stores.rights import Right, Script
from batten.understand.infrastructure.stores.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.infrastructure.ground import Ground

PLACE = "/docker-entrypoint-initdb.d"
_SQL = frozenset(("postgres", "mysql", "mariadb"))
_TELLS = re.compile(
    r"\b(?:grant|superuser|identified\s+by|owner|(?:create|alter)\s+(?:role|user)|set\s+password)\b", re.IGNORECASE
)
_MYSQL = re.compile(r"identified\s+(?:by|with)|`|'@|\*\.\*|flush\s+privileges", re.IGNORECASE)
_HEREDOC = re.compile(r"<<(-?)\s*(['\"]?)(\w+)\2")
_COMMAND = re.compile(r"(?:\s-c|\s-e|--command|--execute)[ =]*(['\"])")
_ADMINS = frozenset(("root", "postgres", "mysql"))
_MOST_FILES = 100
_MOST_CHARACTERS = 1_500_000
"""Of all files that lie alone."""
_LARGEST = 300_000
"""Characters of a file that lies alone: a larger one holds rows."""


@dataclass(frozen=True, slots=True)
class Made:
    """The logins that scripts make in the database of a container; without one, in some database."""

    container: Container | None
    at: Location
    logins: tuple[Login, ...]
    product: str


def read(ground: Ground) -> Iterator[Right | Made]:
    """Yield what scripts give to roles, and the logins that they make."""
    used: set[str] = set()
    known = _apps(ground)
    for container in ground.of(Container):
        if container.product in _SQL:
            scene = Scene(ground.reading, container.product, container.name, container.at, container)
            yield from _told(scene, container.product, _in_order(scene, used), known, Confidence.CERTAIN)
    homes = [one for one in ground.of(Container) if one.product in _SQL]
    left = _MOST_CHARACTERS
    for path in ground.files.get("sql", []):
        text = ground.reading.text(path) if path not in used else None
        if text is None or not _TELLS.search(text):
            continue
        left -= min(len(text), _LARGEST)
        if left < 0:
            ground.reading.unsure("further SQL files", "there are too many to read all", Location(file=path, line=1))
            break
        if len(text) > _LARGEST:
            ground.reading.unsure(
                path, "it is a dump; what it gives to roles was not read", Location(file=path, line=1)
            )
            continue
        product = "mysql" if _MYSQL.search(text) else "postgres"
        home = [one for one in homes if (one.product == "postgres") == (product == "postgres")]
        scene = Scene(ground.reading, product, path, Location(file=path, line=1), home[0] if len(home) == 1 else None)
        yield from _told(scene, product, [path], known, Confidence.LIKELY)


def _in_order(scene: Scene, used: set[str]) -> list[str]:
    found: list[str] = []
    for ending in (".sql", ".sh"):
        found += scene.under(PLACE, ending)
    found.sort(key=posixpath.basename)
    used |= set(found)
    return found[:_MOST_FILES]


def _told(
    scene: Scene, product: str, paths: Iterable[str], known: frozenset[str], confidence: Confidence
) -> Iterator[Right | Made]:
    container = scene.container
    admin = (container.env.get("POSTGRES_USER") if container is not None else None) or None
    admins = _ADMINS | ({admin.value} if admin is not None and admin.value else frozenset())
    whole = Script("", escapes=product != "postgres")
    for path in paths:
        text = scene.reading.text(path)
        if text is None or not _TELLS.search(text):
            continue
        whole.path = path
        for part, line in _shell(text) if path.endswith(".sh") else [(text, 1)]:
            whole.run(part, line)
    for right in whole.rights.values():
        if right.kind == "superuser" and right.user in admins:
            continue
        is_apps = right.user in known if known and right.user else None
        name = container.name if container is not None else ""
        yield replace(right, container=name, is_apps=is_apps, confidence=confidence)
    logins = tuple(_filled(login, scene) for login in whole.logins.values())
    if logins:
        yield Made(container, logins[0].at, logins, product)


def _filled(login: Login, scene: Scene) -> Login:
    """Return a login whose password is a variable of the container with that, where it is set."""
    if login.password is not None or login.at.file is None or not login.at.file.endswith(".sh"):
        return login
    row = (scene.reading.text(login.at.file) or "").split("\n")[(login.at.line or 1) - 1]
    after = re.search(r"(?:password|by)\s+['\"]?\$\{?(\w+)\}?['\"]?", row, re.IGNORECASE)
    held = scene.env(after[1]) if after is not None else None
    return replace(login, password=held.value, at=held.at) if held is not None and held.known else login


def _shell(text: str) -> Iterator[tuple[str, int]]:
    """Yield the SQL of a shell script with its first line: heredocs, and what `-c` and `-e` are given."""
    rows = text.split("\n")
    number = 0
    while number < len(rows):
        row = rows[number]
        number += 1
        here = _HEREDOC.search(row) if not row.lstrip().startswith("#") else None
        if here is not None:
            begin = number
            while number < len(rows) and (rows[number].lstrip("\t") if here[1] else rows[number]).rstrip() != here[3]:
                number += 1
            if "pg_hba" not in row:
                yield "\n".join(rows[begin:number]), begin + 1
            number += 1
    for command in _COMMAND.finditer(text):
        close = text.find(command[1], command.end())
        if close > 0 and not text[: command.start()].rpartition("\n")[2].lstrip().startswith("#"):
            yield text[command.end() : close], text.count("\n", 0, command.end()) + 1


def _apps(ground: Ground) -> frozenset[str]:
    """Return the users that the apps of the repository log in to databases as, as far as is known."""
    found: set[str] = set()
    for app in ground.seen.apps:
        for credential in app.credentials:
            for case in credential.value.cases():
                if isinstance(case.value, str) and "://" in case.value:
                    try:
                        user = urlsplit(case.value).username
                    except ValueError:
                        continue
                    found |= {user} if user else set()
    return frozenset(found)
