"""Production is started in Sanic's development mode.

`app.run(dev=True)` and `sanic --dev` watch the source and restart whenever a file changes:
whoever can write one file of the project has it running a second later, without a deploy that
anybody sees. They also turn debug on, about which `debug-mode/sanic` speaks, and serve with one
worker.

Silent for Sanic's server itself, which is made for production, and when the line is not
reached.

Fix: delete `dev=True`; in production `sanic --workers 4 server:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from sanic import Sanic

app = Sanic("shop")

if __name__ == "__main__":
    app.run(dev=True)  # <- here
"""


@rule(
    id="dev-server/sanic-dev",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["Sanic 25.12 docs, Running Sanic, Development", "OWASP A02:2025"],
    bad=[
        Bad("the Procfile runs the file", {"app.py": APP, "Procfile": "web: python app.py\n"}),
        Bad(
            "on the command line",
            {"app.py": APP.replace("  # <- here", ""), "Procfile": "web: sanic --dev app:app  # <- here\n"},
        ),
    ],
    good=[
        Good("Sanic's server", {"app.py": APP.replace("dev=True", "workers=4"), "Procfile": "web: python app.py\n"}),
        Good("the command never reaches the guarded run", {"app.py": APP, "Procfile": "web: sanic app:app\n"}),
    ],
)
def sanic_dev(server: Server) -> Iterator[Finding]:
    """Yield a finding for a start in development mode."""
    if server.kind == "sanic dev" and not server.assumed:
        yield Finding(
            at=server.at,
            says="production is served in Sanic's development mode: what is written over a file runs",
            evidence=server.evidence,
            fix=Fix("Start it without `dev`, with `sanic --workers 4 MODULE:app`."),
            symbol="sanic dev",
        )
