"""Bottle 0.13: apps, the default app, debug mode, cookies and `run`.

Facts from Bottle 0.13.4. Debug mode is one switch for the whole process:
`bottle.debug(True)`, `run(debug=True)` or `--debug`; error pages then show the exception and
the traceback. `run` serves with `wsgiref` on 127.0.0.1 unless told otherwise. A signed
cookie is pickled: whoever knows the key runs code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Location
from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, inits, setter, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Class,
    Instance,
    Known,
    Library,
    Mapping,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import webapp
from batten.understand.libraries.addresses import wide
from batten.understand.libraries.extension import as_bool, given, is_none, served_app
from batten.understand.libraries.serving import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

APP = "bottle.Bottle"
RESPONSE = "bottle.LocalResponse"
SIGNS = "signed cookies, which are unpickled: a forged one runs code"
ALIASES.update({"bottle.app": "bottle.default_app", "bottle.apps": "bottle.default_app"})
BASES.update(
    {
        "bottle.HTTPResponse": (RESPONSE,),
        "bottle.HTTPError": ("bottle.HTTPResponse", RESPONSE),
        "bottle.Response": (RESPONSE,),
        "bottle.BaseResponse": (RESPONSE,),
    }
)
_VERBS = ("get", "post", "put", "delete", "patch")
_ADAPTERS = ("waitress", "paste", "twisted", "cherrypy", "cheroot")
"""What `server="auto"` tries before wsgiref (`AutoServer.adapters`)."""


# The process


def switch(machine: Interpreter) -> Instance:
    """Return the module's state: DEBUG and NORUN."""
    held = machine.hooks.setdefault("bottle", [])
    if not held:
        made = Instance(Library("bottle"))
        made.cells.update(DEBUG=Known(value=False), NORUN=Known(value=False))
        made.facts["debug"] = made.cells["DEBUG"]
        held.append(made)
    return held[0]  # type: ignore[no-any-return]


def _set_debug(machine: Interpreter, mode: Abstract, place: Place) -> None:
    machine.put(switch(machine).cells, "DEBUG", as_bool(machine, mode, place))


@calls("bottle.debug")
def _debug(machine: Interpreter, call: Call) -> Abstract:
    _set_debug(machine, given(call, "mode", 0, otherwise=True), call.place)
    return Known(None)


@setter("bottle.DEBUG")
def _write_debug(machine: Interpreter, owner: Instance, held: Abstract, place: Place) -> None:
    del owner
    _set_debug(machine, held, place)


@value("bottle.DEBUG")
def _read_debug(machine: Interpreter, place: Place) -> Abstract:
    del place
    return switch(machine).cells["DEBUG"]


# Apps


@inits(APP)
def _app(machine: Interpreter, instance: Instance, call: Call) -> None:
    config = Mapping(origin=Origin(call.place), of="bottle.config")
    config.cells["catchall"] = Known(value=True)
    defaults = dict(config.cells)
    catchall = call.get("catchall")
    if catchall is not None and machine.truth(catchall) is False:
        config.cells["catchall"] = as_bool(machine, catchall, call.place)
    webapp.begin(machine, instance, call.place, "bottle", config, defaults=defaults)


@attribute(f"{APP}.config")
def _config(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    return webapp.settings_of(instance) or Unknown("the app's configuration", Origin(place))


@attribute(f"{APP}.catchall")
def _catchall(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine
    held = webapp.settings_of(instance)
    return held.cells["catchall"] if held is not None else Unknown("catchall of the app", Origin(place))


@setter(f"{APP}.catchall")
def _set_catchall(machine: Interpreter, instance: Instance, held: Abstract, place: Place) -> None:
    config = webapp.settings_of(instance)
    if config is not None:
        machine.put(config.cells, "catchall", as_bool(machine, held, place))


def _stack(machine: Interpreter) -> list[Instance]:
    return machine.hooks.setdefault("bottle.apps", [])


def _push(machine: Interpreter, place: Place) -> Instance:
    made = Instance(Library(APP), place, Origin(place))
    _app(machine, made, Call([], {}, place))
    _stack(machine).append(made)
    return made


@calls("bottle.default_app", "bottle.default_app.default")
def _default_app(machine: Interpreter, call: Call) -> Abstract:
    """Return the app on top of the stack; the first one comes into being when it is asked for."""
    stack = _stack(machine)
    return stack[-1] if stack else _push(machine, call.place)


@calls("bottle.default_app.push", "bottle.default_app.new_app")
def _new_app(machine: Interpreter, call: Call) -> Abstract:
    one = plain_object(call.get("value", 0) or Known(None))
    if isinstance(one, Instance) and one.library == APP:
        _stack(machine).append(one)
        return one
    return _push(machine, call.place)


@calls("bottle.default_app.pop")
def _pop(machine: Interpreter, call: Call) -> Abstract:
    stack = _stack(machine)
    return stack.pop() if stack else Unknown("an app", Origin(call.place))


CALLS[f"{APP}.route"] = webapp.registers(methods=(), index=1, asked="method")
for _name in _VERBS:
    CALLS[f"{APP}.{_name}"] = webapp.registers(methods=(_name.upper(),))
CALLS[f"{APP}.hook"] = webapp.hooks()
CALLS[f"{APP}.error"] = webapp.hooks("error")


@calls(f"{APP}.add_hook")
def _add_hook(machine: Interpreter, call: Call) -> Abstract:
    register = webapp.hooks()(machine, call)
    function = call.get("func", 1)
    return machine.call_with(register, [function], call.place) if function is not None else Known(None)


@calls(f"{APP}.mount", f"{APP}.merge")
def _mount(machine: Interpreter, call: Call) -> Abstract:
    """Make the views of another app views of this one."""
    app = plain_object(call.receiver or Known(None))
    for held in (*call.args, *call.kwargs.values()):
        inner = plain_object(held)
        if isinstance(app, Instance) and isinstance(inner, Instance) and "hooks" in inner.facts:
            machine.record.append(("mounted", inner, app))
            for kind, found in inner.facts["hooks"].items():
                app.facts["hooks"].setdefault(kind, []).extend(found)
    return Known(None)


CALLS[f"{APP}.install"] = CALLS[f"{APP}.uninstall"] = lambda _machine, call: call.get("plugin", 0) or Known(None)


def _of_default(name: str) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a function that does on the default app what its method does."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        app = _default_app(machine, call)
        return machine.call_library(f"{APP}.{name}", call.bound(app))

    return model


for _name in ("route", *_VERBS, "error", "mount", "hook", "install", "uninstall"):
    CALLS[f"bottle.{_name}"] = _of_default(_name)


# Requests and answers


@value("bottle.response")
def _response(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library(RESPONSE), place)


@value("bottle.request")
def _request(machine: Interpreter, place: Place) -> Abstract:
    del machine
    return Instance(Library("bottle.LocalRequest"), place)


attribute("bottle.LocalRequest.headers")(webapp.request_headers)
CALLS["bottle.LocalRequest.get_header"] = CALLS["request headers.get"]


@calls("bottle.LocalRequest.get_cookie")
def _get_cookie(machine: Interpreter, call: Call) -> Abstract:
    key = call.get("secret", 2)
    if not is_none(key):
        webapp.note_key(machine, _named(call.get("key", 0)), key, call.place, SIGNS)
        machine.record.append(("session", call.place))
    return Unknown("a visitor's cookie", Origin(call.place), kind="runtime", of="str")


def _named(name: Abstract | None) -> str:
    return f"the secret of the cookie {name.value!r}" if isinstance(name, Known) else "the secret of a cookie"


@calls(f"{RESPONSE}.set_cookie")
def _set_cookie(machine: Interpreter, call: Call) -> Abstract:
    """Note the cookie; every flag is off unless given, and `same_site` is another name of `samesite`."""
    secret, name = call.get("secret", 2), call.get("name", 0) or call.kwargs.get("key")
    signed = not is_none(secret)
    if signed:
        webapp.note_key(machine, _named(name), secret, call.place, SIGNS)
    flags = {"key": name, "secure": call.kwargs.get("secure"), "httponly": call.kwargs.get("httponly")}
    flags["samesite"] = call.kwargs.get("samesite") or call.kwargs.get("same_site")
    return webapp.note_cookie(machine, call, flags, signed=signed)


@attribute(f"{RESPONSE}.headers")
def _headers(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("bottle.response.headers"), place)


@calls("bottle.response.headers.__setitem__", f"{RESPONSE}.set_header", f"{RESPONSE}.add_header")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    return webapp.note_header(machine, call.get("name", 0), call.get("value", 1), call.place)


for _name in ("HTTPResponse", "HTTPError", "Response", "BaseResponse"):

    def _made(machine: Interpreter, instance: Instance, call: Call) -> None:
        del machine
        instance.facts["body"] = [*call.args, *call.kwargs.values()]

    inits(f"bottle.{_name}")(_made)


@calls("bottle.abort", "bottle.redirect")
def _abort(machine: Interpreter, call: Call) -> Abstract:
    """Answer at once, by an exception that Bottle makes the answer of.

    Raises:
        ThrownError: always.
    """
    webapp.note_answer(machine, call)
    kinds = ("HTTPError", "HTTPResponse", "BottleException", "Exception", "BaseException")
    raise ThrownError(kinds, "an answer is sent by an exception", call.place)


# The server


@calls("bottle.run")
def _run(machine: Interpreter, call: Call) -> Abstract:
    """`run(app, server, host, port, interval, reloader, quiet, plugins, debug, config)`."""
    if machine.truth(switch(machine).cells["NORUN"]) is True:
        return Known(None)
    debug = given(call, "debug", 8, None)
    if not is_none(debug):
        _set_debug(machine, debug, call.place)
    app = call.get("app", 0)
    if isinstance(app, Known) and isinstance(app.value, str):
        app = _load_app(machine, app.value, call.place)
    served = _default_app(machine, call) if app is None or machine.truth(app) is False else served_app(app)
    host, port = given(call, "host", 2, "127.0.0.1"), given(call, "port", 3, 8080)
    kind, host, port = _server(machine, given(call, "server", 1, "wsgiref"), host, port)
    reload = as_bool(machine, given(call, "reloader", 5, otherwise=False), call.place)
    config = webapp.settings_of(served)
    more = plain_object(call.get("config", 9) or Known(None))
    if config is not None and isinstance(more, Mapping):
        machine.update_mapping(config, more)
    note(machine, kind, served, wide(host), port, call, reload=reload)
    return Known(None)


@calls(f"{APP}.run")
def _run_method(machine: Interpreter, call: Call) -> Abstract:
    """`Bottle.run(**kwargs)` is `run(self, **kwargs)`."""
    args = [call.receiver or Known(None)]
    return _run(machine, Call(args, call.kwargs, call.place, node=call.node, open=call.open))


def _server(machine: Interpreter, server: Abstract, host: Abstract, port: Abstract) -> tuple[str, Abstract, Abstract]:
    """Return what kind of server it is, and where it listens."""
    one = plain_object(server)
    if isinstance(one, Known) and isinstance(one.value, str):
        name = one.value
        if name == "auto":
            listed = machine.world.stack.has_requirements
            some = any(machine.world.installed(adapter) for adapter in _ADAPTERS)
            name = "wsgiref" if listed and not some else "wsgi"
        return ("bottle" if name == "wsgiref" else name), host, port
    if isinstance(one, Instance):  # an adapter of the project's own, made with its address
        made = one.facts.get("args")
        call = made if isinstance(made, Call) else Call([], {}, one.made, open=isinstance(one.of, Class))
        host, port = given(call, "host", 0, "127.0.0.1"), given(call, "port", 1, 8080)
    return "wsgi", host, port


def _load_app(machine: Interpreter, target: str, place: Place) -> Abstract:
    """Return what `load_app` does: the module is imported with an app of its own, and starts no server."""
    name, _, expression = target.partition(":")
    stack = _stack(machine)
    file = machine.find(name)
    if file is None:
        machine.doubt(target, "it is not in the repository", place)
        return Unknown(f"{name} is not in the repository", Origin(place))
    pushed = _push(machine, Location(file=file[0], line=1))
    machine.put(pushed.cells, "import_name", Known(name))
    before = switch(machine).cells["NORUN"]
    machine.put(switch(machine).cells, "NORUN", Known(value=True))
    try:
        module = machine.import_module(name, place)
    finally:
        machine.put(switch(machine).cells, "NORUN", before)
        stack.remove(pushed)
    if not expression:
        return pushed
    called = expression.endswith("()")
    found = module
    for part in expression.removesuffix("()").split("."):
        found = machine.get_attribute(found, part, place)
    return machine.call_with(found, [], place) if called else found


def command(program: Program) -> None:
    """Do what `bottle [-b ADDRESS] [-s SERVER] [--debug] [--reload] module:app` does."""
    machine, start = program.machine, program.unit.start
    place = program.unit.at
    host, port = str(start.options.get("bind", "localhost")), "8080"
    if host.rfind("]") < host.rfind(":"):
        host, _, port = host.rpartition(":")

    def told(value: object, says: str) -> Known:
        return Known(value, Origin(place, ((place, says, None),), pinned=True))

    kwargs: dict[str, Abstract] = {
        "host": told(
            host.strip("[]"), "bound on the command line" if "bind" in start.options else "the command's default"
        ),
        "port": told(int(port) if port.isdigit() else port, "bound on the command line"),
        "server": told(str(start.options.get("server", "wsgiref")), "the command's server"),
        "reloader": told(bool(start.options.get("reload")), "--reload on the command line"),
        "debug": told(bool(start.options.get("debug")), "--debug on the command line"),
    }
    _run(machine, Call([Known(start.target)], kwargs, place))
