"""A service of the host runs as root.

Whoever gets code to run in it, through a hole in the app or in one of its dependencies, owns the machine: every other
service on it, its keys, its network.

High where it answers requests, medium for workers. Silent with `User=` or `DynamicUser=`, for a server that drops to
another user by itself (gunicorn `user`, uWSGI `uid`, `sudo -u`), for services that run once, for units of a user's own
systemd, and for programs that are no code of the repository.

Fix: `User=shop` with a user of its own, made by `useradd --system`; below port 1024 let a proxy listen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.hosts.nouns import HostService

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = """\
[Service]  # <- here
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/.venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
"""
SAID = UNIT.replace("[Service]  # <- here", "[Service]\nUser=root  # <- here")
APP = "from flask import Flask\n\napp = Flask(__name__)\n"
PROGRAM = """\
[program:web]
command=/srv/shop/.venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
user=root  # <- here
"""


@rule(
    id="unit-privilege/root",
    severity=Severity.HIGH,
    cwe=250,
    over=HostService,
    sources=["systemd 252, systemd.exec(5), User=", "OWASP A02:2025"],
    bad=[
        Bad("no user is named", {"shop.service": UNIT, "app.py": APP}),
        Bad("root is", {"shop.service": SAID, "app.py": APP}),
        Bad("supervisor is told so", {"supervisor/shop.conf": PROGRAM, "app.py": APP}),
    ],
    good=[
        Good("a user of its own", {"shop.service": SAID.replace("root", "shop"), "app.py": APP}),
        Good(
            "one that systemd makes up", {"shop.service": SAID.replace("User=root", "DynamicUser=yes"), "app.py": APP}
        ),
        Good("gunicorn drops to one", {"shop.service": UNIT.replace("--bind", "--user shop --bind"), "app.py": APP}),
        Good(
            "gunicorn's file names one",
            {"shop.service": UNIT, "app.py": APP, "gunicorn.conf.py": 'user = "shop"\n'},
        ),
        Good("a program of another user", {"supervisor/shop.conf": PROGRAM.replace("root", "shop"), "app.py": APP}),
    ],
)
def owns_the_machine(service: HostService) -> Iterator[Finding]:
    """Yield a finding for a service that runs as root."""
    if service.is_root:
        line = "user=shop" if service.kind == "supervisor" else "User=shop"
        yield Finding(
            at=service.at,
            says=f"{service.name} runs {service.runs} as root",
            evidence=service.evidence,
            severity=Severity.HIGH if service.is_web else Severity.MEDIUM,
            fix=Fix(f"Name a user of its own: `{line}`."),
            symbol=service.name,
        )
