"""FastAPI's or Starlette's debug mode is on in production.

An error that no handler catches is then answered with the traceback: the files
and the lines of source around each frame, and the error's own text, in a page for
browsers and as plain text for programs. The text of a real error holds what it
failed on: a query with its values, a host name, a DSN with its password. Whoever
looks for a way in provokes errors and reads; the app's own handler for errors is
not asked while debug is on. There is no console.

The same holds under every server: it is the app's own outermost middleware that
answers (`ServerErrorMiddleware`), not the server's.

Silent when production does not turn it on: the variable that decides is set to
`false` in the deployment, or its default is off.

Fix: leave `debug` out, or read it from a variable that is off unless it is set; at
your desk `uvicorn` shows the traceback on the terminal anyway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Confidence, Finding, Good, Severity, live, rule
from batten.rules.app.debug_mode._seen import debug_pages
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site
from batten.understand.answers.traces import TraceKind
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Value

APP = """\
from fastapi import FastAPI

app = FastAPI(debug=True, openapi_url=None)  # <- here
"""

OFF = APP.replace("debug=True, ", "").replace("  # <- here", "")

CONFIGURED = """\
from starlette.applications import Starlette
from starlette.config import Config

config = Config(".env")
app = Starlette(debug=config("DEBUG", cast=bool, default=True))  # <- here
"""

MOUNTED = """\
from fastapi import FastAPI

app = FastAPI(openapi_url=None)
admin = FastAPI(debug=True, openapi_url=None)  # <- here
app.mount("/admin", admin)
"""

PROCFILE = "web: uvicorn app:app\n"


@rule(
    id="debug-mode/starlette",
    severity=Severity.HIGH,
    cwe=489,
    over=App,
    sources=[
        "Starlette 1.10 starlette.middleware.errors.ServerErrorMiddleware",
        "FastAPI docs, FastAPI class, debug",
        "OWASP A02:2025",
    ],
    bad=[
        Bad(
            "uvicorn serves tracebacks",
            {"app.py": APP, "Procfile": PROCFILE},
            fixed={"app.py": APP.replace("True", "False")},
        ),
        Bad(
            "an unset variable leaves it on",
            {"app.py": CONFIGURED, "Procfile": PROCFILE},
        ),
        Bad(
            "the image turns it on",
            {
                "app.py": CONFIGURED.replace("True", "False").replace("  # <- here", ""),
                "Dockerfile": (
                    "FROM python:3.13-slim\n"
                    "WORKDIR /srv\n"
                    "COPY app.py .\n"
                    "ENV DEBUG=true  # <- here\n"
                    'CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]\n'
                ),
            },
        ),
        Bad(
            "switched on after the app was made",
            {"app.py": f"{OFF}app.debug = True  # <- here\n", "Procfile": PROCFILE},
            fixed={"app.py": f"{OFF}app.debug = False\n"},
        ),
        Bad(
            "in an app that is mounted in another",
            {"app.py": MOUNTED, "Procfile": PROCFILE},
            fixed={"app.py": MOUNTED.replace("True", "False")},
        ),
    ],
    good=[
        Good("off by default", {"app.py": OFF, "Procfile": PROCFILE}),
        Good("the host says no", {"app.py": CONFIGURED, "Procfile": PROCFILE}, env={"DEBUG": "false"}),
        Good("the .env file says no", {"app.py": CONFIGURED, ".env": "DEBUG=0\n", "Procfile": PROCFILE}),
        Good(
            "switched off again",
            {"app.py": APP.replace("  # <- here", "") + "app.debug = False\n", "Procfile": PROCFILE},
        ),
        Good(
            "only where a developer starts it",
            {"app.py": f'{OFF}\nif __name__ == "__main__":\n    app.debug = True\n', "Procfile": PROCFILE},
        ),
    ],
)
def tracebacks_served(app: App) -> Iterator[Finding]:
    """Yield a finding for each place that turns debug on, in the app or in one that it mounts."""
    if app.framework not in {"fastapi", "starlette"}:
        return
    yield from one_per_place(
        _finding(app, name, case)
        for name, value in app.settings.items()
        if name.startswith(("fastapi.debug", "starlette.debug"))
        for case in value.cases()
        if case.value
    )


def _finding(app: App, name: str, case: Value) -> Finding:
    path = name.partition(" ")[2]
    value = str(case) if isinstance(case.value, bool) else f"{case} (true in Python)"
    server = app.servers[0] if app.servers else None
    assumed = server is not None and server.assumed
    return Finding(
        at=first(case.at, app.at),
        says=f"debug is {value}{f' below {path}' if path else ''}: errors answer with the traceback",
        evidence=(*case.evidence, *(server.evidence if server is not None else ())),
        confidence=case.confidence.weakest(Confidence.LIKELY) if assumed else case.confidence,
        severity=Severity.HIGH,
        fix=replaced(case, "False", "Leave `debug` off in what is deployed."),
        symbol=name,
        proof=server.kind if server is not None else "",
    )


DEBUG_PAGE = served(
    "<title>Starlette Debugger</title><div class='traceback-container'>",
    "text/html",
    status="500 Internal Server Error",
)


@live(
    over=Site,
    bad=[
        Bad(
            "an error shows it",
            answers={"GET /": shown('<a href="/item/1">rope</a>'), "GET /item/-1 # <- here": DEBUG_PAGE},
        ),
        Bad(
            "no page leads there, but the API describes itself",
            answers={
                "GET /": served('{"hello": "world"}', "application/json"),
                "GET /openapi.json": served(
                    '{"openapi": "3.1.0", "paths": {"/item/{id}": {"get": {}}}}', "application/json"
                ),
                "GET /item/-1 # <- here": DEBUG_PAGE,
            },
        ),
    ],
    good=[Good("a page that quotes it", answers={"GET *": DEBUG_PAGE.replace("500 Internal Server Error", "200 OK")})],
)
def debug_page_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding when an error was answered with the framework's debug page."""
    says = "debug is True: errors show the source and the variables to every visitor"
    fix = "Leave `debug` off, and turn it on by a variable that only your own machine sets."
    yield from debug_pages(site, TraceKind.STARLETTE, says, fix)
