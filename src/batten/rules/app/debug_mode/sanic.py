"""Sanic's debug mode shows the source of every error to visitors.

With debug on, an error that no handler catches is answered with Sanic's own page: the
traceback with the source around each frame and the values of the variables in it, the
request's headers and what came along with the exception. JSON and text answers hold the same.
There is no console.

Debug is what starts the server: `app.run(debug=True)`, `app.run(dev=True)`, `sanic --debug`,
`sanic --dev`, which also reloads whatever is written over a file. A setting `DEBUG` and
the variable `SANIC_DEBUG` do nothing.

Silent when production never reaches the line, and under another server.

Fix: delete `debug=True`; at your desk start with `sanic --dev server:app`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, live, rule
from batten.rules.app.debug_mode._seen import debug_pages
from batten.rules.app.debug_mode._traceback import shown
from batten.rules.samples import served, shown as page
from batten.understand.answers.site import Site
from batten.understand.answers.traces import TraceKind
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

APP = """\
from sanic import Sanic

app = Sanic("shop")

if __name__ == "__main__":
    app.run(debug=True)  # <- here
"""

PLAIN = APP.replace("debug=True", "").replace("  # <- here", "")

SET = PLAIN.replace('"shop")', '"shop")\napp.config.DEBUG = True')


@rule(
    id="debug-mode/sanic",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=["Sanic 25.12 sanic.errorpages, Sanic.run", "OWASP A02:2025"],
    bad=[
        Bad(
            "the app's own server",
            {"app.py": APP, "Procfile": "web: python app.py\n"},
            fixed={"app.py": APP.replace("True", "False")},
        ),
        Bad(
            "the development mode is debug and more",
            {"app.py": APP.replace("debug=", "dev="), "Procfile": "web: python app.py\n"},
            fixed={"app.py": APP.replace("debug=True", "dev=False")},
        ),
        Bad("on the command line", {"app.py": PLAIN, "Procfile": "web: sanic app:app --debug  # <- here\n"}),
    ],
    good=[
        Good("the sanic command never reaches the guarded run", {"app.py": APP, "Procfile": "web: sanic app:app\n"}),
        Good("off", {"app.py": APP.replace("True", "False"), "Procfile": "web: python app.py\n"}),
        Good(
            "the setting does nothing",
            {"app.py": SET, "Procfile": "web: python app.py\n"},
            env={"SANIC_DEBUG": "1"},
        ),
    ],
)
def errors_explained(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on."""
    if app.framework == "sanic":
        off = "Delete it, so that debug stays off; at your desk start with `sanic --dev`."
        yield from shown(app, "sanic.debug", "errors show the source and the variables of every frame", off)


FAILED = "500 Internal Server Error"
DEBUG_PAGE = served("<h2>Traceback of shop</h2>ValueError while handling path /", "text/html", status=FAILED)
DETAILS = served(
    "<summary>Details for developers (Sanic debug mode only)</summary><h2>Exception in shop.item:</h2>",
    "text/html",
    status=FAILED,
)
DATA = served(
    '{"description":"Internal Server Error","status":500,"path":"/item/-1","exceptions":[{"type":"KeyError",'
    '"exception":"-1","frames":[{"file":"/srv/shop.py","line":9,"name":"item","src":"return NAMES[number]"}]}]}',
    "application/json",
    status=FAILED,
)
SHORT = served(
    '{"description":"Internal Server Error","status":500,"message":"The application could not continue",'
    '"exceptions":[]}',
    "application/json",
    status=FAILED,
)
SHOP = page('<a href="/item/1">rope</a>')


@live(
    over=Site,
    bad=[
        Bad("an error shows it", answers={"GET /": SHOP, "GET /item/-1 # <- here": DEBUG_PAGE}),
        Bad("the page of Sanic 23.6 and newer", answers={"GET /": SHOP, "GET /item/-1 # <- here": DETAILS}),
        Bad("the answer of an API", answers={"GET /": SHOP, "GET /item/-1 # <- here": DATA}),
    ],
    good=[
        Good("a page that quotes it", answers={"GET *": DEBUG_PAGE.replace(FAILED, "200 OK")}),
        Good("an API that keeps the error to itself", answers={"GET /": SHOP, "GET /item/-1": SHORT}),
    ],
)
def debug_page_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when an error was answered with the framework's debug page."""
    says = "debug is True: errors show the source to every visitor"
    fix = "Leave `debug` off: start without `--debug` and `--dev`."
    yield from debug_pages(site, TraceKind.SANIC, says, fix)
