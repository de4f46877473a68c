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
    """An app that logs in to a data store with all rights over it."""

    app: str
    store: DataStore
    user: str
    at: Location
    """Where the app is told the user."""
    evidence: tuple[Evidence, ...] = ()


def read(ground: Ground) -> Iterator[Use]:
    """Yield the apps that log in as a user that may do everything."""
    containers = [one for one in ground.of(Container) if one.role is Role.APP]
    for store in ground.of(DataStore):
        users = {login.user for login in store.logins if login.is_superuser and login.user}
        for app in containers if users and store.container is not None else ():
            if store.container is None or (app.kind, app.project) != (store.container.kind, store.container.project):
                continue
            found = next((one for one in app.env.values() if _user(one, store) in users), None)
            if found is not None:
                yield Use(app.name, store, _user(found, store), found.at, app.evidence)


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
