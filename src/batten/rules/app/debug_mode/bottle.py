"""Bottle's debug mode shows every error's traceback to the visitor.

An error that no handler catches is answered with Bottle's error page, and with debug on that
page holds the exception and the whole traceback: paths, lines of source, and whatever text the
exception carries, a query or a DSN among it. Templates are read anew for every request. The
switch is one for the process: `bottle.debug(True)`, `run(debug=True)` or `--debug`, and it counts under
gunicorn too once the line is reached. There is no console.

Silent when production does not reach the line: `run(debug=True)` behind a guard, under gunicorn.

Fix: delete `debug=True`; at your desk start with `python -m bottle --debug app:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.debug_mode._traceback import shown
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

RUN = """\
from bottle import route, run


@route("/")
def index():
    return "hello"


if __name__ == "__main__":
    run(server="waitress", port=8000, debug=True)  # <- here
"""

SWITCH = """\
import os

import bottle

bottle.debug(os.environ.get("DEBUG", "1") == "1")  # <- here
app = bottle.Bottle()
"""


@rule(
    id="debug-mode/bottle",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=["Bottle 0.13 bottle.debug, ERROR_PAGE_TEMPLATE", "OWASP A02:2025"],
    bad=[
        Bad(
            "the process serves tracebacks",
            {"app.py": RUN, "Procfile": "web: python app.py\n"},
            fixed={"app.py": RUN.replace("debug=True", "debug=False")},
        ),
        Bad(
            "the switch counts under every server",
            {"app.py": SWITCH, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad(
            "on the command line",
            {"app.py": RUN.replace("  # <- here", ""), "Procfile": "web: bottle --debug app  # <- here\n"},
        ),
    ],
    good=[
        Good(
            "gunicorn never reaches the guarded run()",
            {
                "app.py": "import bottle\n\napp = bottle.default_app()\n\n\n" + RUN,
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good("off", {"app.py": RUN.replace(", debug=True", ""), "Procfile": "web: python app.py\n"}),
        Good(
            "the host says no",
            {"app.py": SWITCH, "Procfile": "web: gunicorn app:app\n"},
            env={"DEBUG": "0"},
        ),
    ],
)
def tracebacks_served(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on."""
    if app.framework == "bottle":
        off = "Delete it, so that debug stays off; at your desk start with `bottle --debug`."
        yield from shown(app, "bottle.debug", "error pages show the traceback", off)
