"""A Litestar app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.model import State, Value
from batten.understand import request_facts, requests
from batten.understand.evaluate.containers import by_class
from batten.understand.evaluate.objects import Abstract, Instance, Known, Library, Mapping, Sequence, plain_object
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import assembly
from batten.understand.libraries.litestar import told
from batten.understand.subjects import BodyLimit, Cookie, CorsPolicy, CsrfGuard, HostCheck, Panel

if TYPE_CHECKING:
    from batten.model import Location
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.settings import Settings
    from batten.understand.subjects import App, ErrorAnswer

_NONE: dict[str, Any] = {"secure": False, "httponly": True, "samesite": "lax"}
"""Flags of a session cookie that nobody set (`BaseBackendConfig`, `JWTCookieAuth`)."""


def app(program: Program, made: Instance) -> App:
    """Return a Litestar app and all that was seen of it as the subject of rules."""
    machine = program.machine
    settings = assembly.settings(program, made)
    values = {
        "litestar.debug": _switch(settings, "debug"),
        "pdb_on_exception": _switch(settings, "pdb_on_exception"),
        "request_max_body_size": settings("request_max_body_size"),
    }
    cookies = _sessions(machine, settings.at)
    own = assembly.Own(
        values,
        debug=values["litestar.debug"],
        cookies=[*cookies, *_csrf_cookie(machine, settings)],
        cors=_cors(machine, settings),
        csrf=_csrf(machine, settings),
        errors=_errors(machine, settings),
        hosts=_hosts(machine, settings),
        panels=_panels(machine, settings),
        body_limits=[BodyLimit(values["request_max_body_size"], settings.at, "request_max_body_size")],
        uses_session=known_value(bool(cookies), settings.at, "the app has sessions"),
    )
    return assembly.app(program, made, settings.at, own)


def _errors(machine: Interpreter, settings: Settings) -> list[ErrorAnswer]:
    """Return what the app's handlers of every error answer (`exception_handlers={Exception: handler}`)."""
    held = plain_object(settings.cells.get("exception_handlers", Known(None)))
    given = held if isinstance(held, Mapping) else Mapping()
    entries = [*by_class(given), *((Known(key), one) for key, one in given.cells.items())]
    visitor = requests.Visitor(machine)
    found = request_facts.Seen()
    for subject, function in entries:
        if requests.handled(subject) in {"all", "500"}:
            request = Instance(Library("litestar.Request"))
            answer = visitor.call(function, [request, requests.error_argument("all")])
            request_facts.note_answer(function, answer, found, handler=True)
    return found.errors


def _switch(settings: Settings, name: str) -> Value:
    """Return a switch; one that nobody gave is what its variable says."""
    held = settings.cells.get(name)
    if isinstance(held, Known) and held is settings.defaults.get(name) and not held.origin.pinned:
        return known_value(False, settings.at, f"{name} is not given: the default is", default=True)  # noqa: FBT003 - the value itself
    return settings(name, default=False)


def _part(machine: Interpreter, config: Abstract, name: str, default: object, at: Location) -> Value:
    held = told(config, name)
    if held is None:
        return known_value(default, at, f"{name} is not given: the default is", default=True)
    return value_of(machine, held, name, at)


def _place(config: Abstract, otherwise: Location) -> Location:
    one = plain_object(config)
    return (locate(one.made) if isinstance(one, Instance) else None) or otherwise


def _config(settings: Settings, name: str) -> Abstract | None:
    """Return a configuration object of the app, None where there is none."""
    held = settings.cells.get(name)
    one = plain_object(held) if held is not None else None
    return None if one is None or (isinstance(one, Known) and one.value is None) else one


def _cors(machine: Interpreter, settings: Settings) -> list[CorsPolicy]:
    """Return the policy; to visitors with cookies `*` is answered with their own origin."""
    config = _config(settings, "cors_config")
    if config is None:
        return []
    at = _place(config, settings.at)
    if not isinstance(config, Instance):
        unknown = value_of(machine, config, "cors_config", at)
        return [CorsPolicy(unknown, unknown, at)]
    credentials = _part(machine, config, "allow_credentials", default=False, at=at)
    echoes = any(case.value for case in credentials.cases())
    found = [
        CorsPolicy(_part(machine, config, "allow_origins", ["*"], at), credentials, at, wildcard_echoes=echoes),
    ]
    pattern = told(config, "allow_origin_regex")
    if pattern is not None:
        value = value_of(machine, pattern, "allow_origin_regex", at)
        found.append(CorsPolicy(value, credentials, at, pattern=True, whole=True))
    return found


def _csrf(machine: Interpreter, settings: Settings) -> list[CsrfGuard]:
    config = _config(settings, "csrf_config")
    if config is None:
        return []
    at = _place(config, settings.at)
    on = known_value(value=True, at=at, says="csrf_config is given")
    enabled = on if isinstance(config, Instance) else value_of(machine, config, "csrf_config", at)
    return [CsrfGuard(enabled, at, setting="csrf_config")]


def _csrf_cookie(machine: Interpreter, settings: Settings) -> list[Cookie]:
    config = _config(settings, "csrf_config")
    if not isinstance(config, Instance):
        return []
    at = _place(config, settings.at)
    name = told(config, "cookie_name")
    return [
        Cookie(
            role="csrf",
            name=str(name.value) if isinstance(name, Known) else "csrftoken",
            secure=_part(machine, config, "cookie_secure", default=False, at=at),
            httponly=_part(machine, config, "cookie_httponly", default=False, at=at),
            samesite=_part(machine, config, "cookie_samesite", "lax", at),
            at=at,
            settings={flag: f"cookie_{flag} of CSRFConfig" for flag in _NONE},
        )
    ]


def _hosts(machine: Interpreter, settings: Settings) -> list[HostCheck]:
    held = _config(settings, "allowed_hosts")
    if held is None or (isinstance(held, Sequence) and held.items == ()):
        return []
    listed = told(held, "allowed_hosts") if isinstance(held, Instance) else held
    at = _place(held, settings.at)
    value = known_value(["*"], at, "allowed_hosts is not given: the default is", default=True)
    return [HostCheck(value if listed is None else value_of(machine, listed, "allowed_hosts", at), at, "allowed_hosts")]


def _panels(machine: Interpreter, settings: Settings) -> list[Panel]:
    """Return the OpenAPI documentation, served unless `openapi_config=None`."""
    config = settings.cells["openapi_config"]
    at = _place(config, settings.at)
    if isinstance(config, Known):
        enabled = known_value(False, settings.at, "openapi_config is None")  # noqa: FBT003 - the value itself
        return [
            Panel("openapi", "the OpenAPI documentation", "/schema", enabled, settings.at, setting="openapi_config")
        ]
    is_given = config is not settings.defaults.get("openapi_config")
    says = "openapi_config is given" if is_given else "openapi_config is not given: the default serves it"
    enabled = known_value(True, at, says, default=not is_given)  # noqa: FBT003 - the value itself
    if not isinstance(plain_object(config), Instance):
        enabled = Value(State.UNKNOWN, at=at, why="what openapi_config holds is not known")
    path = _part(machine, config, "path", "/schema", at)
    where = str(path.value) if isinstance(path.value, str) else "/schema"
    return [Panel("openapi", "the OpenAPI documentation", where, enabled, at, setting="openapi_config")]


def _sessions(machine: Interpreter, at: Location) -> list[Cookie]:
    """Return the cookies of session backends, and of JWTs kept in a cookie."""
    found = []
    for _, name, config, call in (fact for fact in machine.record if fact[0] == "session storage"):
        place = locate(call.place) or at
        key = told(config, "key")
        jwt = name == "JWTCookieAuth"
        httponly = known_value(True, place, "it is always HttpOnly")  # noqa: FBT003 - the value itself
        found.append(
            Cookie(
                role="session",
                name=str(key.value) if isinstance(key, Known) else "token" if jwt else "session",
                secure=_part(machine, config, "secure", default=False, at=place),
                httponly=httponly if jwt else _part(machine, config, "httponly", default=True, at=place),
                samesite=_part(machine, config, "samesite", "lax", place),
                at=place,
                settings={flag: f"{flag} of {name}" for flag in _NONE},
            )
        )
    return found
