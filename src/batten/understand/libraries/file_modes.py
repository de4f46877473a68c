"""Permissions of files: `os.chmod` and its kin, `os.umask`, the constants of `stat`.

Facts from CPython 3.11 `os`, `pathlib` and `stat`.
"""

from __future__ import annotations

import ast
import stat
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import CALLS, VALUES, Call
from batten.understand.evaluate.objects import Abstract, Known, Unknown
from batten.understand.evaluate.origin import Origin, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter


def _constant(value: int) -> Callable[[Interpreter, Place], Abstract]:
    return lambda _machine, place: Known(value, Origin(place))


for _name in dir(stat):
    if _name.startswith("S_I") and isinstance(getattr(stat, _name), int):
        VALUES[f"stat.{_name}"] = _constant(getattr(stat, _name))


def _least(machine: Interpreter, mode: Abstract, call: Call) -> Abstract:
    """Return a mode; of `something | 0o111` the bits that it has in any case."""
    if not isinstance(mode, Unknown) or not isinstance(call.node, ast.Call) or call.frame is None:
        return mode
    for written in (*call.node.args, *(keyword.value for keyword in call.node.keywords)):
        bits = [machine.eval(one, call.frame) for one in _operands(written)]
        known = [one.value for one in bits if isinstance(one, Known) and isinstance(one.value, int)]
        if known:
            return Known(reduce(or_, known), Origin(call.place))
    return mode


def _operands(node: ast.expr) -> list[ast.expr]:
    """Return what `|` joins, nothing for another expression; calls are not evaluated again."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.BitOr):
        return []
    found: list[ast.expr] = []
    for side in (node.left, node.right):
        simple = isinstance(side, ast.Constant | ast.Name | ast.Attribute)
        found += [side] if simple else _operands(side)
    return found


def _changes(function: str, path: str, position: int | None) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a function that gives a file its mode; a method's file is its receiver."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        mode = call.get("mode", 0 if position is None else position + 1)
        target = call.receiver if position is None else call.get(path, position)
        if mode is not None:
            use(machine, "mode", function, call.place, mode=_least(machine, mode, call), path=target)
        return Known(None)

    return model


CALLS["os.chmod"] = _changes("os.chmod", "path", 0)
CALLS["os.lchmod"] = _changes("os.lchmod", "path", 0)
CALLS["os.fchmod"] = _changes("os.fchmod", "fd", 0)
for _owner in ("pathlib.Path", "pathlib.PosixPath"):
    CALLS[f"{_owner}.chmod"] = _changes("pathlib.Path.chmod", "", None)
    CALLS[f"{_owner}.lchmod"] = _changes("pathlib.Path.lchmod", "", None)


def _umask(machine: Interpreter, call: Call) -> Abstract:
    held = call.get("mask", 0)
    if held is not None:
        use(machine, "mode", "os.umask", call.place, mode=held, mask=True)
    return Unknown("the mask until then", Origin(call.place), kind="runtime", of="int")


CALLS["os.umask"] = _umask
