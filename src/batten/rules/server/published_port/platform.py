"""A platform opens a data store to the internet.

Apps of the same platform reach it in their private network; a public address is there for everybody else. What is left
is the password, and whatever hole the store's version has.

Medium where the platform itself makes a long password, high where none is known. Silent for lists of one's own
addresses.

Fix: on Render `ipAllowList: []`; on Fly.io take the service out of fly.toml, and connect by `NAME.internal`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.hosts.nouns import OpenService

if TYPE_CHECKING:
    from collections.abc import Iterator

RENDER = """\
databases:
  - name: shop-db
    ipAllowList:
      - source: 0.0.0.0/0  # <- here
"""
FLY = """\
app = "shop-db"
[[services]]
internal_port = 5432
protocol = "tcp"
[[services.ports]]
port = 5432  # <- here
"""


@rule(
    id="published-port/platform",
    severity=Severity.MEDIUM,
    cwe=668,
    over=OpenService,
    sources=["Render docs, Blueprint specification, ipAllowList", "Fly.io docs, App configuration, services"],
    bad=[Bad("Render", {"render.yaml": RENDER}), Bad("Fly.io", {"fly.toml": FLY})],
    good=[
        Good("an office", {"render.yaml": RENDER.replace("0.0.0.0/0", "203.0.113.4/30")}),
        Good("a site", {"fly.toml": FLY.replace("port = 5432\n", 'handlers = ["tls", "http"]\nport = 443\n', 1)}),
    ],
)
def opened_to_the_internet(service: OpenService) -> Iterator[Finding]:
    """Yield a finding for a store that a platform opens."""
    yield Finding(
        at=service.at,
        says=f"{service.name} is open to the whole internet ({service.what})",
        evidence=service.evidence,
        severity=Severity.MEDIUM if service.has_password else Severity.HIGH,
        fix=Fix(service.fix),
        symbol=service.name,
    )
