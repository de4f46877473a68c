"""Production starts Flask's development server from the app's code.

`app.run()` serves one process with Werkzeug's server. Its authors say of it
that it is not designed to be particularly secure, stable or efficient: there
is no limit on slow or large requests, no supervision of a worker that hangs,
and debug mode is one word or one environment variable (`FLASK_DEBUG=1`) away,
and with it the console that runs a visitor's Python.

Silent when another server imports the app and never reaches a guarded
`app.run()`, and when nothing in the repository says what starts the app.

Fix: start the app with a production server, `gunicorn app:app` or
`waitress-serve app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.subjects import Server

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run()  # <- here
"""

BRANCHES = """\
import os

from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    if os.environ.get("APP_ENV", "production") == "production":
        from waitress import serve

        serve(app)
    else:
        app.run()
"""


@rule(
    id="dev-server/app-run",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=["Flask 3.1 docs, Deploying to Production", "OWASP A02:2025"],
    bad=[
        Bad("the Procfile runs the file", {"app.py": APP, "Procfile": "web: python app.py\n"}),
    ],
    good=[
        Good("gunicorn imports the app", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "the branch that production takes is waitress",
            {"app.py": BRANCHES, "Procfile": "web: python app.py\n"},
        ),
        Good("nothing says what production starts", {"app.py": APP}),
    ],
)
def app_run(server: Server) -> Iterator[Finding]:
    """Yield a finding for a development server that the code starts."""
    if server.development and server.kind == "werkzeug" and not server.assumed:
        yield Finding(
            at=server.at,
            says="production is served by app.run(), Flask's development server",
            evidence=server.evidence,
            fix=Fix("Start it with a production server, `gunicorn MODULE:app`."),
            symbol="app.run",
        )
