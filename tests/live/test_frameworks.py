"""Apps of every framework, really served: what each gives away is found, and nothing else is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.live.judged import BANNER, BARE, probed
from tests.live.started import gunicorn, python, uvicorn

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.live.started import Started

pytestmark = pytest.mark.process

MOST_REQUESTS = 150
DEBUG = {"DEBUG": "1"}
DJANGO = frozenset({"security-headers/csp-missing"})
"""Django's own middleware sets the other headers without being told."""
OPEN = BARE | BANNER
SANIC = BARE | {"docs-exposed/openapi"}
"""Sanic Extensions stand beside it, and serve a description of the API unasked."""


class Row(NamedTuple):
    """A server, and all rules above info that it breaks."""

    name: str
    start: Callable[[], Started]
    broken: frozenset[str]


def flask(*argv: str, **env: str) -> Callable[[], Started]:
    return lambda: python(*(argv or ("flask_shop.py",)), prints=True, env=env)


ROWS = [
    Row(
        "flask run --debug",
        flask(*"-m flask --app flask_shop run --port 0 --debug".split()),
        OPEN | {"debug-mode/flask"},
    ),
    Row("app.run(debug=True)", flask(), OPEN | {"debug-mode/flask"}),
    Row("app.run(use_debugger=True)", flask(DEBUGGER="alone"), OPEN | {"debug-mode/debugger"}),
    Row(
        "DebuggedApplication under gunicorn",
        lambda: gunicorn("flask_shop:app", DEBUGGER="behind gunicorn"),
        BARE | {"debug-mode/debugger"},
    ),
    Row("Flask under gunicorn", lambda: gunicorn("flask_shop:app"), BARE),
    Row("Flask, hardened", lambda: gunicorn("flask_shop:app", HARDENED="1"), frozenset()),
    Row("Django, DEBUG on", lambda: gunicorn("django_shop", DEBUG="1"), DJANGO | {"debug-mode/django"}),
    Row("Django, DEBUG off", lambda: gunicorn("django_shop"), DJANGO),
    Row("FastAPI, debug on", lambda: uvicorn("fastapi_shop:app", DEBUG="1"), BARE | {"debug-mode/starlette"}),
    Row("FastAPI, its docs on", lambda: uvicorn("fastapi_shop:app", DOCS="1"), BARE | {"docs-exposed/openapi"}),
    Row("FastAPI, debug off", lambda: uvicorn("fastapi_shop:app"), BARE),
    Row(
        "Tornado, tracebacks on",
        lambda: python("tornado_shop.py", "{fd}", env=DEBUG),
        OPEN | {"verbose-errors/returned"},
    ),
    Row("Tornado", lambda: python("tornado_shop.py", "{fd}"), OPEN),
    Row(
        "aiohttp, loop in debug mode",
        lambda: python("aiohttp_shop.py", "{fd}", env=DEBUG),
        OPEN | {"verbose-errors/returned"},
    ),
    Row("aiohttp", lambda: python("aiohttp_shop.py", "{fd}"), OPEN),
    Row("Bottle, debug on", lambda: gunicorn("bottle_shop", DEBUG="1"), BARE | {"verbose-errors/returned"}),
    Row("Bottle", lambda: gunicorn("bottle_shop"), BARE),
    Row("Sanic, debug on", lambda: python("sanic_shop.py", "{fd}", env=DEBUG), SANIC | {"debug-mode/sanic"}),
    Row("Sanic", lambda: python("sanic_shop.py", "{fd}"), SANIC),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_what_an_app_gives_away_is_found_and_nothing_else(row: Row) -> None:
    with row.start() as server:
        told = probed(server.url)
        said = server.said()
    assert told.report.layers["http"] == "evaluated", said
    assert told.rules == row.broken
    assert told.unsure == ()
    assert told.requests <= MOST_REQUESTS


@pytest.mark.parametrize(
    ("password", "is_taken"), [("admin", True), ("q8s7df-long-and-random", False)], ids=["admin/admin", "its own"]
)
@pytest.mark.parametrize("kind", ["a form with a token", "HTTP Basic"])
def test_a_login_that_everybody_knows_is_found_and_no_other(kind: str, password: str, *, is_taken: bool) -> None:
    by_form = kind != "HTTP Basic"
    start = gunicorn("flask_shop:app", LOGIN=password) if by_form else python("basic.py", password, prints=True)
    with start as server:
        told = probed(server.url)
    assert ("default-credentials/login" in told.rules) is is_taken
    assert told.rules <= OPEN | {"default-credentials/login"}
    assert [doubt for doubt in told.unsure if "default logins" in doubt] == []
