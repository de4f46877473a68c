"""Classes whose methods answer requests (Tornado's handlers), followed as requests would call them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.understand import requests
from batten.understand.evaluate.objects import Abstract, Class, Function, Instance
from batten.understand.frameworks import answered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.subjects import CorsPolicy

CHANGES = frozenset({"post", "put", "patch", "delete"})
_WORTH = re.compile(requests.VIEWS.pattern + r"|set_(secure_|signed_)?cookie|get_(secure|signed)_cookie|_header\(")
_NOTHING = (ast.Pass, ast.Return)


def follow(machine: Interpreter, classes: list[tuple[Abstract | None, Class]]) -> list[CorsPolicy]:
    """Call each method of the classes, given with the pattern of their URL; return the CORS policies they apply.

    The other facts of requests stay in the record.
    """
    found: list[CorsPolicy] = []
    visitor = requests.Visitor(machine)
    done: set[Function] = set()
    for pattern, cls in classes:
        begun = len(machine.record)
        for function in methods(cls):
            if function in done or not visitor.mentions(function, _WORTH):
                continue
            done.add(function)
            visitor.call(function, [Instance(cls)])
        policy = answered.policy(machine, machine.record[begun:], pattern)
        if policy is not None and all(policy.at != other.at for other in found):
            found.append(policy)
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
