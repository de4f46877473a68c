"""A debug toolbar or profiler is on in production.

Flask-DebugToolbar puts a panel on every page for every visitor: the whole
configuration with SECRET_KEY and the database's password, the SQL of the
request with a button that runs it again, the list of routes, the versions
installed. A profiler shows functions, files and timings. Who has SECRET_KEY
writes himself a session of any user.

Silent when the tool follows debug mode (Flask-DebugToolbar's own default) and
debug is off, when it is switched off, or added only in the developer's branch.

Fix: make it a development dependency, added only where debug is on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Location, Severity, live, rule
from batten.rules.form import replaced
from batten.rules.samples import served, shown
from batten.understand.answers.site import Site, seen
from batten.understand.exposures.panels import found
from batten.understand.subjects import DebugTool

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = """\
import os

from flask import Flask
from flask_debugtoolbar import DebugToolbarExtension

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["DEBUG_TB_ENABLED"] = True
toolbar = DebugToolbarExtension(app)  # <- here
"""


@rule(
    id="debug-mode/toolbar",
    severity=Severity.HIGH,
    cwe=489,
    over=DebugTool,
    sources=["Flask-DebugToolbar 0.16 docs, Configuration", "OWASP A02:2025"],
    bad=[
        Bad(
            "the toolbar is on although debug is off",
            {"app.py": APP, "Procfile": "web: gunicorn app:app\n"},
            fixed={"app.py": APP.replace("True", "False")},
        )
    ],
    good=[
        Good(
            "left to itself, the toolbar follows debug mode",
            {
                "app.py": APP.replace('app.config["DEBUG_TB_ENABLED"] = True\n', ""),
                "Procfile": "web: gunicorn app:app\n",
            },
        ),
        Good(
            "switched off",
            {"app.py": APP.replace("True", "False"), "Procfile": "web: gunicorn app:app\n"},
        ),
    ],
)
def toolbar_on(tool: DebugTool) -> Iterator[Finding]:
    """Yield a finding for a tool that shows the app's inside to every visitor."""
    if tool.console or "Debugged" in tool.what:
        return  # debug-mode/debugger tells it
    for case in tool.enabled.cases():
        if case.value:
            yield Finding(
                at=tool.at,
                says=f"{tool.what} is on for every visitor",
                evidence=case.evidence,
                confidence=case.confidence,
                fix=replaced(case, "False", f"Add {tool.what} only where debug is on."),
                symbol=tool.what,
            )
            return


@live(
    over=Site,
    bad=[
        Bad(
            "django-debug-toolbar answers",
            answers={
                "GET /": shown(),
                "GET /__debug__/render_panel/?store_id=0&request_id=0&panel_id=0 # <- here": served(
                    '{"content": "<p>", "scripts": []}', "application/json"
                ),
            },
        ),
        Bad(
            "Flask-DebugToolbar stands on the page",
            answers={"GET / # <- here": shown('<div id="flDebug"><div id="flDebugToolbar">')},
        ),
    ],
    good=[
        Good("a page about it", answers={"GET /": shown("<pre>&lt;div id=&quot;flDebug&quot;&gt;</pre>")}),
        Good(
            "JSON for every address",
            answers={
                "GET /": shown(),
                "GET /__debug__/*": served('{"content": "", "scripts": []}', "application/json"),
            },
        ),
    ],
)
def toolbar_seen(site: Site) -> Iterator[Finding]:
    """Yield a finding for each toolbar that a visitor is shown."""
    for what, parts in found(site, "toolbar"):
        yield Finding(
            at=Location(url=parts[0].answer.url),
            says=f"{what} is on for every visitor",
            evidence=tuple(seen(part.answer, f"answered 200: {part.line}") for part in parts),
            fix=Fix(f"Add {what} only where debug is on."),
            symbol=what,
        )
