"""As whom the apps log in to the data stores beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from batten.model.data import dataclass
from batten.understand.infrastructure.nouns import Container, DataStore, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Evidence, Location
    from batten.understand.infrastructure.ground import Ground
    from batten.understand.stack import Variable

_USER = re.compile(r"(?:.*_)?(?:USER|USERNAME|UID)", re.IGNORECASE)
_WORDS: dict[str, tuple[str, ...]] = {
    "postgres": ("POSTGRES", "PG", "DB", "DATABASE", "SQL"),
    "mysql": ("MYSQL", "MARIADB", "DB", "DATABASE", "SQL"),
    "mariadb": ("MYSQL", "MARIADB", "DB", "DATABASE", "SQL"),
    "mongo": ("MONGO", "MONGODB", "DB", "DATABASE"),
    "mssql": ("MSSQL", "SQL", "DB", "DATABASE"),
}
"""How the variables begin that name the user of a product."""
_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Use:
    """Apps that log in to a data store with all rights over it."""

    apps: tuple[str, ...]
    store: DataStore
    user: str
    at: Location
    """Where the first of them is told the user."""
    places: tuple[Location, ...] = ()
    """Where the others are."""
    evidence: tuple[Evidence, ...] = ()


def read(ground: Ground) -> Iterator[Use]:
    """Yield for each database the apps that log in as a user that may do everything."""
    containers = [one for one in ground.of(Container) if one.role is Role.APP]
    for store in ground.of(DataStore):
        users = {login.user for login in store.logins if login.is_superuser and login.user}
        if not users or store.container is None or store.role is not Role.DATABASE:
            continue
        beside = (store.container.kind, store.container.project)
        apps = [app for app in containers if (app.kind, app.project) == beside]
        told = [
            (app, one) for app in apps if (one := next((v for v in app.env.values() if _user(v, store) in users), None))
        ]
        if told:
            places = tuple(dict.fromkeys(variable.at for _, variable in told))
            names = tuple(app.name for app, _ in told)
            yield Use(names, store, _user(told[0][1], store), places[0], places[1:], told[0][0].evidence)


def _user(variable: Variable, store: DataStore) -> str:
    """Return the user of a store that a variable names, in a URL or by itself; empty for any other."""
    value = variable.value or ""
    if "://" in value:
        try:
            parts = urlsplit(value)
        except ValueError:
            return ""
        login, _, host = parts.netloc.rpartition("@")
        return unquote(login.partition(":")[0]) if host.partition(":")[0] == store.name else ""
    words = _WORDS.get(store.product, ())
    begins = re.split(r"_", variable.name.upper())[:_BEFORE]
    is_user = _USER.fullmatch(variable.name) is not None and any(word in begins for word in words)
    return value if is_user else ""
