"""Middleware that comes with Starlette, and what wraps an app by hand.

Facts from Starlette 1.10 `starlette.middleware`. A piece is given to an app
(`app.add_middleware(cls, …)`) or made around it (`app = cls(app, …)`); both
are kept as an entry of the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, INITS, Call
from batten.understand.evaluate.objects import Instance, Library, plain_object

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
        from batten.understand.libraries.starlette import Entry, register  # noqa: PLC0415 - it imports this file

        app = plain_object(served_app(call.get("app", 0)))
        instance.facts["app"] = app
        kwargs = {key: held for key, held in call.kwargs.items() if key != "app"}
        options = Call(call.args[1:], kwargs, call.place, node=call.node, frame=call.frame, open=call.open)
        if isinstance(app, Instance):
            register(machine, app, Entry("middleware", call, cls=Library(name), options=options))

    INITS[name] = init


for _name in _AROUND:
    around(_name)
