"""What was not done because a variable is not set: the values that stayed as they are rest on that.

`DEBUG = True` and then `if os.getenv("PROD"): DEBUG = False` leaves True, but only as long as nobody sets PROD. So
what a branch that is not taken would have written depends on the variable too, and a name that it would have bound
is missing for that reason.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import unfollowed
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Environ,
    Function,
    Instance,
    Items,
    Known,
    Mapping,
    Module,
    Sequence,
    Unknown,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.evaluate.branches import Exit
    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.machine import Machine

_CHANGES = frozenset(
    "add append clear discard extend insert pop popitem remove reverse setdefault sort update from_object from_mapping "
    "from_pyfile".split()
)
_OPEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
MOST_NODES = 2_000


def note(machine: Machine, body: Iterable[ast.AST], origin: Origin, frame: Frame) -> None:
    """Note that a body is not run because of what `origin` tells."""
    if not origin.unset:
        return
    because = Origin(None, origin.hops, origin.unset)
    for node in _parts(body):
        if isinstance(node, ast.AugAssign):
            _changed(machine, node.target, because, frame)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            _rests(machine, frame.target(node.id), node.id, because)
        elif isinstance(node, ast.alias):
            _imported(machine, node, because, frame)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            _rests(machine, frame.target(node.name), node.name, because)
        elif isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            _part(machine, node, because, frame)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
            _changed(machine, node.func.value, because, frame)
            if node.func.attr == "setdefault" and node.args:
                _part(machine, ast.Subscript(node.func.value, node.args[0], ast.Store()), because, frame)
        elif isinstance(node, ast.Call):
            _called(machine, node, because, frame)
        elif isinstance(node, ast.Raise) and machine.catching:
            machine.rest.append((True, because))
            machine.raised.append(because)
        elif isinstance(node, ast.Return | ast.Break | ast.Continue):
            machine.rest.append((isinstance(node, ast.Return), because))


def _called(machine: Machine, node: ast.Call, because: Origin, frame: Frame) -> None:
    """Note that a function of the project would be called: what it writes rests on that."""
    function = owner(machine, node.func, frame)
    if isinstance(node.func, ast.Attribute) and not isinstance(function, Function):
        function = part(owner(machine, node.func.value, frame), node.func.attr)
    if not isinstance(function, Function) or machine.speculative:
        return
    cells, owners = unfollowed.touched(machine, function)
    for of, name in cells:
        _rests(machine, of, name, because)
    for one in owners:
        might_change(machine, one, because)


def leaving(out: Exit | None, origin: Origin) -> Exit | None:
    """Return a way out of a body, with the variables whose absence leads to it."""
    if out is not None and origin.unset:
        out.because = Origin(None, origin.hops, origin.unset).also(out.because)
    return out


def _parts(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the nodes that run with a body, those inside of functions and classes left out."""
    waiting = list(body)
    seen = 0
    while waiting and seen < MOST_NODES:
        node = waiting.pop()
        seen += 1
        yield node
        if not isinstance(node, _OPEN):
            waiting.extend(ast.iter_child_nodes(node))


def _rests(machine: Machine, cells: Any, name: str, because: Origin) -> None:
    """Make what a cell holds, or that it holds nothing, depend on `because`."""
    held = cells.get(name, ABSENT)
    if held is ABSENT:
        machine.missing[id(cells), name] = (cells, because)
    else:
        machine.put(cells, name, machine.tainted(held, because))


def _imported(machine: Machine, node: ast.alias, because: Origin, frame: Frame) -> None:
    if node.name != "*":
        name = node.asname or node.name.partition(".")[0]
        _rests(machine, frame.target(name), name, because)
        return
    for name in list(frame.locals):
        if not str(name).startswith("__"):
            _rests(machine, frame.locals, name, because)


def _part(machine: Machine, node: ast.Attribute | ast.Subscript, because: Origin, frame: Frame) -> None:
    """Note `owner.name = …` or `owner[key] = …` in a body that is not run."""
    held = owner(machine, node.value, frame)
    if isinstance(node, ast.Attribute):
        might_set(machine, held, node.attr, because)
    elif isinstance(held, Mapping) and (key := _text(node.slice, frame)) is not None:
        _rests(machine, held.cells, key, because)
    elif isinstance(held, Mapping) and held.of != "environ":
        for entry in list(held.cells):
            _rests(machine, held.cells, entry, because)
    else:
        _changed(machine, node.value, because, frame)


def part(held: Abstract, name: str) -> Abstract:
    """Return an attribute of an object, without running anything."""
    of = held.of if isinstance(held, Instance) else held
    for one in (held, *(of.order if isinstance(of, Class) else ())):
        if isinstance(one, Instance | Class | Module) and name in one.cells:
            return plain_object(one.cells[name])
    return ABSENT


def might_set(machine: Machine, held: Abstract, name: str, because: Origin) -> None:
    """Note that an attribute would be set if a variable were."""
    if isinstance(held, Instance | Class | Module):
        _rests(machine, held.cells, name, because)


def might_change(machine: Machine, held: Abstract, because: Origin) -> None:
    """Note that a list or dict would be changed if a variable were set."""
    if isinstance(held, Environ) and held.of == "environ":
        return
    if isinstance(held, Mapping):
        for key in list(held.cells):
            _rests(machine, held.cells, key, because)
    elif isinstance(held, Sequence):
        items = tuple(machine.tainted(item, because) for item in held.items or ())
        if items:
            machine.put(held.cells, "items", Items(items))
    if isinstance(held, Mapping | Sequence):
        held.origin = held.origin.also(because)  # for good: on a way that does not lead here it claims too little


def _changed(machine: Machine, node: ast.expr, because: Origin, frame: Frame) -> None:
    """Note that a body which is not run would change what an expression names."""
    held = owner(machine, node, frame)
    if isinstance(held, Mapping | Sequence):
        might_change(machine, held, because)
    elif isinstance(node, ast.Name) and node.id in frame.target(node.id):
        _rests(machine, frame.target(node.id), node.id, because)
    elif isinstance(node, ast.Attribute):
        _part(machine, node, because, frame)


def _text(node: ast.expr, frame: Frame) -> str | None:
    """Return a key that is a constant, a name that holds one, or a text made of them."""
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part.value if isinstance(part, ast.FormattedValue) else part, frame) for part in node.values]
        return None if None in parts else "".join(part or "" for part in parts)
    held = plain_object(frame.lookup(node.id)) if isinstance(node, ast.Name) else None
    if isinstance(node, ast.Constant):
        return str(node.value)
    return str(held.value) if isinstance(held, Known) else None


def owner(machine: Machine, node: ast.expr, frame: Frame) -> Abstract:
    """Return the object that names and attributes lead to, without running anything."""
    if isinstance(node, ast.Name):
        return plain_object(frame.lookup(node.id))
    if isinstance(node, ast.Attribute):
        held = owner(machine, node.value, frame)
        if isinstance(held, Instance | Class | Module):
            return plain_object(held.cells.get(node.attr, ABSENT))
        if node.attr == "environ":
            return machine.environ
    return Unknown("it is not followed")


def perhaps_hidden(held: Abstract, name: str, before: Iterable[Abstract]) -> Abstract:
    """Return an attribute, or perhaps another, where an object that is asked first may have one of any name."""
    if isinstance(held, Function) or not any("*" in getattr(one, "cells", ()) for one in before):
        return held
    return join(held, Unknown(f"{name} may be set in a way that is not known"))
