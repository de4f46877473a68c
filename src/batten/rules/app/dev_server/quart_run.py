"""Production is started with `quart run`, Quart's server for development.

The command serves with Hypercorn in one process of the development kind: it restarts when
a file changes while debug is on, reads `.quartenv` and `.env` of the directory that it starts in, and
takes debug from `QUART_DEBUG`, whatever the code says: one variable puts the source and the
local variables of every frame into each error page.

Silent when the command stands in what only developers use: a Makefile, a
README, an override file of compose.

Fix: start the app with a production server, `hypercorn app:app` or `uvicorn app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from quart import Quart\n\napp = Quart(__name__)\n"

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["quart", "run", "--host=0.0.0.0"]  # <- here
"""


@rule(
    id="dev-server/quart-run",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["Quart 0.22 quart.cli.run_command", "OWASP A02:2025"],
    bad=[
        Bad("the image starts the quart command", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Bad("so does the Procfile", {"app.py": APP, "Procfile": "web: quart run  # <- here\n"}),
    ],
    good=[
        Good(
            "the image starts hypercorn",
            {
                "app.py": APP,
                "Dockerfile": DOCKERFILE.replace(
                    '"quart", "run", "--host=0.0.0.0"', '"hypercorn", "--bind=0.0.0.0:8000", "app:app"'
                ),
            },
        ),
        Good(
            "the command stands in the Makefile",
            {
                "app.py": APP,
                "Makefile": "dev:\n\tquart run\n",
                "Procfile": "web: hypercorn app:app\n",
            },
        ),
    ],
)
def quart_run(server: Server) -> Iterator[Finding]:
    """Yield a finding for a start by the quart command."""
    if server.development and server.kind == "quart run" and not server.assumed:
        yield Finding(
            at=server.at,
            says="production is served by `quart run`, Quart's server for development",
            evidence=server.evidence,
            fix=Fix("Start it with a production server, `hypercorn MODULE:app`."),
            symbol="quart run",
        )
