"""A limit of the server is switched off.

Without `limit_request_line` or `limit_request_field_size` one request fills the memory; with `timeout = 0` a worker
that hangs, or that a slow visitor holds, is never taken back, and a few of them stop the site.

Low. Silent for other numbers, and where nothing sets them: the server's own limits hold then.

Fix: delete the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
SETTINGS = "limit_request_line = 0  # <- here\n"
START = "web: gunicorn app:app\n"
NAMES = {
    "limit-request-line": "the length of a request's first line",
    "limit-request-field-size": "the length of a header",
    "timeout": "the time that a worker may hang",
}


@rule(
    id="request-limits/off",
    severity=Severity.LOW,
    cwe=770,
    over=App,
    sources=["gunicorn 27 docs, Settings, limit_request_line, limit_request_field_size, timeout"],
    bad=[
        Bad("in gunicorn's file", {"app.py": APP, "gunicorn.conf.py": SETTINGS, "Procfile": START}),
        Bad("on the command line", {"app.py": APP, "Procfile": "web: gunicorn --timeout 0 app:app  # <- here\n"}),
    ],
    good=[
        Good("a longer one", {"app.py": APP, "gunicorn.conf.py": SETTINGS.replace("0", "8190"), "Procfile": START}),
        Good("the server's own", {"app.py": APP, "Procfile": START}),
    ],
)
def has_no_end(app: App) -> Iterator[Finding]:
    """Yield a finding for each limit of the server that is off."""
    yield from one_per_place(
        Finding(
            at=first(case.at, server.at),
            says=f"{server.name} does not limit {what}: {name.replace('-', '_')} is 0",
            evidence=(*case.evidence, *server.evidence),
            confidence=case.confidence,
            fix=Fix("Delete it: the server's own limit is enough."),
            symbol=name,
        )
        for server in app.servers
        for name, what in NAMES.items()
        if name in server.options
        for case in server.options[name].cases()
        if str(case.value) == "0"
    )
