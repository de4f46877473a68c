"""Whether a dependency of FastAPI's stands before a route and asks for a login."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import Abstract, Class, Function, Instance, Known, plain_object
from batten.understand.libraries.extension import as_bool
from batten.understand.libraries.fastapi import SCHEMES, dependency_of, parameters

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.starlette_entries import Served

_REFUSES = re.compile(r"\b40[13]\b|HTTP_40[13]|[Uu]nauthorized|[Ff]orbidden|compare_digest|PermissionError|@requires")
"""What a dependency has to mention to be taken for a login."""
DEEPEST = 5


def asks_login(machine: Interpreter, served: Served) -> bool | None:
    """Return whether a dependency before a route asks for a login, None when it may."""
    entry = served.present.entry
    answers = [_asks(machine, guard, 0) for guard in served.guards]
    endpoint = plain_object(entry.facts.get("endpoint") or Known(None))
    if isinstance(endpoint, Function):
        if endpoint.wrapped:
            answers.append(None)
        answers.append(_parameters_ask(machine, endpoint, 0))
    return True if True in answers else None if None in answers else False


def _asks(machine: Interpreter, held: Abstract, depth: int) -> bool | None:
    """Return whether a `Depends(…)` asks for a login."""
    dependency = dependency_of(held)
    if dependency is None:
        return False if isinstance(held, Known | Instance) else None
    if depth > DEEPEST:
        return None
    if isinstance(dependency, Instance):
        if dependency.library.rpartition(".")[2] in SCHEMES:
            return machine.truth(as_bool(machine, dependency.facts.get("auto_error", Known(value=True)), None))
        cls = dependency.of
        call = next(
            (b.cells["__call__"] for b in getattr(cls, "order", ()) if isinstance(b, Class) and "__call__" in b.cells),
            None,
        )
        return _function_asks(machine, call, depth) if isinstance(call, Function) else None
    if isinstance(dependency, Function):
        return _function_asks(machine, dependency, depth)
    return None


def _function_asks(machine: Interpreter, function: Function, depth: int) -> bool | None:
    text = ast.unparse(function.node)
    if _REFUSES.search(text):
        return True
    return _parameters_ask(machine, function, depth + 1)


def _parameters_ask(machine: Interpreter, function: Function, depth: int) -> bool | None:
    answers = [
        _asks(machine, one, depth)
        for _, _, more in parameters(machine, function)
        for one in more
        if dependency_of(one) is not None
    ]
    return True if True in answers else None if None in answers else False
