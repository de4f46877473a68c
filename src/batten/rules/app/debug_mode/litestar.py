"""Litestar's debug mode shows the source of every error to visitors.

With debug on, an error that no handler catches is answered with a page of its own: the
traceback with the source around each frame, and whatever text the exception carries, a query
or a DSN among it; clients that ask for JSON or text get the traceback. There is no console.

`pdb_on_exception` is worse than it looks and shows nothing: the first error stops the process
at a prompt that nobody sits before, and no visitor is answered any more.

Debug is the argument `debug`, and where that is not given `LITESTAR_DEBUG=1`; `litestar run
--debug` overrules both.

Silent when it is off, and when plugins or `on_app_init` of the project turn it off.

Fix: leave the argument out, and set `LITESTAR_DEBUG=1` at your desk only.
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
from litestar import Litestar, get


@get("/")
async def index() -> str:
    return "hello"


app = Litestar([index], debug=True)  # <- here
"""

PLAIN = APP.replace(", debug=True", "").replace("  # <- here", "")

PLUGIN = """\
from litestar import Litestar
from litestar.plugins import InitPluginProtocol


class Production(InitPluginProtocol):
    def on_app_init(self, app_config):
        app_config.debug = False
        return app_config


app = Litestar([], debug=True, plugins=[Production()])
"""

RUN = "web: uvicorn app:app\n"


@rule(
    id="debug-mode/litestar",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=["Litestar 2.25 litestar.exceptions.responses, Litestar.__init__", "OWASP A02:2025"],
    bad=[
        Bad("the argument", {"app.py": APP, "Procfile": RUN}, fixed={"app.py": APP.replace("True", "False")}),
        Bad(
            "the variable",
            {"app.py": PLAIN, "Procfile": "web: LITESTAR_DEBUG=1 uvicorn app:app  # <- here\n"},
        ),
        Bad("the command", {"app.py": PLAIN, "Procfile": "web: litestar run --debug  # <- here\n"}),
        Bad(
            "an error stops the process",
            {"app.py": APP.replace("debug=", "pdb_on_exception="), "Procfile": RUN},
            fixed={"app.py": APP.replace("debug=True", "pdb_on_exception=False")},
        ),
    ],
    good=[
        Good("nothing says so", {"app.py": PLAIN, "Procfile": RUN}),
        Good("only 1 is a yes", {"app.py": PLAIN, "Procfile": "web: LITESTAR_DEBUG=true uvicorn app:app\n"}),
        Good("a plugin of the project has the last word", {"app.py": PLUGIN, "Procfile": RUN}),
    ],
)
def errors_explained(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on, or stops the process at an error."""
    if app.framework == "litestar":
        off = "Leave it out; at your desk set `LITESTAR_DEBUG=1`."
        yield from shown(app, "litestar.debug", "errors show the source of every frame", off)
        stops = "the first error stops the process at a prompt"
        yield from shown(app, "pdb_on_exception", stops, "Leave it out.", severity=Severity.MEDIUM)
