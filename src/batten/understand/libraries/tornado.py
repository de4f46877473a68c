"""Tornado 6.6: the application and its settings, handlers, cookies and the HTTP server.

Facts from Tornado 6.6.1 `tornado.web.Application`, `tornado.web.RequestHandler`,
`tornado.httpserver.HTTPServer` and `tornado.netutil.bind_sockets`. `debug=True` is
four other settings by default: `autoreload`, `serve_traceback` (an error answers with
the traceback), and the two caches off. An address that is None or empty is every
interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, BASES, CALLS, Call, attribute, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
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
from batten.understand.libraries.extension import app_of, as_bool, given, served_app
from batten.understand.libraries.serving import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.evaluate.interpreter import Interpreter

APPLICATION = "tornado.web.Application"
HANDLER = "tornado.web.RequestHandler"
SERVER = "tornado.httpserver.HTTPServer"
ALIASES.update(
    {
        "tornado.web.HTTPServer": SERVER,
        "tornado.web.url": "tornado.web.URLSpec",
        "tornado.routing.URLSpec": "tornado.web.URLSpec",
    }
)
BASES.update(
    dict.fromkeys(
        (
            "tornado.web.StaticFileHandler",
            "tornado.web.ErrorHandler",
            "tornado.web.RedirectHandler",
            "tornado.web.FallbackHandler",
            "tornado.websocket.WebSocketHandler",
            # Mixins, of no use outside a handler.
            "tornado.auth.OpenIdMixin",
            "tornado.auth.OAuthMixin",
            "tornado.auth.OAuth2Mixin",
            "tornado.auth.TwitterMixin",
            "tornado.auth.GoogleOAuth2Mixin",
            "tornado.auth.FacebookGraphMixin",
        ),
        (HANDLER,),
    )
)
_POSITIONAL = ("handlers", "default_host", "transforms")
_IMPLIED = {"autoreload": True, "compiled_template_cache": False, "static_hash_cache": False, "serve_traceback": True}
"""What `debug` stands for, each by itself overruled (`Application.__init__`)."""


@inits(APPLICATION)
def _application(machine: Interpreter, instance: Instance, call: Call) -> None:
    settings = Mapping(origin=Origin(call.place))
    for name, held in call.kwargs.items():
        if name not in _POSITIONAL:
            settings.cells[name] = held
    if call.open:
        settings.more["rest"] = Known(value=True)
    for name, value in _IMPLIED.items():
        before = settings.cells.get(name, ABSENT)
        if before is ABSENT:
            settings.cells[name] = webapp.implied(machine, settings.cells.get("debug"), value, ABSENT, call.place)
            if settings.cells[name] is ABSENT:
                del settings.cells[name]
    machine.put(instance.cells, "settings", settings)
    handlers = call.get("handlers", 0)
    inner = app_of(served_app(handlers))
    if inner is not None:
        instance.facts["app"] = inner
        if _only_falls_back(machine, handlers):
            return
    webapp.begin(machine, instance, call.place, "tornado", settings)
    instance.facts["handlers"] = []
    instance.facts["reload"] = call.kwargs.get("autoreload")
    _add(machine, instance, handlers, call)


@calls(f"{APPLICATION}.__init__")
def _init_by_name(machine: Interpreter, call: Call) -> Abstract:
    """Model `super().__init__(…)`, and `tornado.web.Application.__init__(self, …)` of older code."""
    receiver, args = call.receiver, call.args
    if receiver is None and args:
        receiver, args = args[0], args[1:]
    one = plain_object(receiver) if receiver is not None else None
    if isinstance(one, Instance):
        moved = Call(args, call.kwargs, call.place, node=call.node, frame=call.frame, open=call.open)
        _application(machine, one, moved)
    return Known(None)


def _only_falls_back(machine: Interpreter, handlers: Abstract | None) -> bool:
    """Return whether the application is nothing but a door to a WSGI app."""
    kinds = [plain_object(handler) for _, handler in _pairs(machine, handlers)]
    return bool(kinds) and all(isinstance(k, Library) and k.name == "tornado.web.FallbackHandler" for k in kinds)


def _pairs(machine: Interpreter, handlers: Abstract | None) -> Iterator[tuple[Abstract | None, Abstract]]:
    """Yield pattern and handler class of each rule of a list of them."""
    for rule in webapp.entries(machine, handlers):
        one = plain_object(rule)
        if isinstance(one, Instance):
            made = one.facts.get("args")
            if isinstance(made, Call):
                handler = made.get("handler", 1) or made.kwargs.get("target")
                if handler is not None:
                    yield made.get("pattern", 0) or made.kwargs.get("matcher"), handler
            continue
        parts = webapp.entries(machine, one)
        if len(parts) > 1:
            yield parts[0], parts[1]


def _add(machine: Interpreter, app: Instance, handlers: Abstract | None, call: Call) -> None:
    for pattern, named in _pairs(machine, handlers):
        handler = named
        if isinstance(named, Known) and isinstance(named.value, str):
            module, _, name = named.value.rpartition(".")
            found = machine.find(module) if module else None
            if found is None:
                continue
            handler = machine.get_attribute(machine.import_module(module, call.place), name, call.place)
        app.facts["handlers"].append((pattern, plain_object(handler)))
        webapp.route(app, handler, call, pattern)


@calls(f"{APPLICATION}.add_handlers")
def _add_handlers(machine: Interpreter, call: Call) -> Abstract:
    app = plain_object(call.receiver or Known(None))
    if isinstance(app, Instance) and "handlers" in app.facts:
        _add(machine, app, call.get("host_handlers", 1), call)
    return Known(None)


# What handlers do


@attribute(f"{HANDLER}.application")
def _app_of_handler(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    return webapp.latest(machine, "tornado") or Unknown("the application", Origin(place), kind="runtime")


@attribute(f"{HANDLER}.settings")
def _settings_of_handler(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del instance
    held = webapp.settings_of(webapp.latest(machine, "tornado"))
    return held or Unknown("the application's settings", Origin(place), kind="runtime")


@attribute(f"{HANDLER}.request")
def _request(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Instance(Library("tornado.httputil.HTTPServerRequest"), place)


attribute("tornado.httputil.HTTPServerRequest.headers")(webapp.request_headers)


@attribute("tornado.httputil.HTTPServerRequest.protocol")
def _protocol(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    """Take production to be served over HTTPS."""
    del machine, instance
    return Known("https", Origin(place))


@attribute(f"{HANDLER}.current_user")
def _current_user(machine: Interpreter, instance: Instance, place: Place) -> Abstract:
    del machine, instance
    return Unknown("who is logged in", Origin(place), kind="runtime")


def _asked(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Unknown("what a visitor sends", Origin(call.place), kind="runtime", of="str")


for _name in "get_argument get_body_argument get_query_argument get_cookie".split():
    CALLS[f"{HANDLER}.{_name}"] = _asked


def _reads_signed(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("session", call.place))
    return Unknown("a signed cookie", Origin(call.place), kind="runtime")


for _name in ("get_secure_cookie", "get_signed_cookie"):
    CALLS[f"{HANDLER}.{_name}"] = _reads_signed


def _sets_cookie(*, signed: bool) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        """Note the cookie: its flags are off unless given, in any case (`RequestHandler.set_cookie`)."""
        lower = {name.lower(): held for name, held in call.kwargs.items()}
        flags = {name: lower.get(name) for name in ("secure", "httponly", "samesite")}
        return webapp.note_cookie(machine, call, {"key": call.get("name", 0), **flags}, signed=signed)

    return model


CALLS[f"{HANDLER}.set_cookie"] = _sets_cookie(signed=False)
CALLS[f"{HANDLER}.set_secure_cookie"] = CALLS[f"{HANDLER}.set_signed_cookie"] = _sets_cookie(signed=True)
for _name in ("write", "finish", "send_error"):
    CALLS[f"{HANDLER}.{_name}"] = webapp.note_answer


@calls(f"{HANDLER}.set_header", f"{HANDLER}.add_header")
def _set_header(machine: Interpreter, call: Call) -> Abstract:
    return webapp.note_header(machine, call.get("name", 0), call.get("value", 1), call.place)


# The server


@inits("tornado.wsgi.WSGIContainer")
def _container(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["app"] = served_app(call.get("wsgi_application", 0))


@inits(SERVER)
def _server(machine: Interpreter, instance: Instance, call: Call) -> None:
    app = served_app(call.get("request_callback", 0))
    instance.facts["app"] = app
    _trust(machine, app, call)


def _trust(machine: Interpreter, app: Abstract, call: Call) -> None:
    """Note `xheaders=True`: forwarded addresses are believed from whoever connects."""
    held = call.kwargs.get("xheaders")
    if held is not None and machine.truth(held) is not False:
        machine.record.append(("xheaders", app, held, call.place))


def _listens(machine: Interpreter, app: Abstract, call: Call) -> None:
    """Note the server for the app, and for the WSGI app that one of its handlers leads to."""
    one = plain_object(app)
    inner = one.facts.get("app") if isinstance(one, Instance) else None
    host, port = wide(given(call, "address", 1, None)), given(call, "port", 0, 0)
    for served in (app, inner) if isinstance(one, Instance) and "framework" in one.facts else (inner or app,):
        if isinstance(served, Abstract):
            written = served.facts.get("reload") if isinstance(served, Instance) else None
            reload = as_bool(machine, written, call.place) if written is not None else None
            note(machine, "tornado", served, host, port, call, reload=reload)


@calls(f"{SERVER}.listen", f"{SERVER}.bind")
def _listen(machine: Interpreter, call: Call) -> Abstract:
    server = plain_object(call.receiver or Known(None))
    if isinstance(server, Instance) and "app" in server.facts:
        _listens(machine, server.facts["app"], call)
    return Known(None)


@calls(f"{APPLICATION}.listen")
def _listen_app(machine: Interpreter, call: Call) -> Abstract:
    """`Application.listen` makes the server itself, of the keywords that are not its own."""
    app = call.receiver or Known(None)
    _listens(machine, app, call)
    _trust(machine, app, call)
    return Instance(Library(SERVER), call.place)


@calls("tornado.netutil.bind_sockets")
def _bind_sockets(machine: Interpreter, call: Call) -> Abstract:
    del machine
    made = Instance(Library("listening sockets"), call.place)
    made.facts["call"] = call
    return made


@calls(f"{SERVER}.add_sockets", f"{SERVER}.add_socket")
def _add_sockets(machine: Interpreter, call: Call) -> Abstract:
    server, sockets = plain_object(call.receiver or Known(None)), plain_object(call.get("sockets", 0) or Known(None))
    if isinstance(server, Instance) and "app" in server.facts:
        bound = sockets.facts.get("call") if isinstance(sockets, Instance) else None
        unknown = Unknown("an address that is not known", Origin(call.place))
        missing = Call([unknown, unknown], {}, call.place)
        _listens(machine, server.facts["app"], bound if isinstance(bound, Call) else missing)
    return Known(None)
