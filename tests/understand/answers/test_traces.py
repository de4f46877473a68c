"""Error pages of the real frameworks, and what is told of them; pages that only quote one."""

from __future__ import annotations

import asyncio
import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from starlette.applications import Starlette
from starlette.routing import Route
from werkzeug.debug import DebuggedApplication

from batten.understand.answers.http import Answer, Request
from batten.understand.answers.traces import TraceKind, console_in, is_console, is_debugger_script, trace_in

if TYPE_CHECKING:
    from collections.abc import Callable

TRACE = 'Traceback (most recent call last):\n  File "/srv/shop/views.py", line 12, in item\n    x\nValueError: no 7'


def answered(body: str | bytes, status: int = 500, kind: str = "text/html") -> Answer:
    data = body.encode() if isinstance(body, str) else body
    return Answer(Request("GET", "http://127.0.0.1/"), status, headers=(("Content-Type", kind),), body=data)


def from_wsgi(app: Callable[..., Any], path: str = "/item") -> Answer:
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        told[:] = [int(status.split(maxsplit=1)[0]), headers]
        return lambda _: None

    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    body = b"".join(app(environ, start))
    return Answer(Request("GET", "http://127.0.0.1/"), told[0], headers=tuple(told[1]), body=body)


def broken(*_: object) -> str:
    password = "hunter2"
    raise ValueError(f"no {len(password)}")


@pytest.mark.parametrize("evalex", [True, False])
def test_werkzeug_s_debugger(evalex: bool) -> None:  # noqa: FBT001 - a parameter of the test
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    app.add_url_rule("/item", view_func=broken)
    seen = trace_in(from_wsgi(DebuggedApplication(app, evalex=evalex, pin_security=True)))
    assert seen is not None
    assert seen.kind is TraceKind.WERKZEUG
    assert seen.says.startswith("ValueError")
    assert bool(seen.console) == evalex
    assert "hunter2" not in seen.says


def test_werkzeug_s_own_files() -> None:
    app = DebuggedApplication(lambda *_: [], evalex=True, console_path="/console")
    app.trusted_hosts = ["127.0.0.1"]
    console = from_wsgi(app, "/console")
    assert is_console(console)
    assert "PIN" in console_in(console.text)
    assert console_in("EVALEX = false") == ""
    assert console_in("EVALEX = true, EVALEX_TRUSTED = true") == "no PIN stands before the console"


def test_starlette_s_debug_page() -> None:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def ask(accept: bytes) -> Answer:
        sent.clear()
        app: Any = Starlette(debug=True, routes=[Route("/item", broken)])
        headers = [(b"accept", accept), (b"host", b"127.0.0.1")]
        scope = {"type": "http", "method": "GET", "path": "/item", "headers": headers, "query_string": b""}
        with pytest.raises(ValueError, match="no 7"):
            await app({**scope, "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80)}, receive, send)
        start, body = sent[0], b"".join(one.get("body", b"") for one in sent[1:])
        kind = dict(start["headers"])[b"content-type"].decode()
        return answered(body, start["status"], kind)

    page, text = asyncio.run(ask(b"text/html")), asyncio.run(ask(b"*/*"))
    as_page, as_text = trace_in(page), trace_in(text)
    assert as_page is not None
    assert as_page.kind is TraceKind.STARLETTE
    assert as_text is not None
    assert as_text.kind is TraceKind.TRACEBACK
    assert as_text.says.startswith("ValueError at ")


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (TRACE, "text/plain", "ValueError at /srv/shop/views.py:12"),
        (f"<pre>{TRACE.replace('<', '&lt;').replace(chr(34), '&quot;')}</pre>", "text/html", "ValueError at"),
        (json.dumps({"detail": TRACE}), "application/json", "ValueError at"),
    ],
)
def test_a_traceback_is_known_as_text_page_and_data(body: str, kind: str, says: str) -> None:
    seen = trace_in(answered(body, kind=kind))
    assert seen is not None
    assert seen.kind is TraceKind.TRACEBACK
    assert seen.says.startswith(says)
    assert "no 7" not in seen.says


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>psycopg2.errors.UndefinedColumn: column x", "psycopg2.errors.UndefinedColumn"),
        ("<p>psycopg2.errors.UniqueViolation: duplicate key", "psycopg2.errors.UniqueViolation"),
        ("<p>We keep it in sqlite3.Connection objects", ""),
        ("(sqlite3.OperationalError) near x", "sqlite3.OperationalError"),
        ("You have an error in your SQL syntax; check", "You have an error in your SQL syntax"),
        ("SQLSTATE[42000]: x", "SQLSTATE[42000]"),
    ],
)
def test_a_driver_is_known_by_its_words(body: str, says: str) -> None:
    seen = trace_in(answered(body))
    assert (seen.says if seen else "") == says
    assert seen is None or seen.kind is TraceKind.DRIVER


@pytest.mark.parametrize(
    "answer",
    [
        answered(TRACE, 200, "text/plain"),
        answered("Traceback (most recent call last): a talk about errors", 404),
        answered("", 500),
        answered("<h1>Internal Server Error</h1>", 500),
        answered("<p>DEBUG = True is a setting", 404),
    ],
)
def test_what_only_speaks_of_errors_gives_nothing_away(answer: Answer) -> None:
    assert trace_in(answer) is None


def test_a_title_is_an_error_s_name_or_nothing() -> None:
    page = "seeing this error because you have <code>DEBUG = True</code>"
    named = trace_in(answered(f"<title>DisallowedHost\n  at /</title>{page}", 400))
    other = trace_in(answered(f"<title>Page not found at /x</title>{page}", 404))
    assert named is not None
    assert other is not None
    assert (named.kind, named.says, other.says) == (TraceKind.DJANGO, "DisallowedHost", "")
    assert "settings" in named.leaks


def test_the_debugger_s_script_is_a_script() -> None:
    text = "if (!EVALEX_TRUSTED) initPinBox(); if (CONSOLE_MODE) x();"
    assert is_debugger_script(answered(text, 200, "application/javascript"))
    assert not is_debugger_script(answered(text, 200, "text/html"))
    assert not is_debugger_script(answered(text, 404, "text/javascript"))
