"""Conditions that hold at the first start: what they ask for is not in the database yet."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batten.understand.evaluate.frame import Frame

_ANSWERS = frozenset(
    "first one_or_none scalar scalar_one_or_none fetchone find_one count_documents get_or_none".split()
)
_VAGUE = frozenset("get all count exists fetchall".split())
"""Methods of many things, which ask a database only where its words stand before them."""
_STORES = frozenset("query objects session filter filter_by select execute".split())
_NOTHING = (None, 0)


def is_asked(node: ast.expr | None) -> bool:
    """Return whether an expression asks a database for something: `User.query.filter_by(name="admin").first()`."""
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name = node.func.attr
    return name in _ANSWERS or (name in _VAGUE and not _STORES.isdisjoint(_words(node.func.value)))


def _words(node: ast.expr) -> set[str]:
    names = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return names | {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def holds(test: ast.expr, frame: Frame, *, wanted: bool) -> bool:
    """Return whether a test comes out as `wanted` where the database has no answer to what it asks."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return holds(test.operand, frame, wanted=not wanted)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        other, how = test.comparators[0], test.ops[0]
        if not isinstance(other, ast.Constant) or other.value not in _NOTHING or not _is_answer(test.left, frame):
            return False
        return wanted if isinstance(how, ast.Is | ast.Eq) else not wanted and isinstance(how, ast.IsNot | ast.Gt)
    return not wanted and _is_answer(test, frame)


def _is_answer(node: ast.expr, frame: Frame) -> bool:
    return node.id in frame.asked if isinstance(node, ast.Name) else is_asked(node)
