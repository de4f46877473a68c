"""Flask-Login 0.6: users who stay logged in.

Facts from Flask-Login 0.6.3. The remember-me cookie's settings
(`REMEMBER_COOKIE_SECURE` and so on) are read at request time; `init_app`
writes none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, Call, calls, value
from batten.understand.evaluate.objects import Abstract, Instance, Unknown
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.extension import extension, keeps

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

MANAGER = "flask_login.LoginManager"
ALIASES.update(
    {
        "flask_login.login_manager.LoginManager": MANAGER,
        **{
            f"flask_login.utils.{name}": f"flask_login.{name}" for name in ("login_user", "logout_user", "current_user")
        },
        "flask_login.utils.login_required": "flask_login.login_required",
    }
)
_CALLBACKS = "user_loader request_loader unauthorized_handler needs_refresh_handler header_loader localize".split()
keeps(
    "flask_login.login_required",
    "flask_login.fresh_login_required",
    *(f"{MANAGER}.{_name}" for _name in _CALLBACKS),
)


@extension(MANAGER, "setup_app")
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    instance.facts["app"] = app
    machine.record.append(("login", app, call.place))


@value("flask_login.current_user")
def _current(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Unknown("the user who is logged in", Origin(place), kind="runtime")


@calls("flask_login.logout_user", "flask_login.confirm_login")
def _log_out(machine: Interpreter, call: Call) -> Abstract:
    """Note that the session is written."""
    machine.record.append(("session", call.place))
    return Unknown("whether the user is logged in", Origin(call.place), kind="runtime", of="bool")


@calls("flask_login.login_user")
def _log_in(machine: Interpreter, call: Call) -> Abstract:
    """Note that the session is written, and with which arguments."""
    machine.record.append(("session", call.place))
    machine.record.append(("call", "flask_login.login_user", call))
    return Unknown("whether the user is logged in", Origin(call.place), kind="runtime", of="bool")
