"""Quart's debug mode shows the source of every error to visitors.

With `DEBUG` or `TESTING` an error that no handler catches is answered with a page of its
own: each frame of the traceback with the source of the function and the values of its local
variables, unmasked. Passwords, tokens, rows of the database and DSNs that were at hand stand in
it. Quart makes that page itself, so that it is there under Hypercorn and Uvicorn too. There is
no console.

The quart command takes debug from `--debug` or `QUART_DEBUG`, whatever the code has set; an app that
another server imports begins with Flask's variable, `FLASK_DEBUG`.

Silent when production never reaches the line, as a guarded `app.run(debug=True)` under Hypercorn.

Fix: delete `debug=True` and the setting; at your desk start with `quart --debug run`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.app.debug_mode._traceback import shown
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from quart import Quart

app = Quart(__name__)

if __name__ == "__main__":
    app.run(debug=True)  # <- here
"""

SETTING = """\
from quart import Quart

app = Quart(__name__)
app.config["DEBUG"] = True  # <- here
"""


@rule(
    id="debug-mode/quart",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=["Quart 0.22 quart.asgi._handle_exception, quart.debug.traceback_response", "OWASP A02:2025"],
    bad=[
        Bad(
            "Quart's own server",
            {"app.py": APP, "Procfile": "web: python app.py\n"},
            fixed={"app.py": APP.replace("=True", "=False")},
        ),
        Bad(
            "the setting counts under Hypercorn",
            {"app.py": SETTING, "Procfile": "web: hypercorn app:app\n"},
            fixed={"app.py": SETTING.replace("True", "False")},
        ),
        Bad(
            "what is made for tests shows the same page",
            {"app.py": SETTING.replace("DEBUG", "TESTING"), "Procfile": "web: hypercorn app:app\n"},
            fixed={"app.py": SETTING.replace("DEBUG", "TESTING").replace("True", "False")},
        ),
        Bad(
            "the quart command reads a variable",
            {
                "app.py": APP.replace("  # <- here", ""),
                "Procfile": "web: QUART_DEBUG=1 quart run  # <- here\n",
            },
        ),
    ],
    good=[
        Good(
            "Hypercorn never reaches the guarded app.run()",
            {"app.py": APP, "Procfile": "web: hypercorn app:app\n"},
        ),
        Good(
            "the quart command overrules the setting",
            {"app.py": SETTING, "Procfile": "web: quart run\n"},
        ),
    ],
)
def errors_explained(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug or testing on."""
    if app.framework == "quart":
        for setting in ("DEBUG", "TESTING"):
            off = "Delete it, so that it stays off; at your desk start with `quart --debug run`."
            yield from shown(app, setting, "errors show the source and the variables of every frame", off)
