"""`itsdangerous` 2.2: signed links and tokens, with the key that is given to the signer.

Facts from itsdangerous 2.2 `signer.Signer` and `serializer.Serializer`: the key comes first; of a list of keys the last
one signs, and each verifies.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, INITS, Call
from batten.understand.evaluate.objects import Instance, Sequence, plain_object
from batten.understand.libraries.webapp import note_key

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_MODULES = {
    "signer": "Signer",
    "timed": "TimestampSigner TimedSerializer",
    "serializer": "Serializer",
    "url_safe": "URLSafeSerializer URLSafeTimedSerializer",
}


def _signer(name: str, machine: Interpreter, instance: Instance, call: Call) -> None:
    del instance
    given = call.get("secret_key", 0)
    keys = plain_object(given) if given is not None else None
    for key in (keys.items or ()) if isinstance(keys, Sequence) else (given,):
        note_key(machine, f"the key of {name}", key, call.place, "the links and tokens that it signs")


for _module, _names in _MODULES.items():
    for _name in _names.split():
        INITS[f"itsdangerous.{_name}"] = partial(_signer, _name)
        ALIASES[f"itsdangerous.{_module}.{_name}"] = f"itsdangerous.{_name}"
