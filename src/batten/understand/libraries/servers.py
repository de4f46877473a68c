"""Servers that a program starts itself, with the address on which they listen.

Facts from waitress 3.0, gevent 26.9 `gevent.pywsgi`, eventlet 0.41
`eventlet.wsgi`, CPython 3.11 `wsgiref.simple_server`, cheroot 11.1, uvicorn
0.54, hypercorn 0.18 and bjoern 3.2. A server is recorded where it
starts to serve, with the call that holds its address; an address that means
every interface reads `0.0.0.0`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, SETTERS, Call, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Sequence,
    Unknown,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.addresses import EVERYWHERE, split, wide
from batten.understand.libraries.extension import as_bool, default, given, served_app
from batten.understand.libraries.serving import note, trusts

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "gevent.wsgi.WSGIServer": "gevent.pywsgi.WSGIServer",
        "cheroot.wsgi.WSGIServer": "cheroot.wsgi.Server",
        "cherrypy.wsgiserver.CherryPyWSGIServer": "cheroot.wsgi.Server",
        "uvicorn.main.run": "uvicorn.run",
        "uvicorn.config.Config": "uvicorn.Config",
        "uvicorn.server.Server": "uvicorn.Server",
        "hypercorn.Config": "hypercorn.config.Config",
        "hypercorn.trio.serve": "hypercorn.asyncio.serve",
    }
)


def _keep(instance: Instance, call: Call, app: Abstract | None) -> None:
    instance.facts["call"] = call
    instance.facts["app"] = served_app(app)


def _starter(
    kind: str, where: Callable[[Interpreter, Call], tuple[Abstract, Abstract]]
) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of the method that starts a server object made earlier."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        server = plain_object(call.receiver) if call.receiver is not None else None
        if isinstance(server, Instance) and isinstance(server.facts.get("call"), Call):
            made: Call = server.facts["call"]
            host, port = where(machine, made)
            note(machine, kind, server.facts["app"], host, port, made)
        return Known(None)

    return model


def _pair(machine: Interpreter, value: Abstract | None, place: Place) -> tuple[Abstract, Abstract]:
    """Return the host and port of a socket address, or of a socket that listens on one."""
    held = plain_object(value) if value is not None else None
    if isinstance(held, Instance) and "address" in held.facts:
        return held.facts["address"]  # type: ignore[no-any-return]
    if isinstance(held, Known) and isinstance(held.value, int):
        return Known(EVERYWHERE, held.origin), held
    if isinstance(held, Known) and isinstance(held.value, str):
        return split(machine, held, place, otherwise=EVERYWHERE, port=0)
    items = machine.iterate(held) if isinstance(held, Sequence) else None
    if items and len(items) >= 2:  # noqa: PLR2004 - a host and a port
        return wide(items[0]), items[1]
    unknown = Unknown("an address that is not known", Origin(place))
    return unknown, unknown


# waitress


def _waitress_addresses(machine: Interpreter, call: Call) -> list[tuple[Abstract, Abstract]]:
    """Return where waitress listens: `listen`, a socket file, or `host` and `port`."""
    file = call.kwargs.get("unix_socket")
    if file is not None:
        return [(file, Known(None))]
    listen = call.kwargs.get("listen")
    if listen is None:
        host = given(call, "host", None, EVERYWHERE)
        return [(wide(host), given(call, "port", None, 8080))]
    if isinstance(listen, Known) and isinstance(listen.value, str):
        texts: list[Abstract] = [Known(part, listen.origin) for part in listen.value.split()]
    else:
        texts = (machine.iterate(listen) or []) if isinstance(plain_object(listen), Sequence) else [listen]
    found = [split(machine, text, call.place, otherwise=EVERYWHERE, port=8080) for text in texts or ()]
    return found or [(Unknown("an address that is not known"), Unknown("a port that is not known"))]


@calls("waitress.serve")
def _waitress(machine: Interpreter, call: Call) -> Abstract:
    for host, port in _waitress_addresses(machine, call):
        note(machine, "waitress", served_app(call.get("app", 0)), host, port, call)
    trusts(machine, served_app(call.get("app", 0)), "trusted_proxy", call.kwargs.get("trusted_proxy"), call)
    return Known(None)


@inits("waitress.create_server", "waitress.server.create_server")
def _create_server(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    _keep(instance, call, call.get("application", 0))


for _name in ("waitress.create_server", "waitress.server.create_server"):
    CALLS[f"{_name}.run"] = _starter("waitress", lambda machine, call: _waitress_addresses(machine, call)[0])


# gevent, eventlet, wsgiref, cheroot


@inits("gevent.pywsgi.WSGIServer", "cheroot.wsgi.Server")
def _socket_server(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`WSGIServer(listener, application)`, `Server(bind_addr, wsgi_app)`."""
    del machine
    _keep(instance, call, call.get("application", 1) or call.kwargs.get("wsgi_app"))


def _listener(machine: Interpreter, call: Call) -> tuple[Abstract, Abstract]:
    return _pair(machine, call.get("listener", 0) or call.kwargs.get("bind_addr"), call.place)


for _name in ("serve_forever", "start"):
    CALLS[f"gevent.pywsgi.WSGIServer.{_name}"] = _starter("gevent", _listener)
for _name in ("start", "safe_start", "serve"):
    CALLS[f"cheroot.wsgi.Server.{_name}"] = _starter("cheroot", _listener)


@calls("eventlet.listen", "gevent.socket.create_server")
def _listen(machine: Interpreter, call: Call) -> Abstract:
    made = Instance(Library("listening socket"), call.place)
    made.facts["address"] = _pair(machine, call.get("addr", 0), call.place)
    return made


@calls("eventlet.wrap_ssl")
def _wrap(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.get("sock", 0) or Known(None)


@calls("eventlet.wsgi.server")
def _eventlet(machine: Interpreter, call: Call) -> Abstract:
    host, port = _pair(machine, call.get("sock", 0), call.place)
    note(machine, "eventlet", served_app(call.get("site", 1)), host, port, call)
    return Known(None)


@inits("wsgiref.simple_server.make_server")
def _make_server(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    _keep(instance, call, call.get("app", 2))


for _name in ("serve_forever", "handle_request"):
    CALLS[f"wsgiref.simple_server.make_server.{_name}"] = _starter(
        "wsgiref", lambda _machine, call: (wide(given(call, "host", 0, "")), given(call, "port", 1, 0))
    )


# CherryPy's server under a grafted app


def _cherrypy(machine: Interpreter) -> Instance:
    held = machine.hooks.setdefault("cherrypy", [])
    if not held:
        held.append(Instance(Library("cherrypy")))
    return held[0]  # type: ignore[no-any-return]


@calls("cherrypy.config.update")
def _cherrypy_config(machine: Interpreter, call: Call) -> Abstract:
    plain = plain_object(call.args[0]) if call.args else None
    for key, value in getattr(plain, "cells", {}).items():
        if str(key).startswith("server.socket_"):
            machine.put(_cherrypy(machine).cells, str(key).removeprefix("server."), value)
    return Known(None)


def _cherrypy_setting(name: str) -> Callable[[Interpreter, Instance, Abstract, Place], None]:
    def put(machine: Interpreter, owner: Instance, held: Abstract, place: Place) -> None:
        del owner, place
        machine.put(_cherrypy(machine).cells, name, held)

    return put


for _name in ("socket_host", "socket_port"):
    SETTERS[f"cherrypy.server.{_name}"] = _cherrypy_setting(_name)


@calls("cherrypy.tree.graft")
def _graft(machine: Interpreter, call: Call) -> Abstract:
    machine.put(_cherrypy(machine).cells, "app", served_app(call.get("wsgi_callable", 0)))
    return Known(None)


@calls("cherrypy.engine.start", "cherrypy.server.start")
def _cherrypy_start(machine: Interpreter, call: Call) -> Abstract:
    cells = _cherrypy(machine).cells
    if "app" in cells:
        host = cells.get("socket_host", default("127.0.0.1", call.place))
        note(machine, "cheroot", cells["app"], wide(host), cells.get("socket_port", default(8080, call.place)), call)
    return Known(None)


# uvicorn, hypercorn


def _named(machine: Interpreter, value: Abstract | None, call: Call) -> Abstract:
    """Return the app that is given as an object or as `module:attribute`."""
    if not (isinstance(value, Known) and isinstance(value.value, str)):
        return served_app(value)
    module, _, name = value.value.partition(":")
    if machine.find(module.partition(".")[0]) is None:
        return Unknown(f"{value.value} is not in the repository", Origin(call.place))
    found = machine.import_module(module, call.place)
    for part in (name or "app").split("."):
        found = machine.get_attribute(found, part, call.place)
    factory = call.kwargs.get("factory")
    if factory is not None and machine.truth(factory):
        found = machine.call(found, Call([], {}, call.place))
    return served_app(found)


def _note_uvicorn(machine: Interpreter, call: Call) -> None:
    host = given(call, "uds", None, None)
    if isinstance(host, Known) and host.value is None:
        host = given(call, "host", None, "127.0.0.1")
    reload = as_bool(machine, given(call, "reload", None, otherwise=False), call.place)
    app = _named(machine, call.get("app", 0), call)
    note(machine, "uvicorn", app, wide(host), given(call, "port", None, 8000), call, reload=reload)
    if machine.truth(given(call, "proxy_headers", None, otherwise=True)) is not False:
        trusts(machine, app, "forwarded_allow_ips", call.kwargs.get("forwarded_allow_ips"), call)


@inits("uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware")
def _proxy_headers(machine: Interpreter, instance: Instance, call: Call) -> None:
    app = served_app(call.get("app", 0))
    instance.facts["app"] = app
    trusts(machine, app, "ProxyHeadersMiddleware", call.get("trusted_hosts", 1), call)


@calls("uvicorn.run")
def _uvicorn(machine: Interpreter, call: Call) -> Abstract:
    """Serve an app.

    Raises:
        ThrownError: it is given as an object, and a reloader or several workers are asked for.
    """
    _env_file(machine, call)
    app = plain_object(call.get("app", 0) or Known(None))
    workers = call.kwargs.get("workers")
    several = isinstance(workers, Known) and isinstance(workers.value, int) and workers.value > 1
    if isinstance(app, Instance) and (several or machine.truth(given(call, "reload", None, otherwise=False))):
        message = "uvicorn wants the app as an import string where it reloads or starts several workers"
        raise ThrownError(("SystemExit", "BaseException"), message, call.place)
    _note_uvicorn(machine, call)
    return Known(None)


def _env_file(machine: Interpreter, call: Call) -> None:
    """`env_file=` is loaded before the app is imported; it does not stand over the environment."""
    file = call.kwargs.get("env_file")
    if file is None or (isinstance(file, Known) and file.value is None):
        return
    library.load("dotenv")
    machine.call_library("dotenv.load_dotenv", Call([], {"dotenv_path": file}, call.place, node=call.node))


@inits("uvicorn.Config")
def _uvicorn_config(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["config"] = call


@inits("uvicorn.Server")
def _uvicorn_server(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    config = plain_object(call.get("config", 0) or Known(None))
    if isinstance(config, Instance):
        instance.facts["config"] = config.facts.get("config")


@calls("uvicorn.Server.run", "uvicorn.Server.serve")
def _uvicorn_start(machine: Interpreter, call: Call) -> Abstract:
    server = plain_object(call.receiver or Known(None))
    if isinstance(server, Instance) and isinstance(server.facts.get("config"), Call):
        _note_uvicorn(machine, server.facts["config"])
    return Known(None)


INITS["hypercorn.config.Config"] = lambda _machine, _instance, _call: None


@calls("hypercorn.asyncio.serve")
def _hypercorn(machine: Interpreter, call: Call) -> Abstract:
    config = plain_object(call.get("config", 1) or Known(None))
    cells: dict[Any, Abstract] = config.cells if isinstance(config, Instance) else {}
    bind = cells.get("bind", default("127.0.0.1:8000", call.place))
    texts = machine.iterate(bind) if isinstance(plain_object(bind), Sequence) else [bind]
    for text in texts or [Unknown("an address that is not known")]:
        host, port = split(machine, text, call.place, otherwise=EVERYWHERE, port=8000)
        note(machine, "hypercorn", served_app(call.get("app", 0)), host, port, call)
    return Known(None)


# bjoern, meinheld


@calls("bjoern.run", "bjoern.server_run")
def _bjoern(machine: Interpreter, call: Call) -> Abstract:
    note(
        machine,
        "bjoern",
        served_app(call.get("wsgi_app", 0)),
        wide(given(call, "host", 1, "")),
        given(call, "port", 2, None),
        call,
    )
    return Known(None)


@calls("meinheld.server.listen", "meinheld.listen")
def _meinheld_listen(machine: Interpreter, call: Call) -> Abstract:
    machine.hooks["meinheld"] = [_pair(machine, call.args[0] if call.args else None, call.place)]
    return Known(None)


@calls("meinheld.server.run", "meinheld.run")
def _meinheld(machine: Interpreter, call: Call) -> Abstract:
    unknown = Unknown("an address that is not known", Origin(call.place))
    host, port = (machine.hooks.get("meinheld") or [(unknown, unknown)])[0]
    note(machine, "meinheld", served_app(call.args[0] if call.args else None), host, port, call)
    return Known(None)
