"""No handler answers for unexpected errors.

Flask then sends its own short page, which tells no detail but looks broken, in the wrong
language and the wrong format (a page where a program waits for JSON), and people soon catch
exceptions view by view and return their text. A last handler gives every error one answer and
one place where it is logged.

Silent when a handler for 500, `InternalServerError` or `Exception` is registered, when that
could not be told, and for frameworks that bring a page or an answer of their own for the
purpose (Django's `500.html`, FastAPI and Starlette).

Fix: `@app.errorhandler(500)` that logs, and answers with a fixed text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, State, rule
from batten.rules.form import first
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS_ONE = frozenset({"flask", "quart"})
"""Frameworks in which an app is expected to bring its own answer."""

APP = """\
from flask import Flask

app = Flask(__name__)  # <- here


@app.get("/")
def index():
    return "hello"
"""

HANDLER = """\


@app.errorhandler(500)
def failed(error):
    return "something went wrong", 500
"""

BLUEPRINT = """\
from flask import Blueprint

blueprint = Blueprint("errors", __name__)


@blueprint.app_errorhandler(500)
def failed(error):
    return "something went wrong", 500
"""

PARTED = APP.replace("\n\napp =", "\n\nfrom errors import blueprint\n\napp =").replace(
    "here\n", "here\napp.register_blueprint(blueprint)\n"
)


@rule(
    id="verbose-errors/no-handler",
    severity=Severity.LOW,
    cwe=756,
    over=App,
    sources=["Flask 3.1 docs, Handling Application Errors", "OWASP A02:2025"],
    bad=[
        Bad("none", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Bad(
            "a blueprint has one for its own routes",
            {
                "app.py": PARTED,
                "errors.py": BLUEPRINT.replace("app_errorhandler", "errorhandler"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
    good=[
        Good(
            "a blueprint has one for the whole app",
            {"app.py": PARTED, "errors.py": BLUEPRINT, "Procfile": "web: gunicorn app:app\n"},
        ),
        Good("for 500", {"app.py": APP + HANDLER, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "for every exception",
            {"app.py": APP + HANDLER.replace("500)\n", "Exception)\n"), "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "for 404 there may be another",
            {
                "app.py": APP + HANDLER + HANDLER.replace("500", "404").replace("failed", "missing"),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def no_last_handler(app: App) -> Iterator[Finding]:
    """Yield a finding for an app that leaves unexpected errors to the framework."""
    if app.framework not in NEEDS_ONE:
        return
    if app.handles_errors.state is State.UNSET or app.handles_errors.is_false():
        yield Finding(
            at=first(app.handles_errors.at, app.at),
            says="no handler answers for unexpected errors",
            fix=Fix("Register one for 500 that logs, and answers with a fixed text."),
            symbol="errorhandler",
        )
