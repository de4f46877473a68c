"""What a site is made with, where its answers plainly say so: the framework, else the server that hands out its files.

The marks are what the framework writes by itself (versions beside them). Several frameworks look alike from outside:
then nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from batten.understand.answers.cookies import set_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from batten.understand.answers.http import Answer

_READ_BYTES = 4096
_BY_SERVER = (
    (re.compile(r"Werkzeug/", re.IGNORECASE), "flask"),
    (re.compile(r"TornadoServer/", re.IGNORECASE), "tornado"),
    (re.compile(r"\baiohttp/", re.IGNORECASE), "aiohttp"),
)
"""Werkzeug 3.1 `WSGIRequestHandler.version_string`, Tornado 6.5, aiohttp 3.13 `SERVER_SOFTWARE`. Gunicorn, uvicorn and
wsgiref serve every framework."""
_BY_COOKIE = {"csrftoken": "django", "csrf_access_token": "flask", "_xsrf": "tornado", "AIOHTTP_SESSION": "aiohttp"}
_NOT_FOUND = (
    (b"The requested resource was not found on this server.", "django"),
    (b"The requested URL was not found on the server. If you entered the URL manually please check", "flask"),
    (b'{"detail":"Not Found"}', "fastapi"),
)
"""Bodies of a 404: Django 5.2 `django/views/defaults.py`, Werkzeug 3.1 `NotFound`, Starlette 1.0 under FastAPI."""
_WEB_SERVERS = (("nginx", "nginx"), ("apache", "apache"), ("caddy", "caddy"))
_ABSENT = 404


def made_with(answers: Iterable[Answer]) -> str:
    """Return the framework that all marks in the answers agree on, else the web server, else nothing."""
    held = list(answers)
    frameworks = {name for answer in held for name in _frameworks(answer)}
    if frameworks:
        return frameworks.pop() if len(frameworks) == 1 else ""
    servers = {name for answer in held for name in _servers(answer)}
    return servers.pop() if len(servers) == 1 else ""


def _frameworks(answer: Answer) -> Iterator[str]:
    server = answer.first("server") or ""
    yield from (name for mark, name in _BY_SERVER if mark.search(server))
    yield from (_BY_COOKIE[cookie.name] for cookie in set_by(answer) if cookie.name in _BY_COOKIE)
    if answer.status == _ABSENT:
        body = answer.body[:_READ_BYTES]
        yield from (name for mark, name in _NOT_FOUND if mark in body)


def _servers(answer: Answer) -> Iterator[str]:
    server = (answer.first("server") or "").lower()
    yield from (name for mark, name in _WEB_SERVERS if server.partition("/")[0].strip() == mark)
