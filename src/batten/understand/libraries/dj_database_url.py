"""dj-database-url 3.1: the `DATABASES` entry that a URL stands for; of older versions as far as they are alike."""

from __future__ import annotations

import urllib.parse
from typing import TYPE_CHECKING, Any

from batten.understand.evaluate.library import Call, calls
from batten.understand.evaluate.machine import ANY_ERROR
from batten.understand.evaluate.objects import ABSENT, Abstract, Known, Mapping, Unknown, join
from batten.understand.evaluate.origin import Origin
from batten.understand.libraries.extension import given
from batten.understand.libraries.lookup import parsed_url, settings_of_url

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

_DJANGO = "django.db.backends"
_GIS = "django.contrib.gis.db.backends"
ENGINES = {
    "cockroach": "django_cockroachdb",
    "mssql": "sql_server.pyodbc",
    "mssqlms": "mssql",
    "mysql": f"{_DJANGO}.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysql2": f"{_DJANGO}.mysql",
    "mysqlgis": f"{_GIS}.mysql",
    "oracle": f"{_DJANGO}.oracle",
    "oraclegis": f"{_GIS}.oracle",
    "pgsql": f"{_DJANGO}.postgresql",
    "postgis": f"{_GIS}.postgis",
    "postgres": f"{_DJANGO}.postgresql",
    "postgresql": f"{_DJANGO}.postgresql",
    "redshift": "django_redshift_backend",
    "spatialite": f"{_GIS}.spatialite",
    "sqlite": f"{_DJANGO}.sqlite3",
    "timescale": "timescale.db.backends.postgresql",
    "timescalegis": "timescale.db.backends.postgis",
}
_SEARCH_PATH = frozenset("postgres postgresql pgsql postgis redshift timescale timescalegis".split())
_MEMORY = "sqlite://:memory:"
_MEMORY_ENTRY = {"ENGINE": ENGINES["sqlite"], "NAME": ":memory:"}
_PARAMETERS = (
    ("engine", None),
    ("conn_max_age", 0),
    ("conn_health_checks", False),
    ("disable_server_side_cursors", False),
    ("ssl_require", False),
    ("test_options", None),
)


class UnknownSchemeError(ValueError):
    """The scheme stands for no engine."""


class ParseError(ValueError):
    """The text is no URL."""


def parse(url: str) -> dict[str, Any]:
    """Return what `dj_database_url.parse(url)` gives before its other arguments are looked at; OPTIONS is always there.

    Raises:
        UnknownSchemeError: no engine has the scheme.
        ParseError: it is no URL.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        known = parts.scheme in ENGINES
        query = urllib.parse.parse_qs(parts.query) if known else {}
        found: dict[str, Any] = {
            "ENGINE": ENGINES.get(parts.scheme),
            "USER": urllib.parse.unquote(parts.username or ""),
            "PASSWORD": urllib.parse.unquote(parts.password or ""),
            "HOST": urllib.parse.unquote(parts.hostname or ""),
            "PORT": (parts.port if known else None) or "",
            "NAME": urllib.parse.unquote(parts.path[1:]),
            "OPTIONS": {name: _options(values) for name, values in query.items()},
        }
    except ValueError:
        raise ParseError("This string is not a valid url") from None
    if not known:
        raise UnknownSchemeError(f"Scheme '{parts.scheme}://' is unknown.")
    _finished(parts.scheme, found)
    return found


def _finished(scheme: str, found: dict[str, Any]) -> None:
    """Do what the engine of a scheme does on top."""
    options = found["OPTIONS"]
    if scheme == "sqlite":
        found["NAME"] = found["NAME"] or ":memory:"
    elif scheme in {"oracle", "mssql", "mssqlms"}:
        found["PORT"] = str(found["PORT"])
    elif scheme in {"mysql", "mysql2"}:
        authority = options.pop("ssl-ca", None)
        if authority:
            options["ssl"] = {"ca": authority}
    elif scheme in _SEARCH_PATH:
        schema = options.pop("currentSchema", None)
        if schema:
            options["options"] = f"-c search_path={schema}"


def _options(values: list[str]) -> Any:  # noqa: ANN401 - a value of a query
    found = [_option(value) for value in values]
    return found[0] if len(found) == 1 else found


def _option(value: str) -> int | str | bool:
    if value.isdigit():
        return int(value)
    return value.lower() == "true" if value.lower() in {"true", "false"} else value


@calls("dj_database_url.parse")
def _parse(machine: Interpreter, call: Call) -> Abstract:
    """Return the entry for `parse(url, engine, conn_max_age, …)`."""
    return _entry(machine, call.get("url", 0) or Unknown("no URL"), call, first=1)


@calls("dj_database_url.config")
def _config(machine: Interpreter, call: Call) -> Abstract:
    """Return the entry for the URL in the environment; an empty dict without one."""
    name, default = given(call, "env", 0, "DATABASE_URL"), given(call, "default", 1, None)
    return settings_of_url(machine, name, default, lambda url: _entry(machine, url, call, first=2), call.place)


@calls("dj_database_url.register")
def _register(machine: Interpreter, call: Call) -> Abstract:
    machine.hooks.setdefault("dj_database_url", []).append(call)
    machine.may_throw(ANY_ERROR)
    return Unknown("a decorator of dj_database_url", Origin(call.place))


def _entry(machine: Interpreter, url: Abstract, call: Call, *, first: int) -> Abstract:
    arguments = {name: given(call, name, first + i, value) for i, (name, value) in enumerate(_PARAMETERS)}
    as_now = machine.world.at_least("dj-database-url", 3) and not machine.hooks.get("dj_database_url")

    def finish(entry: Mapping, known: bool) -> Mapping:  # noqa: FBT001 - known or not
        if entry.cells.get("NAME", ABSENT) is not ABSENT and len(entry.cells) == len(_MEMORY_ENTRY):
            return entry
        held = entry.cells.pop("OPTIONS", ABSENT)
        options = held if isinstance(held, Mapping) else Mapping(more={} if known and as_now else dict(_OPEN))
        said = _said(machine, arguments, options, all_of_them=as_now)
        if not known or not as_now:
            entry.more.update(_OPEN)
        for name, value in said.items():
            entry.cells[name] = value if known else join(value, ABSENT)
        return entry

    return parsed_url(machine, url, _now if as_now else _older, call.place, finish)


_OPEN: dict[str, Abstract] = {"rest": Known(value=True)}


def _said(
    machine: Interpreter, arguments: dict[str, Abstract], options: Mapping, *, all_of_them: bool
) -> dict[str, Abstract]:
    """Return the entries that arguments ask for; `options` are those of the URL."""
    made = {"CONN_MAX_AGE": arguments["conn_max_age"]}
    if all_of_them:
        made["CONN_HEALTH_CHECKS"] = arguments["conn_health_checks"]
        made["DISABLE_SERVER_SIDE_CURSORS"] = arguments["disable_server_side_cursors"]
    required = machine.truth(arguments["ssl_require"])
    if required is None:
        options.cells["sslmode"] = join(Known("require"), options.cells.get("sslmode", ABSENT))
    elif required:
        options.cells["sslmode"] = Known("require", getattr(arguments["ssl_require"], "origin", Origin()).moved(None))
    if options.cells or options.open:
        made["OPTIONS"] = options
    for name, key in (("engine", "ENGINE"), ("test_options", "TEST")):
        asked = machine.truth(arguments[name])
        if asked is None:
            made[key] = Unknown(f"{name} is not known")
        elif asked:
            made[key] = arguments[name]
    return made


def _now(url: str) -> dict[str, Any]:
    return dict(_MEMORY_ENTRY) if url == _MEMORY else parse(url)


def _older(url: str) -> dict[str, Any]:
    """Return the parts on which the versions before 3 (and engines of the project) agree with it."""
    if url == _MEMORY:
        return dict(_MEMORY_ENTRY)
    try:
        found = parse(url)
    except ValueError:
        return {}
    kept = {name: found[name] for name in ("USER", "PASSWORD", "NAME")}
    if "%" not in urllib.parse.urlsplit(url).netloc.rpartition("@")[2]:
        kept["HOST"] = found["HOST"]
    return kept
