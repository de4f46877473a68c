"""Which servers serve an app, on which address, with which debugger."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from batten.model import UNSET, Confidence, Evidence, Location, State, Value
from batten.understand import listening, own_commands, server_options
from batten.understand.evaluate.builtins import find as builtin
from batten.understand.evaluate.library import Call
from batten.understand.evaluate.objects import ABSENT, Abstract, Instance, Known, plain_object
from batten.understand.evaluate.origin import Place, locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.stack import Reach
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.stack import Unit

NAMES = {
    "werkzeug": "Flask's own server",
    "flask": "the flask command",
    "socketio": "Flask-SocketIO's server",
    "wsgi": "a WSGI server",
    "asgi": "an ASGI server",
    "tornado": "Tornado's server",
    "bottle": "Bottle's wsgiref server",
    "quart": "Quart's own server",
    "quart run": "the quart command",
    "aiohttp": "aiohttp's server",
    "adev": "the adev command",
    "litestar": "the litestar command",
    "sanic": "Sanic's server",
    "sanic dev": "Sanic's server in its development mode",
}
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what the servers do, told and not done
DEVELOPMENT = frozenset({"werkzeug", "socketio", "bottle", "quart", "quart run", "adev", "sanic dev"})
"""Kinds of servers, started by code, that are for development; an option may say that one is not."""


def servers(program: Program, made: Instance, app_at: Location, app_debug: Value) -> tuple[Server, ...]:
    """Return each way in which the unit serves this app, made at `app_at` with that debug setting."""
    found = [
        _in_code(program, fact, app_at, app_debug)
        for fact in program.machine.record
        if fact[0] == "serve" and (plain_object(fact[2]) is made or not isinstance(plain_object(fact[2]), Instance))
    ]
    unit = program.unit
    if unit.start.server == "flask":
        found.append(_flask_command(program, app_at, app_debug))
    elif unit.start.server == "django":
        serve = _runserver if made.facts.get("framework") == "django" else _manage_py
        found.append(serve(program, app_at, app_debug))
    elif unit.start.server != "python" and unit.start.server not in own_commands.COMMANDS:
        found.append(_command(program, app_at, app_debug))
    return tuple(found)


def _started(unit: Unit) -> tuple[Evidence, ...]:
    if unit.evidence:
        return unit.evidence
    return (Evidence(unit.at, f"started by {unit.command}"),) if unit.at is not None else ()


def _in_code(program: Program, fact: tuple[Any, ...], app_at: Location, app_debug: Value) -> Server:
    _, kind, _, options, call, _ = fact
    machine, unit = program.machine, program.unit
    at = locate(call.place) or app_at

    def option(name: str) -> Value:
        held = options.get(name)
        return UNSET if held is None else value_of(machine, held, name, at)

    development = kind in DEVELOPMENT and machine.truth(options.get("development", Known(value=True))) is not False
    debug = option("debug") if "debug" in options else app_debug
    debugger = option("debugger") if development else known_value(False, at, f"{kind} has no debugger")  # noqa: FBT003 - the value itself
    evalex = options.get("evalex")
    if isinstance(evalex, Known) and not evalex.value:
        debugger = known_value(False, at, "use_evalex is off")  # noqa: FBT003 - the value itself
    host = option("host")
    if host.state is State.KNOWN and not host.evidence:
        host = replace(host, at=at, default=True)
    return Server(
        name=NAMES.get(kind, kind),
        kind=kind,
        development=development,
        at=at,
        host=host if host.at is not None else replace(host, at=at),
        port=option("port"),
        debug=debug,
        debugger=debugger,
        reload=option("reload"),
        reach=unit.reach,
        contained=unit.image is not None,
        evidence=_started(unit),
        assumed=unit.kind == "assumed",
        on_import=at.file == app_at.file and _at_top(machine, call.place),
    )


def _at_top(machine: Interpreter, place: Place) -> bool:
    """Return whether a call is a statement of its module, in no function and behind no condition."""
    path, node = place
    tree = machine.parse(path, machine.world.sources.read(path) or "") if path else None
    return tree is not None and any(isinstance(line, ast.Expr) and line.value is node for line in tree.body)


def _flask_command(program: Program, app_at: Location, app_debug: Value) -> Server:
    """`flask run`: the debugger follows FLASK_DEBUG, not `app.debug` (Flask 3.1 `flask.cli.run_command`)."""
    from batten.understand.libraries.flask import debug_flag  # noqa: PLC0415 - loaded with the app's own import

    unit, machine = program.unit, program.machine
    at = unit.at or app_at
    options = unit.start.options
    flag = value_of(machine, debug_flag(machine, at), "FLASK_DEBUG", at)
    debugger = known_value(bool(options["debugger"]), at, "set on the command line") if "debugger" in options else flag
    reload = known_value(bool(options["reload"]), at, "set on the command line") if "reload" in options else flag
    return Server(
        name=NAMES["flask"],
        kind="flask",
        development=True,
        at=at,
        host=_option(machine, unit, "host", "FLASK_RUN_HOST", "127.0.0.1"),
        port=_option(machine, unit, "port", "FLASK_RUN_PORT", "5000"),
        debug=flag if flag.is_true() else app_debug,
        debugger=debugger,
        reload=reload,
        reach=unit.reach,
        contained=unit.image is not None,
        evidence=_started(unit),
        assumed=unit.kind == "assumed",
    )


def _runserver(program: Program, app_at: Location, app_debug: Value) -> Server:
    """`manage.py runserver` (Django 5.2) and `runserver_plus` (django-extensions 4.1: Werkzeug and its debugger)."""
    unit = program.unit
    at = unit.at or app_at
    options = unit.start.options
    plus = options.get("command") == "runserver_plus"
    no_debugger = known_value(False, at, "Django's server has no debugger")  # noqa: FBT003 - the value itself
    reload = options.get("reload", True) is not False
    return Server(
        name="runserver_plus of django-extensions" if plus else "Django's own server",
        kind="runserver_plus" if plus else "runserver",
        development=True,
        at=at,
        host=known_value(str(options.get("host", "127.0.0.1")), at, "listens on", default="host" not in options),
        port=known_value(str(options.get("port", "8000")), at, "port", default="port" not in options),
        debug=app_debug,
        debugger=known_value(True, at, "runserver_plus serves Werkzeug's debugger") if plus else no_debugger,  # noqa: FBT003 - likewise
        reload=known_value(reload, at, "it reloads" if reload else "--noreload", default="reload" not in options),
        reach=unit.reach,
        contained=unit.image is not None,
        evidence=_started(unit),
        assumed=unit.kind == "assumed",
    )


def _manage_py(program: Program, app_at: Location, app_debug: Value) -> Server:
    """`manage.py runserver` of Flask-Script 2: Werkzeug's server, its debugger on as `app.debug` is."""
    unit = program.unit
    at = unit.at or app_at
    options = unit.start.options
    debug = app_debug
    return Server(
        name="Flask-Script's runserver",
        kind="werkzeug",
        development=True,
        at=at,
        host=known_value(str(options.get("host", "127.0.0.1")), at, "listens on", default="host" not in options),
        port=known_value(str(options.get("port", "5000")), at, "port", default="port" not in options),
        debug=debug,
        debugger=debug,
        reload=debug,
        reach=unit.reach,
        contained=unit.image is not None,
        evidence=_started(unit),
        assumed=unit.kind == "assumed",
    )


def _option(machine: Interpreter, unit: Unit, name: str, variable: str, default: str) -> Value:
    given = unit.start.options.get(name)
    if isinstance(given, str):
        return known_value(given, unit.at, f"--{name} on the command line")
    held = machine.environ.cells.get(variable, ABSENT)
    if held is not ABSENT:
        return value_of(machine, held, variable, unit.at)
    return known_value(default, unit.at, f"{name} is not given: the default is", default=True)


def _command(program: Program, app_at: Location, app_debug: Value) -> Server:
    unit = program.unit
    kind = unit.start.server
    at = unit.at or app_at
    host, port = listening.where(program, at)
    return Server(
        name=NAMES.get(kind, kind),
        kind=kind,
        development=False,
        at=at,
        host=host,
        port=port,
        debug=app_debug,
        debugger=known_value(False, at, f"{NAMES.get(kind, kind)} has no debugger"),  # noqa: FBT003 - the value itself
        reload=listening.reload(program, at),
        reach=unit.reach,
        contained=unit.image is not None,
        evidence=_started(unit),
        assumed=unit.kind == "assumed",
        options=server_options.told(program, at),
    )


def settings_of(found: tuple[Server, ...], program: Program, made: Instance) -> dict[str, Value]:
    """Return `run.server`, `run.host`, `run.port` and `run.debug` of the started server."""
    del program, made
    if not found:
        return {}
    each = [_settings(server) for server in found]
    return {name: _either([values[name] for values in each]) for name in each[0]}


def _settings(server: Server) -> dict[str, Value]:
    debug = server.debugger if server.debugger.is_true() else server.debug
    return {
        "run.server": known_value(server.kind, server.at, "started here"),
        "run.host": server.host,
        "run.port": _number(server.port),
        "run.debug": debug if server.development else UNSET,
    }


def _either(values: list[Value]) -> Value:
    """Return the value of a setting where the code starts one of several servers."""
    first = values[0]
    if all((value.state, value.value) == (first.state, first.value) for value in values):
        return first
    doubt = next((value for value in values if value.state not in {State.KNOWN, State.UNSET}), None)
    if doubt is not None:
        return doubt
    cases = tuple(replace(value, confidence=Confidence.POSSIBLE) for value in values if value.state is State.KNOWN)
    if len(cases) < len(values):
        return Value(State.UNKNOWN, cases_=cases, at=cases[0].at, why="which server is started is not known")
    return Value(State.ONE_OF, cases_=cases, confidence=Confidence.POSSIBLE, at=first.at, evidence=first.evidence)


def _number(port: Value) -> Value:
    """Return a port as the number that it is, where a command or a variable has it as text."""
    text = port.value
    number = int(text) if isinstance(text, str) and text.isascii() and text.isdigit() else text
    return replace(port, value=number, cases_=tuple(_number(case) for case in port.cases_))


def as_bool(machine: Interpreter, held: Abstract, place: Any) -> Abstract:  # noqa: ANN401 - a place
    """Return `bool(held)`."""
    return machine.call(builtin("bool") or Known(None), Call([held], {}, place))


__all__ = ["Confidence", "Location", "Reach", "as_bool", "servers", "settings_of"]
