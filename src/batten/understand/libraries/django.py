"""Django 5.2: settings, `wsgi.py`, `asgi.py` and `manage.py`.

Facts from `django.conf` (LazySettings, Settings), `django.core.wsgi`,
`django.core.asgi`, `django.core.management` and `django.apps.registry`; older
defaults where the pinned version asks for them.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.environ import read
from batten.understand.evaluate.library import ALIASES, INITS, Call, calls, inits, value
from batten.understand.evaluate.machine import ExhaustedError, ThrownError
from batten.understand.evaluate.objects import (
    ABSENT,
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Module,
    Sequence,
    Unknown,
    each,
    join,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import django_http, django_models, django_urls
from batten.understand.libraries.django_defaults import defaults

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

VARIABLE = "DJANGO_SETTINGS_MODULE"
LAZY = "django.conf.LazySettings"
HANDLER = "django.core.handlers.wsgi.WSGIHandler"
STEPS = {"apps": 120_000, "middleware": 60_000, "urls": 150_000}
"""Steps that may be spent on what the settings name, by its kind."""
STEPS_OF_ONE_APP = 40_000
SERVING = ("runserver", "runserver_plus", "testserver", "rungunicorn", "run_gunicorn", "runserver_socketio", "daphne")

ALIASES.update(
    {
        "django.core.handlers.asgi.ASGIHandler": HANDLER,
        "django.core.management.base.execute_from_command_line": "django.core.management.execute_from_command_line",
    }
)


# Settings


def lazy(machine: Interpreter) -> Instance:
    """Return `django.conf.settings`, the same object for the whole program."""
    held = machine.hooks.setdefault("django.conf.settings", [])
    if not held:
        held.append(Instance(Library(LAZY)))
    found: Instance = held[0]
    return found


@value("django.conf.settings")
def _settings(machine: Interpreter, place: Place) -> Abstract:
    del place
    return lazy(machine)


def settings(machine: Interpreter, place: Place) -> Mapping:
    """Return the settings that production has, evaluated when they are first used.

    Raises:
        ThrownError: the settings module raises, or is not there.
    """
    instance = lazy(machine)
    if "mapping" not in instance.facts:
        instance.facts["mapping"] = _unread("the settings are still being read")
        instance.facts["mapping"] = _named(machine, place)
    found: Mapping = instance.facts["mapping"]
    return found


def _named(machine: Interpreter, place: Place) -> Mapping:
    name = read(machine, machine.environ.cells, VARIABLE, None, place)
    found: Mapping | None = None
    for choice in each(name):
        if isinstance(choice, Known) and isinstance(choice.value, str) and choice.value:
            with machine.under(_chosen(choice, choice.value)):
                one = _of_module(machine, machine.import_module(choice.value, place), place)
        else:
            why = getattr(choice, "why", "it is not a name")
            machine.doubt(VARIABLE, f"which settings production has is not known: {why}", place)
            one = _unread(f"{VARIABLE} is not known: {why}")
        found = one if found is None else _either(found, one)
    return found if found is not None else _unread(f"{VARIABLE} is not known")


def _chosen(choice: Known, name: str) -> Origin:
    """Return the condition that every setting depends on: who names the settings module."""
    first = next(iter(choice.origin.hops), None)
    home = first[0] if first is not None else choice.origin.home
    proposed = first is not None and f"sets {VARIABLE}" in first[1]  # by a file that says it may be changed
    why = f", unless {VARIABLE} is set otherwise" if proposed else f", because {VARIABLE} is not set"
    why = why if choice.origin.unset else ""
    hops = ((home, f"the settings are {name}{why}", None),) if home is not None else ()
    return Origin(None, hops, choice.origin.unset)


def _unread(why: str) -> Mapping:
    found = Mapping(of="django settings")
    found.more["rest"] = Unknown(why)
    return found


def _either(first: Mapping, second: Mapping) -> Mapping:
    found = Mapping(of="django settings", origin=first.origin)
    for name in {**first.cells, **second.cells}:
        found.cells[name] = join(first.cells.get(name, ABSENT), second.cells.get(name, ABSENT))
    found.more.update(first.more)
    found.more.update(second.more)
    return found


def _of_module(machine: Interpreter, module: Abstract, place: Place) -> Mapping:
    if not isinstance(module, Module):
        if isinstance(plain_object(module), Instance):
            machine.doubt(VARIABLE, "the program puts an object of its own in the place of the settings module", place)
            return _unread("the settings module is an object that the program makes")
        name = getattr(module, "name", "the settings module")
        machine.doubt(str(name), "the settings module is not in the repository", place)
        return _unread(f"{name} is not in the repository")
    found = standard(machine)
    found.origin = Origin((module.path, None))
    for name, held in module.cells.items():
        if isinstance(name, str) and name.isupper():
            found.cells[name] = _else(held, found.cells.get(name, ABSENT))
    for change in machine.hooks.get("django.settings", ()):
        change(machine, module, found, place)
    for name in ("MEDIA_URL", "STATIC_URL"):
        held = found.cells.get(name, ABSENT)
        if any(isinstance(choice, Known) and isinstance(choice.value, str) for choice in each(held)):
            found.cells[name] = machine.compute(held.origin.home, _rooted, held)
    if "*" in module.cells:
        found.more["rest"] = Unknown(f"{module.path} could not be read completely")
    return found


def _rooted(url: Any) -> Any:  # noqa: ANN401 - plain data
    """`LazySettings._add_script_prefix`, for an app that is served at the root."""
    return url if not isinstance(url, str) or url.startswith(("http://", "https://", "/")) else f"/{url}"


def standard(machine: Interpreter) -> Mapping:
    """Return settings that hold Django's defaults only; a cell that still holds one was set by nobody."""
    found = Mapping(of="django settings")
    for name, default in defaults(machine.world.version("django")).items():
        found.cells[name] = _abstract(default)
    lazy(machine).facts["defaults"] = dict(found.cells)
    return found


def _abstract(data: Any) -> Abstract:  # noqa: ANN401 - plain data
    if isinstance(data, list | tuple):
        return Sequence("list", tuple(_abstract(item) for item in data))
    if isinstance(data, dict):
        return Mapping({key: _abstract(item) for key, item in data.items()})
    return Known(data)


def _else(held: Abstract, default: Abstract) -> Abstract:
    """Return what a setting is when the module may not bind its name."""
    if not any(choice is ABSENT for choice in each(held)):
        return held
    kept = [choice for choice in each(held) if choice is not ABSENT] or [default]
    found = default
    for choice in kept:
        found = join(found, choice)
    return found


@calls(f"{LAZY}.__getattr__")
def _setting(machine: Interpreter, call: Call) -> Abstract:
    """`LazySettings.__getattr__`: read from the settings module, Django's default otherwise."""
    instance, place = lazy(machine), call.place
    name = str(call.args[0].value) if call.args and isinstance(call.args[0], Known) else ""
    if name in ("configure", "configured", "is_overridden", "_setup"):
        return Known("mapping" in instance.facts) if name == "configured" else Library(f"{LAZY}.{name}")
    held = settings(machine, place)
    found = held.cells.get(name, ABSENT)
    kept = [choice for choice in each(found) if choice is not ABSENT]
    if held.open and not kept:
        return Unknown(f"the setting {name} could not be read", Origin(place))
    if not kept:
        if name.isupper() and name in _FURTHER:
            return Unknown(f"Django's default of {name} is not modelled", Origin(place))
        raise ThrownError(("AttributeError", "Exception"), f"'Settings' object has no attribute {name!r}", place)
    result = kept[0]
    for choice in kept[1:]:
        result = join(result, choice)
    return result


_FURTHER = frozenset(
    "ABSOLUTE_URL_OVERRIDES CACHES CACHE_MIDDLEWARE_ALIAS CACHE_MIDDLEWARE_KEY_PREFIX "
    "CACHE_MIDDLEWARE_SECONDS CSRF_FAILURE_VIEW CSRF_HEADER_NAME DATABASE_ROUTERS DATETIME_FORMAT "
    "DATE_FORMAT DEFAULT_AUTO_FIELD DEFAULT_CHARSET DEFAULT_EXCEPTION_REPORTER "
    "DEFAULT_EXCEPTION_REPORTER_FILTER DEFAULT_FROM_EMAIL EMAIL_SUBJECT_PREFIX EMAIL_TIMEOUT "
    "EMAIL_SSL_CERTFILE EMAIL_SSL_KEYFILE FILE_UPLOAD_HANDLERS FILE_UPLOAD_PERMISSIONS "
    "FILE_UPLOAD_TEMP_DIR FIXTURE_DIRS FORCE_SCRIPT_NAME FORM_RENDERER LANGUAGES LANGUAGE_COOKIE_NAME "
    "LANGUAGE_COOKIE_SECURE LOCALE_PATHS LOGGING_CONFIG MESSAGE_STORAGE MIGRATION_MODULES "
    "PASSWORD_RESET_TIMEOUT PREPEND_WWW SERVER_EMAIL SESSION_CACHE_ALIAS SESSION_FILE_PATH "
    "SESSION_SAVE_EVERY_REQUEST SIGNING_BACKEND STATICFILES_FINDERS STORAGES TEST_RUNNER USE_I18N "
    "USE_L10N USE_TZ ROOT_URLCONF MEDIA_URL DEFAULT_FILE_STORAGE STATICFILES_STORAGE".split()
)
"""Settings that Django has, too."""


@calls(f"{LAZY}.configure")
def _configure(machine: Interpreter, call: Call) -> Abstract:
    """`settings.configure(default_settings, **options)`: settings without a module."""
    found = standard(machine)
    found.origin = Origin(call.place)
    for name, held in call.kwargs.items():
        found.cells[name] = held
    if call.open or call.args or "default_settings" in call.kwargs:
        found.more["rest"] = Unknown("settings.configure() is given settings that are not known")
    instance = lazy(machine)
    instance.facts["mapping"] = found
    return Known(None)


# The app


@calls(
    "django.core.wsgi.get_wsgi_application",
    "django.core.asgi.get_asgi_application",
    "django.core.servers.basehttp.get_internal_wsgi_application",
)
def _get_application(machine: Interpreter, call: Call) -> Abstract:
    return application(machine, call.place)


@inits(HANDLER)
def _init_handler(machine: Interpreter, instance: Instance, call: Call) -> None:
    _make(machine, instance, call.place)


def application(machine: Interpreter, place: Place) -> Instance:
    """Return Django's app, its settings and what they name evaluated.

    Raises:
        ThrownError: the settings module raises, or is not there.
    """
    made = Instance(Library(HANDLER), place)
    _make(machine, made, place)
    return made


def _make(machine: Interpreter, made: Instance, place: Place) -> None:
    held = settings(machine, place)
    made.facts.update(
        framework="django",
        routes=[],
        hooks={},
        made=place,
        path=place[0] if isinstance(place, tuple) else "",
        settings=held,
        defaults=lazy(machine).facts.get("defaults", {}),
    )
    machine.record.append(("app", made))
    populate(machine, held)


@calls("django.setup")
def _setup(machine: Interpreter, call: Call) -> Abstract:
    settings(machine, call.place)
    return Known(None)


def populate(machine: Interpreter, held: Mapping) -> None:
    """Evaluate the project's apps, URLs and middleware that the settings name, as far as the budget goes."""
    if machine.hooks.setdefault("django.populated", []):
        return
    machine.hooks["django.populated"].append(held)
    for name in texts(held.cells.get("INSTALLED_APPS", ABSENT)):
        _optional(machine, partial(_app, machine, name), name)
    for name in texts(held.cells.get("MIDDLEWARE", ABSENT)):
        module = name.rpartition(".")[0] or name
        _optional(machine, partial(machine.import_module, module), name, "middleware")
    for name in texts(held.cells.get("ROOT_URLCONF", ABSENT)):
        _optional(machine, partial(machine.import_module, name), name, "urls")


def _app(machine: Interpreter, name: str) -> None:
    """Import an app's package, its `apps` and `models` (`django.apps.registry.Apps.populate`)."""
    package = name if machine.find(name) else name.partition(".apps.")[0]
    if machine.find(package.partition(".")[0]) is None:
        return
    for module in (package, f"{package}.apps", f"{package}.models"):
        if machine.find(module) is not None:
            machine.import_module(module)


def _optional(machine: Interpreter, work: Callable[[], object], what: str, part: str = "apps") -> None:
    """Evaluate what the settings do not depend on; that it raises is told, and no refusal to start."""
    begun, most = machine.steps, machine.most_steps
    left = machine.hooks.setdefault(f"django.left.{part}", [STEPS[part]])
    doubts = dict(machine.unsure)
    most_of_one = STEPS_OF_ONE_APP if part == "apps" else left[0]
    machine.most_steps = begun + max(min(left[0], most_of_one), 0)
    try:
        work()
    except ThrownError as error:
        machine.unsure = doubts
        if machine.find(what.partition(".")[0]) is not None:
            machine.doubt(what, f"importing it raises {error.kinds[0]}: {error.message}", error.place)
    except (ExhaustedError, RecursionError):
        machine.unsure = doubts
        machine.doubt(what, "following it takes more steps than are allowed")
    finally:
        spent = machine.steps - begun
        left[0] -= spent
        machine.most_steps = most + spent


def texts(held: Abstract) -> list[str]:
    """Return the texts that a setting (a text or a list of them) is known to hold."""
    found = []
    for choice in each(held):
        inner = plain_object(choice)
        for item in (inner.items or ()) if isinstance(inner, Sequence) else (inner,):
            found += [one.value for one in each(item) if isinstance(one, Known) and isinstance(one.value, str)]
    return list(dict.fromkeys(found))


# manage.py


@calls("django.core.management.execute_from_command_line")
def manage(machine: Interpreter, call: Call) -> Abstract:
    """Serve, when the unit's command is `runserver` or its like; other commands serve nobody."""
    start = machine.world.unit.start
    if str(start.options.get("command", "")) not in SERVING:
        return Known(None)
    chosen = start.options.get("settings")
    if isinstance(chosen, str):
        at = machine.world.unit.at
        hop = (at, "--settings on the command line", chosen)
        machine.put(machine.environ.cells, VARIABLE, Known(chosen, Origin(at, (hop,), pinned=True)))
    application(machine, call.place)
    return Known(None)


# What stands around the app


def _wrapper(machine: Interpreter, instance: Instance, call: Call) -> None:
    del machine
    inner = call.get("application", 0) or call.get("app", 0) or Known(None)
    target = plain_object(inner)
    if isinstance(target, Mapping):  # channels: one app for each protocol
        target = plain_object(target.cells.get("http", Known(None)))
    if isinstance(target, Instance):
        instance.facts["app"] = target


for _name in (
    "whitenoise.WhiteNoise",
    "dj_static.Cling",
    "dj_static.MediaCling",
    "static.Cling",
    "channels.routing.ProtocolTypeRouter",
    "sentry_sdk.integrations.wsgi.SentryWsgiMiddleware",
    "sentry_sdk.integrations.asgi.SentryAsgiMiddleware",
    "opentelemetry.instrumentation.wsgi.OpenTelemetryMiddleware",
    "opentelemetry.instrumentation.asgi.OpenTelemetryMiddleware",
    "raven.contrib.django.raven_compat.middleware.wsgi.Sentry",
    "django.contrib.staticfiles.handlers.StaticFilesHandler",
    "django.contrib.staticfiles.handlers.ASGIStaticFilesHandler",
    "newrelic.agent.WSGIApplicationWrapper",
    "newrelic.agent.ASGIApplicationWrapper",
):
    INITS[_name] = _wrapper
__all__ = [
    "application",
    "django_http",
    "django_models",
    "django_urls",
    "lazy",
    "manage",
    "populate",
    "settings",
    "texts",
]
