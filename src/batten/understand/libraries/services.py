"""Clients of databases, caches and queues: the user and password with which they log in.

Facts from SQLAlchemy 2.0 `create_engine`, psycopg 3.2, asyncpg 0.30, PyMySQL
1.1, redis-py 6, PyMongo 4, kombu and Celery 5.5, pika 1.3, elasticsearch 8,
neo4j 5 and minio 7: by which name, or at which position, each takes its URL,
user, password and host. What the calls return is not followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.evaluate.library import ALIASES, CALLS, INITS, Call
from batten.understand.evaluate.objects import Abstract, Instance, Sequence, Unknown, plain_object
from batten.understand.evaluate.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from batten.understand.evaluate.interpreter import Interpreter

ALIASES.update(
    {
        "sqlalchemy.engine.create_engine": "sqlalchemy.create_engine",
        "sqlalchemy.ext.asyncio.engine.create_async_engine": "sqlalchemy.ext.asyncio.create_async_engine",
        "redis.client.Redis": "redis.Redis",
        "redis.asyncio.client.Redis": "redis.asyncio.Redis",
        "pymongo.mongo_client.MongoClient": "pymongo.MongoClient",
        "celery.app.base.Celery": "celery.Celery",
    }
)


@dataclass(frozen=True, slots=True)
class Login:
    """How one function is told where and as whom to log in: names, and positions where it has them."""

    url: tuple[str, int | None] = ("url", None)
    user: tuple[str, ...] = ("user", "username")
    password: tuple[str, ...] = ("password", "passwd")
    host: tuple[str, ...] = ("host",)
    positions: tuple[int, int, int] | None = None
    """Of host, user and password, where they may be given without names."""


_PG, _MYSQL = Login(("dsn", 0)), Login(positions=(0, 1, 2))
_URL, _MONGO = Login(("url", 0)), Login(("host", 0), host=())
FUNCTIONS: dict[str, Login] = {
    "sqlalchemy.create_engine": _URL,
    "sqlalchemy.ext.asyncio.create_async_engine": _URL,
    "databases.Database": _URL,
    "psycopg2.connect": _PG,
    "psycopg2.pool.SimpleConnectionPool": Login(("dsn", 2)),
    "psycopg2.pool.ThreadedConnectionPool": Login(("dsn", 2)),
    "psycopg.connect": Login(("conninfo", 0)),
    "psycopg.Connection.connect": Login(("conninfo", 0)),
    "psycopg.AsyncConnection.connect": Login(("conninfo", 0)),
    "asyncpg.connect": _PG,
    "asyncpg.create_pool": _PG,
    "aiopg.create_pool": _PG,
    "pymysql.connect": Login(),
    "MySQLdb.connect": _MYSQL,
    "mysql.connector.connect": Login(),
    "aiomysql.connect": _MYSQL,
    "aiomysql.create_pool": Login(),
    "mariadb.connect": Login(),
    "pymssql.connect": Login(host=("server", "host"), positions=(0, 1, 2)),
    "peewee.PostgresqlDatabase": Login(),
    "peewee.MySQLDatabase": Login(),
    "redis.Redis": Login(),
    "redis.StrictRedis": Login(),
    "redis.asyncio.Redis": Login(),
    "redis.from_url": _URL,
    "redis.Redis.from_url": _URL,
    "redis.StrictRedis.from_url": _URL,
    "redis.asyncio.from_url": _URL,
    "redis.asyncio.Redis.from_url": _URL,
    "aioredis.from_url": _URL,
    "pymongo.MongoClient": _MONGO,
    "pymongo.AsyncMongoClient": _MONGO,
    "motor.motor_asyncio.AsyncIOMotorClient": _MONGO,
    "pika.URLParameters": _URL,
    "pika.PlainCredentials": Login(positions=(-1, 0, 1)),
    "aio_pika.connect": _URL,
    "aio_pika.connect_robust": _URL,
    "kombu.Connection": Login(("hostname", 0), user=("userid",), host=()),
    "celery.Celery": Login(("broker", None)),
    "elasticsearch.Elasticsearch": Login(("hosts", 0), host=()),
    "neo4j.GraphDatabase.driver": Login(("uri", 0), host=()),
    "minio.Minio": Login(user=("access_key",), password=("secret_key",), host=("endpoint",), positions=(0, 1, 2)),
}
_PAIRS = ("auth", "basic_auth", "http_auth")
"""Arguments that hold a user and a password as a pair."""


def _first(call: Call, names: tuple[str, ...], position: int | None = None) -> Abstract | None:
    found = next((call.kwargs[name] for name in names if name in call.kwargs), None)
    if found is None and position is not None and 0 <= position < len(call.args):
        return call.args[position]
    return found


def _note(machine: Interpreter, name: str, login: Login, call: Call) -> None:
    """Record the URL, and the user and password that are given beside it."""
    at = login.positions or (-1, -1, -1)
    user, password = _first(call, login.user, at[1]), _first(call, login.password, at[2])
    pair = plain_object(_first(call, _PAIRS) or Unknown("no pair"))
    if password is None and isinstance(pair, Sequence) and pair.items and len(pair.items) == 2:  # noqa: PLR2004 - a pair
        user, password = pair.items
    url = call.get(*login.url)
    for text in (url, call.kwargs.get("backend")):
        if text is not None:
            machine.record.append(("service login", name, None, text, None, call.place))
    if password is not None:
        host = _first(call, login.host, at[0])
        machine.record.append(("service login", name, user, password, host, call.place))


def _function(name: str, login: Login) -> Callable[[Interpreter, Call], Abstract]:
    def model(machine: Interpreter, call: Call) -> Abstract:
        _note(machine, name, login, call)
        machine.escaped(name, call)
        return Unknown(f"what {name}() gives is not followed", Origin(call.place))

    return model


def _class(name: str, login: Login) -> Callable[[Interpreter, Instance, Call], None]:
    def model(machine: Interpreter, instance: Instance, call: Call) -> None:
        _note(machine, name, login, call)
        machine.escaped(name, call)
        instance.facts["args"] = call

    return model


for _name, _login in FUNCTIONS.items():
    if _name.rpartition(".")[2][0].isupper():
        INITS[_name] = _class(_name, _login)
    else:
        CALLS[_name] = _function(_name, _login)
