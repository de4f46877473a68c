"""Production starts a development server from the app's code.

`app.run()` serves one process with Werkzeug's server. Its authors say of it
that it is not designed to be particularly secure, stable or efficient: there
is no limit on slow or large requests, no supervision of a worker that hangs,
and debug mode is one word or one environment variable (`FLASK_DEBUG=1`) away,
and with it the console that runs a visitor's Python.

Bottle's `run()` is `wsgiref` of the standard library unless it is told otherwise: one request
at a time, so that one slow client holds up all others. Quart's `app.run()` is, in its own
words, best used for development only.

A call that no `if __name__ == "__main__":` guards runs whenever the app is imported: gunicorn
never gets as far as its own server.

Silent when another server imports the app and never reaches a guarded
`app.run()`, for `run(server="waitress")`, and when nothing in the repository says what starts
the app and the call is guarded.

Fix: start the app with a production server, `gunicorn app:app`,
`waitress-serve app:app`, for Quart `hypercorn app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Fix, Good, Severity, rule
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

BOTTLE = """\
from bottle import Bottle

app = Bottle()

if __name__ == "__main__":
    app.run(port=8000)  # <- here
"""

UNGUARDED = """\
from flask import Flask

app = Flask(__name__)
app.run()  # <- here
"""

QUART = APP.replace("flask import Flask", "quart import Quart").replace("Flask(", "Quart(")

SERVERS = {
    "werkzeug": ("app.run(), Flask's development server", "Start it with a production server, `gunicorn MODULE:app`."),
    "bottle": (
        "run(), which is wsgiref: one request at a time",
        'Give `server="waitress"`, or start it with gunicorn.',
    ),
    "quart": (
        "app.run(), Quart's server for development",
        "Start it with a production server, `hypercorn MODULE:app`.",
    ),
}
"""Kind of server to what it is, and what to do."""


@rule(
    id="dev-server/app-run",
    severity=Severity.MEDIUM,
    cwe=489,
    over=Server,
    sources=[
        "Flask 3.1 docs, Deploying to Production",
        "Bottle 0.13 docs, Deployment",
        "Quart 0.22 Quart.run",
        "OWASP A02:2025",
    ],
    bad=[
        Bad("the Procfile runs the file", {"app.py": APP, "Procfile": "web: python app.py\n"}),
        Bad("Bottle serves with wsgiref", {"app.py": BOTTLE, "Procfile": "web: python app.py\n"}),
        Bad("whatever imports the app runs it", {"app.py": UNGUARDED}),
        Bad("Quart's own server", {"app.py": QUART, "Procfile": "web: python app.py\n"}),
    ],
    good=[
        Good("gunicorn imports the app", {"app.py": APP, "Procfile": "web: gunicorn app:app\n"}),
        Good(
            "the branch that production takes is waitress",
            {"app.py": BRANCHES, "Procfile": "web: python app.py\n"},
        ),
        Good(
            "Bottle hands the app to waitress",
            {"app.py": BOTTLE.replace("port=", 'server="waitress", port='), "Procfile": "web: python app.py\n"},
        ),
        Good("nothing says what production starts", {"app.py": APP}),
        Good(
            "only whoever runs the other file runs it",
            {"shop.py": APP.partition("\nif")[0], "run.py": "from shop import app\n\napp.run()\n"},
        ),
    ],
)
def app_run(server: Server) -> Iterator[Finding]:
    """Yield a finding for a development server that the code starts."""
    if server.development and server.kind in SERVERS and (not server.assumed or server.on_import):
        what, fix = SERVERS[server.kind]
        yield Finding(
            at=server.at,
            says=f"production is served by {what}",
            evidence=server.evidence,
            confidence=Confidence.LIKELY if server.assumed else Confidence.CERTAIN,
            fix=Fix(fix),
            symbol="app.run",
        )
