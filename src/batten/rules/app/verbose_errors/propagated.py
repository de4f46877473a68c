"""Errors skip the app's own error pages and go to the server.

With `PROPAGATE_EXCEPTIONS` Flask raises every unhandled exception on, past the handlers for 500,
as in debug mode. What the visitor then reads is the server's choice: gunicorn answers with a
short page, waitress with the traceback if `expose_tracebacks` is on, another server as it likes.
What the app wanted to log or say does not happen.

Silent when it is off or unset; unset it follows debug and testing.

Fix: delete the setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, replaced
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)
app.config["PROPAGATE_EXCEPTIONS"] = True  # <- here
"""


@rule(
    id="verbose-errors/propagated",
    severity=Severity.LOW,
    cwe=756,
    over=App,
    sources=["Flask 3.1 Flask.handle_exception", "OWASP A02:2025"],
    bad=[
        Bad(
            "always",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("True", "False")},
        )
    ],
    good=[
        Good("never", {"app.py": APP.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "Flask's default follows debug, which is off",
            {"app.py": APP.replace("True", "None"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def errors_propagate(app: App) -> Iterator[Finding]:
    """Yield a finding for each true value that the setting can have."""
    for case in app.setting("PROPAGATE_EXCEPTIONS").cases():
        if case.value and not case.default:
            yield Finding(
                at=first(case.at, app.at),
                says=f"PROPAGATE_EXCEPTIONS is {case}: errors skip the app's error pages",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "False", "Delete the setting."),
                symbol="PROPAGATE_EXCEPTIONS",
            )
