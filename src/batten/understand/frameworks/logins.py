"""Users and passwords with which an app logs in to its services, wherever they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from batten.model import State, Value
from batten.understand.evaluate.objects import ABSENT, Abstract, Mapping, Sequence, each, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import value_of
from batten.understand.subjects import Credential

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping as MappingType

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Cells

DEEPEST = 4
MOST = 50
"""Elements of a list that are looked at."""
_PASSWORDS = ("PASSWORD", "password", "passwd", "PASSWD")
_USERS = ("USER", "USERNAME", "user", "username")
_HOSTS = ("HOST", "host", "hostname")
PAIRS = (
    ("MYSQL_DATABASE_PASSWORD", "MYSQL_DATABASE_USER", "MYSQL_DATABASE_HOST", ""),  # Flask-MySQL 1.5
    ("MYSQL_PASSWORD", "MYSQL_USER", "MYSQL_HOST", ""),  # Flask-MySQLdb 2.0
    ("MONGODB_PASSWORD", "MONGODB_USERNAME", "MONGODB_HOST", ""),  # Flask-MongoEngine 1.0
    ("MONGO_PASSWORD", "MONGO_USERNAME", "MONGO_HOST", ""),  # Flask-PyMongo until 0.5
    ("REDIS_PASSWORD", "", "REDIS_HOST", ""),
    ("CACHE_REDIS_PASSWORD", "", "CACHE_REDIS_HOST", ""),  # Flask-Caching 2.3
    ("RQ_DASHBOARD_REDIS_PASSWORD", "", "RQ_DASHBOARD_REDIS_HOST", ""),
    ("MAIL_PASSWORD", "MAIL_USERNAME", "MAIL_SERVER", "mail"),  # Flask-Mail 0.10
    ("EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER", "EMAIL_HOST", "mail"),  # Django 5.2
)
"""Settings of libraries that hold a password, with those for its user and host."""


def holds_login(text: object) -> bool:
    """Return whether a text is a URL or a DSN that may hold a password."""
    if not isinstance(text, str):
        return False
    lower = text.lower()
    return ("://" in text and "@" in text) or ("password=" in lower and "host" in lower) or "pwd=" in lower


def of_texts(values: dict[str, Value]) -> Iterator[Credential]:
    """Yield the settings that are URLs with a login."""
    for name, value in values.items():
        if any(holds_login(case.value) for case in value.cases()):
            yield Credential(name, value.hidden())


def of_pairs(values: MappingType[str, Value]) -> Iterator[Credential]:
    """Yield the passwords that have settings of their own."""
    for password, user, host, service in PAIRS:
        value = values.get(password)
        if value is not None and any(isinstance(case.value, str) and case.value for case in value.cases()):
            yield Credential(password, _login(value, values.get(user), values.get(host)), service)


def of_tables(machine: Interpreter, cells: Cells) -> Iterator[Credential]:
    """Yield the logins inside settings that are dicts: SQLALCHEMY_BINDS, MONGODB_SETTINGS, Django's CACHES.

    Django's DATABASES are read by its own reader, which knows the engines.
    """
    for name, held in cells.items():
        if isinstance(name, str) and name.isupper() and name != "DATABASES":
            yield from _inside(machine, name, held, 0)


def _inside(machine: Interpreter, name: str, held: Abstract, depth: int) -> Iterator[Credential]:
    for choice in each(held):
        table = plain_object(choice)
        for index, item in enumerate((table.items or ())[:MOST]) if isinstance(table, Sequence) else ():
            text = value_of(machine, item, f"{name}[{index}]")
            if any(holds_login(case.value) for case in text.cases()):
                yield Credential(f"{name}[{index}]", text.hidden())
        if not isinstance(table, Mapping) or depth > DEEPEST:
            continue
        password = _entry(table, _PASSWORDS)
        if password is not None:
            value = value_of(machine, password, name)
            if any(isinstance(case.value, str) and case.value for case in value.cases()):
                parts = [_entry(table, names) for names in (_USERS, _HOSTS)]
                user, host = (None if part is None else value_of(machine, part, name) for part in parts)
                yield Credential(name, _login(value, user, host))
        for key, item in table.cells.items():
            text = value_of(machine, item, f"{name}[{key!r}]")
            if any(holds_login(case.value) for case in text.cases()):
                yield Credential(f"{name}[{key!r}]", text.hidden())
            else:
                yield from _inside(machine, f"{name}[{key!r}]", item, depth + 1)


def _entry(table: Mapping, names: tuple[str, ...]) -> Abstract | None:
    return next((table.cells[name] for name in names if table.cells.get(name, ABSENT) is not ABSENT), None)


def of_calls(machine: Interpreter) -> Iterator[Credential]:
    """Yield the logins in calls of client libraries that no setting holds."""
    seen: set[Any] = set()
    for fact in machine.record:
        if fact[0] != "service login":
            continue
        _, name, user, password, host, place = fact
        at = locate(place)
        value = value_of(machine, password, name, at)
        key = (value.at, str(value.value))
        if key in seen or value.state not in {State.KNOWN, State.ONE_OF}:
            continue
        seen.add(key)
        called = f"{name.rpartition('.')[2]}()"
        if user is None and host is None and any(holds_login(case.value) for case in value.cases()):
            yield Credential(called, value.hidden())
        elif any(isinstance(c.value, str) and c.value and "://" not in c.value for c in value.cases()) and (
            user is not None or host is not None or "Redis" in name
        ):
            parts = [None if part is None else value_of(machine, part, name, at) for part in (user, host)]
            yield Credential(called, _login(value, parts[0], parts[1]))


def _login(password: Value, user: Value | None, host: Value | None) -> Value:
    """Return the URL that stands for a user, a password and a host."""

    def text(value: Value | None) -> str:
        return value.value if value is not None and isinstance(value.value, str) else ""

    where = text(host)
    where = where if where and "://" not in where else "localhost"

    def url(case: Value) -> Value:
        held = case.value if isinstance(case.value, str) else ""
        login = f"{quote(text(user), safe='')}:{quote(held, safe='')}"
        return replace(case, value=f"login://{login}@{where}" if held else held)

    if password.state is State.KNOWN:
        return url(password).hidden()
    return replace(password, cases_=tuple(url(case) for case in password.cases_)).hidden()
