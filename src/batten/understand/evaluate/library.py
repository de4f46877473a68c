"""The table of library models: what the calls and attributes of known libraries mean.

A model file in `batten.understand.libraries` registers functions under the
dotted names of one library. It is imported when the audited code imports that
library, never before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from batten.understand.evaluate.code_models import CODE_MODELS

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from batten.understand.evaluate.frame import Frame
    from batten.understand.evaluate.interpreter import Interpreter
    from batten.understand.evaluate.objects import Abstract, Class, Instance
    from batten.understand.evaluate.origin import Place

    NameModel = Callable[["Interpreter", "Call", str], None]
    CallModel = Callable[["Interpreter", "Call"], Abstract]
    AttributeModel = Callable[["Interpreter", "Instance", Place], Abstract]
    SetterModel = Callable[["Interpreter", "Instance", Abstract, Place], None]
    InitModel = Callable[["Interpreter", "Instance", "Call"], None]
    ValueModel = Callable[["Interpreter", Place], Abstract]
    ClassModel = Callable[["Interpreter", Class, Frame], None]

F = TypeVar("F")


class Call:
    """One call: evaluated arguments and where it is written."""

    __slots__ = ("args", "frame", "kwargs", "node", "open", "place", "receiver")

    def __init__(  # noqa: PLR0913 - the parts of a call
        self,
        args: list[Abstract],
        kwargs: dict[str, Abstract],
        place: Place,
        *,
        node: ast.AST | None = None,
        frame: Frame | None = None,
        receiver: Abstract | None = None,
        open: bool = False,  # noqa: A002 - the opposite of closed
    ) -> None:
        """Hold the arguments; `open` when further ones were passed that are not known."""
        self.args = args
        self.kwargs = kwargs
        self.place = place
        self.node = node
        self.frame = frame
        self.receiver = receiver
        self.open = open

    def get(self, name: str, index: int | None = None) -> Abstract | None:
        """Return an argument by keyword or position, None when it was not passed."""
        if name in self.kwargs:
            return self.kwargs[name]
        if index is not None and index < len(self.args):
            return self.args[index]
        return None

    def bound(self, receiver: Abstract | None) -> Call:
        """Return the call as made on `receiver`."""
        return Call(
            self.args, self.kwargs, self.place, node=self.node, frame=self.frame, receiver=receiver, open=self.open
        )


CALLS: dict[str, CallModel] = {}
"""Functions, and methods as `module.Class.method`."""
INITS: dict[str, InitModel] = {}
"""Classes: fill a fresh instance."""
ATTRIBUTES: dict[str, AttributeModel] = {}
"""Attributes of instances, as `module.Class.name`."""
SETTERS: dict[str, SetterModel] = {}
"""Attributes of instances that do something when set."""
METHODS: dict[str, NameModel] = {}
"""Methods by their name alone, for objects whose class is not known; called with the dotted name, if there is one."""
OPTIONS: dict[str, Callable[[Interpreter, Call, str, str], None]] = {}
"""Keywords that mean the same to many libraries; called with the function as written and the keyword."""
HANDED: dict[str, NameModel] = {}
"""Names of a library that mean something wherever they are handed to; called with the parameter's name or position."""
VALUES: dict[str, ValueModel] = {}
"""Attributes of modules that are values, such as `os.environ`."""
PROXIES: dict[str, ValueModel] = {}
"""What stands for something else whenever it is asked (`flask.current_app`), by its label."""
ALIASES: dict[str, str] = {}
"""Other dotted names of the same thing."""
BASES: dict[str, tuple[str, ...]] = {}
"""Library classes that inherit from others in the table."""
GENERIC: set[str] = set()
"""Types of libraries whose arguments matter (`pydantic.Json[list[int]]`), beside those of `typing`."""
CLASSES: dict[str, ClassModel] = {}
"""Classes that the project inherits from: called with each new class, and the frame that it is written in.

Such a class may be given keywords (`class Settings(BaseSettings, env_prefix="X_")`); they are kept in its facts.
"""


def _adder(table: dict[str, F]) -> Callable[..., Callable[[F], F]]:
    def register(*names: str) -> Callable[[F], F]:
        def mark(model: F) -> F:
            for name in names:
                table[name] = model
            return model

        return mark

    return register


calls = _adder(CALLS)
inits = _adder(INITS)
attribute = _adder(ATTRIBUTES)
setter = _adder(SETTERS)
value = _adder(VALUES)
inherited = _adder(CLASSES)

MODELS: dict[str, str | tuple[str, ...]] = {
    "os": "system",
    "sys": ("system", "command_line"),
    "inspect": "members",
    "argparse": "argparse",
    "click": "click",
    "rich_click": "click",
    "typer": "typer",
    "secrets": "system",
    "random": "system",
    "collections": ("collected", "named_tuples"),
    "itertools": "collected",
    "copy": "collected",
    "operator": "collected",
    "textwrap": "texts",
    "shlex": "texts",
    "html": "texts",
    "hashlib": ("texts", "digests"),
    "platform": "process",
    "socket": "process",
    "getpass": "process",
    "multiprocessing": "process",
    "psutil": "process",
    "subprocess": "process",
    "logging": "process",
    "warnings": "process",
    "typing": ("process", "named_tuples"),
    "uuid": ("system", "datatypes"),
    "time": "system",
    "datetime": "system",
    "datetime.timedelta": "datatypes",
    "string": "texts",
    "builtins": "system",
    "functools": "system",
    "ast": "system",
    "json": "structured",
    "tomllib": "structured",
    "tomli": "structured",
    "toml": "structured",
    "pytoml": "structured",
    "rtoml": "structured",
    "tomlkit": "structured",
    "yaml": "yaml",
    "ruamel": "yaml",
    "io": "files",
    "distutils": "system",
    "traceback": "system",
    "importlib": "system",
    "dataclasses": ("system", "records"),
    "types": ("system", "records"),
    "binascii": "encodings",
    "base64": "encodings",
    "pathlib": "paths",
    "dotenv": "dotenv",
    "flask": "flask",
    "flask.cli": "flask_cli",
    "werkzeug": "werkzeug",
    "flask_cors": "flask_cors",
    "flask_talisman": "flask_talisman",
    "talisman": "flask_talisman",
    "flask_seasurf": "flask_wtf",
    "flask_wtf": "flask_wtf",
    "flask_login": "flask_login",
    "flask_jwt_extended": "flask_jwt_extended",
    "flask_debugtoolbar": "flask_debugtoolbar",
    "flask_profiler": "flask_debugtoolbar",
    "flask_admin": "flask_admin",
    "flasgger": "flask_docs",
    "flask_restx": "flask_docs",
    "flask_restplus": "flask_docs",
    "flask_smorest": "flask_docs",
    "apiflask": "flask_docs",
    "flask_openapi3": "flask_docs",
    "prometheus_flask_exporter": "flask_panels",
    "prometheus_client": "flask_panels",
    "rq_dashboard": "flask_panels",
    "flask_monitoringdashboard": "flask_panels",
    "flask_apscheduler": "flask_panels",
    "flask_bcrypt": "passwords",
    "bcrypt": "passwords",
    "argon2": "passwords",
    "flask_argon2": "passwords",
    "passlib": "passwords",
    "pwdlib": "passwords",
    "flask_security": "flask_security",
    **dict.fromkeys(
        "sqlalchemy databases psycopg2 psycopg asyncpg aiopg pymysql MySQLdb mysql aiomysql mariadb pymssql peewee "
        "redis aioredis pymongo motor pika aio_pika kombu celery elasticsearch neo4j minio".split(),
        "services",
    ),
    "flask_graphql": "graphql",
    "graphql_server": "graphql",
    "strawberry": "graphql",
    "itsdangerous": "itsdangerous",
    "secure": "secure",
    "split_settings": "split_settings",
    "jinja2": "jinja2",
    "requests": "clients",
    "httpx": "clients",
    "aiohttp": ("clients", "aiohttp_web"),
    "aiohttp_session": "aiohttp_extensions",
    "aiohttp_cors": "aiohttp_extensions",
    "aiohttp_debugtoolbar": "aiohttp_extensions",
    "urllib3": "clients",
    "ssl": "clients",
    "urllib": "clients",
    "urllib.parse": "urls",
    "enum": "enums",
    "configparser": ("configparser", "configparser_get", "configparser_sections"),
    "decimal": "datatypes",
    "fractions": "datatypes",
    "ipaddress": "datatypes",
    "re": "regular",
    "jwt": "jwt",
    "jose": "jwt",
    "authlib": "jwt",
    "waitress": "servers",
    "gevent": "servers",
    "eventlet": "servers",
    "wsgiref": "servers",
    "cheroot": "servers",
    "hypercorn": "servers",
    "uvicorn": "servers",
    "gunicorn": "gunicorn",
    "flask_socketio": "socketio",
    "bottle": "bottle",
    "litestar": "litestar",
    "pyramid": ("pyramid", "pyramid_http", "paste"),
    "webob": "pyramid_http",
    "paste": "paste",
    "sanic": "sanic",
    "sanic_ext": "sanic",
    "quart": "quart",
    "quart_cors": "quart",
    "tornado": ("tornado", "tornado_options"),
    "cherrypy": "servers",
    "bjoern": "servers",
    "meinheld": "servers",
    "pydantic": "pydantic",
    "pydantic_settings": "pydantic_settings",
    "django": "django",
    "django.utils": "django_csp",
    "rest_framework": "django",
    "configurations": ("django_configurations", "django_configurations_values"),
    "whitenoise": "django",
    "channels": "django",
    "dj_static": "django",
    "csp": "django_csp",
    "starlette": "starlette",
    "fastapi": "fastapi",
    "scalar_fastapi": "fastapi",
    "environs": "environs",
    "environ": "django_environ_services",
    "dj_database_url": "dj_database_url",
    "dj_email_url": "dj_email_url",
    "django_cache_url": "django_cache_url",
    "decouple": "decouple",
    "dynaconf": ("dynaconf", "dynaconf_apps", "dynaconf_validators"),
}
"""First part of a dotted name (or its first two) to the file (or files) with its models."""
_loaded: set[str] = set()


def load(module: str) -> None:
    """Import the models for a library module, if there are any."""
    top, _, rest = module.partition(".")
    for key in (top, f"{top}.{rest.partition('.')[0]}"):
        names = MODELS.get(key, ())
        for name in (*((names,) if isinstance(names, str) else names), *CODE_MODELS.get(key, ())):
            if name not in _loaded:
                _loaded.add(name)
                import_module(f"batten.understand.libraries.{name}")


def is_object(name: str) -> bool:
    """Return whether a dotted name is a module, class or function, and no value of a library's."""
    last = name.rpartition(".")[2]
    return "." not in name or name in CALLS or name in INITS or (last[:1].isupper() and not last.isupper())


def exported(module: str) -> list[str]:
    """Return the names that `from module import *` binds, as far as the tables know."""
    start = f"{module}."
    known = (*CALLS, *INITS, *VALUES, *ALIASES)
    return sorted({name[len(start) :] for name in known if name.startswith(start) and "." not in name[len(start) :]})


def canonical(name: str) -> str:
    """Return the name under which a thing stands in the tables."""
    return ALIASES.get(name, name)


def method(library: str, name: str) -> str | None:
    """Return the full name of a modelled method of a library class, its bases included."""
    for owner in (library, *BASES.get(library, ())):
        if f"{owner}.{name}" in CALLS:
            return f"{owner}.{name}"
    return None
