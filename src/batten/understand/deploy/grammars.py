"""The grammars of the command lines of servers and workers: their names, their options, which of them last."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from batten.model.data import dataclass
from batten.understand.deploy.options import Grammar

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Program:
    """A server's name and the grammar of its options."""

    server: str
    grammar: Grammar = field(default_factory=Grammar)
    cwd: str = ""
    """The option that changes the directory."""
    env: str = ""
    """The option that sets an environment variable."""
    user: str = ""
    """The option that names the user to drop to."""
    named: str = ""
    """The option that names the app, where it is no argument."""
    commands: frozenset[str] = frozenset()
    """Subcommands that start a server; any other one ends after its work."""


_CLICK_FLAGS = _words("debug reload debugger with-threads without-threads")
_FLASK = Grammar({"A": "app", "e": "env-file", "h": "host", "p": "port"}, _CLICK_FLAGS)
_GUNICORN = Program(
    "gunicorn",
    Grammar(
        {
            "b": "bind", "c": "config", "D": "daemon", "e": "env", "g": "group", "k": "worker-class",
            "m": "umask", "n": "name", "p": "pid", "R": "enable-stdio-inheritance",
            "t": "timeout", "u": "user", "w": "workers",
        },
        _words(
            "reload spew check-config print-config preload no-sendfile reuse-port daemon initgroups"
            " capture-output log-syslog enable-stdio-inheritance suppress-ragged-eofs"
            " do-handshake-on-connect strip-header-spaces casefold-http-method"
            " permit-obsolete-folding permit-unconventional-http-method"
            " permit-unconventional-http-version disable-redirect-access-to-syslog",
        ),
        {"bind": ",", "env": " ", "pythonpath": ","},
    ),
    cwd="chdir",
    env="env",
    user="user",
)  # fmt: skip
_UVICORN = Program(
    "uvicorn",
    Grammar(
        {},
        _words("reload use-colors proxy-headers server-header date-header access-log factory version"),
        {"reload-dir": ",", "header": ",", "env-file": ","},
    ),
)
_HYPERCORN = Program(
    "hypercorn",
    Grammar(
        {"b": "bind", "c": "config", "g": "group", "k": "worker-class", "m": "umask", "p": "pid",
         "u": "user", "w": "workers"},
        _words("debug reload"),
        {"bind": ","},
    ),
    user="user",
)  # fmt: skip
_DAPHNE = Program(
    "daphne",
    Grammar(
        {"b": "host", "e": "endpoint", "p": "port", "s": "server-name", "t": "http-timeout",
         "u": "unix-socket", "v": "verbosity"},
        _words("proxy-headers no-server-name"),
        {"endpoint": " "},
    ),
)  # fmt: skip
_GRANIAN = Program(
    "granian",
    Grammar(
        {},
        _words("reload factory access-log log websockets ws process-name respawn-failed-workers"),
    ),
    cwd="working-dir",
)
_WAITRESS = Program(
    "waitress",
    Grammar(
        {},
        _words("call expose-tracebacks ipv4 ipv6 asyncore-use-poll log-untrusted-proxy-headers"
               " clear-untrusted-proxy-headers log-socket-errors help"),
        {"listen": " "},
    ),
    named="app",
)  # fmt: skip
_UWSGI = Program(
    "uwsgi",
    Grammar(
        {"b": "buffer-size", "C": "chmod-socket", "d": "daemonize", "H": "virtualenv", "M": "master",
         "p": "processes", "s": "socket", "w": "module", "z": "socket-timeout"},
        _words("master enable-threads die-on-term vacuum need-app lazy-apps single-interpreter"
               " thunder-lock manage-script-name strict http-keepalive ignore-sigpipe"
               " ignore-write-errors disable-write-exception disable-logging auto-procname"
               " wsgi-disable-file-wrapper harakiri-verbose no-default-app close-on-exec"),
        {"http": " ", "http-socket": " ", "socket": " ", "env": "\n", "pythonpath": ","},
    ),
    cwd="chdir",
    env="env",
    user="uid",
)  # fmt: skip
_FASTAPI = Program(
    "fastapi",
    Grammar({}, _words("reload proxy-headers")),
    named="app",
    commands=_words("run dev"),
)
_BOTTLE = Program(
    "bottle",
    Grammar(
        {"b": "bind", "s": "server", "p": "plugin", "c": "conf", "C": "param"},
        _words("debug reload"),
        {"plugin": ",", "conf": ",", "param": ","},
    ),
)
_CELERY = Program(
    "celery",
    Grammar({"A": "app", "l": "loglevel", "c": "concurrency", "P": "pool", "Q": "queues", "b": "broker",
             "n": "hostname", "E": "task-events", "B": "beat"}, _words("task-events beat")),
    named="app",
    commands=_words("worker beat flower events"),
)  # fmt: skip

PROGRAMS: Mapping[str, Program] = {
    "gunicorn": _GUNICORN,
    "gunicorn3": _GUNICORN,
    "gunicorn.app.wsgiapp": _GUNICORN,
    "uvicorn": _UVICORN,
    "hypercorn": _HYPERCORN,
    "daphne": _DAPHNE,
    "granian": _GRANIAN,
    "waitress-serve": _WAITRESS,
    "waitress": _WAITRESS,
    "uwsgi": _UWSGI,
    "flask": Program("flask", _FLASK, named="app", commands=_words("run")),
    "quart": Program("quart", _FLASK, named="app", commands=_words("run")),
    "litestar": Program(
        "litestar",
        Grammar(
            {"d": "debug", "r": "reload", "p": "port", "H": "host", "P": "pdb", "W": "workers"},
            _words("debug reload pdb use-pdb create-self-signed-cert"),
        ),
        named="app",
        commands=_words("run"),
    ),
    "adev": Program(
        "adev",
        Grammar({"s": "static", "p": "port"}, _words("livereload verbose shutdown-by-url browser-cache")),
        commands=_words("runserver"),
    ),
    "bottle": _BOTTLE,
    "bottle.py": _BOTTLE,
    "fastapi": _FASTAPI,
    "sanic": Program(
        "sanic",
        Grammar({"H": "host", "p": "port", "u": "unix", "d": "dev", "r": "reload", "w": "workers", "s": "simple"},
                _words("debug dev reload auto-reload factory simple access-logs fast motd single-process"
                       " noisy-exceptions coffee")),
    ),
    "mod_wsgi-express": Program(
        "mod_wsgi",
        Grammar({}, _words("reload-on-changes debug-mode enable-debugger log-to-terminal")),
        cwd="working-directory",
        user="user",
        commands=_words("start-server"),
    ),
    "celery": _CELERY,
    "aiohttp.web": Program("aiohttp", Grammar({"H": "hostname", "P": "port", "U": "path"})),
    "streamlit": Program("streamlit", commands=_words("run")),
    "pserve": Program(
        "pserve", Grammar({"n": "app-name", "s": "server", "b": "browser", "v": "verbose", "q": "quiet"},
                          _words("reload browser verbose quiet"))
    ),
    "supervisord": Program("supervisord", Grammar({"c": "configuration", "n": "nodaemon"},
                                                  _words("nodaemon"))),
    "honcho": Program("honcho", Grammar({"f": "procfile", "e": "env"}), commands=_words("start")),
    "foreman": Program("honcho", Grammar({"f": "procfile", "e": "env"}), commands=_words("start")),
}  # fmt: skip
LASTING = frozenset(p.server for p in PROGRAMS.values()) | _words(
    "django mod_wsgi rq rqworker dramatiq huey_consumer huey_consumer.py arq taskiq twistd twist"
    " chaussette circusd nginx apache2 httpd apache2ctl caddy redis-server jupyter tail",
)
"""Servers and workers that go on running until they are stopped."""
