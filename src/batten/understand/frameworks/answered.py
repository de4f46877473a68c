"""What goes back to visitors by calls (`self.write`, `abort`, `response.headers[…] = …`), as subjects."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, State
from batten.understand import request_facts, requests
from batten.understand.evaluate.machine import ANY_ERROR
from batten.understand.evaluate.objects import Abstract, Builtin, Function, Instance, Known, Unknown, each, plain_object
from batten.understand.evaluate.origin import Origin, locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.subjects import CorsPolicy, ErrorAnswer, SigningKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Location
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

_EVERY = frozenset({"Exception", "BaseException", "ServerError", "SanicException"})
"""Exceptions whose handler answers for whatever goes wrong."""


def errors(machine: Interpreter, handlers: frozenset[str]) -> Iterator[ErrorAnswer]:
    """Yield each call that sends an error's own text; `handlers` are the names of functions for every error."""
    told: set[Location] = set()
    for fact in machine.record:
        if fact[0] != "answer":
            continue
        leaked: frozenset[str] = frozenset()
        for value in fact[1]:
            leaked |= requests.leaks(value, 1)
        at = locate(fact[2])
        if leaked and at is not None and at not in told:
            told.add(at)
            name = _function(machine, fact[2])
            what = "traceback" if "traceback" in leaked else "exception text"
            yield ErrorAnswer(what, name, at, handler=name in handlers)


def _function(machine: Interpreter, place: Any) -> str:  # noqa: ANN401 - a place
    """Return the name of the function that a place lies in."""
    path, node = place
    around = [
        function
        for function in machine.functions
        if function.path == path and function.node.lineno <= node.lineno <= (function.node.end_lineno or 0)
    ]
    return max(around, key=lambda function: function.node.lineno).name if around else "the module"


def keys(machine: Interpreter) -> Iterator[SigningKey]:
    """Yield the keys that calls were given to sign something with."""
    for _, setting, held, place, signs in (fact for fact in machine.record if fact[0] == "signing_key"):
        yield SigningKey(setting, value_of(machine, held, setting, locate(place)).hidden(), signs)


def hooks(machine: Interpreter, made: Instance, arguments: list[Abstract] | None = None) -> list[CorsPolicy]:
    """Call the functions that run for every request; return the CORS policies they apply.

    `arguments` are what they are called with, as far as it matters.
    """
    visitor = requests.Visitor(machine)
    found = []
    for kind, registered in made.facts["hooks"].items():
        for function, _, _ in registered if kind.startswith("every ") else ():
            begun = len(machine.record)
            if isinstance(function, Function) and function not in visitor.seen:
                visitor.call(function, arguments)
                applied = policy(machine, machine.record[begun:], None)
                found += [applied] if applied is not None else []
    return found


def handlers(machine: Interpreter, made: Instance, kind: str, arguments: list[Abstract]) -> list[ErrorAnswer]:
    """Call the functions that answer errors, with `arguments` and the error; return those that tell its text."""
    visitor = requests.Visitor(machine)
    found = request_facts.Seen()
    for function, call, _ in made.facts["hooks"].get(kind, ()):
        if isinstance(function, Function):
            named = plain_object(call.args[0]) if call is not None and call.args else None
            code = named.value if isinstance(named, Known) else 500
            if code != 500:  # noqa: PLR2004 - a status: the text of another is the framework's own
                continue
            answer = visitor.call(function, [*arguments, requests.error_argument("all")])
            every = named is None or code == getattr(named, "value", None) or _last(named) in _EVERY
            request_facts.note_answer(function, answer, found, handler=every)
    return found.errors


def _last(named: Abstract) -> str:
    return str(getattr(named, "name", "")).rpartition(".")[2]


def around(machine: Interpreter, made: Instance, request: Abstract) -> list[ErrorAnswer]:
    """Call an app's middleware around handlers that may raise anything; return those answers that tell its text."""

    def fails(machine: Interpreter, call: Call) -> Abstract:
        machine.may_throw(ANY_ERROR)
        return Unknown("the answer of a handler", Origin(call.place), kind="runtime")

    visitor = requests.Visitor(machine)
    found = request_facts.Seen()
    for function, _, _ in made.facts["hooks"].get("every middleware", ()):
        target = plain_object(function)
        if isinstance(target, Function) and any(isinstance(n, ast.ExceptHandler) for n in ast.walk(target.node)):
            answer = visitor.call(target, [request, Builtin("handler", fails)])
            request_facts.note_answer(target, answer, found, handler=True)
    return found.errors


def policy(machine: Interpreter, facts: list[tuple[Any, ...]], pattern: Abstract | None) -> CorsPolicy | None:
    """Return the CORS policy of the headers that were set, for the URLs of a pattern."""
    headers = {fact[1]: fact for fact in facts if fact[0] == "set_header"}
    origin = headers.get("access-control-allow-origin")
    at = locate(origin[3]) if origin is not None else None
    if origin is None or at is None:
        return None
    with_credentials = headers.get("access-control-allow-credentials")
    allowed = UNSET if with_credentials is None else value_of(machine, with_credentials[2], "credentials", at)
    is_on = allowed.state is State.KNOWN and str(allowed.value).lower() == "true"
    return CorsPolicy(
        origins=value_of(machine, origin[2], "Access-Control-Allow-Origin", at),
        credentials=known_value(is_on, allowed.at or at, "Access-Control-Allow-Credentials"),
        at=at,
        reflects=any(isinstance(choice, Unknown) and "origin" in choice.labels for choice in each(origin[2])),
        paths=str(pattern.value) if isinstance(pattern, Known) else "",
    )
