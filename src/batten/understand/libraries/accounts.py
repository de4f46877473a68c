"""Passwords, keys and tokens that code hands to libraries to log in somewhere.

What counts is the value, at the place where it is used: never the name of a
variable. The parameters are those of boto3 1, requests 2 and the standard library
of CPython 3.11; `services` has those of databases, caches and queues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.code_facts import use
from batten.understand.evaluate.library import CALLS, INITS, METHODS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Known, Sequence, Unknown, each, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

    Parameter = tuple[str, int | None]


def login(
    machine: Interpreter,
    function: str,
    call: Call,
    *,
    password: Parameter,
    user: Parameter | None = None,
    host: Parameter | None = None,
) -> None:
    """Note a password that a call is given, with the user and the host where they are."""
    secret = call.get(*password)
    if secret is not None and any(_is_text(choice) for choice in each(secret)):
        use(
            machine,
            "login",
            function,
            call.place,
            argument=password[0],
            secret=secret,
            user=call.get(*user) if user else None,
            host=call.get(*host) if host else None,
        )


def _is_text(value: Abstract) -> bool:
    return isinstance(value, Known) and isinstance(value.value, str | bytes) and bool(value.value)


def pair(machine: Interpreter, function: str, call: Call, held: Abstract | None) -> bool:
    """Note the `(user, password)` of an `auth=` argument; return whether there is any login."""
    target = plain_object(held) if held is not None else None
    if target is None or (isinstance(target, Known) and target.value is None):
        return False
    items: Any = target.items if isinstance(target, Sequence) else None
    if isinstance(target, Instance):
        items = target.facts.get("pair")
    if items is not None and len(items) == 2 and any(_is_text(choice) for choice in each(items[1])):  # noqa: PLR2004 - a user and a password
        use(machine, "login", function, call.place, argument="auth", secret=items[1], user=items[0])
    return True


_CLOUD = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
BOTO = (
    "boto3.client boto3.resource boto3.Session boto3.session.Session boto3.session.Session.client "
    "boto3.session.Session.resource boto3.Session.client boto3.Session.resource"
).split()


def _keys(machine: Interpreter, call: Call, function: str) -> None:
    """Note the keys of AWS that a call is given: any library may hand them on to boto3."""
    for name in _CLOUD:
        login(machine, function or "a function", call, password=(name, None))


for _name in ("client", "resource", "Session", "session"):
    METHODS[_name] = lambda machine, call, dotted, name=_name: _keys(machine, call, dotted or name)  # type: ignore[misc]


def _boto(function: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        _keys(machine, call, function)
        verify = call.kwargs.get("verify")
        if isinstance(verify, Known) and verify.value is False:
            machine.record.append(("client", function, verify, call.place, "verify"))
        return Unknown("a client of AWS", Origin(call.place), kind="runtime", truth=True)

    return model


for _name in BOTO:
    CALLS[_name] = _boto(_name)
for _name in ("boto3.Session", "boto3.session.Session"):
    CALLS.pop(_name)
    INITS[_name] = lambda machine, _instance, call, name=_name: (_boto(name)(machine, call), None)[1]  # type: ignore[misc]
