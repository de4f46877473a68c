"""Nothing fences a service of the host in.

systemd can take from a service what it never needs: other people's files, devices, new rights, most of the kernel. A
hole in the app then opens less. `systemd-analyze security UNIT` weighs what is missing.

Silent with any of its fences, and for programs that are no code of the repository.

Fix: `NoNewPrivileges=yes`, `ProtectSystem=strict`, `ProtectHome=yes`, `PrivateTmp=yes`, `CapabilityBoundingSet=`,
`RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX`, and `ReadWritePaths=` for what it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.hosts.nouns import HostService

if TYPE_CHECKING:
    from collections.abc import Iterator

UNIT = """\
[Service]
User=shop  # <- here
WorkingDirectory=/srv/shop
ExecStart=/srv/shop/.venv/bin/gunicorn --bind 127.0.0.1:8000 app:app
"""
APP = "from flask import Flask\n\napp = Flask(__name__)\n"


@rule(
    id="unit-privilege/sandbox",
    severity=Severity.LOW,
    cwe=250,
    over=HostService,
    sources=["systemd 252, systemd.exec(5), Sandboxing", "systemd 252, systemd-analyze(1), security"],
    persona="auditor",
    bad=[Bad("none at all", {"shop.service": UNIT, "app.py": APP})],
    good=[
        Good("some", {"shop.service": UNIT + "NoNewPrivileges=yes\nProtectSystem=strict\n", "app.py": APP}),
        Good("those of a made-up user", {"shop.service": UNIT.replace("User=shop", "DynamicUser=yes"), "app.py": APP}),
    ],
)
def stands_open(service: HostService) -> Iterator[Finding]:
    """Yield a finding for a unit without any of systemd's fences."""
    if service.kind == "systemd" and service.is_bare:
        yield Finding(
            at=service.at,
            says=f"nothing fences {service.name} in: it may do all that its user may",
            evidence=service.evidence,
            fix=Fix("Add `NoNewPrivileges=yes`, `ProtectSystem=strict`, `ProtectHome=yes`, `PrivateTmp=yes`."),
            symbol=service.name,
        )
