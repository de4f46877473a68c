"""Middleware that comes with Starlette, and what wraps an app by hand.

Facts from Starlette 1.10 `starlette.middleware`. A piece is given to an app
(`app.add_middleware(cls, …)`) or made around it (`app = cls(app, …)`); both
are kept as an entry of the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call, calls, inits
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Unknown, plain_object

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CORS = "starlette.middleware.cors.CORSMiddleware"
HOSTS = "starlette.middleware.trustedhost.TrustedHostMiddleware"
HTTPS = "starlette.middleware.httpsredirect.HTTPSRedirectMiddleware"
SESSIONS = "starlette.middleware.sessions.SessionMiddleware"
GZIP = "starlette.middleware.gzip.GZipMiddleware"
_AROUND = (CORS, HOSTS, HTTPS, SESSIONS, GZIP)

ALIASES.update(
    {
        "fastapi.middleware.Middleware": "starlette.middleware.Middleware",
        **{name.replace("starlette.", "fastapi.", 1): name for name in _AROUND},
    }
)


def around(name: str) -> None:
    """Register a middleware class whose object may stand around an app."""

    def init(machine: Interpreter, instance: Instance, call: Call) -> None:
        from batten.understand.libraries.extension import served_app  # noqa: PLC0415 - used rarely
        from batten.understand.libraries.starlette_entries import Entry, register  # noqa: PLC0415 - XX

        app = plain_object(served_app(call.get("app", 0)))
        instance.facts["app"] = app
        machine.put(instance.cells, "app", call.get("app", 0) or Known(None))
        kwargs = {key: held for key, held in call.kwargs.items() if key != "app"}
        options = Call(call.args[1:], kwargs, call.place, node=call.node, frame=call.frame, open=call.open)
        if isinstance(app, Instance):
            register(machine, app, Entry("middleware", call, cls=Library(name), options=options))

    INITS[name] = init
    CALLS[f"{name}.__call__"] = _hand_on


def _hand_on(machine: Interpreter, call: Call) -> Abstract:
    """`await super().__call__(scope, receive, send)`: a visitor gets through."""
    owner = plain_object(call.receiver or Known(None))
    app = owner.cells.get("app") if isinstance(owner, Instance) else None
    return machine.call(app, Call(call.args, call.kwargs, call.place)) if app is not None else Known(None)


for _name in _AROUND:
    around(_name)


# Logins


AUTHENTICATION = "starlette.middleware.authentication.AuthenticationMiddleware"


@inits(AUTHENTICATION)
def _authentication(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`AuthenticationMiddleware(app, backend, on_error)`."""
    for index, name in enumerate(("app", "backend", "on_error")):
        held = call.get(name, index)
        if held is not None:
            machine.put(instance.cells, name, held)


@calls(f"{AUTHENTICATION}.__call__")
def _authenticated(machine: Interpreter, call: Call) -> Abstract:
    """Ask the backend who the visitor is; whoever it does not know gets through unless it raises."""
    owner = plain_object(call.receiver or Known(None))
    backend = owner.cells.get("backend") if isinstance(owner, Instance) else None
    if backend is None:
        return Unknown("a login that is not known")
    try:
        ask = machine.get_attribute(backend, "authenticate", call.place)
        machine.call(ask, Call([Instance(Library("starlette.requests.HTTPConnection"))], {}, call.place))
    except ThrownError:
        return Known(None)
    return _hand_on(machine, call)
