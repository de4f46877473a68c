"""Flask-Security 5: accounts of the app's own, with settings for their passwords.

Facts from Flask-Security 5.9.2 `flask_security.core`: `init_app` fills the
settings that are not set (PASSWORD_HASH is argon2, bcrypt in older versions),
and passwords of fewer than PASSWORD_LENGTH_MIN characters are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES
from batten.understand.evaluate.objects import Instance, Known
from batten.understand.libraries import passwords
from batten.understand.libraries.extension import extension, keeps, setting

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call

SECURITY = "flask_security.Security"
ALIASES["flask_security.core.Security"] = SECURITY
keeps(
    "flask_security.login_required",
    "flask_security.auth_required",
    "flask_security.roles_required",
    "flask_security.roles_accepted",
    "flask_security.permissions_required",
)


@extension(SECURITY)
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Note with which settings passwords are stored."""
    instance.facts["app"] = app
    found = {
        "hash": setting(machine, app, "SECURITY_PASSWORD_HASH", Known("argon2"), call.place),
        "length": setting(machine, app, "SECURITY_PASSWORD_LENGTH_MIN", Known(8), call.place),
    }
    machine.record.append(("password policy", app, found, call.place))


__all__ = ["SECURITY", "passwords"]
