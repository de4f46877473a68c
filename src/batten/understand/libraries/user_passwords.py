"""`user.set_password("")` of Django 5 and Flask-User: an empty password that anybody can type.

Facts from `django.contrib.auth.base_user.AbstractBaseUser.set_password`: None
makes a password that nobody can type, an empty text one that everybody can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import METHODS, Call
from batten.understand.evaluate.objects import Known, each

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter


def _set_password(machine: Interpreter, call: Call, dotted: str) -> None:
    held = call.get("raw_password", 0)
    if held is not None and any(isinstance(choice, Known) and choice.value == "" for choice in each(held)):
        use(machine, "empty password", dotted or "set_password", call.place, password=held)


METHODS["set_password"] = _set_password
