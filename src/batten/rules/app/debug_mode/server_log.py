"""The server logs as if it was being debugged.

At `debug` and `trace` a server writes down its whole configuration, the environment that it hands on and the headers of
requests: cookies and tokens among them end where logs end, with more readers than the app has.

Low. Silent at `info` and above, and where the level comes from a variable that is set elsewhere.

Fix: `loglevel = "info"`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
SETTINGS = 'loglevel = "debug"  # <- here\n'
START = "web: gunicorn app:app\n"


@rule(
    id="debug-mode/server-log",
    severity=Severity.LOW,
    cwe=532,
    over=App,
    sources=["gunicorn 27 docs, Settings, loglevel", "uvicorn 0.54 docs, Settings, --log-level"],
    bad=[
        Bad("in gunicorn's file", {"app.py": APP, "gunicorn.conf.py": SETTINGS, "Procfile": START}),
        Bad("on the command line", {"app.py": APP, "Procfile": "web: gunicorn --log-level debug app:app  # <- here\n"}),
    ],
    good=[
        Good("info", {"app.py": APP, "gunicorn.conf.py": SETTINGS.replace("debug", "info"), "Procfile": START}),
        Good("the server's own", {"app.py": APP, "Procfile": START}),
    ],
)
def writes_all_down(app: App) -> Iterator[Finding]:
    """Yield a finding for a server that logs at its lowest levels."""
    yield from one_per_place(
        Finding(
            at=first(case.at, server.at),
            says=f"{server.name} logs at the level {case.value}",
            evidence=(*case.evidence, *server.evidence),
            confidence=case.confidence,
            fix=Fix("Log at the level info."),
            symbol="loglevel",
        )
        for server in app.servers
        if "log-level" in server.options
        for case in server.options["log-level"].cases()
        if str(case.value).lower() in ("debug", "trace")
    )
