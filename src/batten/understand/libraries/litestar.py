"""Litestar 2.25: the app and its configuration objects, plugins, sessions and the litestar command.

Facts from Litestar 2.25.0 `litestar.app`, `litestar.config`, `litestar.middleware.session`,
`litestar.security.jwt` and `litestar.cli`. `debug` that is not given is `LITESTAR_DEBUG == "1"`; a CORS
configuration allows every origin unless told; the OpenAPI documentation is served under /schema
unless it is switched off; cookies are Lax.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import ALIASES, CALLS, Call, attribute, calls, inits, setter
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp
from batten.understand.libraries.extension import given, is_none
from batten.understand.libraries.serving import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

APP = "litestar.Litestar"
CONFIG = "litestar.config.app.AppConfig"
_CONFIGS: dict[str, tuple[str, ...]] = {
    "litestar.config.cors.CORSConfig": ("allow_origins",),
    "litestar.config.csrf.CSRFConfig": ("secret",),
    "litestar.config.allowed_hosts.AllowedHostsConfig": ("allowed_hosts",),
    "litestar.openapi.config.OpenAPIConfig": ("title", "version"),
    "litestar.middleware.session.client_side.CookieBackendConfig": ("secret", "key"),
    "litestar.middleware.session.server_side.ServerSideSessionConfig": (),
    "litestar.security.jwt.JWTAuth": (),
    "litestar.security.jwt.JWTCookieAuth": (),
    "litestar.security.jwt.OAuth2PasswordBearerAuth": (),
}
"""Classes of configuration to their first positional arguments."""
ALIASES.update(
    {
        "litestar.app.Litestar": APP,
        "litestar.openapi.OpenAPIConfig": "litestar.openapi.config.OpenAPIConfig",
        "litestar.security.jwt.auth.JWTAuth": "litestar.security.jwt.JWTAuth",
        "litestar.security.jwt.auth.JWTCookieAuth": "litestar.security.jwt.JWTCookieAuth",
        "litestar.config.AppConfig": CONFIG,
    }
)
_KEYS = {
    "litestar.middleware.session.client_side.CookieBackendConfig": ("secret", "the session cookie"),
    "litestar.config.csrf.CSRFConfig": ("secret", "the CSRF tokens"),
    "litestar.security.jwt.JWTAuth": ("token_secret", "the app's access tokens"),
    "litestar.security.jwt.JWTCookieAuth": ("token_secret", "the cookie with the access token"),
    "litestar.security.jwt.OAuth2PasswordBearerAuth": ("token_secret", "the app's access tokens"),
}
"""Classes that take a key: the argument, and what it signs."""
_TAKEN = (
    "allowed_hosts cors_config csrf_config debug middleware openapi_config pdb_on_exception plugins route_handlers "
    "request_max_body_size on_app_init after_request exception_handlers"
).split()
_VERBS = ("get", "post", "put", "patch", "delete", "head", "route", "websocket", "asgi")


def _filled(name: str) -> Callable[[Interpreter, Instance, Call], None]:
    def model(machine: Interpreter, instance: Instance, call: Call) -> None:
        """Keep what a configuration is given; its keys are noted."""
        for index, argument in enumerate(_CONFIGS[name]):
            held = call.get(argument, index)
            if held is not None:
                machine.put(instance.cells, argument, held)
        for argument, held in call.kwargs.items():
            machine.put(instance.cells, argument, held)
        instance.facts["call"] = call
        if name in _KEYS:
            argument, signs = _KEYS[name]
            setting = f"{argument} of {name.rpartition('.')[2]}"
            webapp.note_key(machine, setting, instance.cells.get(argument), call.place, signs)
        if "session" in name or name.endswith("JWTCookieAuth"):
            machine.record.append(("session storage", name.rpartition(".")[2], instance, call))

    return model


for _name in _CONFIGS:
    inits(_name)(_filled(_name))


def variable_is_one(machine: Interpreter, name: str, place: Place) -> Abstract:
    """Return `os.getenv(name, "0") == "1"`."""
    found = read_variable(machine, machine.environ.cells, name, Known("0", Origin(place)), place)
    return machine.compute(place, lambda text: text == "1", found, of="bool")


@inits(APP)
def _app(machine: Interpreter, instance: Instance, call: Call) -> None:
    place = call.place
    config = Instance(Library(CONFIG), place, Origin(place))
    for name in _TAKEN:
        held = call.get(name, 0 if name == "route_handlers" else None)
        by_variable = name in {"debug", "pdb_on_exception"} and is_none(held)
        config.cells[name] = _default(machine, name, call) if held is None or by_variable else held
    defaults = {name: config.cells[name] for name in _TAKEN if name not in call.kwargs and not call.open}
    for hook in _init_hooks(machine, config):
        machine.call_with(hook, [config], place)
    settings = Mapping(config.cells)
    webapp.begin(machine, instance, place, "litestar", settings, defaults=defaults)
    instance.facts["arguments"] = []
    _routes(machine, instance, config.cells["route_handlers"])


def _default(machine: Interpreter, name: str, call: Call) -> Abstract:
    if call.open:
        return Unknown(f"{name} may be among arguments that are not known", Origin(call.place))
    if name in {"debug", "pdb_on_exception"}:
        return variable_is_one(machine, "LITESTAR_DEBUG" if name == "debug" else "LITESTAR_PDB", call.place)
    if name == "openapi_config":
        made = Instance(Library("litestar.openapi.config.OpenAPIConfig"), call.place)
        made.facts["call"] = Call([], {}, call.place)
        return made
    if name == "request_max_body_size":
        return Known(10_000_000)
    single = name.endswith(("_config", "_request")) or name == "exception_handlers"
    return Known(None) if single else Sequence("list", (), Origin(call.place))


def _init_hooks(machine: Interpreter, config: Instance) -> Iterator[Abstract]:
    """Yield what may change the configuration: `on_app_init` functions, and those of the project's plugins."""
    yield from webapp.entries(machine, config.cells["on_app_init"])
    for plugin in webapp.entries(machine, config.cells["plugins"]):
        one = plain_object(plugin)
        if isinstance(one, Instance) and isinstance(one.of, Class):
            hook = machine.get_attribute(one, "on_app_init", one.made)
            if isinstance(hook, Bound) and isinstance(hook.function, Function):
                yield hook


def _routes(machine: Interpreter, app: Instance, handlers: Abstract) -> None:
    for handler in webapp.entries(machine, handlers):
        one = plain_object(handler)
        if isinstance(one, Function):
            path = one.cells.get("litestar path")
            webapp.route(app, one, Call([], {}, (one.path, one.node)), path)
        elif isinstance(one, Class):
            for held in one.cells.values():
                if isinstance(held, Function) and "litestar path" in held.cells:
                    webapp.route(app, held, Call([], {}, (held.path, held.node)), held.cells["litestar path"])
        elif isinstance(one, Instance) and isinstance(one.facts.get("args"), Call):
            inner = one.facts["args"].kwargs.get("route_handlers") or one.facts["args"].get("route_handlers", 1)
            if inner is not None:  # a Router
                _routes(machine, app, inner)


def _handler(machine: Interpreter, call: Call) -> Abstract:
    """Model `@get("/path")`: the function stays what it is, and knows its path."""
    path = call.get("path", 0) or Known("/")

    def mark(inner: Any, later: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        function = plain_object(later.args[0]) if later.args else Known(None)
        if isinstance(function, Function):
            inner.put(function.cells, "litestar path", path)
        return function

    del machine
    return Builtin("decorator", mark)


for _verb in _VERBS:
    CALLS[f"litestar.{_verb}"] = CALLS[f"litestar.handlers.{_verb}"] = _handler


@calls(f"{APP}.register")
def _register(machine: Interpreter, call: Call) -> Abstract:
    app = plain_object(call.receiver or Known(None))
    if isinstance(app, Instance) and "hooks" in app.facts and call.args:
        _routes(machine, app, Sequence("list", (call.args[0],)))
    return Known(None)


@setter(f"{APP}.debug", f"{APP}.pdb_on_exception")
def _set(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    settings = webapp.settings_of(instance)
    if settings is not None:
        machine.put(settings.cells, place[1].attr, held)


@attribute(f"{APP}.debug")
def _debug(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    settings = webapp.settings_of(instance)
    return settings.cells["debug"] if settings is not None else Unknown("debug of the app", Origin(place))


# Answers

CALLS["litestar.Response"] = CALLS["litestar.response.Response"] = webapp.holding("litestar.Response")


@calls("litestar.Response.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    flags = {name: call.get(name, index) for name, index in (("key", 0), ("secure", 6), ("httponly", 7))}
    flags["samesite"] = call.get("samesite", 8) or Known("lax")
    return webapp.note_cookie(machine, call, flags)


# The command


def command(program: Program) -> None:
    """Do what `litestar [--app APP] run [-H HOST] [-p PORT] [--debug] [--reload]` does: uvicorn serves the app."""
    from batten.understand.entry import located, variable  # noqa: PLC0415 - it starts this

    machine, unit = program.machine, program.unit
    place, options = unit.at, unit.start.options
    for name in ("debug", "pdb"):
        if options.get(name):
            hop = (place, f"--{name} on the command line", None)
            held = Known("1", Origin(place, (hop,), pinned=True))
            machine.put(machine.environ.cells, f"LITESTAR_{name.upper()}", held)
    text = str(options.get("app") or variable(machine, "LITESTAR_APP") or "")
    app = plain_object(located(machine, text) if text else _discovered(machine, place))
    program.served.append(app)
    settings = webapp.settings_of(app)
    if settings is not None and options.get("debug"):
        machine.put(settings.cells, "debug", variable_is_one(machine, "LITESTAR_DEBUG", place))

    def option(name: str, otherwise: object) -> Abstract:
        if name in options:
            return Known(options[name], Origin(place, ((place, f"--{name} on the command line", None),), pinned=True))
        default = Known(otherwise, Origin(place))
        return read_variable(machine, machine.environ.cells, f"LITESTAR_{name.upper()}", default, place)

    reload = Known(value=bool(options.get("reload")), origin=Origin(place))
    note(
        machine, "litestar", app, option("host", "127.0.0.1"), option("port", 8000), Call([], {}, place), reload=reload
    )


def _discovered(machine: Interpreter, place: Place) -> Abstract:
    """Return the app that the command finds by itself, in `app.py`, `application.py` or a package of that name."""
    for name in ("app", "application"):
        found = machine.import_module(name, place) if machine.find(name) is not None else None
        if not isinstance(found, Module):
            continue
        for held in (found.cells.get("app", ABSENT), found.cells.get("application", ABSENT), *found.cells.values()):
            one = plain_object(held)
            if isinstance(one, Instance) and one.facts.get("framework") == "litestar":
                return one
        factory = plain_object(found.cells.get("create_app", ABSENT))
        if isinstance(factory, Function):
            return machine.call_with(factory, [], place)
    return Unknown("the litestar command finds no app", Origin(place))


def told(config: Abstract | None, name: str) -> Abstract | None:
    """Return what a configuration object was given for an argument, None for nothing."""
    one = plain_object(config) if config is not None else None
    if not isinstance(one, Instance):
        return None
    made = one.facts.get("call") or one.facts.get("args")
    held = one.cells.get(name)
    if held is None and isinstance(made, Call) and made.open:
        return given(made, name, None, None)
    return None if is_none(held) else held
