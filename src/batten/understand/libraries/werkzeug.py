"""Werkzeug 3.1: its development server, debugger, proxy middleware and password helpers.

Facts from Werkzeug 3.1.9 `werkzeug.serving.run_simple`,
`werkzeug.debug.DebuggedApplication` and `werkzeug.middleware.proxy_fix`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, Call, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, OneOf, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import conditional, panels, passwords
from batten.understand.libraries.extension import app_of, as_bool, config_of, given, runtime, served_app

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

DEBUGGED = "werkzeug.debug.DebuggedApplication"
PROXY_FIX = "werkzeug.middleware.proxy_fix.ProxyFix"
ALIASES.update(
    {
        "werkzeug.run_simple": "werkzeug.serving.run_simple",
        "werkzeug.DebuggedApplication": DEBUGGED,
        "werkzeug.contrib.fixers.ProxyFix": PROXY_FIX,
        "werkzeug.security.safe_join": "werkzeug.utils.safe_join",
    }
)


def _wrapped(instance: Instance, value: Abstract | None) -> Instance | None:
    """Keep the app inside a piece of middleware, and return it."""
    app = app_of(served_app(value))
    if app is not None:
        instance.facts["app"] = app
    elif isinstance(value, Instance):
        instance.facts["app"] = value
    return app


@inits(DEBUGGED)
def _debugged(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note the debugger: it shows the source around errors, with `evalex` it runs the visitor's Python."""
    _wrapped(instance, call.get("app", 0))
    console = machine.truth(given(call, "evalex", 1, otherwise=False)) is True
    pin = machine.truth(given(call, "pin_security", 6, otherwise=True))
    what = "Werkzeug's DebuggedApplication" if pin is not False else "Werkzeug's DebuggedApplication without a PIN"
    machine.record.append(("tool", what, Known(value=True, origin=Origin(call.place)), call.place, console))


@inits(PROXY_FIX)
def _proxy_fix(machine: Interpreter, instance: Instance, call: Call) -> None:
    app = _wrapped(instance, call.get("app", 0))
    names = ("x_for", "x_proto", "x_host", "x_port", "x_prefix")
    counts = (1, 1, 0, 0, 0)
    trusted = {
        name: given(call, name, index, count)
        for index, (name, count) in enumerate(zip(names, counts, strict=True), start=1)
    }
    keys = {name: conditional.put(machine, held) for name, held in trusted.items()}
    machine.record.append(("proxyfix", app, trusted, call.place, keys))


@inits("werkzeug.middleware.shared_data.SharedDataMiddleware")
def _middleware(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    _wrapped(instance, call.get("app", 0))


@inits("werkzeug.middleware.dispatcher.DispatcherMiddleware")
def _dispatcher(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note panels among the WSGI apps that are mounted beside the app."""
    app = _wrapped(instance, call.get("app", 0))
    mounts = plain_object(call.get("mounts", 1) or Known(None))
    for path, held in mounts.cells.items() if isinstance(mounts, Mapping) else ():
        panels.mount(machine, held, app, str(path), call.place)


@inits("werkzeug.middleware.profiler.ProfilerMiddleware")
def _profiler(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note the profiler: it writes its tables to the log, not to the visitor."""
    _wrapped(instance, call.get("app", 0))
    enabled = Known(value=True, origin=Origin(call.place))
    machine.record.append(("tool", "Werkzeug's ProfilerMiddleware", enabled, call.place, False))


@calls("werkzeug.serving.run_simple")
def _run_simple(machine: Interpreter, call: Call) -> Abstract:
    app = served_app(call.get("application", 2))
    config = config_of(app_of(app))
    debugger = as_bool(machine, given(call, "use_debugger", 4, otherwise=False), call.place)
    options = {
        "host": given(call, "hostname", 0, "localhost"),
        "port": given(call, "port", 1, 0),
        "debug": config.cells["DEBUG"] if config is not None else debugger,
        "debugger": debugger,
        "evalex": as_bool(machine, given(call, "use_evalex", 5, otherwise=True), call.place),
        "reload": as_bool(machine, given(call, "use_reloader", 3, otherwise=False), call.place),
        "open": Known(call.open),
    }
    machine.record.append(("serve", "werkzeug", app, options, call, machine.control))
    found = app_of(app)
    if found is not None and config is not None:
        found.facts.setdefault("frozen", dict(config.cells))
    return Known(None)


@calls("werkzeug.utils.import_string", "django.utils.module_loading.import_string")
def _import_string(machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.libraries.flask_config import import_string  # noqa: PLC0415 - used rarely

    name = call.get("import_name", 0) or call.get("dotted_path")
    if isinstance(name, OneOf):
        ways = [partial(_import_string, machine, Call([one], {}, call.place)) for one in name.choices]
        return machine.either_way(ways)
    if not isinstance(name, Known) or not isinstance(name.value, str):
        return Unknown("something imported by a name that is not known", Origin(call.place))
    return machine.tainted(import_string(machine, name.value, call.place), name.origin)


runtime("werkzeug.security.gen_salt", why="a random salt", of="str")
runtime("werkzeug.security.check_password_hash", why="whether a password fits", of="bool")


@calls("werkzeug.utils.secure_filename", "werkzeug.utils.safe_join")
def _file_name(machine: Interpreter, call: Call) -> Abstract:
    return machine.unknown_of(call.place, *call.args, Unknown("a file name"), of="str")


__all__ = ["DEBUGGED", "PROXY_FIX", "passwords"]
