"""Werkzeug's debugger is wired into the app, whatever debug mode says.

`DebuggedApplication(app, evalex=True)` and `app.run(use_debugger=True)` put the
interactive debugger in front of the app by hand. It then also answers under
gunicorn, and with debug off: `/console` is a Python prompt inside the app. A
PIN stands before it, made of facts about the machine that a file-reading hole
gives away, and a `Host` of localhost, which the visitor writes. Without
`evalex` there is no prompt, but every error that reaches the debugger shows
the source around it.

Silent when production does not reach the line, or the debugger is switched off.

Fix: delete the debugger from what is deployed; at your desk `flask run --debug`
brings it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.app.debug_mode._seen import traces
from batten.rules.form import first, one_per_place, replaced
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.answers.traces import SeenDebugger, TraceKind
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

WRAPPED = """\
from flask import Flask
from werkzeug.debug import DebuggedApplication

app = Flask(__name__)
app.wsgi_app = DebuggedApplication(app.wsgi_app, evalex=True)  # <- here
"""

STARTED = """\
from flask import Flask

app = Flask(__name__)

if __name__ == "__main__":
    app.run(use_debugger=True)  # <- here
"""


@rule(
    id="debug-mode/debugger",
    severity=Severity.CRITICAL,
    cwe=489,
    over=App,
    sources=["Werkzeug 3.1 werkzeug.debug.DebuggedApplication", "Flask 3.1 Flask.run", "OWASP A02:2025"],
    bad=[
        Bad(
            "gunicorn serves an app that carries the debugger with it",
            {"app.py": WRAPPED, "Procfile": "web: gunicorn app:app\n"},
        ),
        Bad(
            "the debugger without debug mode still answers on /console",
            {"app.py": STARTED, "Procfile": "web: python app.py\n"},
            fixed={"app.py": STARTED.replace("True", "False")},
        ),
    ],
    good=[
        Good(
            "the debugger is added in the developer's own branch",
            {
                "app.py": WRAPPED.replace("app.wsgi_app =", 'if __name__ == "__main__":\n    app.wsgi_app ='),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "switched off",
            {
                "app.py": STARTED.replace("use_debugger=True", "use_debugger=False"),
                "Procfile": "web: python app.py\n",
            },
        ),
    ],
)
def debugger_wired_in(app: App) -> Iterator[Finding]:
    """Yield a finding for each debugger that does not wait for debug mode."""
    yield from one_per_place((*_tools(app), *_servers(app)))


def _tools(app: App) -> Iterator[Finding]:
    for tool in app.tools:
        if not (tool.console or "Debugged" in tool.what):
            continue
        for case in tool.enabled.cases():
            if case.value:
                shows = "/console runs the visitor's Python" if tool.console else "errors show the source"
                yield Finding(
                    at=tool.at,
                    says=f"{tool.what} is in front of the app: {shows}",
                    evidence=case.evidence,
                    confidence=case.confidence,
                    severity=Severity.CRITICAL if tool.console else Severity.HIGH,
                    fix=replaced(case, "False", "Leave the debugger out of what is deployed."),
                    symbol=tool.what,
                )


def _servers(app: App) -> Iterator[Finding]:
    for server in app.servers:
        if any(case.value for case in server.debug.cases()):
            continue  # debug-mode/flask tells it
        for case in server.debugger.cases():
            if case.value:
                yield Finding(
                    at=first(case.at, server.at),
                    says=f"the debugger is on under {server.name}: /console runs the visitor's Python",
                    evidence=(*case.evidence, *server.evidence),
                    confidence=case.confidence,
                    severity=Severity.CRITICAL,
                    fix=replaced(case, "False", "Delete `use_debugger`, so that the debugger stays off."),
                    symbol="use_debugger",
                    proof=server.kind,
                )


SCRIPT = served("if (!EVALEX_TRUSTED) initPinBox(); if (CONSOLE_MODE && EVALEX) begin();", "text/javascript")
CONSOLE = shown("<script>CONSOLE_MODE = true, EVALEX = true, EVALEX_TRUSTED = false;</script>")


@live(
    over=Site,
    bad=[
        Bad(
            "its script and its console answer",
            answers={
                "GET /": shown(),
                "GET /?__debugger__=yes&cmd=resource&f=debugger.js": SCRIPT,
                "GET /console # <- here": CONSOLE,
            },
        ),
    ],
    good=[
        Good("the same script for every name", answers={"GET *": SCRIPT}),
        Good("a page called console", answers={"GET /": shown(), "GET /console": shown("<h1>Console</h1>")}),
    ],
)
def debugger_answers(site: Site) -> Iterator[Finding]:
    """Yield a finding when Werkzeug's debugger answers, and no error has shown it (then `debug-mode/flask` tells)."""
    if traces(site, TraceKind.WERKZEUG):
        return
    for part in site.parts:
        if isinstance(part, SeenDebugger):
            console = f": {part.console}" if part.console else ""
            yield Finding(
                at=Location(url=part.answer.url),
                says=f"Werkzeug's debugger answers{console}",
                evidence=(seen(part.answer, f"answered {part.answer.status} as the debugger"),),
                fix=Fix("Delete the debugger from what is deployed; at your desk `flask run --debug` brings it."),
                symbol="debugger",
            )
