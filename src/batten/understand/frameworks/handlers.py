"""Classes whose methods answer requests (Tornado's handlers), followed as requests would call them."""

from __future__ import annotations

import ast
import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, State
from batten.model.data import dataclass
from batten.understand import requests
from batten.understand.evaluate.objects import Abstract, Class, Function, Instance, Known, Unknown, each
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.subjects import CorsPolicy, ErrorAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter

CHANGES = frozenset({"post", "put", "patch", "delete"})
_WORTH = re.compile(requests.VIEWS.pattern + r"|set_(secure_|signed_)?cookie|get_(secure|signed)_cookie|_header\(")
_NOTHING = (ast.Pass, ast.Return)


@dataclass(slots=True)
class Answers:
    """What the methods of all handler classes do."""

    errors: list[ErrorAnswer] = field(default_factory=list)
    cors: list[CorsPolicy] = field(default_factory=list)


def follow(machine: Interpreter, classes: list[tuple[Abstract | None, Class]]) -> Answers:
    """Call each method of the classes, given with the pattern of their URL; facts of requests stay in the record."""
    found = Answers()
    visitor = requests.Visitor(machine)
    done: set[Function] = set()
    for pattern, cls in classes:
        begun = len(machine.record)
        for function in methods(cls):
            if function in done or not visitor.mentions(function, _WORTH):
                continue
            done.add(function)
            before = len(machine.record)
            visitor.call(function, [Instance(cls)])
            found.errors += _errors(machine, function, machine.record[before:])
        policy = _policy(machine, machine.record[begun:], pattern)
        if policy is not None and all(policy.at != other.at for other in found.cors):
            found.cors.append(policy)
    return found


def methods(cls: Class) -> Iterator[Function]:
    """Yield the methods of a class of the project, inherited ones too."""
    seen: set[str] = set()
    for base in cls.order:
        for name, held in base.cells.items() if isinstance(base, Class) else ():
            if isinstance(held, Function) and name not in seen:
                seen.add(name)
                yield held


def does_nothing(function: Function) -> bool:
    """Return whether a method's body is empty: a check that is overridden to always pass."""
    body = getattr(function.node, "body", [])
    return isinstance(body, list) and all(
        (isinstance(node, _NOTHING) and getattr(node, "value", None) is None)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in body
    )


def says_yes(function: Function) -> bool:
    """Return whether a method returns True and does nothing else."""
    body = [n for n in getattr(function.node, "body", []) if not isinstance(n, ast.Expr)]
    held = body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None
    return isinstance(held, ast.Constant) and held.value is True


def _errors(machine: Interpreter, function: Function, facts: list[tuple[Any, ...]]) -> Iterator[ErrorAnswer]:
    del machine
    for fact in facts:
        if fact[0] != "answer":
            continue
        leaked: frozenset[str] = frozenset()
        for value in fact[1]:
            leaked |= requests.leaks(value, 1)
        at = locate(fact[2])
        if leaked and at is not None:
            what = "traceback" if "traceback" in leaked else "exception text"
            yield ErrorAnswer(what, function.name, at, handler=function.name == "write_error")


def _policy(machine: Interpreter, facts: list[tuple[Any, ...]], pattern: Abstract | None) -> CorsPolicy | None:
    """Return the CORS policy of the headers that a handler sets."""
    headers = {fact[1]: fact for fact in facts if fact[0] == "set header"}
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
