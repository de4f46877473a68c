"""URLs as django-environ 0.14 reads them: databases, caches, mail and channels."""

from __future__ import annotations

import ast
import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import ParseResult, parse_qs, quote, unquote, unquote_plus, urlparse, urlunparse

if TYPE_CHECKING:
    from collections.abc import Mapping

_DJANGO = "django.db.backends"
_GIS = "django.contrib.gis.db.backends"
DATABASES = {
    "postgres": f"{_DJANGO}.postgresql",
    "postgresql": f"{_DJANGO}.postgresql",
    "psql": f"{_DJANGO}.postgresql",
    "pgsql": f"{_DJANGO}.postgresql",
    "postgis": f"{_GIS}.postgis",
    "prometheus_postgresql": "django_prometheus.db.backends.postgresql",
    "prometheus_postgis": "django_prometheus.db.backends.postgis",
    "cockroachdb": "django_cockroachdb",
    "mysql": f"{_DJANGO}.mysql",
    "mysql2": f"{_DJANGO}.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": f"{_GIS}.mysql",
    "prometheus_mysql": "django_prometheus.db.backends.mysql",
    "mssql": "mssql",
    "oracle": f"{_DJANGO}.oracle",
    "pyodbc": "sql_server.pyodbc",
    "redshift": "django_redshift_backend",
    "spatialite": f"{_GIS}.spatialite",
    "prometheus_spatialite": "django_prometheus.db.backends.spatialite",
    "sqlite": f"{_DJANGO}.sqlite3",
    "prometheus_sqlite": "django_prometheus.db.backends.sqlite3",
    "ldap": "ldapdb.backends.ldap",
}
_POSTGRES = frozenset("postgres postgresql psql pgsql postgis prometheus_postgresql prometheus_postgis".split())
_DATABASE_OPTIONS = frozenset(
    "CONN_MAX_AGE ATOMIC_REQUESTS AUTOCOMMIT DISABLE_SERVER_SIDE_CURSORS CONN_HEALTH_CHECKS".split()
)
_CORE = "django.core.cache.backends"
REDIS = "redis"
"""Stands for the backend that django-environ picks by what is installed."""
MEMCACHE = "pymemcache"
"""The same for pymemcache."""
CACHES = {
    "dbcache": f"{_CORE}.db.DatabaseCache",
    "dummycache": f"{_CORE}.dummy.DummyCache",
    "filecache": f"{_CORE}.filebased.FileBasedCache",
    "locmemcache": f"{_CORE}.locmem.LocMemCache",
    "memcache": f"{_CORE}.memcached.MemcachedCache",
    "pymemcache": MEMCACHE,
    "pylibmc": f"{_CORE}.memcached.PyLibMCCache",
    **dict.fromkeys(("rediscache", "redis", "rediss", "valkey", "valkeys"), REDIS),
}
_CACHE_OPTIONS = frozenset({"TIMEOUT", "KEY_PREFIX", "VERSION", "KEY_FUNCTION", "BINARY"})
_MAIL = "django.core.mail.backends"
_MAILS = {
    **dict.fromkeys(("smtp", "smtps", "smtp+tls", "smtp+ssl"), f"{_MAIL}.smtp.EmailBackend"),
    "consolemail": f"{_MAIL}.console.EmailBackend",
    "filemail": f"{_MAIL}.filebased.EmailBackend",
    "memorymail": f"{_MAIL}.locmem.EmailBackend",
    "dummymail": f"{_MAIL}.dummy.EmailBackend",
}
_CHANNELS = {
    "inmemory": "channels.layers.InMemoryChannelLayer",
    **dict.fromkeys(("redis", "rediss"), "channels_redis.core.RedisChannelLayer"),
    **dict.fromkeys(("redis+pubsub", "rediss+pubsub"), "channels_redis.pubsub.RedisPubSubChannelLayer"),
}


class ImproperlyConfigured(ValueError):  # noqa: N818 - Django's name for it
    """What the library raises; it is no ValueError there."""


def _number(text: Any) -> Any:  # noqa: ANN401 - a port, or none
    return int(text) if isinstance(text, str) and text.isdigit() else text


def _decoded(text: str | None) -> str | None:
    return unquote(text) if isinstance(text, str) else text


def _literal(text: str) -> Any:  # noqa: ANN401 - any literal
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _quoted(url: str) -> ParseResult:
    return urlparse(quote(url, safe=":/?&=@"))


def database(text: str, engine: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """Return what `Env.db_url_config` makes of a URL; `schemes` are the engines.

    Raises:
        ValueError: a port is none.
    """
    if text == "sqlite://:memory:":
        return {"ENGINE": schemes["sqlite"], "NAME": ":memory:"}
    try:
        url = urlparse(text)
    except ValueError:
        url = _quoted(text)
    if not url.path:
        url = _quoted(urlunparse(url))
    path = unquote_plus(url.path[1:].split("?", 2)[0])
    if url.scheme == "sqlite":
        path = path or ":memory:"
    if url.scheme == "ldap":
        path = f"{url.scheme}://{url.hostname}" + (f":{url.port}" if url.port else "")
    host, port = _hosts(url)
    found: dict[str, Any] = {
        "NAME": path or "",
        "USER": _decoded(url.username) or "",
        "PASSWORD": _decoded(url.password) or "",
        "HOST": host or "",
        "PORT": _number(port) or "",
    }
    if path.startswith("/") and (url.scheme in _POSTGRES or "cloudsql" in path):
        found["HOST"], found["NAME"] = path.rsplit("/", 1)
    if url.scheme == "oracle":
        _for_oracle(found, path)
    if url.query:
        found["OPTIONS"] = _database_options(url.query, found)
    name = engine or url.scheme
    found["ENGINE"] = schemes.get(name, name)
    return found if found["ENGINE"] else {}


def _for_oracle(found: dict[str, Any], path: str) -> None:
    if path == "":
        found["NAME"], found["HOST"] = found["HOST"], ""
    if found["PORT"]:
        found["PORT"] = str(found["PORT"])
    else:
        del found["PORT"]


def _database_options(query: str, found: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a query; those of Django itself are put into the entry."""
    options: dict[str, Any] = {}
    for name, values in parse_qs(query).items():
        if name.upper() in _DATABASE_OPTIONS:
            found[name.upper()] = _literal(values[0])
        else:
            options[name] = _number(values[0])
    return options


def _hosts(url: ParseResult) -> tuple[Any, Any]:
    """Return host and port; of a cluster all of them."""
    netloc = unquote(url.netloc.rsplit("@", 1)[-1])
    if url.scheme not in _POSTGRES or "," not in netloc:
        return url.hostname, url.port
    parts = [_host(host) for host in netloc.split(",")]
    hosts, ports = itertools.zip_longest(*parts)
    return ",".join(hosts), ",".join(filter(None, ports))


def _host(text: str) -> tuple[str, str]:
    if text.startswith("["):
        end = text.find("]")
        if end != -1 and text[end + 1 : end + 2] == ":":
            return text[: end + 1], text[end + 2 :]
        return text, ""
    host, colon, port = text.rpartition(":")
    return (host, port) if colon and port.isdigit() else (text, "")


def cache(url: ParseResult, backend: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """Return what `Env.cache_url_config` makes of a URL; names in a query as written, for the caller to fold.

    Raises:
        ImproperlyConfigured: no backend has the scheme.
    """
    if url.scheme not in schemes:
        raise ImproperlyConfigured(f"Invalid cache schema {url.scheme}")
    places = url.netloc.split(",")
    found: dict[str, Any] = {"BACKEND": schemes[url.scheme], "LOCATION": places[0] if len(places) == 1 else places}
    if url.scheme == "filecache":
        found["LOCATION"] = url.netloc + url.path
    if not url.netloc and url.scheme in {"memcache", "pymemcache"}:
        found["LOCATION"] = f"unix:{url.path}"
    elif url.scheme.startswith("redis"):
        scheme = url.scheme.replace("cache", "") if url.hostname else "unix"
        places = [f"{scheme}://{place}{url.path}" for place in places]
        found["LOCATION"] = places[0] if len(places) == 1 else places
    found["BACKEND"] = backend or found["BACKEND"]
    if url.query:
        lower = found["BACKEND"] == f"{_CORE}.redis.RedisCache"
        options: dict[str, Any] = {}
        for name, values in parse_qs(url.query).items():
            into = found if name.upper() in _CACHE_OPTIONS else options
            into[name.lower() if lower else name.upper()] = _literal(values[0])
        found["OPTIONS"] = options
    return found


def mail(url: ParseResult, backend: str | None) -> dict[str, Any]:
    """Return what `Env.email_url_config` makes of a URL.

    Raises:
        ImproperlyConfigured: no backend has the scheme.
    """
    found: dict[str, Any] = {
        "EMAIL_FILE_PATH": unquote_plus(url.path[1:].split("?", 2)[0]),
        "EMAIL_HOST_USER": _decoded(url.username),
        "EMAIL_HOST_PASSWORD": _decoded(url.password),
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port,
    }
    if not backend and url.scheme not in _MAILS:
        raise ImproperlyConfigured(f"Invalid email schema {url.scheme}")
    found["EMAIL_BACKEND"] = backend or _MAILS[url.scheme]
    if url.scheme in {"smtps", "smtp+tls"}:
        found["EMAIL_USE_TLS"] = True
    elif url.scheme == "smtp+ssl":
        found["EMAIL_USE_SSL"] = True
    if url.query:
        options: dict[str, Any] = {}
        for name, values in parse_qs(url.query).items():
            into = found if name.upper() in {"EMAIL_USE_TLS", "EMAIL_USE_SSL"} else options
            into[name.upper()] = _number(values[0])
        found["OPTIONS"] = options
    return found


def channels(url: ParseResult, backend: str | None) -> dict[str, Any]:
    """Return what `Env.channels_url_config` makes of a URL.

    Raises:
        ImproperlyConfigured: no backend has the scheme.
    """
    if backend:
        return {"BACKEND": backend}
    if url.scheme not in _CHANNELS:
        raise ImproperlyConfigured(f"Invalid channels schema {url.scheme}")
    found: dict[str, Any] = {"BACKEND": _CHANNELS[url.scheme]}
    if url.scheme.startswith("redis"):
        found["CONFIG"] = {"hosts": [url._replace(scheme=url.scheme.split("+")[0]).geturl()]}
    return found
