"""Flask-SocketIO 5: the extension and the server that it starts.

Facts from Flask-SocketIO 5.7.0 `flask_socketio.SocketIO` and python-engineio
4.15: `run` takes Werkzeug's development server unless eventlet or gevent is
there (in this order) or `async_mode` says which; whichever it is, debug mode
puts Werkzeug's debugger with its console before the app.
`cors_allowed_origins="*"` answers with the request's own origin and allows
credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import CALLS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import (
    app_of,
    as_bool,
    config_of,
    extension,
    given,
    is_none,
    keeps,
    served_app,
)

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.origin import Place

SOCKETIO = "flask_socketio.SocketIO"
keeps(*(f"{SOCKETIO}.{_name}" for _name in ("on", "event", "on_error", "on_error_default")))
for _name in ("emit", "send", "on_event", "on_namespace", "start_background_task", "sleep", "stop"):
    CALLS[f"{SOCKETIO}.{_name}"] = lambda _machine, _call: Known(None)


@extension(SOCKETIO)
def _install(machine: Interpreter, instance: Instance, app: Instance | None, call: Call) -> None:
    options = instance.facts.setdefault("options", {})
    options.update({name: value for name, value in call.kwargs.items() if name != "app"})
    instance.facts["app"] = app
    origins = options.get("cors_allowed_origins")
    if origins is None or is_none(origins):
        return
    credentials = as_bool(
        machine, options.get("cors_credentials", Known(value=True, origin=Origin(call.place))), call.place
    )
    facts = {
        "origins": origins,
        "credentials": credentials,
        "pattern": False,
        "echo": True,
        "paths": "/socket.io/",
        "late": [],
    }
    machine.record.append(("cors", app, facts, call.place))


def _development(machine: Interpreter, mode: Abstract | None, place: Place) -> Abstract:
    """Return whether the server is Werkzeug's."""
    if mode is not None and not is_none(mode):
        return machine.compute(place, lambda text: text == "threading", mode, of="bool")
    if any(machine.world.installed(name) for name in ("eventlet", "gevent")):
        return Known(value=False, origin=Origin(place))
    if "flask-socketio" in machine.world.stack.requirements:
        return Known(value=True, origin=Origin(place))
    return Unknown("whether eventlet or gevent is installed: the repository does not say", Origin(place), of="bool")


@calls(f"{SOCKETIO}.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    socketio = plain_object(call.receiver or Known(None))
    given_app = call.get("app", 0)
    app = served_app(given_app) if given_app is not None else Unknown("no app is given")
    found = app_of(app)
    config = config_of(found)
    off = Known(value=False)
    debug = given(call, "debug", None, config.cells.get("DEBUG", off) if config is not None else off)
    debug = as_bool(machine, debug, call.place)
    if config is not None:
        machine.put(config.cells, "DEBUG", debug)
    host = given(call, "host", 1, None)
    for_none = Known("127.0.0.1", Origin(call.place))
    options = socketio.facts.get("options", {}) if isinstance(socketio, Instance) else {}
    facts = {
        "host": for_none if is_none(host) else host,
        "port": _port(machine, config.cells.get("SERVER_NAME") if config is not None else None, call),
        "debug": debug,
        "debugger": debug,
        "evalex": Known(value=True, origin=Origin(call.place)),
        "reload": as_bool(machine, given(call, "use_reloader", None, debug), call.place),
        "development": _development(machine, options.get("async_mode"), call.place),
        "unsafe": as_bool(machine, given(call, "allow_unsafe_werkzeug", None, off), call.place),
        "open": Known(call.open),
    }
    machine.record.append(("serve", "socketio", app, facts, call, machine.control))
    if machine.truth(facts["development"]) is False:
        what = "Werkzeug's DebuggedApplication, by Flask-SocketIO's debug mode"
        machine.record.append(("tool", what, debug, call.place, True))
    if found is not None and config is not None:
        found.facts.setdefault("frozen", dict(config.cells))
    return Known(None)


def _port(machine: Interpreter, server_name: Abstract | None, call: Call) -> Abstract:
    """Return `port`, else the port of SERVER_NAME, else 5000."""
    port = given(call, "port", 2, None)
    if not is_none(port):
        return port
    if server_name is None:
        return Known(5000, Origin(call.place))
    return machine.compute(
        call.place, lambda name: int(name.rpartition(":")[2]) if name and ":" in name else 5000, server_name, of="int"
    )
