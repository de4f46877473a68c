"""The methods of django-environ's `Env` that make settings of a URL: `db`, `cache`, `email`, `channels`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from batten.understand.evaluate import library
from batten.understand.evaluate.library import CALLS, Call, attribute, calls, value
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Known,
    Library,
    Mapping,
    Unknown,
    each,
    plain_object,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries import (
    django_environ,
    django_environ_file,
    django_environ_path,
    django_environ_urls as urls,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import ParseResult

    from batten.understand.evaluate.interpreter import Interpreter

ENV = "environ.Env"
_NO_CAST = Known(None)


def _schemes(table: dict[str, str], name: str) -> None:
    """Make a class's table of schemes one that the program may change."""

    def held_by(machine: Interpreter, place: Place) -> Abstract:
        held = machine.hooks.setdefault(f"environ.{name}", [])
        if not held:
            held.append(machine.lift(table, Origin(place)))
        return held[0]  # type: ignore[no-any-return]

    value(f"{ENV}.{name}")(held_by)
    attribute(f"{ENV}.{name}")(lambda machine, _instance, place: held_by(machine, place))


_schemes(urls.DATABASES, "DB_SCHEMES")
_schemes(urls.CACHES, "CACHE_SCHEMES")


def _url(machine: Interpreter, call: Call, name: str | None = None) -> Abstract:
    cast = Library("urllib.parse.urlparse")
    return django_environ.read(machine, call, cast, call.get("default", 1), name=name, parse_default=True)


CALLS[f"{ENV}.url"] = _url


@calls(f"{ENV}.db_url", f"{ENV}.db")
def _database(machine: Interpreter, call: Call) -> Abstract:
    held = django_environ.read(machine, call, _NO_CAST, call.get("default", 1), name="DATABASE_URL")
    return _database_of(machine, held, call.get("engine", 2), call)


@calls(f"{ENV}.db_url_config")
def _database_config(machine: Interpreter, call: Call) -> Abstract:
    return _database_of(machine, call.get("url", 0) or Unknown("no URL"), call.get("engine", 1), call)


def _table(machine: Interpreter, name: str, place: Place) -> dict[str, str] | None:
    """Return a table of schemes as plain data, None when the program made something else of it."""
    plain = machine.plain(library.VALUES[f"{ENV}.{name}"](machine, place))
    return plain[0] if plain is not None else None


def _database_of(machine: Interpreter, url: Abstract, engine: Abstract | None, call: Call) -> Abstract:
    schemes = _table(machine, "DB_SCHEMES", call.place)
    old = not machine.world.at_least("django-environ", 0, 14)
    if schemes is None:
        return machine.unknown_of(call.place, url, Unknown("the engines of URLs were changed"), of="dict")

    def parse(text: Any, asked: Any) -> Any:  # noqa: ANN401 - any constant
        if hasattr(text, "geturl"):
            text = text.geturl()
        if not isinstance(text, str) or (old and "," in text):
            return _Other()
        return urls.database(text, asked, schemes)

    return machine.compute(call.place, parse, url, engine or _NO_CAST, of="dict")


_Other = type("URL that is read in a way that is not followed", (), {})


def _of_parsed(
    function: Callable[[ParseResult, Any], Any], name: str, parameter: str
) -> Callable[[Interpreter, Call], Abstract]:
    """Return a model of a method that reads a URL and makes a dict of it."""

    def model(machine: Interpreter, call: Call) -> Abstract:
        backend = call.get(parameter, 2) or _NO_CAST
        return _made(machine, function, _url(machine, call, name), backend, call)

    return model


def _made(machine: Interpreter, function: Callable[..., Any], url: Abstract, backend: Abstract, call: Call) -> Abstract:
    def parse(parts: Any, asked: Any) -> Any:  # noqa: ANN401 - any constant
        if hasattr(parts, "scheme"):
            return function(parts, asked)
        return {} if parts is None and function.__name__ == "of_cache" else _Other()

    try:
        return machine.compute(call.place, parse, url, backend, of="dict")
    except ThrownError as error:
        kinds = ("ImproperlyConfigured", "Exception") if "ImproperlyConfigured" in error.kinds else error.kinds
        raise ThrownError(kinds, error.message, call.place) from error


CALLS[f"{ENV}.email_url"] = CALLS[f"{ENV}.email"] = _of_parsed(urls.mail, "EMAIL_URL", "backend")
CALLS[f"{ENV}.channels_url"] = CALLS[f"{ENV}.channels"] = _of_parsed(urls.channels, "CHANNELS_URL", "backend")


@calls(f"{ENV}.cache_url", f"{ENV}.cache")
def _cache(machine: Interpreter, call: Call) -> Abstract:
    """Return the entry of a cache; which backend Redis gets depends on what is installed."""
    schemes = _table(machine, "CACHE_SCHEMES", call.place)
    url, backend = _url(machine, call, "CACHE_URL"), call.get("backend", 2) or _NO_CAST
    if schemes is None:
        return machine.unknown_of(call.place, url, Unknown("the backends of URLs were changed"), of="dict")
    redis = "django_redis.cache.RedisCache" if machine.world.installed("django_redis") else urls.REDIS
    table = {scheme: redis if held == urls.REDIS else held for scheme, held in schemes.items()}

    def of_cache(parts: ParseResult, asked: str | None) -> dict[str, Any]:
        return urls.cache(parts, asked, table)

    made = _made(machine, of_cache, url, backend, call)
    for choice in each(made):
        entry = plain_object(choice)
        if isinstance(entry, Mapping):
            _unsettle(machine, entry)
    return made


def _unsettle(machine: Interpreter, entry: Mapping) -> None:
    """Make unknown what of an entry depends on the backends that are installed, or on the version."""
    backend = entry.cells.get("BACKEND")
    vague = isinstance(backend, Known) and backend.value in {urls.REDIS, urls.MEMCACHE}
    if vague:
        entry.cells["BACKEND"] = Unknown("which backend it is depends on what is installed", of="str")
    if "OPTIONS" in entry.cells and (vague or not machine.world.at_least("django-environ", 0, 14)):
        kept = {"LOCATION", "BACKEND"}
        for name in [name for name in entry.cells if name not in kept]:
            entry.cells[name] = Unknown("how options are written depends on the backend")
        entry.more["rest"] = Known(value=True)


for _name in ("search_url", "search_url_config", "cache_url_config", "email_url_config", "channels_url_config"):
    CALLS[f"{ENV}.{_name}"] = lambda machine, call: machine.unknown_of(
        call.place, *call.args, Unknown("a kind of URL that is not followed"), of="dict"
    )
CALLS[f"{ENV}.read_env"] = django_environ_file.read_env
CALLS[f"{ENV}.path"] = django_environ_path.from_variable
