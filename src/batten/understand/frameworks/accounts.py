"""The app's own users: accounts that its code creates, and how their passwords are stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.model import UNSET, State, Value
from batten.understand.evaluate.objects import Class
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.subjects import PasswordHash, SeededUser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call
    from batten.understand.evaluate.objects import Abstract

_USER = ("username", "user", "login", "email", "name", "user_name", "nickname")
_MAKERS = frozenset({"create_user", "create_superuser"})
_OF_ADMIN = re.compile(
    r"(?:^|[_.])(?:admin|superuser|super_user|root_user)_?(?:user_)?pass(?:word|wd)?$", re.IGNORECASE
)
"""Settings and variables that hold the password of the first administrator."""


def seeded(program: Program, settings: Mapping[str, Value]) -> tuple[SeededUser, ...]:
    """Return the accounts that the program is seen to create, with what is known of their passwords."""
    machine = program.machine
    kept: dict[tuple[Location, str], SeededUser] = {}
    for user in (*_created(machine), *_configured(settings), *_commanded(program)):
        kept.setdefault((user.at, str(user.password.value)), user)
    return tuple(kept.values())


def _created(machine: Interpreter) -> Iterator[SeededUser]:
    for fact in machine.record:
        if fact[0] == "account":
            _, user, password, how, place = fact
        elif fact[0] == "made" and _is_stored(fact[1]):
            user, password = _arguments(fact[2])
            how, place = f"{fact[1].name}()", fact[2].place
        elif fact[0] == "call" and fact[1].rpartition(".")[2] in _MAKERS:
            user, password = _arguments(fact[2])
            how, place = fact[1].rpartition(".")[2], fact[2].place
        else:
            continue
        at = locate(place)
        if at is None or password is None:
            continue
        told = value_of(machine, password, "password", at).hidden()
        if told.state in {State.KNOWN, State.ONE_OF}:
            name = value_of(machine, user, "user", at) if user is not None else UNSET
            yield SeededUser(name, told, how, told.at or at)


def _is_stored(cls: Class) -> bool:
    """Return whether a class inherits from something outside the project: a model of a database or a schema."""
    return any(not isinstance(base, Class) and getattr(base, "name", "") != "object" for base in cls.order)


def _arguments(call: Call) -> tuple[Abstract | None, Abstract | None]:
    """Return the user's name and password among a call's arguments; Django's come in a known order."""
    user = next((call.kwargs[name] for name in _USER if name in call.kwargs), None)
    password = next((call.kwargs[name] for name in ("password", "passwd") if name in call.kwargs), None)
    if password is None and len(call.args) > 2:  # noqa: PLR2004 - create_user(username, email, password)
        user, password = call.args[0], call.args[2]
    return user, password


def _configured(settings: Mapping[str, Value]) -> Iterator[SeededUser]:
    for name, value in settings.items():
        if _OF_ADMIN.search(name) and value.at is not None:
            yield SeededUser(UNSET, value.hidden(), name, value.at)


def _commanded(program: Program) -> Iterator[SeededUser]:
    """Yield the account of Django's `createsuperuser --noinput`, which reads the environment."""
    held = program.unit.env.get("DJANGO_SUPERUSER_PASSWORD")
    if held is not None and held.value is not None:
        name = program.unit.env.get("DJANGO_SUPERUSER_USERNAME")
        user = known_value(name.value, name.at, name.says) if name is not None else UNSET
        password = known_value(held.value, held.at, f"{held.says} sets DJANGO_SUPERUSER_PASSWORD to").hidden()
        yield SeededUser(user, password, "createsuperuser", held.at)


def hashes(machine: Interpreter) -> tuple[PasswordHash, ...]:
    """Return the calls that turn a password into what is stored."""
    kept: dict[tuple[Location, str], PasswordHash] = {}
    for fact in machine.record:
        at = locate(fact[3]) if fact[0] == "password hash" else None
        if at is not None:
            method = UNSET if fact[2] is None else value_of(machine, fact[2], "method", at)
            kept.setdefault((at, fact[1]), PasswordHash(fact[1], method, at))
    return tuple(kept.values())
