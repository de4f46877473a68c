"""What is installed on aiohttp apps: sessions, CORS, the debug toolbar.

Facts from aiohttp-session 2.12.1, aiohttp-cors 0.8.1 and aiohttp-debugtoolbar 0.6.1. A session cookie
is HttpOnly, and neither Secure nor SameSite unless told. CORS answers with the request's own
origin, also for `*`. The toolbar's tracebacks hold a console; it looks at the address that the
connection comes from, which is the proxy's where there is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.understand.evaluate.library import ALIASES, CALLS, Call, calls, inits
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Mapping, Unknown, plain_object
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries import webapp
from batten.understand.libraries.extension import as_bool, given, is_none, runtime

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_STORAGES = {
    "aiohttp_session.SimpleCookieStorage": "",
    "aiohttp_session.cookie_storage.EncryptedCookieStorage": "secret_key",
    "aiohttp_session.nacl_storage.NaClCookieStorage": "secret_key",
    "aiohttp_session.redis_storage.RedisStorage": "",
    "aiohttp_session.memcached_storage.MemcachedStorage": "",
}
"""Storage to the argument that holds its key."""
ALIASES.update({f"aiohttp_session.{name.rpartition('.')[2]}": name for name in _STORAGES if name.count(".") > 1})
runtime(
    "cryptography.fernet.Fernet.generate_key",
    "nacl.utils.random",
    why="a random key, another one with each start",
    of="bytes",
)


@inits(*_STORAGES)
def _storage(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    instance.facts["call"] = call


@calls("aiohttp_session.session_middleware")
def _session_middleware(machine: Interpreter, call: Call) -> Abstract:
    storage = plain_object(call.get("storage", 0) or Known(None))
    made = storage.facts.get("call") if isinstance(storage, Instance) else None
    if isinstance(storage, Instance) and isinstance(made, Call):
        name = storage.library.rpartition(".")[2]
        key = given(made, argument, 0, None) if (argument := _STORAGES[storage.library]) else None
        one = plain_object(key) if key is not None else None
        if isinstance(one, Instance) and isinstance(one.facts.get("args"), Call):
            key = one.facts["args"].get("key", 0)  # a Fernet made of it
        flags = {flag: made.kwargs.get(flag) for flag in ("cookie_name", "secure", "httponly", "samesite", "max_age")}
        webapp.note_key(machine, f"the key of {name}", key, made.place, "the session cookie")
        machine.record.append(("session storage", name, flags, made))
    return Instance(Library("aiohttp_session.middleware"), call.place)


@calls("aiohttp_session.setup")
def _setup_session(machine: Interpreter, call: Call) -> Abstract:
    return _session_middleware(machine, Call(call.args[1:], call.kwargs, call.place, node=call.node, open=call.open))


@calls("aiohttp_session.get_session", "aiohttp_session.new_session")
def _get_session(machine: Interpreter, call: Call) -> Abstract:
    machine.record.append(("session", call.place))
    return Unknown("what a visitor's session holds", Origin(call.place), kind="runtime")


# CORS


@inits("aiohttp_cors.ResourceOptions")
def _options(machine: Interpreter, instance: Instance, call: Call) -> None:
    credentials = given(call, "allow_credentials", None, otherwise=False)
    instance.facts["credentials"] = as_bool(machine, credentials, call.place)


def _policies(machine: Interpreter, app: Abstract | None, told: Abstract | None, call: Call) -> None:
    """Note a policy for each origin of a configuration."""
    one = plain_object(told) if told is not None else None
    for origin, held in one.cells.items() if isinstance(one, Mapping) else ():
        options = plain_object(held)
        credentials: Abstract = Known(value=False)
        if isinstance(options, Mapping):
            credentials = as_bool(machine, options.cells.get("allow_credentials", credentials), call.place)
        elif isinstance(options, Instance):
            credentials = options.facts.get("credentials", Unknown("options that are not known"))
        origins = Known(origin, Origin(call.place))
        facts = {"origins": origins, "credentials": credentials, "pattern": False, "echo": True, "paths": ""}
        machine.record.append(("cors", app, facts, call.place))


@calls("aiohttp_cors.setup")
def _setup_cors(machine: Interpreter, call: Call) -> Abstract:
    """Return the configuration; it counts for the routes that are added to it."""
    del machine
    made = Instance(Library("aiohttp_cors.CorsConfig"), call.place)
    made.facts.update(app=call.get("app", 0), defaults=call.kwargs.get("defaults"), call=call)
    return made


@calls("aiohttp_cors.CorsConfig.add")
def _add(machine: Interpreter, call: Call) -> Abstract:
    config = plain_object(call.receiver or Known(None))
    if isinstance(config, Instance) and "call" in config.facts:
        if not config.facts.get("told"):
            config.facts["told"] = True
            _policies(machine, config.facts["app"], config.facts["defaults"], config.facts["call"])
        _policies(machine, config.facts["app"], call.get("config", 1), call)
    return call.get("routing_entity", 0) or Known(None)


# The toolbar


@calls("aiohttp_debugtoolbar.setup")
def _toolbar(machine: Interpreter, call: Call) -> Abstract:
    """Note the toolbar; its console answers everybody only where the look at the address is off or widened."""
    enabled = as_bool(machine, given(call, "enabled", None, otherwise=True), call.place)
    evaluates = given(call, "intercept_exc", None, "debug")
    console = isinstance(evaluates, Known) and evaluates.value == "debug"
    wide = machine.truth(given(call, "check_host", None, otherwise=True)) is False or not is_none(
        call.kwargs.get("hosts")
    )
    what = "aiohttp-debugtoolbar" if wide else "aiohttp-debugtoolbar (to 127.0.0.1, which a proxy on the host is too)"
    machine.record.append(("tool", what, enabled, call.place, console and wide))
    return Known(None)


CALLS["aiohttp_debugtoolbar.middleware"] = lambda _machine, _call: Known(None)
