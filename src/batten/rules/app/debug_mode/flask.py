"""Flask's debug mode is on in production.

Under Flask's own server an error then answers with Werkzeug's debugger: the
source around every frame of the traceback, and a console that runs Python
inside the app, as the user that the app runs as. Only a PIN stands before
the console. It is made of facts about the machine (user, path, MAC address,
machine id) that any file-reading hole gives away, and it can be guessed; since
Werkzeug 3.0.3 the console also wants a `Host` of localhost, a header that the
visitor writes. Whoever can cause an error is one number away from the server,
its database and its keys: that is why this is critical and not cosmetic.

gunicorn, waitress and the other production servers have no such console.
Debug mode is a missing layer of defence there: errors skip the app's own
error pages, form and routing errors explain themselves to the visitor,
templates are read anew, and whatever looks at `app.debug` (toolbars, "skip
the check" branches) is on. One more change of the start command brings the
console back. The finding is then medium.

Silent when production never reaches the line that turns debug on: a guarded
`app.run(debug=True)` under gunicorn, a development settings class that the
environment does not select, an override file for developers.

Fix: delete `debug=True`, keep `DEBUG` and `FLASK_DEBUG` out of what is deployed;
at your desk start with `flask run --debug`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Evidence, Finding, Fix, Good, Severity, live, rule
from batten.rules.app.debug_mode._seen import at, told, traces
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.answers.traces import SeenDebugger, TraceKind
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value
    from batten.understand.subjects import Server

APP = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(debug=True)  # <- here
"""

CONFIGURED = """\
import os

from flask import Flask

app = Flask(__name__)
app.config["DEBUG"] = bool(os.environ.get("DEBUG", "False"))  # <- here
"""


@rule(
    id="debug-mode/flask",
    severity=Severity.CRITICAL,
    cwe=489,
    over=App,
    sources=[
        "Flask 3.1 docs, Debugging Application Errors",
        "Werkzeug 3.1 werkzeug.debug.DebuggedApplication",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "python app.py starts Flask's own server",
            {"app.py": APP, "Procfile": "web: python app.py\n"},
            fixed={"app.py": APP.replace("debug=True", "debug=False")},
        ),
        Bad(
            "the image sets FLASK_DEBUG for the flask command",
            {
                "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
                "Dockerfile": (
                    "FROM python:3.13-slim\n"
                    "WORKDIR /srv\n"
                    "COPY app.py .\n"
                    "ENV FLASK_DEBUG=1  # <- here\n"
                    'CMD ["flask", "run", "--host=0.0.0.0"]\n'
                ),
            },
        ),
        Bad(
            "bool() of a text that is not empty is True, also of 'False'",
            {"app.py": CONFIGURED, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad(
            "a variable that has to be set: every text is true",
            {
                "app.py": (
                    "import os\n\nfrom flask import Flask\n\napp = Flask(__name__)\n"
                    'app.config["DEBUG"] = os.environ["SHOP_DEBUG"]  # <- here\n'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Bad(
            "the host sets FLASK_DEBUG",
            {"app.py": APP.replace("debug=True", "").replace("  # <- here", "")},
            env={"FLASK_DEBUG": "true  # <- here"},
        ),
    ],
    good=[
        Good(
            "gunicorn never reaches the guarded app.run()",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
        ),
        Good(
            "a comparison with a text is False for all others",
            {
                "app.py": CONFIGURED.replace(
                    'bool(os.environ.get("DEBUG", "False"))', 'os.environ.get("DEBUG", "False") == "True"'
                ),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "the host says no",
            {"app.py": APP.replace("debug=True", "")},
            env={"FLASK_DEBUG": "0"},
        ),
    ],
)
def debug_on(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on, under the server where it does most."""
    if app.framework == "flask":
        yield from one_per_place(
            _finding(app, server, case) for server in app.servers for case in server.debug.cases() if case.value
        )


def _finding(app: App, server: Server, case: Value) -> Finding:
    # An unknown `use_debugger` counts: Flask 3.1 `run` switches it on with debug.
    has_console = server.development and not server.debugger.is_false()
    value = str(case) if isinstance(case.value, bool) else f"{case} (true in Python)"
    effect = "its console runs the visitor's Python" if has_console else "which has no console"
    return Finding(
        at=first(case.at, server.at, app.at),
        says=f"debug is {value} under {server.name}, {effect}",
        evidence=(*case.evidence, *_variable(app, case), *server.evidence),
        confidence=case.confidence.weakest(Confidence.LIKELY) if server.assumed else case.confidence,
        severity=Severity.CRITICAL if has_console else Severity.MEDIUM,
        fix=replaced(
            case,
            "False",
            "Delete it, so that debug stays off; at your desk start with `flask run --debug`.",
        ),
        symbol="DEBUG",
        proof=server.kind,
    )


def _variable(app: App, case: Value) -> Iterator[Evidence]:
    """Yield that the environment turns debug on as well, where the code does already."""
    for variable in app.debug_variable.cases():
        if variable.value and variable.at is not None and variable.at != case.at:
            yield Evidence(variable.at, "the environment turns debug on as well")


DEBUGGER = served(
    "<title>ZeroDivisionError // Werkzeug Debugger</title><script>EVALEX = true, EVALEX_TRUSTED = false;</script>",
    "text/html",
    status="500 Internal Server Error",
)


@live(
    over=Site,
    bad=[
        Bad(
            "an error shows the debugger",
            answers={"GET /": shown('<a href="/item/1">rope</a>'), "GET /item/-1 # <- here": DEBUGGER},
        ),
    ],
    good=[
        Good("an error is answered in a sentence", answers={"GET /": shown('<a href="/item/1">rope</a>')}),
        Good("a page about the debugger", answers={"GET *": DEBUGGER.replace("500 Internal Server Error", "200 OK")}),
    ],
)
def debugger_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when an error was answered with Werkzeug's debugger."""
    pages = traces(site, TraceKind.WERKZEUG)
    if not pages:
        return
    held = [part for part in site.parts if isinstance(part, SeenDebugger)]
    consoles = [*(one.console for one in held), *(one.console for one in pages)]
    console = next(filter(None, consoles), "")
    more = f" and a console in it; {console}" if console else ""
    yield Finding(
        at=at(pages[0]),
        says=f"debug is on: an error shows Werkzeug's debugger, the source around each frame{more}",
        evidence=(*told(pages), *(seen(one.answer, "answered as the debugger") for one in held)),
        fix=Fix("Take debug out of what is deployed, and start the app with a production server."),
        symbol="DEBUG",
    )
