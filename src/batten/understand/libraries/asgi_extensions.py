"""Libraries around Starlette and FastAPI apps: CSRF tokens, logins, rate limits, a debug toolbar.

Facts from starlette-csrf 3.0, asgi-csrf 0.11, fastapi-csrf-protect 1.0,
fastapi-users 15.0 and fastapi-debug-toolbar 0.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls, inits
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Builtin,
    Function,
    Instance,
    Known,
    Library,
    Sequence,
    plain_object,
)
from batten.understand.libraries.extension import is_none
from batten.understand.libraries.starlette_entries import Entry, register

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

CSRF = "starlette_csrf.CSRFMiddleware"
ASGI_CSRF = "asgi_csrf.asgi_csrf"
PROXY = "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware"
TOOLBAR = "debug_toolbar.middleware.DebugToolbarMiddleware"
ALIASES.update(
    {
        "starlette_csrf.middleware.CSRFMiddleware": CSRF,
        "fastapi_csrf_protect.core.CsrfProtect": "fastapi_csrf_protect.CsrfProtect",
        "fastapi_csrf_protect.flexible.CsrfProtect": "fastapi_csrf_protect.CsrfProtect",
        "fastapi_users.authentication.strategy.JWTStrategy": "fastapi_users.authentication.JWTStrategy",
        "fastapi_users.authentication.strategy.jwt.JWTStrategy": "fastapi_users.authentication.JWTStrategy",
        "fastapi_users.authentication.transport.CookieTransport": "fastapi_users.authentication.CookieTransport",
    }
)


@calls(ASGI_CSRF)
def _asgi_csrf(machine: Interpreter, call: Call) -> Abstract:
    """`app = asgi_csrf(app, signing_secret=…)`."""
    app = call.get("app", 0) or Known(None)
    options = Call(call.args[1:], dict(call.kwargs), call.place, node=call.node, frame=call.frame, open=call.open)
    register(machine, app, Entry("middleware", call, cls=Library(ASGI_CSRF), options=options))
    return app


# fastapi-csrf-protect: settings from a function


@calls("fastapi_csrf_protect.CsrfProtect.load_config")
def _load_config(machine: Interpreter, call: Call) -> Abstract:
    """Read the settings that the decorated function returns: an object with fields, or pairs."""
    function = plain_object(call.args[0]) if call.args else Known(None)
    if isinstance(function, Function):
        held = plain_object(machine.call(function, Call([], {}, (function.path, function.node))))
        fields = dict(held.cells) if isinstance(held, Instance) else _pairs(machine, held)
        flags = {
            "secure": ("cookie_secure", fields.get("cookie_secure"), False),
            "httponly": ("httponly", fields.get("httponly"), True),
            "samesite": ("cookie_samesite", fields.get("cookie_samesite"), "lax"),
        }
        machine.record.append(("library cookie", "csrf", "fastapi-csrf-token", flags, call.place))
        key = fields.get("secret_key", ABSENT)
        if key is not ABSENT and not is_none(key):
            fact = ("signing key", "CsrfProtect secret_key", key, "the CSRF tokens", call.place)
            machine.record.append(fact)
    return call.args[0] if call.args else Known(None)


def _pairs(machine: Interpreter, held: Abstract) -> dict[object, Abstract]:
    found: dict[object, Abstract] = {}
    for pair in (machine.iterate(held) or []) if isinstance(held, Sequence) else []:
        halves = machine.iterate(pair) if isinstance(plain_object(pair), Sequence) else None
        if halves and len(halves) > 1 and isinstance(halves[0], Known):
            found[str(halves[0].value).lower()] = halves[1]
    return found


# fastapi-users


@inits("fastapi_users.authentication.JWTStrategy")
def _jwt_strategy(machine: Interpreter, instance: Instance, call: Call) -> None:
    del instance
    secret = call.get("secret", 0)
    if secret is not None:
        machine.record.append(("signing key", "JWTStrategy secret", secret, "the app's access tokens", call.place))


@inits("fastapi_users.authentication.CookieTransport")
def _cookie_transport(machine: Interpreter, instance: Instance, call: Call) -> None:
    """`CookieTransport(cookie_name, cookie_max_age, cookie_path, cookie_domain, cookie_secure=True, …)`."""
    del instance
    name = call.get("cookie_name", 0)
    flags = {
        "secure": ("cookie_secure", call.get("cookie_secure", 4), True),
        "httponly": ("cookie_httponly", call.get("cookie_httponly", 5), True),
        "samesite": ("cookie_samesite", call.get("cookie_samesite", 6), "lax"),
    }
    shown = str(name.value) if isinstance(name, Known) else "fastapiusersauth"
    machine.record.append(("library cookie", "session", shown, flags, call.place))


# slowapi: decorators that leave a view what it is


def _decorator(machine: Interpreter, call: Call) -> Abstract:
    del machine, call
    return Builtin("decorator", lambda _machine, later: later.args[0] if later.args else Known(None))


@inits("slowapi.Limiter", "slowapi.extension.Limiter")
def _limiter(machine: Interpreter, instance: Instance, call: Call) -> None:
    machine.record.append(("extension", "slowapi.Limiter", None, call.place))
    instance.facts["call"] = call


for _owner in ("slowapi.Limiter", "slowapi.extension.Limiter"):
    for _name in ("limit", "shared_limit"):
        CALLS[f"{_owner}.{_name}"] = _decorator
    CALLS[f"{_owner}.exempt"] = lambda _machine, call: call.args[0] if call.args else Known(None)
CALLS["fastapi_cache.decorator.cache"] = _decorator
