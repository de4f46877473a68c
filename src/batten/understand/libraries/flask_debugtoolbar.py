"""Flask-DebugToolbar 0.16 and flask-profiler 1.8: pages for developers inside the app.

Facts from Flask-DebugToolbar 0.16.0 `DebugToolbarExtension.init_app`:
DEBUG_TB_ENABLED is decided there, from `app.debug` unless it is set; without
a SECRET_KEY an enabled toolbar does not start. Its panels show settings and
queries; none of them runs Python. flask-profiler 1.8.1 `init_app` serves its
pages where its own settings say `enabled`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import app_of, as_bool, config_of, extension, set_default, setting

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


@calls("flask_profiler.init_app")
def _profiler(machine: Interpreter, call: Call) -> Abstract:
    """Record the profiler's pages, enabled as `app.config["flask_profiler"]` says."""
    app = app_of(call.get("app", 0))
    upper = setting(machine, app, "FLASK_PROFILER", Known(None), call.place)
    found = plain_object(setting(machine, app, "flask_profiler", upper, call.place))
    enabled: Abstract = Unknown("its settings are not known", Origin(call.place))
    if isinstance(found, Mapping):
        told = machine.looked_up(found, Known("enabled"), Known(value=False, origin=Origin(call.place)), call.place)
        enabled = as_bool(machine, told, call.place)
    machine.record.append(("tool", "flask-profiler", enabled, call.place, False))
    return Known(None)


@extension("flask_profiler.Profiler")
def _late_profiler(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    """Do the same; the class waits for the first request, which Flask 2.3 and later have no hook for."""
    del instance, app
    _profiler(machine, call)
