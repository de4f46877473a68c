"""Sockets and servers that code opens by itself: `socket`, `socketserver`, `http.server`, `asyncio`, `logging.config`.

Facts from CPython 3.11: an empty host (and None, for `asyncio`) is every address
of the machine. `logging.config.listen` listens on localhost, and what it is
sent may name any callable (`logging.config` docs, Security considerations).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.code_facts import use
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, METHODS, Call, calls
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

EVERYWHERE = ""
SOCKET = "socket.socket"
ALIASES["socket.SocketType"] = SOCKET
_INTERNET = 2
"""Parts of an address that has a host."""


def _at(machine: Interpreter, function: str, call: Call, address: Abstract | None) -> None:
    """Note an address `(host, port)`; the name of a Unix socket is none."""
    target = plain_object(address) if address is not None else None
    items = target.items if isinstance(target, Sequence) else None
    if items is not None and len(items) >= _INTERNET:
        owner = plain_object(call.receiver) if call.receiver is not None else None
        made = owner.made if isinstance(owner, Instance) else None
        use(machine, "listener", function, call.place, host=items[0], port=items[1], made=made)


INITS[SOCKET] = lambda _machine, _instance, _call: None


@calls("socket.create_connection", f"{SOCKET}.accept")
def _connection(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Unknown("a connection", Origin(call.place), kind="runtime")


@calls(f"{SOCKET}.bind")
def _bind(machine: Interpreter, call: Call) -> Abstract:
    _at(machine, f"{SOCKET}.bind", call, call.get("address", 0))
    return Known(None)


@calls("socket.create_server")
def _create_server(machine: Interpreter, call: Call) -> Abstract:
    _at(machine, "socket.create_server", call, call.get("address", 0))
    return Instance(Library(SOCKET), call.place, Origin(call.place))


def _enter(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return call.receiver or Known(None)


CALLS[f"{SOCKET}.__enter__"] = _enter


def _server(name: str, parameter: str) -> Callable[[Interpreter, Instance, Call], None]:
    def made(machine: Interpreter, instance: Instance, call: Call) -> None:
        del instance
        _at(machine, name, call, call.get(parameter, 0))

    return made


for _name in (
    "socketserver.TCPServer socketserver.UDPServer socketserver.ThreadingTCPServer socketserver.ThreadingUDPServer "
    "socketserver.ForkingTCPServer http.server.HTTPServer http.server.ThreadingHTTPServer"
).split():
    INITS[_name] = _server(_name, "server_address")
    CALLS[f"{_name}.__enter__"] = _enter
for _name in ("xmlrpc.server.SimpleXMLRPCServer", "xmlrpc.server.DocXMLRPCServer"):
    INITS[_name] = _server(_name, "addr")
    CALLS[f"{_name}.__enter__"] = _enter


def _of_host(function: str, host: int, port: int) -> Callable[[Interpreter, Call], Abstract]:
    """Return the model of a function with `host` and `port` of its own; no host is every address."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        given = call.get("host", host)
        number = call.get("port", port)
        if not call.open and number is not None and call.kwargs.get("sock") is None:
            everywhere = given is None or (isinstance(given, Known) and given.value is None)
            origin = given.origin if isinstance(given, Known) and given is not None else Origin(call.place)
            use(
                machine,
                "listener",
                function,
                call.place,
                host=Known(EVERYWHERE, origin) if everywhere else given,
                port=number,
            )
        return Unknown("a server", Origin(call.place), kind="runtime")

    return model


CALLS["asyncio.start_server"] = _of_host("asyncio.start_server", 1, 2)
CALLS["websockets.serve"] = _of_host("websockets.serve", 1, 2)


def _loop(machine: Interpreter, call: Call) -> Abstract:
    del machine
    return Instance(Library("asyncio.AbstractEventLoop"), call.place, Origin(call.place))


create_server = _of_host("asyncio.loop.create_server", 1, 2)
# Where aiohttp is used, its own model of the loop knows more, whichever is loaded first.
CALLS.setdefault("asyncio.AbstractEventLoop.create_server", create_server)
for _name in ("asyncio.get_event_loop", "asyncio.get_running_loop", "asyncio.new_event_loop"):
    CALLS.setdefault(_name, _loop)


def _run(machine: Interpreter, call: Call, dotted: str) -> None:
    """`app.run(host="0.0.0.0")` of an app that was not read: the address says what is meant."""
    host = call.kwargs.get("host") or (call.args[0] if call.args else None)
    if not dotted and isinstance(host, Known) and host.value in ("0.0.0.0", "::"):  # noqa: S104 - looked for
        use(machine, "listener", "run", call.place, host=host, port=call.get("port", 1))


METHODS["run"] = _run


@calls("logging.config.listen")
def _listen(machine: Interpreter, call: Call) -> Abstract:
    """`listen(port=9030, verify=None)`."""
    held = call.get("verify", 1) or Known(None, Origin(call.place))
    if not call.open:
        use(machine, "config listener", "logging.config.listen", call.place, verify=held)
    return Unknown("a thread", Origin(call.place), kind="runtime")
