"""Passwords that are stored as nothing but a digest of hashlib (CPython 3.11).

A fast digest is made for files. That a password goes into one is told by the
name of what is hashed (`password.encode()`), since its value is not known.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS
from batten.understand.evaluate.objects import Abstract, Instance, Known, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

    Model = Callable[[Interpreter, Call], Abstract]

NAMES = tuple("md5 sha1 sha224 sha256 sha384 sha512 sha3_256 sha3_512 blake2b blake2s".split())
_PASSWORD = re.compile(r"(?i)passw(?:or)?d|(?:^|[^a-z])(?:pass|passwd|pwd)(?![a-z])")
_ELSEWHERE = re.compile(r"pwnedpasswords|/range/|gravatar|bcrypt|argon2|scrypt|pbkdf2", re.IGNORECASE)
"""What a file mentions in which a digest of a password is a lookup, or half of something slower."""


def _note(machine: Interpreter, call: Call, name: str) -> None:
    """Record a password that is hashed, where the name of the argument says that it is one."""
    node = call.node
    if not isinstance(node, ast.Call) or not node.args or not _PASSWORD.search(ast.unparse(node.args[-1])):
        return
    path = call.place[0] if isinstance(call.place, tuple) else ""
    if not _ELSEWHERE.search(machine.world.sources.read(path) or ""):
        machine.record.append(("password hash", f"hashlib.{name}", Known(name, Origin(call.place)), call.place))


def _noting(model: Model, name: str) -> Model:
    """Return the model of a function that hashes its argument, which notes a password first."""

    def noting(machine: Interpreter, call: Call) -> Abstract:
        kind = name
        if name == "new":
            first = call.get("name", 0)
            kind = str(first.value).lower() if isinstance(first, Known) else ""
        elif name == "update":
            digest = plain_object(call.receiver) if call.receiver is not None else None
            kind = str(digest.facts.get("kind", "")) if isinstance(digest, Instance) else ""
        if kind in NAMES and (name != "new" or len(call.args) > 1):
            _note(machine, call, kind)
        return model(machine, call)

    return noting


def _not_followed(machine: Interpreter, call: Call) -> Abstract:
    return machine.unknown_of(call.place, Unknown("a digest that is not followed"))


for _name in (*NAMES, "new"):
    CALLS[f"hashlib.{_name}"] = _noting(CALLS.get(f"hashlib.{_name}", _not_followed), _name)
CALLS["hashlib.hash.update"] = _noting(CALLS["hashlib.hash.update"], "update")

__all__ = ["NAMES", "texts"]
