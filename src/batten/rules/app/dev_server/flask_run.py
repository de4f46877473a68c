"""Production is started with `flask run`, the development server.

The command serves with Werkzeug's server, of which its authors say that it is
not designed to be particularly secure, stable or efficient. It also reads
`.flaskenv` and `.env` of the directory that it starts in, and `FLASK_DEBUG`:
one variable brings the console that runs a visitor's Python.

Silent when the command stands in what only developers use: a Makefile, a
README, an override file of compose.

Fix: start the app with a production server, `gunicorn app:app` or
`waitress-serve app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"

DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY app.py .
CMD ["flask", "run", "--host=0.0.0.0"]  # <- here
"""


@rule(
    id="dev-server/flask-run",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["Flask 3.1 docs, Deploying to Production", "OWASP A02:2025"],
    bad=[
        Bad("the image starts the flask command", {"app.py": APP, "Dockerfile": DOCKERFILE}),
        Bad("so does the Procfile", {"app.py": APP, "Procfile": "web: flask run  # <- here\n"}),
    ],
    good=[
        Good(
            "the image starts gunicorn",
            {
                "app.py": APP,
                "Dockerfile": DOCKERFILE.replace(
                    '"flask", "run", "--host=0.0.0.0"', '"gunicorn", "--bind=0.0.0.0:8000", "app:app"'
                ),
            },
        ),
        Good(
            "the command stands in the Makefile",
            {
                "app.py": APP,
                "Makefile": "dev:\n\tflask run\n",
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
    ],
)
def flask_run(server: Server) -> Iterator[Finding]:
    """Yield a finding for a start by the flask command."""
    if server.development and server.kind == "flask" and not server.assumed:
        yield Finding(
            at=server.at,
            says="production is served by `flask run`, Flask's development server",
            evidence=server.evidence,
            fix=Fix("Start it with a production server, `gunicorn MODULE:app`."),
            symbol="flask run",
        )
