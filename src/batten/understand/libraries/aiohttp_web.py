"""aiohttp 3.14 as a server: `web.Application`, its routes, cookies, debug mode and `run_app`.

Facts from aiohttp 3.14.5 `aiohttp.web`, `web_app`, `web_protocol`, `web_runner` and CPython 3.11
`asyncio.base_events`. An error answers with the traceback when the loop is in debug mode
(PYTHONASYNCIODEBUG, `python -X dev`, `loop.set_debug(True)`), or the deprecated `debug=True` says so.
`run_app` without a host listens on every interface.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.evaluate.environ import read as read_variable
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp
from batten.understand.libraries.addresses import wide
from batten.understand.libraries.extension import as_bool, given, is_none, served_app
from batten.understand.libraries.listening import create_server
from batten.understand.libraries.serving import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

APP = "aiohttp.web.Application"
TABLE = "aiohttp.web.RouteTableDef"
RESPONSE = "aiohttp.web.Response"
ROUTER = "aiohttp.web.UrlDispatcher"
LOOP = "asyncio.AbstractEventLoop"
ALIASES.update({"aiohttp.web_app.Application": APP, "asyncio.get_running_loop": "asyncio.get_event_loop"})
BASES.update(
    dict.fromkeys(
        ("aiohttp.web.StreamResponse", "aiohttp.web.json_response", "aiohttp.web.FileResponse"),
        (RESPONSE,),
    )
)
_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_ERRORS = (
    "HTTPBadRequest HTTPUnauthorized HTTPForbidden HTTPNotFound HTTPMethodNotAllowed HTTPConflict "
    "HTTPUnprocessableEntity HTTPTooManyRequests HTTPInternalServerError HTTPBadGateway HTTPServiceUnavailable "
    "HTTPFound HTTPSeeOther HTTPMovedPermanently HTTPOk HTTPNoContent HTTPException"
).split()


# Apps and routes


@inits(APP)
def _app(machine: Interpreter, instance: Instance, call: Call) -> None:
    settings = Mapping(origin=Origin(call.place))
    debug = call.kwargs.get("debug")
    if debug is not None:
        settings.cells["debug"] = as_bool(machine, debug, call.place)
    settings.cells["client_max_size"] = given(call, "client_max_size", None, 1024**2)
    if call.open:
        settings.more["rest"] = Known(value=True)
    defaults = {} if "client_max_size" in call.kwargs else {"client_max_size": settings.cells["client_max_size"]}
    webapp.begin(machine, instance, call.place, "aiohttp", settings, defaults=defaults)
    middlewares = Sequence("list", tuple(webapp.entries(machine, call.kwargs.get("middlewares"))), Origin(call.place))
    machine.put(instance.cells, "middlewares", middlewares)
    instance.facts["arguments"] = [Instance(Library("aiohttp.web.Request"))]
    router = Instance(Library(ROUTER), call.place)
    router.facts["owner"] = instance
    machine.put(instance.cells, "router", router)


@calls(f"{APP}.__setitem__")
def _keep(machine: Interpreter, call: Call) -> Abstract:
    app, key = plain_object(call.receiver or Known(None)), call.args[0]
    if isinstance(app, Instance) and isinstance(key, Known):
        machine.put(app.cells, ("item", key.value), call.args[1])
    return Known(None)


@calls(f"{APP}.__getitem__", f"{APP}.get")
def _kept(machine: Interpreter, call: Call) -> Abstract:
    del machine
    app, key = plain_object(call.receiver or Known(None)), call.args[0] if call.args else Known(None)
    held = (
        app.cells.get(("item", key.value), ABSENT) if isinstance(app, Instance) and isinstance(key, Known) else ABSENT
    )
    return held if held is not ABSENT else Unknown("what the app keeps", Origin(call.place), kind="runtime")


def _owner(call: Call) -> Instance | None:
    one = plain_object(call.receiver) if call.receiver is not None else None
    found = one.facts.get("owner", one) if isinstance(one, Instance) else None
    return found if isinstance(found, Instance) and "hooks" in found.facts else None


def _registered(call: Call, method: str) -> Call:
    methods = Sequence("list", (Known(method.upper()),))
    return Call([], {"methods": methods}, call.place, node=call.node)


def _adds(method: str, path: int = 0, handler: int = 1) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of `router.add_get(path, handler)` and its like."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        app, view = _owner(call), call.get("handler", handler)
        verb = method
        if not verb:
            named = call.get("method", 0)
            verb = str(named.value) if isinstance(named, Known) else "*"
        if app is not None and view is not None:
            webapp.route(app, view, _registered(call, verb), call.get("path", path))
        return Instance(Library("aiohttp.web.AbstractRoute"), call.place)

    return model


for _verb in _VERBS:
    CALLS[f"{ROUTER}.add_{_verb}"] = _adds(_verb)
CALLS[f"{ROUTER}.add_view"] = _adds("*")
CALLS[f"{ROUTER}.add_route"] = _adds("", 1, 2)


def _definition(method: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of `web.get(path, handler)`: a route to be added."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        del machine
        made = Instance(Library("aiohttp.web.RouteDef"), call.place)
        first = 0 if method else 1
        named = call.get("method", 0)
        verb = method or (str(named.value) if isinstance(named, Known) else "*")
        made.facts["route"] = (call.get("path", first), call.get("handler", first + 1), _registered(call, verb))
        return made

    return model


for _verb in (*_VERBS, "view"):
    CALLS[f"aiohttp.web.{_verb}"] = _definition("*" if _verb == "view" else _verb)
CALLS["aiohttp.web.route"] = _definition("")


@inits(TABLE)
def _table(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts.update(hooks={}, made=call.place)


for _verb in (*_VERBS, "view"):
    CALLS[f"{TABLE}.{_verb}"] = webapp.registers(methods=("*" if _verb == "view" else _verb.upper(),))
CALLS[f"{TABLE}.route"] = webapp.registers(index=0, asked="method", path_at=1)


@calls(f"{APP}.add_routes", f"{ROUTER}.add_routes")
def _add_routes(machine: Interpreter, call: Call) -> Abstract:
    app, routes = _owner(call), plain_object(call.get("routes", 0) or Known(None))
    if app is None:
        return Known(None)
    if isinstance(routes, Instance):
        for view, registered, path in routes.facts.get("hooks", {}).get("route", ()):
            webapp.route(app, view, registered, path)
    for entry in webapp.entries(machine, routes):
        one = plain_object(entry)
        if isinstance(one, Instance) and "route" in one.facts:
            path, view, registered = one.facts["route"]
            webapp.route(app, view or Known(None), registered, path)
    return Known(None)


@calls(f"{ROUTER}.routes", f"{ROUTER}.resources")
def _routes(machine: Interpreter, call: Call) -> Abstract:
    """Return a route, for the loops that do something with each."""
    del machine
    app = _owner(call)
    count = len(app.facts["hooks"].get("route", ())) if app is not None else 0
    return Sequence(
        "list", tuple(Instance(Library("aiohttp.web.AbstractRoute"), call.place) for _ in range(count or 1))
    )


@calls(f"{APP}.add_subapp")
def _add_subapp(machine: Interpreter, call: Call) -> Abstract:
    app, inner = _owner(call), plain_object(call.get("subapp", 1) or Known(None))
    if app is not None and isinstance(inner, Instance) and "hooks" in inner.facts:
        machine.record.append(("mounted", inner, app))
        app.facts.setdefault("mounted", []).append(inner)
        for kind, found in inner.facts["hooks"].items():
            app.facts["hooks"].setdefault(kind, []).extend(found)
    return Known(None)


@calls("aiohttp.web.middleware")
def _middleware(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.args[0] if call.args else Known(None)


# Requests and answers


@inits("aiohttp.web.Request")
def _request(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine, instance, call


attribute("aiohttp.web.Request.headers")(webapp.request_headers)


@attribute("aiohttp.web.Request.app")
def _app_of_request(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    return webapp.latest(machine, "aiohttp") or Unknown("the app", Origin(place))


for _name in (RESPONSE, "aiohttp.web.StreamResponse", "aiohttp.web.json_response", "aiohttp.web.FileResponse"):
    CALLS[_name] = webapp.holding(_name)


def _raised(machine: Interpreter, instance: Instance, call: Call) -> None:
    """Note what an answer says that is sent by raising it."""
    del instance
    webapp.note_answer(machine, call)


for _name in _ERRORS:
    inits(f"aiohttp.web.{_name}")(_raised)
    BASES[f"aiohttp.web.{_name}"] = (RESPONSE,)


@calls(f"{RESPONSE}.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    flags = {name: call.kwargs.get(name) for name in ("secure", "httponly", "samesite")}
    return webapp.note_cookie(machine, call, {"key": call.get("name", 0), **flags})


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("aiohttp.web.headers"), place)


@calls("aiohttp.web.headers.__setitem__", "aiohttp.web.headers.add", "aiohttp.web.headers.setdefault")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    return webapp.note_header(machine, call.get("key", 0), call.get("value", 1), call.place)


@calls("aiohttp.web.headers.update")
def _update_headers(machine: Interpreter, call: Call) -> Abstract:
    held = plain_object(call.args[0]) if call.args else None
    for name, value in held.cells.items() if isinstance(held, Mapping) else ():
        webapp.note_header(machine, Known(name), value, call.place)
    return Known(None)


# The loop and its debug mode


def loop(machine: Interpreter) -> Instance:
    """Return the event loop."""
    held = machine.hooks.setdefault("asyncio", [])
    if not held:
        held.append(Instance(Library(LOOP)))
    return held[0]  # type: ignore[no-any-return]


@calls("asyncio.new_event_loop", "asyncio.get_event_loop")
def _loop(machine: Interpreter, call: Call) -> Abstract:
    del call
    return loop(machine)


@calls(f"{LOOP}.set_debug")
def _set_debug(machine: Interpreter, call: Call) -> Abstract:
    machine.put(loop(machine).cells, "debug", as_bool(machine, given(call, "enabled", 0, None), call.place))
    return Known(None)


@calls("asyncio.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    debug = call.get("debug", 1)
    if not is_none(debug) and debug is not None:
        machine.put(loop(machine).cells, "debug", as_bool(machine, debug, call.place))
    return Unknown("what a coroutine gives", Origin(call.place))


@calls(f"{LOOP}.create_server")
def _create_server(machine: Interpreter, call: Call) -> Abstract:
    """`loop.create_server(app.make_handler(), host, port)` of older code."""
    factory = plain_object(call.get("protocol_factory", 0) or Known(None))
    if isinstance(factory, Instance) and "app" in factory.facts:
        host, port = wide(given(call, "host", 1, None)), given(call, "port", 2, None)
        note(machine, "aiohttp", factory.facts["app"], host, port, call)
        return Unknown("a server", Origin(call.place), truth=True)
    return create_server(machine, call)


def debug_of_loop(machine: Interpreter) -> Abstract:
    """Return the debug mode of the loop: set by code, else as Python was started."""
    held = loop(machine).cells.get("debug")
    if held is not None:
        return held
    unit = machine.world.unit
    if re.search(r"-X\s*dev\b", unit.command):
        return Known(value=True, origin=Origin(unit.at, ((unit.at, "python -X dev", None),), pinned=True))
    for name in ("PYTHONASYNCIODEBUG", "PYTHONDEVMODE"):
        found = read_variable(machine, machine.environ.cells, name, Known(""), unit.at)
        if not (isinstance(found, Known) and not found.value):
            return as_bool(machine, machine.compute(unit.at, bool, found, of="bool"), unit.at)
    return Known(value=False)


# The server


def _addresses(machine: Interpreter, call: Call) -> list[tuple[Abstract, Abstract]]:
    """Return where `run_app` listens: each host, every interface, or only a socket file."""
    port = given(call, "port", None, None)
    secure = not is_none(call.kwargs.get("ssl_context"))
    number: Abstract = Known(8443 if secure else 8080, Origin(call.place)) if is_none(port) else port
    host, path, sock = (given(call, name, None, None) for name in ("host", "path", "sock"))
    found: list[tuple[Abstract, Abstract]] = []
    if not is_none(host):
        hosts = webapp.entries(machine, host) or [host]
        found += [(wide(one), number) for one in hosts]
    elif (is_none(path) and is_none(sock)) or not is_none(port):
        found.append((wide(host), number))
    if not is_none(path):
        found += [(one, Known(None)) for one in webapp.entries(machine, path) or [path]]
    if not is_none(sock):
        found.append((Unknown("a socket made elsewhere", Origin(call.place)), Known(None)))
    return found


@calls("aiohttp.web.run_app")
def _run_app(machine: Interpreter, call: Call) -> Abstract:
    for host, port in _addresses(machine, call):
        note(machine, "aiohttp", served_app(call.get("app", 0)), host, port, call)
    return Known(None)


@inits("aiohttp.web.AppRunner", "aiohttp.web.ServerRunner")
def _runner(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["app"] = served_app(call.get("app", 0))


@calls(f"{APP}.make_handler")
def _make_handler(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library("aiohttp.web.Server"), call.place)
    made.facts["app"] = call.receiver or Known(None)
    return made


@inits("aiohttp.web.TCPSite", "aiohttp.web.UnixSite")
def _site(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    runner = plain_object(call.get("runner", 0) or Known(None))
    instance.facts["call"] = call
    instance.facts["app"] = runner.facts.get("app") if isinstance(runner, Instance) else None


@calls("aiohttp.web.TCPSite.start", "aiohttp.web.UnixSite.start")
def _start_site(machine: Interpreter, call: Call) -> Abstract:
    site = plain_object(call.receiver or Known(None))
    if isinstance(site, Instance) and isinstance(site.facts.get("call"), Call):
        made: Call = site.facts["call"]
        unix = site.library.endswith("UnixSite")
        host = given(made, "path", 1, "") if unix else wide(given(made, "host", 1, None))
        port = given(made, "port", 2, None)
        secure = not is_none(made.kwargs.get("ssl_context"))
        number = port if unix or not is_none(port) else Known(8443 if secure else 8080, Origin(made.place))
        note(machine, "aiohttp", site.facts["app"] or Unknown("an app that is not known"), host, number, made)
    return Known(None)


def command(program: Program) -> None:
    """Do what `python -m aiohttp.web [-H HOST] [-P PORT] module:function` and `adev runserver [PATH]` do."""
    from batten.understand.entry import located  # noqa: PLC0415 - it starts this

    machine, unit = program.machine, program.unit
    place, options = unit.at, unit.start.options
    origin = Origin(place, ((place, f"started by {unit.command}", None),), pinned=True)
    if unit.start.server == "adev":
        _adev(program, origin)
        return
    found = plain_object(located(machine, unit.start.target))
    app = machine.call_with(found, [Sequence("list", ())], place) if isinstance(found, Function) else found
    path, host = options.get("path"), options.get("hostname")
    kwargs: dict[str, Abstract] = {"path": Known(path, origin)} if path else {}
    if host or not path:
        kwargs["host"] = Known(host or "localhost", origin)
        port = str(options.get("port", "8080"))
        kwargs["port"] = Known(int(port) if port.isdigit() else port, origin)
    _run_app(machine, Call([app], kwargs, place))


def _adev(program: Program, origin: Origin) -> None:
    """Serve as aiohttp-devtools 1.1 does: on every interface, the app in debug mode, reloaded."""
    from batten.understand.entry import located  # noqa: PLC0415 - it starts this

    machine, unit = program.machine, program.unit
    place, options, target = unit.at, unit.start.options, unit.start.target or "."
    if not target.endswith(".py"):
        files = (f"{target.rstrip('/')}/{name}" for name in ("main.py", "app.py"))
        target = next((name for name in files if machine.world.repo_path(name) in _visible(machine)), target)
    name = options.get("app-factory") or _factory(machine, target)
    app = plain_object(located(machine, f"{target.removeprefix('./')}:{name}"))
    if not isinstance(app, Instance):  # what a coroutine makes
        app = webapp.latest(machine, "aiohttp") or app
    config = webapp.settings_of(app)
    if config is not None:
        machine.put(config.cells, "debug", Known(value=True, origin=origin))
    port = str(options.get("port", "8000"))
    where: tuple[Abstract, Abstract] = (Known("0.0.0.0", origin), Known(int(port) if port.isdigit() else port))  # noqa: S104 - aiohttp-devtools 1.1 `serve.HOST`
    note(machine, "adev", app, *where, Call([], {}, place), reload=Known(value=True, origin=origin))


def _visible(machine: Interpreter) -> list[str]:
    return [path for path in machine.world.sources.files() if machine.world.visible(path)]


def _factory(machine: Interpreter, target: str) -> str:
    """Return the first of the default names that the file binds."""
    path = machine.world.repo_path(target)
    text = (machine.world.read(path) if path else None) or ""
    names = ("app", "app_factory", "get_app", "create_app")
    return next((n for n in names if re.search(rf"^(?:(?:async )?def )?{n}\b", text, re.MULTILINE)), "app")
