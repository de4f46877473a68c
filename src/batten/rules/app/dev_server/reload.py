"""The production server watches the source and reloads it.

A reloader restarts the app whenever a file of it changes. Whoever can write
one file has his code running a second later, without a deploy that anybody
sees; the watcher costs memory and time, and a worker can start on a half-written
file. gunicorn's documentation calls the setting one for development.

Silent without the option, and for Flask's development server, about which the
other rules of this topic speak.

Fix: take `--reload` out of the production command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.form import first, replaced
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"


@rule(
    id="dev-server/reload",
    severity=Severity.LOW,
    cwe=489,
    over=Server,
    sources=["gunicorn 23 docs, Settings, reload", "uvicorn docs, Settings, --reload", "OWASP A02:2025"],
    bad=[
        Bad(
            "the Procfile asks for it",
            {"app.py": APP, "Procfile": "web: gunicorn --reload app:app  # <- here\n"},
        ),
    ],
    good=[
        Good("not asked for", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
    ],
)
def reload_on(server: Server) -> Iterator[Finding]:
    """Yield a finding for a production server with a reloader."""
    if server.development:
        return
    for case in server.reload.cases():
        if case.value:
            yield Finding(
                at=first(case.at, server.at),
                says=f"{server.name} reloads the app when a file changes",
                evidence=(*case.evidence, *server.evidence),
                confidence=case.confidence,
                fix=replaced(case, "False", "Take the reload option out of the production command."),
                symbol="reload",
                proof=server.kind,
            )
            return
