"""Quart 0.22: what differs from Flask, whose configuration and names it shares; Quart-CORS 0.8.

Facts from Quart 0.22.0 `quart.app.Quart`, `quart.config`, `quart.cli`, `quart.asgi` and Quart-CORS
0.8.0. The app begins with Flask's debug flag (FLASK_DEBUG); `app.run()` and the quart command
read QUART_DEBUG. There is no debugger: with DEBUG or TESTING an error answers with the source and
the local variables of every frame, whichever server serves the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import ALIASES, BASES, Call, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Mapping, Unknown, plain_object
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import flask
from batten.understand.libraries.dotenv import flask_files
from batten.understand.libraries.extension import as_bool, config_of, given, is_none, keeps, setting

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

QUART = "quart.Quart"
BASES[QUART] = (flask.FLASK,)
_SHARED = (
    "Blueprint Config Response current_app flash g jsonify make_response redirect render_template "
    "render_template_string request session url_for"
).split()
ALIASES.update({f"quart.{name}": f"flask.{name}" for name in _SHARED})
ALIASES.update(
    {
        "quart.app.Quart": QUART,
        "quart.blueprints.Blueprint": "flask.Blueprint",
        "quart.wrappers.Response": "flask.Response",
        "quart.json.jsonify": "flask.jsonify",
    }
)
_OWN = {
    "ENV": None,
    "BACKGROUND_TASK_SHUTDOWN_TIMEOUT": 5,
    "BODY_TIMEOUT": 60,
    "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
    "PREFER_SECURE_URLS": False,
    "PRESERVE_CONTEXT_ON_EXCEPTION": None,
    "RESPONSE_TIMEOUT": 60,
}
"""`Quart.default_config`, as far as it differs from Flask's; SEND_FILE_MAX_AGE_DEFAULT is a timedelta."""


@inits(QUART)
def _init(machine: Interpreter, instance: Instance, call: Call) -> None:
    flask.init(machine, instance, call)
    instance.facts["framework"] = "quart"
    config = config_of(instance)
    if config is not None:
        for name, value in _OWN.items():
            config.cells[name] = instance.facts["defaults"][name] = Known(value)
        del config.cells["SEND_FILE_MAX_AGE_DEFAULT"]
        config.more["prefix"] = Known("QUART")


@calls(f"{QUART}.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    """`Quart.run(host, port, debug, use_reloader, …)`: Hypercorn, with what is for development."""
    app = plain_object(call.receiver or Known(None))
    config = config_of(app)
    if not isinstance(app, Instance) or config is None:
        return Known(None)
    if "QUART_DEBUG" in machine.environ.cells:
        machine.put(config.cells, "DEBUG", flask.debug_flag(machine, call.place, "QUART_DEBUG"))
    debug = given(call, "debug", 2, None)
    if not is_none(debug):
        machine.put(config.cells, "DEBUG", as_bool(machine, debug, call.place))
    host, port = given(call, "host", 0, None), given(call, "port", 1, None)
    name = setting(machine, app, "SERVER_NAME", Known(None), call.place)
    if is_none(host):
        host = machine.compute(call.place, lambda text: (text or "").partition(":")[0] or "127.0.0.1", name, of="str")
    if is_none(port):
        port = machine.compute(call.place, lambda text: int((text or "").partition(":")[2] or 5000), name, of="int")
    reload = as_bool(machine, given(call, "use_reloader", 3, otherwise=True), call.place)
    serve(machine, "quart", app, {"host": host, "port": port, "reload": reload}, call)
    return Known(None)


@calls(f"{QUART}.run_task")
def _run_task(machine: Interpreter, call: Call) -> Abstract:
    """`Quart.run_task(host, port, debug, …)`, to be awaited: the same server, told less."""
    app = plain_object(call.receiver or Known(None))
    config = config_of(app)
    if isinstance(app, Instance) and config is not None:
        debug = given(call, "debug", 2, None)
        if not is_none(debug):
            machine.put(config.cells, "DEBUG", as_bool(machine, debug, call.place))
        host, port = given(call, "host", 0, "127.0.0.1"), given(call, "port", 1, 5000)
        serve(machine, "quart", app, {"host": host, "port": port, "reload": Known(value=False)}, call)
    return Unknown("a coroutine", Origin(call.place), truth=True)


def serve(machine: Interpreter, kind: str, app: Instance, options: dict[str, Abstract], call: Call) -> None:
    """Note Quart's own server."""
    config = config_of(app) or Mapping()
    off = Known(value=False)
    more = {"debug": config.cells.get("DEBUG", off), "debugger": off, "evalex": off, "open": Known(call.open)}
    machine.record.append(("serve", kind, app, {**options, **more}, call, machine.control))
    app.facts.setdefault("frozen", dict(config.cells))


def command(program: Program) -> None:
    """Do what `quart [--app APP] [--debug] run [--host HOST] [--port PORT]` does.

    Debug is what the command line or QUART_DEBUG says, whatever the code has set (`ScriptInfo.load_app`).
    """
    from batten.understand.entry import located, variable  # noqa: PLC0415 - it starts this

    machine, unit = program.machine, program.unit
    place: Place = unit.at
    options = unit.start.options
    flask_files(machine, place, "quart")
    if "debug" in options:
        hop = (place, "the quart command sets debug", str(bool(options["debug"])))
        machine.put(
            machine.environ.cells,
            "QUART_DEBUG",
            Known("1" if options["debug"] else "0", Origin(place, (hop,), pinned=True)),
        )
    app = plain_object(located(machine, str(options.get("app") or variable(machine, "QUART_APP") or "app.py")))
    program.served.append(app)
    config = config_of(app)
    if not isinstance(app, Instance) or config is None:
        return
    debug = flask.debug_flag(machine, place, "QUART_DEBUG")
    machine.put(config.cells, "DEBUG", debug)

    def option(name: str, otherwise: object) -> Abstract:
        if name in options:
            return Known(options[name], Origin(place, ((place, f"--{name} on the command line", None),), pinned=True))
        default = Known(otherwise, Origin(place))
        return read_variable(machine, machine.environ.cells, f"QUART_RUN_{name.upper()}", default, place)

    reload = Known(bool(options["reload"]), Origin(place)) if "reload" in options else debug
    where = {"host": option("host", "127.0.0.1"), "port": option("port", 5000), "reload": reload}
    serve(machine, "quart run", app, where, Call([], {}, place))


# Quart-CORS

keeps("quart_cors.cors_exempt")


def _policy(machine: Interpreter, app: Abstract | None, call: Call, paths: str) -> None:
    config = app if isinstance(app, Instance) else None

    def told(name: str, otherwise: object) -> Abstract:
        held = given(call, name, None, None)
        if not is_none(held):
            return held
        return setting(machine, config, f"QUART_CORS_{name.upper()}", Known(otherwise, Origin(call.place)), call.place)

    facts = {
        "origins": told("allow_origin", "*"),
        "credentials": as_bool(machine, told("allow_credentials", otherwise=False), call.place),
        "pattern": False,
        "echo": False,
        "paths": paths,
    }
    machine.record.append(("cors", app, facts, call.place))


@calls("quart_cors.cors")
def _cors(machine: Interpreter, call: Call) -> Abstract:
    """Note the policy of `cors(app)`, which returns the app; settings are read when a request comes, here now."""
    app = call.get("app_or_blueprint", 0) or Known(None)
    _policy(machine, plain_object(app), call, "")
    return app


@calls("quart_cors.route_cors")
def _route_cors(machine: Interpreter, call: Call) -> Abstract:
    from batten.understand.evaluate.objects import Builtin  # noqa: PLC0415 - used rarely

    app = next((fact[1] for fact in reversed(machine.record) if fact[0] == "app"), None)
    _policy(machine, app, call, "some routes")
    return Builtin("decorator", lambda _machine, later: later.args[0] if later.args else Known(None))
