"""django-cache-url 3.4: the `CACHES` entry that a URL stands for."""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.objects import Abstract, Unknown
from batten.understand.libraries.extension import given
from batten.understand.libraries.lookup import parsed_url, settings_of_url

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_CORE = "django.core.cache.backends"
_REDIS = f"{_CORE}.redis.RedisCache"
_REDIS_CACHE = "redis-cache"
_BACKENDS = {
    "db": f"{_CORE}.db.DatabaseCache",
    "dummy": f"{_CORE}.dummy.DummyCache",
    "elasticache": "django_elasticache.memcached.ElastiCache",
    "file": f"{_CORE}.filebased.FileBasedCache",
    "locmem": f"{_CORE}.locmem.LocMemCache",
    "uwsgicache": "uwsgicache.UWSGICache",
    "memcached": f"{_CORE}.memcached.PyLibMCCache",
    "djangopylibmc": "django_pylibmc.memcached.PyLibMCCache",
    "pymemcached": f"{_CORE}.memcached.MemcachedCache",
    "pymemcache": f"{_CORE}.memcached.PyMemcacheCache",
    _REDIS_CACHE: "redis_cache.RedisCache",
    "redis": _REDIS,
    "rediss": _REDIS,
    "hiredis": _REDIS,
}


class UnknownBackendError(ValueError):
    """The scheme stands for no backend; the library raises a plain `Exception`."""


def parse(url: str) -> dict[str, Any]:
    """Return what `django_cache_url.parse(url)` gives.

    Raises:
        UnknownBackendError: no backend has the scheme.
        ValueError: it is no URL, or a number in it is none.
    """
    parts = urllib.parse.urlparse(url)
    arguments = {name.upper(): ";".join(held) for name, held in urllib.parse.parse_qs(parts.query).items()}
    if parts.scheme not in _BACKENDS:
        raise UnknownBackendError(f'Unknown backend: "{parts.scheme}"')
    library = arguments.get("LIB")
    backend = _BACKENDS[library if "redis" in parts.scheme and library in _BACKENDS else parts.scheme]
    options: dict[str, Any] = {"PARSER_CLASS": "redis.connection.HiredisParser"} if parts.scheme == "hiredis" else {}
    found: dict[str, Any] = {"BACKEND": backend}
    if not parts.netloc:
        found["LOCATION"] = _path(parts)
    elif parts.scheme in {"redis", "rediss", "hiredis"}:
        found["LOCATION"] = _server(parts, backend, library, options)
        if library == _REDIS_CACHE:
            options |= _pool(arguments)
    else:
        found["LOCATION"] = ";".join(parts.netloc.split(","))
    if parts.scheme == "uwsgicache":
        found["LOCATION"] = found["LOCATION"] or "default"
    for name in ("MAX_ENTRIES", "CULL_FREQUENCY"):
        if name in arguments:
            options[name] = int(arguments.pop(name))
    return found | ({"OPTIONS": options} if options else {}) | arguments


def _path(parts: urllib.parse.ParseResult) -> str:
    """Return the location of a cache that has no host."""
    if parts.scheme in {"memcached", "pymemcached", "pymemcache", "djangopylibmc"}:
        return f"unix://{parts.path}"
    if parts.scheme not in {"redis", "hiredis"}:
        return parts.path
    match = re.match(r".+?(\d+)", parts.path)
    if match is None:
        return f"unix://{parts.path}?db=0"
    return f"unix://{parts.path[: parts.path.rfind('/')]}?db={match[1]}"


def _server(parts: urllib.parse.ParseResult, backend: str, library: str | None, options: dict[str, Any]) -> str:
    """Return the location of a Redis server; a password may go into the options."""
    inside = library == _REDIS_CACHE or backend == _REDIS
    if parts.password and not inside:
        options["PASSWORD"] = parts.password
    scheme = "rediss" if parts.scheme == "rediss" else "redis"
    login = f":{parts.password}@" if parts.password and inside else ""
    return f"{scheme}://{login}{parts.hostname}:{parts.port or 6379}/{parts.path[1:] or '0'}"


def _pool(arguments: dict[str, str]) -> dict[str, Any]:
    """Return the options of django-redis-cache that a query holds."""
    found: dict[str, Any] = {n: arguments[n] for n in ("PARSER_CLASS", "CONNECTION_POOL_CLASS") if n in arguments}
    numbers = {n.lower(): int(arguments[n]) for n in ("MAX_CONNECTIONS", "TIMEOUT") if n in arguments}
    return found | ({"CONNECTION_POOL_CLASS_KWARGS": numbers} if numbers else {})


@calls("django_cache_url.parse")
def _parse(machine: Interpreter, call: Call) -> Abstract:
    return parsed_url(machine, call.get("url", 0) or Unknown("no URL"), parse, call.place)


@calls("django_cache_url.config")
def _config(machine: Interpreter, call: Call) -> Abstract:
    """Return the entry for the URL in the environment; one of local memory without one."""
    name, default = given(call, "env", 0, "CACHE_URL"), given(call, "default", 1, "locmem://")
    return settings_of_url(machine, name, default, lambda url: parsed_url(machine, url, parse, call.place), call.place)
