"""A platform answers plain HTTP instead of leading to HTTPS.

The first request of a visitor who types the name goes in the clear: who stands between reads the cookie that comes with
it, and answers in the site's name.

Medium. Silent with `force_https = true`, where only TLS is served, and where the app itself redirects.

Fix: `force_https = true` in fly.toml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Fix, Good, Severity, rule
from batten.understand.infrastructure.hosts.nouns import PlainHttp

if TYPE_CHECKING:
    from collections.abc import Iterator

FLY = 'app = "shop"\n[http_service]\ninternal_port = 8080\nforce_https = false  # <- here\n'
PORTS = """\
app = "shop"
[[services]]
internal_port = 8080
[[services.ports]]
handlers = ["http"]  # <- here
port = 80
"""


@rule(
    id="https/platform-plain",
    severity=Severity.MEDIUM,
    cwe=319,
    over=PlainHttp,
    sources=["Fly.io docs, App configuration, force_https"],
    bad=[Bad("switched off", {"fly.toml": FLY}), Bad("not set, for a port", {"fly.toml": PORTS})],
    good=[
        Good("switched on", {"fly.toml": FLY.replace("false", "true")}),
        Good("TLS alone", {"fly.toml": PORTS.replace('"http"', '"tls", "http"').replace("80\n", "443\n")}),
    ],
)
def answers_plainly(service: PlainHttp) -> Iterator[Finding]:
    """Yield a finding for a platform that does not lead to HTTPS."""
    yield Finding(
        at=service.at,
        says=f"{service.platform}: {service.says}",
        evidence=service.evidence,
        fix=Fix(service.fix),
        symbol="force_https",
    )
