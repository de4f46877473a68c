"""Passwords that are stored as nothing but a digest (hashlib of CPython 3.11, whose values `texts` computes).

A fast digest is made for files. That a password goes into one is told by the
name of what is hashed (`password.encode()`), since its value is not known.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import texts

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import CallModel

NAMES = tuple("md5 sha1 sha224 sha256 sha384 sha512 sha3_256 sha3_512".split())
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


def _noted(name: str, model: CallModel) -> CallModel:
    def noted(machine: Interpreter, call: Call) -> Abstract:
        _note(machine, call, name)
        return model(machine, call)

    return noted


def _updated(model: CallModel) -> CallModel:
    def noted(machine: Interpreter, call: Call) -> Abstract:
        receiver = plain_object(call.receiver) if call.receiver is not None else None
        if isinstance(receiver, Instance):
            _note(machine, call, str(receiver.facts["kind"]))
        return model(machine, call)

    return noted


@calls("hashlib.new")
def _new(machine: Interpreter, call: Call) -> Abstract:
    """`hashlib.new(name, data)`."""
    name = call.get("name", 0)
    model = CALLS.get(f"hashlib.{name.value}".lower()) if isinstance(name, Known) else None
    if model is None:
        return Unknown("a digest whose name is not known", Origin(call.place))
    return model(machine, Call(call.args[1:], call.kwargs, call.place, node=call.node, open=call.open))


for _name in NAMES:
    CALLS[f"hashlib.{_name}"] = _noted(_name, CALLS[f"hashlib.{_name}"])
CALLS["hashlib.hash.update"] = _updated(CALLS["hashlib.hash.update"])

__all__ = ["NAMES", "texts"]
