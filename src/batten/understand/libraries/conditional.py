"""Calls inside a branch: whether production makes them is known when the program has been evaluated.

The record of facts keeps what either branch of an undecided condition notes. A
fact that counts only where its branch is taken puts a value here, in cells that the
evaluator undoes and joins like all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.objects import ABSENT, Abstract

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Cells


def _cells(machine: Interpreter) -> Cells:
    found: Cells = machine.hooks.setdefault("conditional", [{}])[0]
    return found


def put(machine: Interpreter, value: Abstract) -> int:
    """Keep a value for a fact noted here; return the key under which it is found again."""
    key = len(machine.hooks.setdefault("conditional keys", []))
    machine.hooks["conditional keys"].append(key)
    machine.put(_cells(machine), key, value)
    return key


def get(machine: Interpreter, key: int) -> Abstract:
    """Return the value as all branches leave it: absent where none of them is taken."""
    return _cells(machine).get(key, ABSENT)
