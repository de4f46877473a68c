"""Hashids 1.3: numbers written as short words, with a salt that can be found out.

Whoever sees enough words computes the salt (Carnage, "Cryptanalysis of hashids",
2015): a key that is used as the salt is no longer one.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import INITS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, Unknown, plain_object

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_KEYS = frozenset({"SECRET_KEY", "secret_key"})
_LONG_ENOUGH = 6
"""Characters from which on equal texts are the same key and no accident."""


def _hashids(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`Hashids(salt="", min_length=0, alphabet=…)`."""
    del instance
    salt = call.get("salt", 0)
    if salt is None:
        return
    written = _written(call)
    if (written is not None and _names_key(written)) or any(_same(salt, key) for key in _keys(machine)):
        key = ast.unparse(written)[:60] if written is not None else "the signing key"
        use(machine, "reused key", "hashids.Hashids", call.place, key=key)


def _written(call: Call) -> ast.expr | None:
    node = call.node
    if not isinstance(node, ast.Call):
        return None
    named = next((keyword.value for keyword in node.keywords if keyword.arg == "salt"), None)
    return named or (node.args[0] if node.args else None)


def _names_key(node: ast.expr) -> bool:
    """Return whether an expression reads the setting itself: `settings.SECRET_KEY`, `app.config["SECRET_KEY"]`."""
    if isinstance(node, ast.Attribute):
        return node.attr in _KEYS
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Constant) and node.slice.value == "SECRET_KEY"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
        return isinstance(node.args[0], ast.Constant) and node.args[0].value == "SECRET_KEY"
    return False


def _keys(machine: Interpreter) -> list[Abstract]:
    """Return the signing keys of the program's apps."""
    found = []
    for fact in machine.record:
        config = plain_object(fact[1].cells.get("config")) if fact[0] == "app" else None
        if isinstance(config, Mapping) and "SECRET_KEY" in config.cells:
            found.append(config.cells["SECRET_KEY"])
    return found


def _same(salt: Abstract, key: Abstract) -> bool:
    if isinstance(salt, Known) and isinstance(key, Known):
        return salt.value == key.value and len(str(key.value)) >= _LONG_ENOUGH
    return isinstance(salt, Unknown) and isinstance(key, Unknown) and salt.origin is key.origin


INITS["hashids.Hashids"] = _hashids
