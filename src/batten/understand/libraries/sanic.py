"""Sanic 25.12: the app, its configuration and environment, cookies, `run` and the sanic command.

Facts from Sanic 25.12.1 `sanic.app`, `sanic.config`, `sanic.mixins.startup`, `sanic.cookies` and
`sanic.cli`, and Sanic Extensions 25.12.0. Debug is what `run(debug=…)`, `run(dev=True)` or the
command line says; a setting named DEBUG does nothing. SANIC_ variables become settings: numbers
and words for yes and no are converted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp
from batten.understand.libraries.extension import as_bool, given, is_none
from batten.understand.libraries.flask_config import from_object, import_string
from batten.understand.libraries.serving import note

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

APP = "sanic.Sanic"
BLUEPRINT = "sanic.Blueprint"
CONFIG = "sanic.config.Config"
RESPONSE = "sanic.response.HTTPResponse"
ALIASES.update({"sanic.app.Sanic": APP, "sanic.blueprints.Blueprint": BLUEPRINT, "sanic.Config": CONFIG})
_ANSWERS = ("text", "json", "html", "raw", "empty", "redirect", "HTTPResponse")
for _name in _ANSWERS:
    ALIASES[f"sanic.{_name}"] = f"sanic.response.{_name}"
    CALLS[f"sanic.response.{_name}"] = webapp.holding(f"sanic.response.{_name}")
    if _name != "HTTPResponse":
        BASES[f"sanic.response.{_name}"] = (RESPONSE,)
BASES["sanic.response.JSONResponse"] = (RESPONSE,)
DEFAULTS: dict[str, Any] = {
    "ACCESS_LOG": False,
    "AUTO_EXTEND": True,
    "AUTO_RELOAD": False,
    "EVENT_AUTOREGISTER": False,
    "DEPRECATION_FILTER": "once",
    "FORWARDED_FOR_HEADER": "X-Forwarded-For",
    "FORWARDED_SECRET": None,
    "GRACEFUL_SHUTDOWN_TIMEOUT": 15.0,
    "GRACEFUL_TCP_CLOSE_TIMEOUT": 5.0,
    "INSPECTOR": False,
    "INSPECTOR_HOST": "localhost",
    "INSPECTOR_PORT": 6457,
    "INSPECTOR_API_KEY": "",
    "KEEP_ALIVE_TIMEOUT": 120,
    "KEEP_ALIVE": True,
    "LOCALHOST": "localhost",
    "MOTD": True,
    "NO_COLOR": False,
    "NOISY_EXCEPTIONS": False,
    "PROXIES_COUNT": None,
    "REAL_IP_HEADER": None,
    "REQUEST_BUFFER_SIZE": 65536,
    "REQUEST_MAX_HEADER_SIZE": 8192,
    "REQUEST_ID_HEADER": "X-Request-ID",
    "REQUEST_MAX_SIZE": 100_000_000,
    "REQUEST_TIMEOUT": 60,
    "RESPONSE_TIMEOUT": 60,
    "TLS_CERT_PASSWORD": "",
    "WEBSOCKET_MAX_SIZE": 2**20,
    "WEBSOCKET_PING_INTERVAL": 20,
    "WEBSOCKET_PING_TIMEOUT": 20,
}
LATER = (
    "FALLBACK_ERROR_FORMAT INSPECTOR_TLS_KEY INSPECTOR_TLS_CERT LOCAL_CERT_CREATOR LOCAL_TLS_KEY LOCAL_TLS_CERT "
    "LOG_EXTRA MOTD_DISPLAY TOUCHUP USE_UVLOOP"
).split()
"""Settings that are there from the beginning, and settled when the server starts."""
_YES = frozenset("y yes yep yup t true on enable enabled 1".split())
_NO = frozenset("n no f nope false off disable disabled 0".split())


# Configuration


def converted(text: str) -> Any:  # noqa: ANN401 - what the text is
    """Return the value of a SANIC_ variable: a number, a word for yes or no, else the text."""
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    lower = text.lower()
    return lower in _YES if lower in _YES | _NO else text


def _filled(machine: Interpreter, config: Instance, prefix: str | None, place: Place) -> None:
    for name, value in DEFAULTS.items():
        config.cells[name] = Known(value)
    for name in LATER:
        config.cells[name] = Unknown("it is settled when the server starts", kind="runtime")
    config.facts["defaults"] = dict(config.cells)
    if prefix:
        _load(machine, config, prefix, place)


def _load(machine: Interpreter, config: Instance, prefix: str, place: Place) -> None:
    for name in [str(name) for name in machine.environ.cells]:
        if name.startswith(prefix) and name.isupper():
            held = read_variable(machine, machine.environ.cells, name, None, place)
            machine.put(config.cells, name.split(prefix, 1)[1], machine.compute(place, converted, held))


@inits(CONFIG)
def _config(machine: Interpreter, instance: Instance, call: Call) -> None:
    prefix = call.get("env_prefix", 1) or Known("SANIC_")
    text = str(prefix.value or "") if isinstance(prefix, Known) else ""
    _filled(machine, instance, text, call.place)
    defaults = call.get("defaults", 0)
    if defaults is not None and not is_none(defaults):
        machine.update_mapping(Mapping(instance.cells), defaults)


def _receiver(call: Call) -> Instance | None:
    one = plain_object(call.receiver) if call.receiver is not None else None
    return one if isinstance(one, Instance) else None


@calls(f"{CONFIG}.__getitem__")
def _item(machine: Interpreter, call: Call) -> Abstract:
    config, key = _receiver(call), call.args[0]
    if config is None or not isinstance(key, Known):
        return Unknown("a setting whose name is not known", Origin(call.place))
    return machine.get_item(Mapping(config.cells, more=more(config)), key, call.place)


def more(config: Instance) -> dict[Any, Abstract]:
    """Return what stands for settings that are not known, of a configuration that may hold some."""
    return {"rest": Known(value=True)} if config.facts.get("open") else {}


@calls(f"{CONFIG}.get")
def _get(machine: Interpreter, call: Call) -> Abstract:
    config = _receiver(call)
    name, otherwise = call.get("key", 0) or Known(None), call.get("default", 1) or Known(None)
    if config is None:
        return Unknown("a setting", Origin(call.place))
    return machine.looked_up(Mapping(config.cells, more=more(config)), name, otherwise, call.place)


@calls(f"{CONFIG}.__setitem__", f"{CONFIG}.setdefault")
def _set_item(machine: Interpreter, call: Call) -> Abstract:
    config = _receiver(call)
    if config is not None and len(call.args) > 1 and isinstance(call.args[0], Known):
        only = getattr(getattr(call.node, "func", None), "attr", "") == "setdefault"
        if not only or call.args[0].value not in config.cells:
            machine.put(config.cells, call.args[0].value, call.args[1])
        return config.cells[call.args[0].value]
    return Known(None)


@calls(f"{CONFIG}.load_environment_vars")
def _load_environment(machine: Interpreter, call: Call) -> Abstract:
    config, prefix = _receiver(call), call.get("prefix", 0) or Known("SANIC_")
    if config is not None and isinstance(prefix, Known):
        _load(machine, config, str(prefix.value), call.place)
    return Known(None)


@calls(f"{CONFIG}.update", f"{CONFIG}.update_config", f"{APP}.update_config")
def _update(machine: Interpreter, call: Call) -> Abstract:
    """Take dicts, keywords, and the upper-case names of a class, an object, or a file of Python."""
    owner = _receiver(call)
    config = config_of(owner) if owner is not None and owner.library == APP else owner
    for held in (*call.args, *([Mapping(dict(call.kwargs))] if call.kwargs else [])):
        if config is not None:
            _take(machine, config, held, call.place)
    return Known(None)


def _take(machine: Interpreter, config: Instance, held: Abstract, place: Place) -> None:
    one = plain_object(held)
    if isinstance(one, Known) and isinstance(one.value, str):
        one = plain_object(_file(machine, one.value, place))
    target = Mapping(config.cells)
    if isinstance(one, Mapping):
        machine.update_mapping(target, one)
        config.facts["open"] = config.facts.get("open", False) or one.open
    elif isinstance(one, Module | Class | Instance):
        from_object(machine, target, one, place)
    else:
        config.facts["open"] = True
        machine.doubt("app.update_config()", "what it takes is not known", place)


def _file(machine: Interpreter, name: str, place: Place) -> Abstract:
    if "/" not in name and "$" not in name:
        return import_string(machine, name, place)
    path = machine.world.repo_path(name) if "$" not in name else None
    if path is None or machine.world.read(path) is None:
        return Unknown(f"{name} is not in the repository", Origin(place))
    module = Module(path.rpartition("/")[2].removesuffix(".py"), path, package=False)
    machine.run_module(module)
    return module


def config_of(app: Abstract | None) -> Instance | None:
    """Return the configuration of a Sanic app."""
    one = plain_object(app) if app is not None else None
    held = plain_object(one.cells.get("config", ABSENT)) if isinstance(one, Instance) else None
    return held if isinstance(held, Instance) else None


# Apps


@inits(APP)
def _app(machine: Interpreter, instance: Instance, call: Call) -> None:
    config = plain_object(call.get("config", 1) or Known(None))
    if not isinstance(config, Instance):
        config = Instance(Library(CONFIG), call.place, Origin(call.place))
        prefix = call.kwargs.get("env_prefix", Known("SANIC_"))
        _filled(machine, config, str(prefix.value or "") if isinstance(prefix, Known) else "", call.place)
        if not isinstance(prefix, Known):
            config.facts["open"] = True
    machine.put(instance.cells, "config", config)
    defaults = config.facts.get("defaults", {})
    webapp.begin(machine, instance, call.place, "sanic", Mapping(config.cells), defaults=defaults)
    machine.put(instance.cells, "debug", Known(value=False))
    instance.facts["debug"] = instance.cells["debug"]
    name = call.get("name", 0)
    if name is not None:
        machine.put(instance.cells, "name", name)
    instance.facts["arguments"] = list(ARGUMENTS)
    ctx = Instance(Library("types.SimpleNamespace"), call.place)
    machine.put(instance.cells, "ctx", ctx)


@calls(f"{APP}.get_app")
def _get_app(machine: Interpreter, call: Call) -> Abstract:
    return webapp.latest(machine, "sanic") or Unknown("the app", Origin(call.place))


@inits(BLUEPRINT)
def _blueprint(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts.update(hooks={}, made=call.place)


for _owner in (APP, BLUEPRINT):
    for _verb in ("get", "post", "put", "patch", "delete", "head", "options"):
        CALLS[f"{_owner}.{_verb}"] = webapp.registers(methods=(_verb.upper(),))
    CALLS[f"{_owner}.route"] = webapp.registers(index=1)
    CALLS[f"{_owner}.websocket"] = webapp.registers(methods=("GET",))
    CALLS[f"{_owner}.exception"] = webapp.hooks("exception")
    CALLS[f"{_owner}.on_request"] = webapp.hooks("request")
    CALLS[f"{_owner}.on_response"] = webapp.hooks("response")
    for _name in (
        "listener before_server_start after_server_start before_server_stop after_server_stop main_process_start "
        "main_process_ready reload_process_start signal"
    ).split():
        CALLS[f"{_owner}.{_name}"] = webapp.hooks("start")


@calls(f"{APP}.middleware", f"{BLUEPRINT}.middleware", f"{APP}.register_middleware")
def _middleware(machine: Interpreter, call: Call) -> Abstract:
    """`@app.middleware`, `@app.middleware("response")`, `app.register_middleware(function, "response")`."""
    when = call.get("attach_to", 1) or (call.args[0] if call.args else None)
    after = isinstance(when, Known) and when.value == "response"
    kind = "response" if after else "request"
    functions = [held for held in call.args if not isinstance(held, Known)]
    moved = Call(functions, {}, call.place, node=call.node, receiver=call.receiver)
    return webapp.hooks(kind)(machine, moved)


@calls(f"{APP}.add_route", f"{BLUEPRINT}.add_route")
def _add_route(machine: Interpreter, call: Call) -> Abstract:
    app, view = _receiver(call), call.get("handler", 0)
    if app is not None and "hooks" in app.facts and view is not None:
        registered = Call([], {"methods": call.get("methods", 2) or Known("GET")}, call.place, node=call.node)
        if machine.plain(registered.kwargs["methods"]) is None or isinstance(registered.kwargs["methods"], Known):
            registered.kwargs.clear()
        webapp.route(app, view, registered, call.get("uri", 1))
    return view or Known(None)


@calls(f"{APP}.add_exception_handler", f"{APP}.error_handler.add")
def _add_handler(machine: Interpreter, call: Call) -> Abstract:
    app, function = _receiver(call), call.get("handler", 1)
    if app is not None and "hooks" in app.facts and function is not None:
        app.facts["hooks"].setdefault("every exception", []).append((plain_object(function), call, None))
    del machine
    return Known(None)


@calls(f"{APP}.blueprint")
def _add_blueprint(machine: Interpreter, call: Call) -> Abstract:
    app, held = _receiver(call), call.get("blueprint", 0)
    for part in webapp.entries(machine, held) or [held or Known(None)]:
        inner = plain_object(part)
        if app is not None and isinstance(inner, Instance) and "hooks" in inner.facts:
            for kind, found in inner.facts["hooks"].items():
                app.facts["hooks"].setdefault(kind, []).extend(found)
    return Known(None)


# Requests and answers

ARGUMENTS = (Instance(Library("sanic.Request")),)
"""What views, middleware and error handlers are called with."""
attribute("sanic.Request.headers")(webapp.request_headers)


@attribute("sanic.Request.app")
def _app_of_request(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    return webapp.latest(machine, "sanic") or Unknown("the app", Origin(place))


def _adds_cookie(machine: Interpreter, call: Call) -> Abstract:
    """Note a cookie: Secure and Lax unless told otherwise, and not HttpOnly (`CookieJar.add_cookie`)."""
    flags = {name: call.kwargs.get(name) for name in ("secure", "httponly", "samesite")}
    flags["secure"] = flags["secure"] or Known(value=True)
    flags["samesite"] = flags["samesite"] or Known("Lax")
    return webapp.note_cookie(machine, call, {"key": call.get("key", 0), **flags})


CALLS[f"{RESPONSE}.add_cookie"] = CALLS["sanic.cookies.add_cookie"] = _adds_cookie


@attribute(f"{RESPONSE}.cookies")
def _cookies(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("sanic.cookies"), place)


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("sanic.headers"), place)


@calls("sanic.headers.__setitem__", "sanic.headers.add", "sanic.headers.setdefault")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    return webapp.note_header(machine, call.get("key", 0), call.get("value", 1), call.place)


@calls("sanic.headers.update", "sanic.headers.extend")
def _update_headers(machine: Interpreter, call: Call) -> Abstract:
    held = plain_object(call.args[0]) if call.args else None
    for name, value in held.cells.items() if isinstance(held, Mapping) else ():
        webapp.note_header(machine, Known(name), value, call.place)
    return Known(None)


def _raised(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note what an exception tells the visitor: Sanic answers with its message."""
    del instance
    webapp.note_answer(machine, call)


inits(
    *(
        f"sanic.exceptions.{name}"
        for name in (
            "SanicException BadRequest InvalidUsage NotFound Forbidden Unauthorized ServerError ServiceUnavailable "
            "MethodNotAllowed"
        ).split()
    )
)(_raised)


# The server


def _started(machine: Interpreter, call: Call, *, asynchronous: bool = False) -> None:
    """`run(host, port, *, dev, debug, auto_reload, …)`: on 127.0.0.1:8000 unless told otherwise."""
    app = _receiver(call)
    config = config_of(app)
    if app is None or config is None:
        return
    place, none = call.place, Known(None)
    dev = none if asynchronous else given(call, "dev", None, otherwise=False)
    debug = as_bool(machine, given(call, "debug", None, otherwise=False), place)
    if machine.truth(dev) is not False:
        debug = webapp.implied(machine, dev, value=True, otherwise=debug, place=place)
    if machine.truth(app.cells["debug"]) is not True and not (isinstance(debug, Known) and debug.value is False):
        machine.put(app.cells, "debug", debug)
    reload = none if asynchronous else given(call, "auto_reload", None, None)
    for name, held in (("AUTO_RELOAD", reload), ("ACCESS_LOG", given(call, "access_log", None, None))):
        if not is_none(held):
            machine.put(config.cells, name, held)
    unix, host, port = given(call, "unix", None, None), given(call, "host", 0, None), given(call, "port", 1, None)
    if not is_none(call.kwargs.get("sock")):
        host = unix = Unknown("a socket made elsewhere", Origin(place))
    if is_none(unix):
        host = machine.compute(place, lambda text: text or "127.0.0.1", host, of="str")
        secure = machine.truth(given(call, "auto_tls", None, otherwise=False)) is True
        port = machine.compute(place, lambda number: number or (8443 if secure else 8000), port, of="int")
    else:
        host, port = unix, none
    kind = "sanic" if machine.truth(dev) is not True else "sanic dev"
    told = reload if not is_none(reload) else Known(value=False)
    note(machine, kind, app, host, port, call, reload=as_bool(machine, told, place))


@calls(f"{APP}.run", f"{APP}.prepare", f"{APP}.go_fast")
def _run(machine: Interpreter, call: Call) -> Abstract:
    _started(machine, call)
    return Known(None)


@calls(f"{APP}.create_server")
def _create_server(machine: Interpreter, call: Call) -> Abstract:
    _started(machine, call, asynchronous=True)
    return Unknown("a coroutine", Origin(call.place), truth=True)


def command(program: Program) -> None:
    """Do what `sanic [-H HOST] [-p PORT] [--debug] [--dev] [--factory] module:app` does."""
    from batten.understand.entry import located  # noqa: PLC0415 - it starts this

    machine, unit = program.machine, program.unit
    place, options = unit.at, unit.start.options
    target = unit.start.target
    if ":" not in target:  # `package.module.app`, or a module whose app is called app
        module, _, name = target.rpartition(".")
        target = f"{module}:{name}" if module else f"{target}:app"
    app = plain_object(located(machine, target.replace("/", ".").removesuffix("()")))
    program.served.append(app)

    def told(name: str) -> Known:
        return Known(options[name], Origin(place, ((place, f"--{name} on the command line", None),), pinned=True))

    kwargs: dict[str, Abstract] = {name: told(name) for name in ("host", "debug", "dev", "unix") if name in options}
    if "port" in options:
        port = str(options["port"])
        kwargs["port"] = Known(int(port) if port.isdigit() else port, told("port").origin)
    for name in ("reload", "auto-reload"):
        if name in options:
            kwargs["auto_reload"] = told(name)
    _started(machine, Call([], kwargs, place, receiver=app))


@calls("sanic_ext.Extend", "sanic_ext.bootstrap.Extend")
def _extend(machine: Interpreter, call: Call) -> Abstract:
    """Note Sanic Extensions; its options are settings of the app."""
    app = call.get("app", 0)
    machine.record.append(("extension", "sanic_ext.Extend", app, call.place))
    config = config_of(app)
    own = plain_object(call.kwargs.get("config", Known(None)))
    if config is not None and isinstance(own, Mapping):
        for name, held in own.cells.items():
            machine.put(config.cells, str(name).upper(), held)
    elif config is not None and isinstance(own, Instance) and isinstance(own.facts.get("args"), Call):
        for name, held in own.facts["args"].kwargs.items():
            machine.put(config.cells, str(name).upper(), held)
    return Instance(Library("sanic_ext.Extend"), call.place)


for _name in ("Config", "config.Config"):
    ALIASES[f"sanic_ext.{_name}"] = "sanic_ext.Config"
