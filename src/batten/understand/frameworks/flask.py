"""A Flask app's evaluated state as the subjects that rules read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import UNSET, Evidence, Location, State, Value
from batten.understand import request_facts, serving
from batten.understand.code_facts import is_exempt, keys_of
from batten.understand.committed import uncommitted
from batten.understand.evaluate.objects import (
    ABSENT,
    Instance,
    Known,
    Mapping,
    Sequence,
)
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks import answered, flask_guards, parts
from batten.understand.frameworks.panels import panels
from batten.understand.frameworks.parts import belongs
from batten.understand.frameworks.settings import Settings
from batten.understand.subjects import App, Cookie, CsrfGuard, NoEffect, SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

KEYS = {
    "SECRET_KEY": "the session cookie and everything else that the app signs",
    "JWT_SECRET_KEY": "the app's access tokens",
    "WTF_CSRF_SECRET_KEY": "the CSRF tokens",
    "SECURITY_PASSWORD_SALT": "tokens of Flask-Security",
}


def _settings(program: Program, made: Instance) -> Settings:
    config = made.cells.get("config")
    return Settings(
        program, made, config if isinstance(config, Mapping) else Mapping(), defaults=made.facts.get("defaults", {})
    )


def app(program: Program, made: Instance) -> App:
    """Return an app object and all that was seen of it as the subject of rules."""
    settings = _settings(program, made)
    machine = program.machine
    seen = request_facts.see(program, made)
    values = settings.written()
    servers = serving.servers(program, made, settings.at, flask_guards.debug(settings))
    extensions = parts.extensions(machine, made)
    headers = request_facts.headers(program, made, seen, settings.at)
    values.update(_forced(machine, made))
    values.update(serving.settings_of(servers, program, made))
    for found in headers:
        values.update({f"header.{name}": value for name, value in found.display.items()})
    cors = request_facts.cors(program, made, seen)
    for policy in cors[:1]:
        values["cors.allow_origin"] = request_facts.answer_to_strangers(policy)
        values["cors.allow_credentials"] = policy.credentials
    logs_in = bool(seen.session) or "flask_login.LoginManager" in extensions
    key = settings("SECRET_KEY")
    # A key that every start makes anew is there for an extension that asks for one: no login outlives it.
    may_log_in = logs_in or not (key.default or (key.state is State.RUNTIME and "random" in key.why))
    return App(
        name=parts.name(made),
        framework=made.facts["framework"],
        root=program.unit.cwd,
        unit=program.unit,
        at=settings.at,
        settings=values,
        servers=servers,
        keys=_keys(settings, seen),
        cookies=(*_cookies(machine, made, settings, values, extensions, uses=may_log_in), *seen.cookies),
        cors=cors,
        csrf=_csrf(machine, made, settings),
        headers=tuple(found.subject for found in headers),
        errors=tuple(seen.errors),
        credentials=parts.credentials(values),
        templates=tuple(seen.templates),
        clients=tuple(seen.clients),
        tokens=tuple(seen.tokens),
        no_effect=_no_effect(machine, settings),
        tools=parts.tools(machine, settings.at),
        hosts=flask_guards.hosts(settings),
        host_links=flask_guards.links(settings, made),
        panels=panels(machine, made, flask_guards.asks(machine, made, settings)),
        passwords=flask_guards.policies(settings, made),
        body_limits=flask_guards.body_limits(settings),
        extensions=extensions,
        routes=request_facts.routes(machine, made),
        handles_errors=seen.handles_errors,
        changes_state=known_value(request_facts.takes_forms(machine, made), settings.at, "routes take forms"),
        form_tokens=known_value(_form_tokens(machine), settings.at, "forms carry tokens"),
        debug_variable=_debug_variable(machine, settings.at),
        uncommitted=uncommitted(machine.world.sources),
        uses_session=known_value(logs_in, settings.at, "the app uses sessions"),
    )


def _forced(machine: Interpreter, made: Instance) -> dict[str, Value]:
    """Return cookie settings that an extension forces on every response (Talisman)."""
    forced: dict[str, Value] = {}
    names = {
        "session_secure": "SESSION_COOKIE_SECURE",
        "session_httponly": "SESSION_COOKIE_HTTPONLY",
        "session_samesite": "SESSION_COOKIE_SAMESITE",
    }
    for fact in machine.record:
        if fact[0] != "headers" or not belongs(fact, 1, made):
            continue
        for key, name in names.items():
            held = fact[4].get(key)
            if held is not None:
                at = locate(fact[3])
                value = value_of(machine, held, name, at)
                trace = (Evidence(at, f"Talisman sets {name} to", str(value)),) if at else ()
                forced[name] = replace(value, at=at, evidence=trace, default=False, plain=False)
    return forced


def _keys(settings: Settings, seen: request_facts.Seen) -> tuple[SigningKey, ...]:
    keys = [
        SigningKey(name, settings(name).hidden(), signs)
        for name, signs in KEYS.items()
        if name in settings.cells and not settings(name).default
    ]
    fallbacks = settings.cells.get("SECRET_KEY_FALLBACKS")
    if isinstance(fallbacks, Sequence):
        for item in fallbacks.items or ():
            value = value_of(settings.machine, item, "SECRET_KEY_FALLBACKS", settings.at).hidden()
            keys.append(SigningKey("SECRET_KEY_FALLBACKS", value, KEYS["SECRET_KEY"]))
    keys += keys_of(seen.tokens)
    told = [key.value.value for key in keys]
    keys += [key for key in answered.keys(settings.machine) if key.value.value not in told]
    return tuple(keys)


def _cookies(
    machine: Interpreter,
    made: Instance,
    settings: Settings,
    values: dict[str, Value],
    extensions: dict[str, Location],
    *,
    uses: bool,
) -> tuple[Cookie, ...]:
    def setting(name: str, default: object) -> Value:
        return values[name] if name in values else settings(name, default)

    name = settings("SESSION_COOKIE_NAME")
    cookies = [
        Cookie(
            role="session",
            name=str(name.value) if name.state is State.KNOWN else "session",
            secure=setting("SESSION_COOKIE_SECURE", default=False),
            httponly=setting("SESSION_COOKIE_HTTPONLY", default=True),
            samesite=setting("SESSION_COOKIE_SAMESITE", None),
            at=settings.at,
            settings={
                "secure": "SESSION_COOKIE_SECURE",
                "httponly": "SESSION_COOKIE_HTTPONLY",
                "samesite": "SESSION_COOKIE_SAMESITE",
            },
            used=uses,
        )
    ]
    if any(fact[0] == "login" and belongs(fact, 1, made) for fact in machine.record):
        cookies.append(
            Cookie(
                role="remember",
                name="remember_token",
                secure=setting("REMEMBER_COOKIE_SECURE", default=False),
                httponly=setting("REMEMBER_COOKIE_HTTPONLY", default=True),
                samesite=setting("REMEMBER_COOKIE_SAMESITE", None),
                at=extensions.get("flask_login.LoginManager", settings.at),
                settings={
                    "secure": "REMEMBER_COOKIE_SECURE",
                    "httponly": "REMEMBER_COOKIE_HTTPONLY",
                    "samesite": "REMEMBER_COOKIE_SAMESITE",
                },
                used=_remembers(machine),
            )
        )
    if "flask_seasurf.SeaSurf" in extensions:
        cookies.append(
            Cookie(
                role="csrf",
                name="_csrf_token",
                secure=setting("CSRF_COOKIE_SECURE", default=False),
                httponly=setting("CSRF_COOKIE_HTTPONLY", default=False),
                samesite=setting("CSRF_COOKIE_SAMESITE", "Lax"),
                at=extensions["flask_seasurf.SeaSurf"],
                settings={
                    "secure": "CSRF_COOKIE_SECURE",
                    "httponly": "CSRF_COOKIE_HTTPONLY",
                    "samesite": "CSRF_COOKIE_SAMESITE",
                },
            )
        )
    cookies += _token_cookies(machine, made, settings, setting)
    return tuple(cookies)


def _remembers(machine: Interpreter) -> bool:
    """Return whether some call of `login_user` asks for a remember-me cookie."""
    return any(
        fact[0] == "call" and fact[1].endswith("login_user") and ("remember" in fact[2].kwargs or len(fact[2].args) > 1)
        for fact in machine.record
    ) or any(
        "remember=" in (machine.world.sources.read(path) or "")
        for path in sorted(machine.world.used)
        if path.endswith(".py")
    )


def _token_cookies(
    machine: Interpreter, made: Instance, settings: Settings, setting: Callable[..., Value] | None = None
) -> list[Cookie]:
    setting = setting or settings
    if not any(fact[0] == "jwt" and belongs(fact, 1, made) for fact in machine.record):
        return []
    places = settings("JWT_TOKEN_LOCATION", ("headers",))
    if not any(
        "cookies" in (case.value if isinstance(case.value, list | tuple) else (case.value,)) for case in places.cases()
    ):
        return []
    return [
        Cookie(
            role="session",
            name="access_token_cookie",
            secure=setting("JWT_COOKIE_SECURE", default=False),
            httponly=known_value(value=True, at=settings.at, says="Flask-JWT-Extended sets HttpOnly"),
            samesite=setting("JWT_COOKIE_SAMESITE", None),
            at=settings.at,
            settings={"secure": "JWT_COOKIE_SECURE", "samesite": "JWT_COOKIE_SAMESITE"},
        )
    ]


def _csrf(machine: Interpreter, made: Instance, settings: Settings) -> tuple[CsrfGuard, ...]:
    guards = []
    exempt = tuple(
        (str(fact[1]), at) for fact in machine.record if is_exempt(fact) and (at := locate(fact[2])) is not None
    )
    for fact in machine.record:
        if fact[0] == "csrf" and belongs(fact, 1, made):
            name = fact[2].get("setting", "WTF_CSRF_ENABLED")
            guards.append(
                CsrfGuard(
                    enabled=(
                        value_of(machine, fact[2]["enabled"], name, locate(fact[3]) or settings.at)
                        if "enabled" in fact[2]
                        else settings(name, default=True)
                    ),
                    at=locate(fact[3]) or settings.at,
                    exempt=exempt,
                    check_default=UNSET if "enabled" in fact[2] else settings("WTF_CSRF_CHECK_DEFAULT", default=True),
                    setting=name,
                )
            )
    if not guards and "WTF_CSRF_ENABLED" in settings.cells:
        enabled = settings("WTF_CSRF_ENABLED", default=True)
        guards.append(CsrfGuard(enabled=enabled, at=enabled.at or settings.at))
    if _token_cookies(machine, made, settings):
        guards += flask_guards.of_tokens(settings)
    return tuple(guards)


def _no_effect(machine: Interpreter, settings: Settings) -> tuple[NoEffect, ...]:
    found = []
    for fact in machine.record:
        if fact[0] == "attribute" and fact[1] is settings.config and str(fact[2]).isupper():
            at = locate(fact[4])
            if at is not None:
                name = str(fact[2])
                says = f"app.config.{name} = … sets an attribute, not the setting {name}"
                found.append(NoEffect(says, at, f'app.config["{name}"] = …', name))
    found += [*_old_stage(machine, settings), *flask_guards.ignored_hosts(settings)]
    return tuple(found)


def _old_stage(machine: Interpreter, settings: Settings) -> list[NoEffect]:
    """FLASK_ENV and the setting ENV are ignored since Flask 2.3."""
    if settings.app.facts["framework"] != "flask" or not machine.world.at_least("flask", 2, 3):
        return []
    found = []
    held = machine.environ.cells.get("FLASK_ENV")
    if isinstance(held, Known) and isinstance(held.origin.home, Location):
        says = f"FLASK_ENV={held.value} is ignored since Flask 2.3"
        found.append(NoEffect(says, held.origin.home, "FLASK_DEBUG", "FLASK_ENV"))
    if "ENV" in settings.cells and settings.defaults.get("ENV") is not settings.cells["ENV"]:
        value = settings("ENV")
        if value.at is not None and value.state is State.KNOWN:
            says = f"the setting ENV ({value}) is ignored since Flask 2.3"
            found.append(NoEffect(says, value.at, "FLASK_DEBUG, or a setting of your own", "ENV", value.evidence))
    return found


def _form_tokens(machine: Interpreter) -> bool:
    """Return whether anything that was read speaks of CSRF or of Flask-WTF's forms."""
    return any(
        word in (machine.world.sources.read(path) or "")
        for path in sorted(machine.world.used)
        if path.endswith(".py")
        for word in ("csrf", "CSRF", "FlaskForm", "flask_wtf", "xsrf")
    )


def _debug_variable(machine: Interpreter, at: Location) -> Value:
    held = machine.environ.cells.get("FLASK_DEBUG", ABSENT)
    return UNSET if held is ABSENT else value_of(machine, held, "FLASK_DEBUG", at)
