"""hashlib of CPython 3.11: digests of what is known, and passwords that are stored as nothing but one.

A fast digest is made for files. That a password goes into one is told by the
name of what is hashed (`password.encode()`), since its value is not known.
"""

from __future__ import annotations

import ast
import hashlib
import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

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


def _make(machine: Interpreter, call: Call, name: str, data: Abstract | None) -> Abstract:
    _note(machine, call, name)
    made = Instance(Library(f"hashlib.{name}.digest"), call.place, Origin(call.place))
    held = Known(b"", Origin(call.place)) if data is None else machine.compute(call.place, _bytes, data, of="bytes")
    machine.put(made.cells, "data", held)
    return made


def _bytes(data: bytes) -> bytes:
    """Return what hashlib takes; it refuses text that is not encoded."""
    hashlib.sha256(data)
    return data


def _constructor(name: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        return _make(machine, call, name, call.get("string", 0) or call.kwargs.get("data"))

    return model


@calls("hashlib.new")
def _new(machine: Interpreter, call: Call) -> Abstract:
    """`hashlib.new(name, data)`."""
    name = call.get("name", 0)
    if isinstance(name, Known) and str(name.value).lower() in NAMES:
        return _make(machine, call, str(name.value).lower(), call.get("data", 1))
    return Unknown("a digest whose name is not known", Origin(call.place))


def _digest(call: Call) -> Instance | None:
    found = plain_object(call.receiver) if call.receiver is not None else None
    return found if isinstance(found, Instance) else None


def _updates(name: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        digest = _digest(call)
        if digest is not None and call.args:
            more = machine.compute(call.place, lambda old, new: old + _bytes(new), digest.cells["data"], call.args[0])
            machine.put(digest.cells, "data", more)
            _note(machine, call, name)
        return Known(None)

    return model


def _result(name: str, method: str) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        digest = _digest(call)
        data = digest.cells["data"] if digest is not None else Unknown("a digest of something that is not known")

        def computed(known: bytes) -> str | bytes:
            found: str | bytes = getattr(hashlib.new(name, known, usedforsecurity=False), method)()
            return found

        return machine.compute(call.place, computed, data, of="str" if method == "hexdigest" else "bytes")

    return model


for _name in NAMES:
    CALLS[f"hashlib.{_name}"] = _constructor(_name)
    CALLS[f"hashlib.{_name}.digest.update"] = _updates(_name)
    for _method in ("hexdigest", "digest"):
        CALLS[f"hashlib.{_name}.digest.{_method}"] = _result(_name, _method)
