"""PyJWT 2, python-jose 3 and Authlib 1: how tokens are read and made.

Facts from PyJWT 2.15.1 `jwt.api_jwt` (in PyJWT 1 `verify=False` counts, since
2 it does nothing), python-jose 3.5 `jose.jwt` and Authlib 1 `authlib.jose`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Known,
    Mapping,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import as_bool, given, is_none, runtime

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "jwt.api_jwt.decode": "jwt.decode",
        "jwt.api_jwt.encode": "jwt.encode",
        "jwt.api_jwt.decode_complete": "jwt.decode_complete",
        "jwt.api_jwt.PyJWT": "jwt.PyJWT",
        "jose.jwt.JWTError": "jose.JWTError",
        "authlib.jose.rfc7519.JsonWebToken": "authlib.jose.JsonWebToken",
    }
)


def _option(machine: Interpreter, options: Abstract | None, name: str, call: Call) -> Abstract:
    """Return an entry of `options`, True when it does not say."""
    result: Abstract | None = None
    for choice in each(options) if options is not None else ():
        held = plain_object(choice)
        if isinstance(held, Mapping):
            one = machine.looked_up(held, Known(name), Known(value=True, origin=Origin(call.place)), call.place)
            if held.origin.home is not None and held.origin.home != call.place:
                one = machine.tainted(one, Origin(None, ((held.origin.home, "the options are given here", None),)))
        elif is_none(choice):
            one = Known(value=True, origin=Origin(call.place))
        else:
            one = machine.unknown_of(call.place, choice, of="bool")
        result = one if result is None else join(result, one)
    if result is None:
        return given(call, "options", None, otherwise=True)
    return as_bool(machine, result, call.place)


def _note(  # noqa: PLR0913 - the parts of a fact
    machine: Interpreter,
    function: str,
    verifies: Abstract,
    algorithms: Abstract,
    key: Abstract,
    call: Call,
    *,
    writes: bool,
) -> Abstract:
    facts = {"verifies": verifies, "algorithms": algorithms, "key": key, "writes": writes}
    machine.record.append(("token", function, facts, call.place))
    what = "a token" if writes else "what a token holds"
    return Unknown(what, Origin(call.place), kind="runtime", truth=True)


def _read(function: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of PyJWT's `decode(jwt, key, algorithms, options)`."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        first = not machine.world.at_least("pyjwt", 2)
        verifies = _option(machine, call.get("options", 4 if first else 3), "verify_signature", call)
        if first:
            told = as_bool(machine, given(call, "verify", 2, otherwise=True), call.place)
            if machine.truth(told) is not True:
                verifies = told
        algorithms = given(call, "algorithms", 3 if first else 2, None)
        return _note(machine, function, verifies, algorithms, given(call, "key", 1, ""), call, writes=False)

    return model


def _made(function: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of `encode(payload, key, algorithm)`."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        algorithm = given(call, "algorithm", 2, "HS256")
        key = given(call, "key", 1, ABSENT)
        if key is ABSENT:
            key = Unknown("no key is given", Origin(call.place))
        listed = Sequence("list", (algorithm,), algorithm.origin)
        return _note(machine, function, Known(value=True, origin=Origin(call.place)), listed, key, call, writes=True)

    return model


for _name in ("decode", "decode_complete"):
    CALLS[f"jwt.{_name}"] = CALLS[f"jwt.PyJWT.{_name}"] = _read(f"jwt.{_name}")
CALLS["jwt.encode"] = CALLS["jwt.PyJWT.encode"] = _made("jwt.encode")
CALLS["jose.jwt.encode"] = _made("jose.jwt.encode")
INITS["jwt.PyJWT"] = lambda _machine, _instance, _call: None
runtime("jwt.get_unverified_header", "jose.jwt.get_unverified_header", why="what a token says of itself")


def _jose(machine: Interpreter, call: Call) -> Abstract:
    """`jose.jwt.decode(token, key, algorithms=None, options=None)`."""
    verifies = _option(machine, call.get("options", 3), "verify_signature", call)
    algorithms = given(call, "algorithms", 2, None)
    return _note(machine, "jose.jwt.decode", verifies, algorithms, given(call, "key", 1, ""), call, writes=False)


CALLS["jose.jwt.decode"] = _jose


def _authlib_read(machine: Interpreter, call: Call) -> Abstract:
    """`authlib.jose.jwt.decode(s, key)`: always verified, with the algorithms of the object."""
    verifies = Known(value=True, origin=Origin(call.place))
    algorithms = Unknown("those that the object was made for", Origin(call.place))
    key = given(call, "key", 1, "")
    return _note(machine, "authlib.jose.jwt.decode", verifies, algorithms, key, call, writes=False)


def _authlib_made(machine: Interpreter, call: Call) -> Abstract:
    """`authlib.jose.jwt.encode(header, payload, key)`."""
    header = plain_object(call.get("header", 0) or Known(None))
    algorithm: Abstract = Unknown("an algorithm that is not known", Origin(call.place))
    if isinstance(header, Mapping):
        algorithm = machine.looked_up(header, Known("alg"), Known(None), call.place)
    listed = Sequence("list", (algorithm,), Origin(call.place))
    key = given(call, "key", 2, "")
    verifies = Known(value=True, origin=Origin(call.place))
    return _note(machine, "authlib.jose.jwt.encode", verifies, listed, key, call, writes=True)


INITS["authlib.jose.JsonWebToken"] = lambda _machine, _instance, _call: None
for _owner in ("authlib.jose.jwt", "authlib.jose.JsonWebToken"):
    CALLS[f"{_owner}.decode"] = _authlib_read
    CALLS[f"{_owner}.encode"] = _authlib_made
