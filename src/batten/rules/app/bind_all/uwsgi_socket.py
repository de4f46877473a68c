"""uWSGI's own protocol is open to every network.

A request of that protocol says not only what is asked for but also what answers it: `UWSGI_FILE=exec://COMMAND` runs
the command as the app's user (uWSGI 2.0.21). It is meant for the web server before it, never for strangers.

Critical. Silent for a socket file and for 127.0.0.1, for `http` and `http-socket`, and in a container that does not
publish the port.

Fix: `socket = /run/shop/uwsgi.sock`, or 127.0.0.1; `http-socket` where it has to be a port that others reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.rules.form import first, one_per_place
from batten.understand.open_sockets import is_reached, protocol_sockets
from batten.understand.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterator

APP = "from flask import Flask\n\napp = Flask(__name__)\n"
INI = "[uwsgi]\nmodule = app:app\nsocket = 0.0.0.0:3031  # <- here\nuid = shop\n"
DOCKERFILE = """\
FROM python:3.13-slim
WORKDIR /srv
COPY . .
CMD ["uwsgi", "--ini", "uwsgi.ini"]
"""
COMPOSE = "services:\n  web:\n    build: .\n    ports: ['3031:3031']\n"
INSIDE = {"app.py": APP, "uwsgi.ini": INI, "Dockerfile": DOCKERFILE}


@rule(
    id="bind-all/uwsgi-socket",
    severity=Severity.CRITICAL,
    cwe=306,
    over=App,
    sources=["uWSGI 2.0 docs, The uwsgi Protocol", "uWSGI 2.0 docs, Magic variables, UWSGI_FILE"],
    bad=[
        Bad("on a host", {"app.py": APP, "uwsgi.ini": INI}),
        Bad("published by a container", {**INSIDE, "compose.yaml": COMPOSE}),
    ],
    good=[
        Good("on this machine", {"app.py": APP, "uwsgi.ini": INI.replace("0.0.0.0", "127.0.0.1")}),  # noqa: S104 - the example
        Good("a file", {"app.py": APP, "uwsgi.ini": INI.replace("0.0.0.0:3031", "/run/shop.sock")}),
        Good("it speaks HTTP", {"app.py": APP, "uwsgi.ini": INI + "protocol = http\n"}),
        Good("another container reaches it", {**INSIDE, "compose.yaml": COMPOSE.replace("ports", "expose")}),
        Good("published on the loopback", {**INSIDE, "compose.yaml": COMPOSE.replace("'3031", "'127.0.0.1:3031", 1)}),
    ],
)
def runs_what_it_is_sent(app: App) -> Iterator[Finding]:
    """Yield a finding for each socket on which strangers speak uWSGI's protocol."""
    yield from one_per_place(
        Finding(
            at=first(case.at, server.at),
            says=f"uWSGI's own protocol is open to every network on port {port}: whoever connects runs commands",
            evidence=(*case.evidence, *server.evidence),
            confidence=case.confidence,
            fix=Fix("Bind a socket file or 127.0.0.1."),
            symbol="socket",
        )
        for server in app.servers
        for port, case in protocol_sockets(server)
        if is_reached(app, server, port)
    )
