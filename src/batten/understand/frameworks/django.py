"""A Django project's evaluated settings as the subjects that rules read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from batten.model import Location, State, Value
from batten.understand import request_facts, serving
from batten.understand.code_facts import is_exempt, keys_of
from batten.understand.committed import uncommitted
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Function,
    Instance,
    Known,
    Mapping,
    Module,
    Sequence,
    plain_object,
)
from batten.understand.evaluate.origin import locate
from batten.understand.evaluate.outcome import known_value
from batten.understand.frameworks import django_answers, django_middleware, django_parts as parts_of, parts
from batten.understand.frameworks.django_middleware import CSRF, SESSIONS, Middleware
from batten.understand.frameworks.settings import Settings
from batten.understand.libraries import django as model, django_urls
from batten.understand.subjects import App, BodyLimit, Cookie, CsrfGuard, HostCheck, PasswordPolicy, SigningKey

if TYPE_CHECKING:
    from batten.understand.entry import Program
    from batten.understand.evaluate.interpreter import Interpreter

SIGNS = "sessions, password reset links and everything else that the app signs"
ALWAYS = (
    "ALLOWED_HOSTS CSRF_COOKIE_SECURE DEBUG SECRET_KEY SECURE_HSTS_SECONDS SECURE_SSL_REDIRECT SESSION_COOKIE_HTTPONLY "
    "SESSION_COOKIE_SAMESITE SESSION_COOKIE_SECURE"
).split()
"""Settings that are told even where evaluation ended before they were made."""


def app(program: Program, made: Instance) -> App:
    """Return a Django app and all that was seen of it as the subject of rules."""
    machine = program.machine
    settings = _settings(program, made)
    middleware = Middleware(machine, settings)
    urls = _urls(machine, settings)
    _register(machine, made, urls)
    seen = request_facts.see(program, made)
    seen.written = django_middleware.header_writes(middleware)[0]
    values = {**{name: settings(name) for name in ALWAYS}, **settings.written()}
    values["SECRET_KEY"] = _secret_key(settings)
    servers = serving.servers(program, made, settings.at, values["DEBUG"])
    values.update(serving.settings_of(servers, program, made))
    headers, display = django_answers.headers(middleware, settings, pages=_serves_pages(urls, settings))
    values.update({f"header.{name}": value for name, value in display.items()})
    cors = (*django_answers.cors(middleware, settings), *request_facts.cors(program, made, seen))
    for policy in cors[:1]:
        values["cors.allow_origin"] = request_facts.answer_to_strangers(policy)
        values["cors.allow_credentials"] = policy.credentials
    sessions = middleware.has(SESSIONS)
    return App(
        name=_name(machine, made, settings),
        framework="django",
        root=program.unit.cwd,
        unit=program.unit,
        at=settings.at,
        settings=values,
        servers=servers,
        keys=_keys(settings, values["SECRET_KEY"], seen),
        cookies=(*_cookies(settings, middleware), *seen.cookies),
        cors=cors,
        csrf=_csrf(machine, middleware, settings, urls),
        headers=(headers,),
        errors=(*seen.errors, *django_middleware.errors(middleware)),
        credentials=(*parts.credentials(values), *parts_of.databases(settings)),
        templates=(*seen.templates, *parts_of.templates(settings)),
        clients=tuple(seen.clients),
        tokens=tuple(seen.tokens),
        code=tuple(parts_of.throttles(settings)),
        no_effect=tuple(parts_of.no_effect(middleware, settings)),
        tools=(*parts.tools(machine, settings.at), *parts_of.tools(middleware, settings, urls)),
        hosts=(_hosts(settings),),
        panels=tuple(parts_of.panels(machine, settings, urls)),
        proxies=tuple(parts_of.proxies(settings)),
        passwords=_passwords(settings),
        body_limits=_body(settings),
        routes=tuple(dict.fromkeys(url.path for url in urls)),
        handles_errors=known_value(value=True, at=settings.at, says="Django answers errors with a page of its own"),
        changes_state=known_value(request_facts.takes_forms(machine, made), settings.at, "views read forms"),
        form_tokens=known_value(value=True, at=settings.at, says="the middleware guards forms, or csrf/off tells it"),
        uncommitted=uncommitted(machine.world.sources),
        uses_session=(
            known_value(sessions, middleware.at, "the app uses sessions")
            if sessions is not None
            else Value(State.UNKNOWN, at=middleware.at, why="MIDDLEWARE could not be read completely")
        ),
    )


def _settings(program: Program, made: Instance) -> Settings:
    held = made.facts["settings"]
    config = Mapping(dict(held.cells), held.origin, "django settings", dict(held.more))
    for name, later in model.lazy(program.machine).cells.items():
        if isinstance(name, str) and name.isupper():
            config.cells[name] = later  # `settings.DEBUG = True`, written while the app starts
    at = locate(held.origin.home) or locate(made.facts.get("made")) or Location(file=str(made.facts["path"]), line=1)
    return Settings(program, made, config, defaults=made.facts["defaults"], at=at)


def _name(machine: Interpreter, made: Instance, settings: Settings) -> str:
    file = settings.at.file or ""
    module = next((m.name for m in machine.modules.values() if m.path == file), "")
    top = module.partition(".")[0]
    if top and top not in {"settings", "config", "conf"}:
        return top
    parent = (file.rpartition("/")[0] or "").rpartition("/")[2]
    return top or parent or parts.name(made)


def _urls(machine: Interpreter, settings: Settings) -> list[django_urls.Served]:
    found: list[django_urls.Served] = []
    for name in model.texts(settings.cells.get("ROOT_URLCONF", ABSENT)):
        module = machine.modules.get(name)
        if isinstance(module, Module):
            found += django_urls.served(module.cells.get("urlpatterns", ABSENT))
    return found


def _register(machine: Interpreter, made: Instance, urls: list[django_urls.Served]) -> None:
    """Put the views where those of other frameworks are, so that they are followed alike; `handler500` is one, too."""
    routes = made.facts["hooks"].setdefault("route", [])
    if routes:
        return
    for name in model.texts(made.facts["settings"].cells.get("ROOT_URLCONF", ABSENT)):
        module = machine.modules.get(name)
        held = plain_object(module.cells.get("handler500", ABSENT)) if isinstance(module, Module) else ABSENT
        if isinstance(held, Known) and isinstance(held.value, str):
            owner, _, last = held.value.rpartition(".")
            held = _view(machine, owner, last)
        if isinstance(held, Function):
            routes.append((held, _Registered(held.path and (held.path, held.node)), Known("handler500")))
    for url in urls:
        for view in parts_of.functions(url.view):
            routes.append((view, _Registered(url.place), Known(url.path)))


def _view(machine: Interpreter, module: str, name: str) -> Abstract:
    """Return a function of the project by its dotted name."""
    if not module or machine.find(module) is None:
        return ABSENT
    try:
        held = machine.import_module(module)
    except (ThrownError, ExhaustedError, RecursionError):
        return ABSENT
    return plain_object(held.cells.get(name, ABSENT)) if isinstance(held, Module) else ABSENT


class _Registered:
    """Stands for the call that registered a view: Django's URL patterns name no methods."""

    __slots__ = ("kwargs", "node", "place")

    def __init__(self, place: object) -> None:
        self.place = place
        self.node = None
        self.kwargs: dict[str, Abstract] = {}


def _secret_key(settings: Settings) -> Value:
    value = settings("SECRET_KEY")
    if value.state is State.KNOWN and value.value in {"", None, b""}:
        return replace(value, state=State.ERROR, value=None, why="Django refuses to work with an empty SECRET_KEY")
    return value.hidden()


def _keys(settings: Settings, secret: Value, seen: request_facts.Seen) -> tuple[SigningKey, ...]:
    keys = [SigningKey("SECRET_KEY", secret, SIGNS)]
    fallbacks = settings("SECRET_KEY_FALLBACKS")
    if not fallbacks.default:
        keys.append(SigningKey("SECRET_KEY_FALLBACKS", fallbacks.hidden(), SIGNS))
    tokens = parts_of.entry(settings, "SIMPLE_JWT", "SIGNING_KEY")
    if tokens is not None:
        keys.append(SigningKey("SIMPLE_JWT['SIGNING_KEY']", tokens.hidden(), "the app's access tokens"))
    keys += keys_of(seen.tokens)
    return tuple(keys)


def _cookies(settings: Settings, middleware: Middleware) -> tuple[Cookie, ...]:
    def cookie(role: str, prefix: str, *, used: bool, httponly: bool = True) -> Cookie:
        name = settings(f"{prefix}_COOKIE_NAME")
        return Cookie(
            role=role,
            name=str(name.value) if name.state is State.KNOWN else role,
            secure=settings(f"{prefix}_COOKIE_SECURE"),
            httponly=(
                settings(f"{prefix}_COOKIE_HTTPONLY")
                if httponly
                else known_value(value=True, at=settings.at, says="scripts are meant to read it")
            ),
            samesite=settings(f"{prefix}_COOKIE_SAMESITE"),
            at=settings.at,
            settings={flag: f"{prefix}_COOKIE_{flag.upper()}" for flag in ("secure", "httponly", "samesite")},
            used=used,
        )

    found = []
    if middleware.has(SESSIONS):
        found.append(cookie("session", "SESSION", used=True))
    in_sessions = settings("CSRF_USE_SESSIONS")
    if middleware.has(CSRF) and not in_sessions.is_true():
        found.append(cookie("csrf", "CSRF", used=True, httponly=False))
    return tuple(found)


def _csrf(
    machine: Interpreter, middleware: Middleware, settings: Settings, urls: list[django_urls.Served]
) -> tuple[CsrfGuard, ...]:
    if not middleware.has(SESSIONS) and not middleware.has(CSRF):
        return ()
    served = {target for url in urls for target in parts_of.targets(url.view)}
    exempt = tuple(
        dict.fromkeys(
            (str(fact[1]), at)
            for fact in machine.record
            if is_exempt(fact) and (at := locate(fact[2])) is not None and _is_served(fact, served)
        )
    )
    return (
        CsrfGuard(
            enabled=middleware.presence(CSRF),
            at=middleware.at or settings.at,
            exempt=exempt,
            setting="CsrfViewMiddleware in MIDDLEWARE",
            trusted=settings("CSRF_TRUSTED_ORIGINS"),
        ),
    )


def _hosts(settings: Settings) -> HostCheck:
    """Return ALLOWED_HOSTS, at the place that puts a star into it where that is another than the list's."""
    value = settings("ALLOWED_HOSTS")
    held = plain_object(settings.cells.get("ALLOWED_HOSTS", ABSENT))
    for item in (held.items or ()) if isinstance(held, Sequence) else ():
        at = locate(item.origin.home) if isinstance(item, Known) and item.value == "*" else None
        begun = value.at
        if at is None or begun is None or value.state is not State.KNOWN:
            continue
        if at.file != begun.file or not (begun.line or 0) <= (at.line or 0) <= (begun.end_line or begun.line or 0):
            value = replace(value, at=at)
    return HostCheck(value, value.at or settings.at, "ALLOWED_HOSTS")


def _is_served(fact: tuple[object, ...], served: set[Abstract]) -> bool:
    """Return whether an exempt view has a URL; a method counts with its class."""
    target = fact[3] if len(fact) > 3 else None  # noqa: PLR2004 - with the view itself
    owner = getattr(target, "owner", None)
    return not served or target is None or target in served or owner in served


def _passwords(settings: Settings) -> tuple[PasswordPolicy, ...]:
    if not parts_of.installed(settings, "django.contrib.auth"):
        return ()
    validators, hashers = settings("AUTH_PASSWORD_VALIDATORS"), settings("PASSWORD_HASHERS")
    names = parts_of.mapped(validators, parts_of.names_of_validators)
    return (PasswordPolicy(names, hashers, validators.at or settings.at),)


def _body(settings: Settings) -> tuple[BodyLimit, ...]:
    name = "DATA_UPLOAD_MAX_MEMORY_SIZE"
    limit = settings(name)
    return (BodyLimit(limit, limit.at or settings.at, name),)


def _serves_pages(urls: list[django_urls.Served], settings: Settings) -> bool:
    """Return whether the app serves pages: templates are configured, or the admin is."""
    templates = settings("TEMPLATES")
    return bool(urls) and (not templates.default or any("admin" in url.name for url in urls))
