"""Flask-DebugToolbar 0.16: a toolbar with the app's settings on every page.

Facts from Flask-DebugToolbar 0.16.0 `DebugToolbarExtension.init_app`:
DEBUG_TB_ENABLED is decided there, from `app.debug` unless it is set; without
a SECRET_KEY an enabled toolbar does not start. Its panels show settings and
queries; none of them runs Python.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import Abstract, Instance, Known, Unknown
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import as_bool, config_of, extension, set_default, setting

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.library import Call


@extension("flask_debugtoolbar.DebugToolbarExtension")
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Record the toolbar.

    Raises:
        ThrownError: it is enabled without a SECRET_KEY.
    """
    instance.facts["app"] = app
    enabled: Abstract = Unknown("whether the app is in debug mode", Origin(call.place))
    debug = as_bool(machine, setting(machine, app, "DEBUG", Known(value=False), call.place), call.place)
    if config_of(app) is not None:
        set_default(machine, app, "DEBUG_TB_ENABLED", debug)
        enabled = as_bool(machine, setting(machine, app, "DEBUG_TB_ENABLED", debug, call.place), call.place)
        secret = setting(machine, app, "SECRET_KEY", Known(None), call.place)
        if machine.truth(enabled) and machine.truth(secret) is False:
            message = "The Flask-DebugToolbar requires the 'SECRET_KEY' config var to be set"
            raise ThrownError(("RuntimeError", "Exception"), message, call.place)
    machine.record.append(("tool", "Flask-DebugToolbar", enabled, call.place, False))
