"""URLs of pydantic: what becomes of plain ones (pydantic 2.14 `networks`, pydantic 1.10 `networks`).

A URL with anything unusual in it (escapes, letters outside ASCII, several
hosts, odd numbers for a host) is left unknown: its text is then the library's
business, and the parsers of both versions differ in such corners.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from batten.model.data import dataclass
from batten.understand.evaluate import constants
from batten.understand.evaluate.library import CALLS, Call, attribute, calls
from batten.understand.evaluate.machine import ThrownError
from batten.understand.evaluate.objects import (
    Abstract,
    Instance,
    Known,
    Library,
    Mapping,
    Sequence,
    Unknown,
    each,
)
from batten.understand.evaluate.origin import Origin, Place
from batten.understand.libraries.pydantic_names import NEW, OLD, URLS, major_of
from batten.understand.libraries.pydantic_plain import DoubtError

if TYPE_CHECKING:
    from batten.understand.evaluate.interpreter import Interpreter

NEW_URL, OLD_URL = "pydantic.url", "pydantic.v1.url"
VALIDATION = ("ValidationError", "ValueError", "Exception", "BaseException")
_WORD = r"[A-Za-z0-9._~-]*"
_SIMPLE = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+.-]+)://(?:(?P<username>{_WORD})(?P<colon>:(?P<password>{_WORD}))?(?P<at>@))?"
    r"(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?(?::(?P<port>[1-9]\d{0,4}))?"
    r"(?P<path>(?:/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*)?)*)(?:\?(?P<query>[A-Za-z0-9=&_.-]+))?"
    r"(?:\#(?P<fragment>[A-Za-z0-9_.-]+))?"
)
_ADDRESS = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}")
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9-]*\.)*[a-z][a-z0-9-]*")
_TOP_LEVEL = re.compile(r"\.[a-z]{2,63}$")
_SPECIAL = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
"""Schemes whose path is at least `/`, with the port that goes without saying."""
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Kind:
    """What one class of URLs asks for, and adds."""

    schemes: str = ""
    port: int | None = None
    path: str = ""
    user: bool = False
    """Pydantic 1 asks for a user."""
    top_level: bool = False
    """Pydantic 1 asks for a dot and letters at the end of the host."""
    several: bool = False
    """It may name several hosts."""


_POSTGRES = (
    "postgres postgresql postgresql+asyncpg postgresql+pg8000 postgresql+psycopg postgresql+psycopg2 "
    "postgresql+psycopg2cffi postgresql+py-postgresql postgresql+pygresql"
)
_MYSQL = (
    "mysql mysql+mysqlconnector mysql+aiomysql mysql+asyncmy mysql+mysqldb mysql+pymysql mysql+cymysql mysql+pyodbc"
)
_CLICKHOUSE = "clickhouse+native clickhouse+asynch clickhouse+http clickhouse clickhouses clickhousedb"
KINDS = {
    "AnyUrl": Kind(),
    "AnyHttpUrl": Kind("http https"),
    "HttpUrl": Kind("http https", top_level=True),
    "AnyWebsocketUrl": Kind("ws wss"),
    "WebsocketUrl": Kind("ws wss"),
    "FtpUrl": Kind("ftp"),
    "PostgresDsn": Kind(_POSTGRES, user=True, several=True),
    "CockroachDsn": Kind("cockroachdb cockroachdb+psycopg2 cockroachdb+asyncpg", user=True),
    "AmqpDsn": Kind("amqp amqps"),
    "RedisDsn": Kind("redis rediss", 6379, "/0"),
    "MongoDsn": Kind("mongodb mongodb+srv", 27017, several=True),
    "KafkaDsn": Kind("kafka", 9092),
    "NatsDsn": Kind("nats tls ws wss", 4222, several=True),
    "MySQLDsn": Kind(_MYSQL, 3306),
    "MariaDBDsn": Kind("mariadb mariadb+mariadbconnector mariadb+pymysql", 3306),
    "ClickHouseDsn": Kind(_CLICKHOUSE, 9000),
    "SnowflakeDsn": Kind("snowflake"),
}

Parts = dict[str, Any]


def normal(name: str, major: int, text: str) -> tuple[str, Parts]:
    """Return a URL as the library writes it, and its parts.

    Raises:
        ValueError: it is none of that class.
        DoubtError: it is not a plain one.
    """
    if ":" not in text:
        raise ValueError("Input should be a valid URL, relative URL without a base")
    kind, match = KINDS.get(name), _SIMPLE.fullmatch(text.strip(" "))
    if kind is None or match is None or match["scheme"] == "file":
        raise DoubtError
    parts: Parts = match.groupdict()
    host = parts["host"] or ""
    if not (_HOST.fullmatch(host) or _ADDRESS.fullmatch(host)) or "--" in host or "-." in host or host.endswith("-"):
        raise DoubtError
    port = int(parts["port"] or 0)
    schemes = kind.schemes.replace("mongodb+srv", "") if major == OLD else kind.schemes
    if port > _HIGHEST_PORT or (schemes and parts["scheme"] not in schemes.split()):
        raise ValueError("Input should be a valid URL of that kind")
    parts.update(path=parts["path"] or None, port=port or None)
    return _old(kind, text.strip(" "), parts) if major == OLD else _new(kind, parts)


def _new(kind: Kind, parts: Parts) -> tuple[str, Parts]:
    special = parts["scheme"] in _SPECIAL
    if kind.several and (special or parts["fragment"]):
        raise DoubtError
    if not parts["path"] and special:
        parts["path"] = "/"
    if kind.path and parts["path"] in (None, "/"):
        parts["path"] = kind.path
    if parts["port"] is None:
        parts["port"] = kind.port
    shown = None if parts["port"] == _SPECIAL.get(parts["scheme"]) else parts["port"]
    text = written(parts["scheme"], parts, shown)
    if special and parts["port"] is None:
        parts["port"] = _SPECIAL[parts["scheme"]]
    parts.update(username=parts["username"] or None, password=parts["password"] or None)
    return text, parts


def written(scheme: str, parts: Parts, port: int | None) -> str:
    """Return a URL put together from its parts."""
    user, password = parts["username"] or "", parts["password"]
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    text = f"{scheme}://{login}{parts['host'] or ''}" + (f":{port}" if port else "") + (parts["path"] or "")
    text += f"?{parts['query']}" if parts["query"] else ""
    return text + (f"#{parts['fragment']}" if parts["fragment"] else "")


def _old(kind: Kind, text: str, parts: Parts) -> tuple[str, Parts]:
    if kind.user and not parts["at"]:
        raise ValueError("userinfo required in URL but missing")
    numeric = bool(_ADDRESS.fullmatch(parts["host"]))
    named = bool(_TOP_LEVEL.search(parts["host"]))
    if kind.top_level and not (named or numeric):
        raise ValueError("URL host invalid, top level domain required")
    if numeric and (kind.top_level or parts["scheme"] == "kafka"):
        raise DoubtError
    if kind.several and (parts["query"] or parts["fragment"]) and not parts["path"]:
        raise DoubtError
    if parts["port"] is None:
        parts["port"] = _SPECIAL[parts["scheme"]] if kind.top_level else kind.port
    parts["path"] = parts["path"] or kind.path or None
    parts["user"] = parts["username"]
    if not named and not numeric:
        text = written(parts["scheme"], parts, parts["port"])
    parts["port"] = None if parts["port"] is None else str(parts["port"])
    return text, parts


# As objects


def validated(machine: Interpreter, text: Known, name: str, major: int, place: Place) -> Abstract:
    """Return a URL object made from text.

    Raises:
        ValueError: it is none of that class.
    """
    short = name.rpartition(".")[2]
    try:
        shown, parts = normal(short, major, text.value)
    except DoubtError:
        return Unknown(f"{short} writes this address in a way that is not followed", text.origin, of="", truth=True)
    made = Instance(Library(f"pydantic.v1.{short}" if major == OLD else f"pydantic.{short}"), place, text.origin)
    machine.put(made.cells, "text", Known(shown, text.origin))
    made.facts["parts"] = {part: Known(value, text.origin) for part, value in parts.items()}
    return made


def _text(machine: Any, call: Call) -> Abstract:  # noqa: ANN401 - the evaluator
    del machine
    made = call.receiver
    held = made.cells.get("text") if isinstance(made, Instance) else None
    return held if held is not None else Unknown("an address that is not known", of="str")


for _name in ("__str__", "unicode_string", "encoded_string"):
    CALLS[f"{NEW_URL}.{_name}"] = _text
CALLS[f"{OLD_URL}.__str__"] = _text


def _method(name: str) -> Any:  # noqa: ANN401 - a model
    def model(machine: Any, call: Call) -> Abstract:  # noqa: ANN401 - the evaluator
        text = _text(machine, call)
        if not isinstance(text, Known):
            return machine.unknown_of(call.place, text)  # type: ignore[no-any-return]
        return machine.constant_method(name, call.bound(text))  # type: ignore[no-any-return]

    return model


for _name in constants.STRING_METHODS:
    CALLS[f"{OLD_URL}.{_name}"] = _method(_name)  # it is a str


def _part(name: str) -> Any:  # noqa: ANN401 - a model
    def model(machine: Any, instance: Instance, place: Place) -> Abstract:  # noqa: ANN401 - the evaluator
        del machine
        parts = instance.facts.get("parts")
        return parts[name] if parts is not None else Unknown("a part of an address", Origin(place))

    return model


for _name in "scheme username password host port path query fragment".split():
    attribute(f"{NEW_URL}.{_name}")(_part(_name))
for _name in "scheme user password host port path query fragment".split():
    attribute(f"{OLD_URL}.{_name}")(_part(_name))


@calls(f"{NEW_URL}.hosts")
def _hosts(machine: Interpreter, call: Call) -> Abstract:
    parts = call.receiver.facts.get("parts") if isinstance(call.receiver, Instance) else None
    if parts is None:
        return machine.unknown_of(call.place)
    names = ("username", "password", "host", "port")
    return Sequence("list", (Mapping({name: parts[name] for name in names}),), Origin(call.place))


_PARTS = frozenset("scheme username user password host port path query fragment".split())


def _new_text(names: tuple[str, ...], *values: Any) -> str:  # noqa: ANN401 - any constants
    """Return what `build` of version 2 puts together, before it is read again."""
    parts: Parts = dict.fromkeys(_PARTS, None) | dict(zip(names, values, strict=True))
    if not isinstance(parts["port"], int | None) or not isinstance(parts["host"], str):
        raise TypeError("argument 'port': 'str' object cannot be interpreted as an integer")
    if parts["path"] is not None:
        parts["path"] = f"/{parts['path']}"
    return written(str(parts["scheme"]), parts, parts["port"])


def _old_text(names: tuple[str, ...], *values: Any) -> str:  # noqa: ANN401 - any constants
    """Return what `build` of version 1 puts together."""
    parts: Parts = dict.fromkeys(_PARTS, None) | dict(zip(names, values, strict=True))
    text: str = parts["scheme"] + "://" + (parts["user"] or "")
    text += ":" + parts["password"] if parts["password"] else ""
    text += "@" if parts["user"] or parts["password"] else ""
    text += parts["host"] + (":" + parts["port"] if parts["port"] else "") + (parts["path"] or "")
    text += "?" + parts["query"] if parts["query"] else ""
    return text + ("#" + parts["fragment"] if parts["fragment"] else "")


def _built(name: str, machine: Any, call: Call) -> Abstract:  # noqa: ANN401 - the evaluator
    """Return `PostgresDsn.build(...)`: an object in version 2, text in version 1."""
    major = OLD if name.startswith("pydantic.v1.") else NEW if "." in name else major_of(machine)
    names = tuple(call.kwargs)
    if call.open or call.args or not _PARTS.issuperset(names):
        return machine.unknown_of(call.place, *call.args, *call.kwargs.values(), of="str")  # type: ignore[no-any-return]
    if major == OLD and name.endswith("HttpUrl"):
        return Unknown("the port of that address is hidden at times", Origin(call.place), of="str")
    build = partial(_old_text if major == OLD else _new_text, names)
    text = machine.compute(call.place, build, *call.kwargs.values(), of="str")
    if major == OLD:
        return text  # type: ignore[no-any-return]
    return machine.either_way([partial(_again, machine, one, name, call.place) for one in each(text)])  # type: ignore[no-any-return]


def _again(machine: Interpreter, text: Abstract, name: str, place: Place) -> Abstract:
    if not isinstance(text, Known):
        return machine.unknown_of(place, text)
    try:
        return validated(machine, text, name, NEW, place)
    except ValueError as error:
        raise ThrownError(VALIDATION, str(error), place) from None


for _name in URLS:
    calls(f"pydantic.{_name}.build")(partial(_built, _name))
    calls(f"pydantic.v1.{_name}.build")(partial(_built, f"pydantic.v1.{_name}"))
for _name in ("pydantic_core.MultiHostUrl", "pydantic_core.Url"):
    calls(f"{_name}.build")(partial(_built, "pydantic_core.AnyUrl"))
