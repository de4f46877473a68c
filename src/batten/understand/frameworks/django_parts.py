"""Parts of a Django project that its settings name: databases, panels, tools, settings without effect."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from batten.model import UNSET, State, Value
from batten.understand import requests
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Class,
    Function,
    Instance,
    Known,
    Mapping,
    Module,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, locate
from batten.understand.evaluate.outcome import known_value, value_of
from batten.understand.frameworks.django_middleware import FRAMES, POLICIES, SECURITY
from batten.understand.libraries import django as model, django_http, django_urls
from batten.understand.settings_modules import engines, rest_framework
from batten.understand.subjects import Credential, DebugTool, NoEffect, Panel, ProxyTrust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from batten.understand.code_subjects import Throttle
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.frameworks.django_middleware import Middleware
    from batten.understand.frameworks.settings import Settings
    from batten.understand.subjects import TemplateEnvironment


def mapped(value: Value, change: Callable[[Any], Any]) -> Value:
    """Return a value with something else computed from each of its cases."""
    if value.state is State.KNOWN:
        return replace(value, value=change(value.value), plain=False)
    if value.state is State.ONE_OF:
        return replace(value, cases_=tuple(mapped(case, change) for case in value.cases_))
    return value


def names_of_validators(value: object) -> object:
    """Return the dotted names in AUTH_PASSWORD_VALIDATORS."""
    if not isinstance(value, list | tuple):
        return value
    return tuple(str(item.get("NAME", "")) if isinstance(item, dict) else str(item) for item in value)


def installed(settings: Settings, name: str) -> bool:
    """Return whether an app is known to be in INSTALLED_APPS, by its package or its AppConfig."""
    apps = model.texts(settings.cells.get("INSTALLED_APPS", ABSENT))
    return any(one == name or one.startswith(f"{name}.apps.") for one in apps)


def entry(settings: Settings, *path: str) -> Value | None:
    """Return a value inside a setting that holds dicts, None when it is not there."""
    held: Abstract = plain_object(settings.cells.get(path[0], ABSENT))
    for key in path[1:]:
        if not isinstance(held, Mapping) or key not in held.cells:
            return None
        found = held.cells[key]
        held = plain_object(found)
    return value_of(settings.machine, found, path[-1], settings.at)


# Databases


def databases(settings: Settings) -> Iterator[Credential]:
    """Yield user and password of each entry of DATABASES, as a DSN."""
    held = plain_object(settings.cells.get("DATABASES", ABSENT))
    for alias, one in held.cells.items() if isinstance(held, Mapping) else ():
        database = plain_object(one)
        if not isinstance(database, Mapping) or "PASSWORD" not in database.cells:
            continue
        password = value_of(settings.machine, database.cells["PASSWORD"], "PASSWORD", settings.at)
        parts = {key: _text(settings, database.cells.get(key, ABSENT)) for key in ("ENGINE", "USER", "HOST", "NAME")}
        scheme = parts["ENGINE"].rpartition(".")[2] or "db"
        before = f"{scheme}://{quote(parts['USER'], safe='')}:"
        after = f"@{parts['HOST'] or 'localhost'}/{parts['NAME']}"
        dsn = mapped(password, partial(_dsn, before, after))
        yield Credential(f"DATABASES[{alias!r}]", dsn.hidden())


def _dsn(before: str, after: str, password: object) -> str:
    return f"{before}{quote(str(password), safe='')}{after}" if password else ""


def _text(settings: Settings, held: Abstract) -> str:
    plain = settings.machine.data(held) if held is not ABSENT else None
    return str(plain[0]) if plain and isinstance(plain[0], str) else ""


# Templates


def templates(settings: Settings) -> Iterator[TemplateEnvironment]:
    """Yield template engines whose escaping the settings name."""
    yield from engines(settings.machine, settings.cells.get("TEMPLATES", ABSENT), settings.at)


def throttles(settings: Settings) -> Iterator[Throttle]:
    """Yield what Django REST framework limits, where it is set up."""
    held = settings.cells.get("REST_FRAMEWORK")
    found = (
        None if held is None else rest_framework(settings.machine, held, settings("REST_FRAMEWORK").at or settings.at)
    )
    if found is not None:
        yield found


# Views


def functions(view: Abstract) -> Iterator[Abstract]:
    """Yield the functions of the project that answer for a view: itself, or the methods of its class."""
    for choice in each(view):
        inner = plain_object(choice)
        if isinstance(inner, Function):
            yield inner
        elif isinstance(inner, Instance) and isinstance(inner.facts.get("view"), Class):
            cls: Class = inner.facts["view"]
            for base in cls.order:
                if isinstance(base, Class):
                    yield from (held for held in base.cells.values() if isinstance(held, Function))


def targets(view: Abstract) -> Iterator[Abstract]:
    """Yield what a URL pattern names: the function or class of the project, and the classes it inherits from."""
    for choice in each(view):
        inner = plain_object(choice)
        if isinstance(inner, Function):
            yield inner
        elif isinstance(inner, Instance) and isinstance(inner.facts.get("view"), Class):
            yield from inner.facts["view"].order


# Panels and tools

_PANELS: tuple[tuple[str, str, str], ...] = (
    ("django.contrib.admin", "admin", "Django's admin"),
    ("drf_spectacular.", "openapi", "the API's schema (drf-spectacular)"),
    ("drf_yasg", "openapi", "the API's schema (drf-yasg)"),
    ("rest_framework.schemas", "openapi", "the API's schema"),
    ("rest_framework.documentation", "openapi", "the API's documentation"),
    ("rest_framework_swagger", "openapi", "Swagger UI"),
    ("graphene_django", "graphql", "GraphiQL"),
    ("strawberry", "graphql", "GraphiQL"),
    ("ariadne", "graphql", "GraphiQL"),
    ("silk.urls", "panel", "django-silk"),
    ("django_prometheus", "metrics", "Prometheus metrics"),
    ("flower", "panel", "Flower"),
)
_GUARDED = frozenset({"admin"})


def panels(machine: Interpreter, settings: Settings, urls: list[django_urls.Served]) -> Iterator[Panel]:
    """Yield documentation, admins, metrics and panels that a URL pattern serves."""
    told: set[str] = set()
    for url in urls:
        for prefix, kind, what in _PANELS:
            at = locate(url.place)
            if not url.name.startswith(prefix) or at is None or what in told:
                continue
            hops = ((url.place, f"{url.path} serves {what}", None), *url.conditions.hops)
            enabled = value_of(machine, Known(True, Origin(url.place, hops, url.conditions.unset)), what, at)  # noqa: FBT003 - the value itself
            if kind == "graphql":
                enabled = _graphiql(machine, url, enabled)
            told.add(what)
            guarded = known_value(value=True, at=at, says="a login stands before it") if kind in _GUARDED else UNSET
            if kind == "openapi" and _has_permissions(settings, url):
                guarded = Value(State.UNKNOWN, at=at, why="permissions are set for it")
            if url.name == "silk.urls" and settings("SILKY_AUTHENTICATION").is_true():
                guarded = known_value(value=True, at=at, says="SILKY_AUTHENTICATION is on")
            yield Panel(kind, what, url.path, enabled, at, guarded)


def _graphiql(machine: Interpreter, url: django_urls.Served, served: Value) -> Value:
    """`GraphQLView.as_view(graphiql=False)`: graphene-django 3 defaults to off, strawberry to on."""
    view = plain_object(url.view)
    options = view.facts.get("options", {}) if isinstance(view, Instance) else {}
    for name in ("graphiql", "graphql_ide"):
        if name in options:
            return value_of(machine, options[name], name, served.at)
    if url.name.startswith("graphene_django"):
        return known_value(value=False, at=served.at, says="graphiql is not given: the default is", default=True)
    return served


def _has_permissions(settings: Settings, url: django_urls.Served) -> bool:
    view = plain_object(url.view)
    options = view.facts.get("options", {}) if isinstance(view, Instance) else {}
    own = url.name.startswith("drf_spectacular.")  # its SERVE_PERMISSIONS lets everybody in unless it is set (0.28)
    path = ("SPECTACULAR_SETTINGS", "SERVE_PERMISSIONS") if own else ("REST_FRAMEWORK", "DEFAULT_PERMISSION_CLASSES")
    given = {"permission_classes", "authentication_classes"} & set(options)
    return bool(given) or entry(settings, *path) is not None


def tools(middleware: Middleware, settings: Settings, urls: list[django_urls.Served]) -> Iterator[DebugTool]:
    """Yield the debug toolbar and the profiler where production runs them."""
    if middleware.has("debug_toolbar.middleware.DebugToolbarMiddleware"):
        at = settings("MIDDLEWARE").at or settings.at
        yield DebugTool("Django Debug Toolbar", _toolbar_shows(settings), at)
    if middleware.has("silk.middleware.SilkyMiddleware") and any(url.name == "silk.urls" for url in urls):
        at = settings("MIDDLEWARE").at or settings.at
        guard = settings("SILKY_AUTHENTICATION", default=False)
        yield DebugTool("django-silk", mapped(guard, lambda on: not on), at)


def _toolbar_shows(settings: Settings) -> Value:
    """`debug_toolbar.middleware.show_toolbar` (6.0): DEBUG is on and the visitor's address is in INTERNAL_IPS."""
    held = plain_object(settings.cells.get("DEBUG_TOOLBAR_CONFIG", ABSENT))
    callback = held.cells.get("SHOW_TOOLBAR_CALLBACK", ABSENT) if isinstance(held, Mapping) else ABSENT
    at = settings("DEBUG").at
    if callback is ABSENT:
        return known_value(value=False, at=at, says="only visitors from INTERNAL_IPS see it, while DEBUG is on")
    if isinstance(callback, Known) and callback.value == "debug_toolbar.middleware.show_toolbar":
        return known_value(value=False, at=at, says="only visitors from INTERNAL_IPS see it, while DEBUG is on")
    target = _named(settings.machine, callback)
    if not isinstance(target, Function):
        return Value(State.UNKNOWN, at=at, why="SHOW_TOOLBAR_CALLBACK could not be followed")
    answer = requests.Visitor(settings.machine).call(target, [django_http.request()])
    place = locate((target.path, target.node))
    truth = settings.machine.truth(answer) if answer is not None else None
    if truth is None:
        return Value(State.UNKNOWN, at=place, why="SHOW_TOOLBAR_CALLBACK could not be followed")
    return known_value(truth, place, "SHOW_TOOLBAR_CALLBACK answers")


def _named(machine: Interpreter, held: Abstract) -> Abstract:
    """Return what a dotted name in a setting stands for, or the object itself."""
    inner = plain_object(held)
    if isinstance(inner, Known) and isinstance(inner.value, str):
        module_name, _, last = inner.value.rpartition(".")
        module = machine.modules.get(module_name)
        return plain_object(module.cells.get(last, ABSENT)) if isinstance(module, Module) else ABSENT
    return inner


# Proxies


def proxies(settings: Settings) -> Iterator[ProxyTrust]:
    """Yield the forwarded headers that the settings believe."""
    scheme = settings("SECURE_PROXY_SSL_HEADER")
    for case in scheme.cases():
        if case.value and case.at is not None:
            header = str(case.value[0]) if isinstance(case.value, list | tuple) else ""
            name = header.removeprefix("HTTP_").replace("_", "-").lower()
            yield ProxyTrust("SECURE_PROXY_SSL_HEADER", replace(case, value="*"), case.at, (name,), case.evidence)
            break
    for case in settings("USE_X_FORWARDED_HOST").cases():
        if case.value and case.at is not None:
            headers = ("x-forwarded-host",)
            yield ProxyTrust("USE_X_FORWARDED_HOST", replace(case, value="*"), case.at, headers, case.evidence)
            break


# Settings without effect

_NEEDS: dict[str, tuple[str, ...]] = {
    "SECURE_SSL_REDIRECT": (SECURITY,),
    "SECURE_HSTS_SECONDS": (SECURITY,),
    "SECURE_CONTENT_TYPE_NOSNIFF": (SECURITY,),
    "SECURE_REFERRER_POLICY": (SECURITY,),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": (SECURITY,),
    "X_FRAME_OPTIONS": (FRAMES,),
    "CONTENT_SECURITY_POLICY": POLICIES,
    "CSP_DEFAULT_SRC": POLICIES,
    "SECURE_CSP": POLICIES,
}


def no_effect(middleware: Middleware, settings: Settings) -> Iterator[NoEffect]:
    """Yield settings that the middleware which would read them does not."""
    for name, readers in _NEEDS.items():
        value = settings(name)
        if name not in settings.cells or value.default or middleware.has(*readers) is not False:
            continue
        if value.state is State.KNOWN and value.value and value.at is not None:
            reader = readers[0].rpartition(".")[2]
            says = f"{name} does nothing: {reader} is not in MIDDLEWARE"
            yield NoEffect(says, value.at, f"add {readers[0]!r} to MIDDLEWARE", name, value.evidence)
    old = settings("MIDDLEWARE_CLASSES")
    if "MIDDLEWARE_CLASSES" in settings.cells and settings.machine.world.at_least("django", 2) and old.at is not None:
        says = "MIDDLEWARE_CLASSES is ignored since Django 2.0"
        yield NoEffect(says, old.at, "MIDDLEWARE", "MIDDLEWARE_CLASSES", old.evidence)
