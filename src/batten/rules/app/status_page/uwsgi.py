"""uWSGI's statistics are open to every network.

They list each worker with the requests that it answers just now, paths and variables of the app among them, the memory
that it takes and the files that are loaded.

Medium. Silent for 127.0.0.1 and a socket file, and in a container that does not publish the port.

Fix: `stats = 127.0.0.1:9191`, or a socket file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.understand.open_sockets import is_reached, open_sockets
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
INI = "[uwsgi]\nmodule = app:app\nsocket = /run/shop.sock\nstats = 0.0.0.0:9191  # <- here\nuid = shop\n"


@rule(
    id="status-page/uwsgi",
    severity=Severity.MEDIUM,
    cwe=497,
    over=App,
    sources=["uWSGI 2.0 docs, The uWSGI Stats Server"],
    bad=[Bad("on a host", {"app.py": APP, "uwsgi.ini": INI})],
    good=[
        Good("on this machine", {"app.py": APP, "uwsgi.ini": INI.replace("0.0.0.0", "127.0.0.1")}),  # noqa: S104 - the example
        Good("a file", {"app.py": APP, "uwsgi.ini": INI.replace("0.0.0.0:9191", "/run/stats.sock")}),
    ],
)
def shows_its_work(app: App) -> Iterator[Finding]:
    """Yield a finding for uWSGI's statistics that strangers read."""
    yield from one_per_place(
        Finding(
            at=first(case.at, server.at),
            says=f"uWSGI's statistics are open to every network on port {port}",
            evidence=(*case.evidence, *server.evidence),
            confidence=case.confidence,
            fix=Fix("Bind them to 127.0.0.1 or a socket file."),
            symbol="stats",
        )
        for server in app.servers
        for port, case in open_sockets(server, "stats")
        if is_reached(app, server, port)
    )
