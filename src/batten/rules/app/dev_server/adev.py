"""Production is served by `adev runserver`, a development server.

The command of aiohttp-devtools listens on every interface, always; it puts the app into debug
mode, so that errors answer with the traceback, restarts it when a file changes, and writes a
script into every page that listens for that.

Silent when the command stands in what only developers use: a Makefile, a
README, an override file of compose.

Fix: start the app itself, with `web.run_app(app, host="127.0.0.1")` behind a proxy, or
`gunicorn app:app --worker-class aiohttp.GunicornWebWorker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from aiohttp import web

app = web.Application()

if __name__ == "__main__":
    web.run_app(app, host="127.0.0.1")
"""

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["adev", "runserver", "app.py"]  # <- here
"""


@rule(
    id="dev-server/adev",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["aiohttp-devtools 1.1 aiohttp_devtools.runserver", "OWASP A02:2025"],
    bad=[
        Bad("the image starts the adev command", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Bad("so does the Procfile", {"app.py": APP, "Procfile": "web: adev runserver  # <- here\n"}),
    ],
    good=[
        Good(
            "the image starts the app",
            {"app.py": APP, "Dockerfile": DOCKERFILE.replace('"adev", "runserver"', '"python"')},
        ),
        Good(
            "the command stands in the Makefile",
            {"app.py": APP, "Makefile": "dev:\n\tadev runserver\n", "Procfile": "web: python app.py\n"},
        ),
    ],
)
def adev_run(server: Server) -> Iterator[Finding]:
    """Yield a finding for a start by the adev command."""
    if server.development and server.kind == "adev" and not server.assumed:
        yield Finding(
            at=server.at,
            says="production is served by `adev runserver`, aiohttp's server for development",
            evidence=server.evidence,
            fix=Fix("Start the app itself, or with gunicorn and `aiohttp.GunicornWebWorker`."),
            symbol="adev runserver",
        )
