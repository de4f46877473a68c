"""Caddy's metrics are open.

They count requests by site, handler and status, and tell the version of Go and how busy the machine is.

Medium. Silent where a login stands before them, and on an address of this machine.

Fix: serve `metrics` on `http://127.0.0.1:9180`, and let Prometheus ask there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.server.status_page._opened import opened
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE = """\
shop.example.com {
	metrics /metrics  # <- here
	reverse_proxy web:8000
}
"""


@rule(
    id="status-page/caddy",
    severity=Severity.MEDIUM,
    cwe=497,
    over=StatusPage,
    sources=["Caddy 2 docs, metrics", "OWASP ASVS 5.0, 13.4.5"],
    bad=[Bad("on the site", {"Caddyfile": SITE})],
    good=[
        Good("on this machine", {"Caddyfile": SITE.replace("shop.example.com", "http://127.0.0.1:9180")}),
        Good("with a login", {"Caddyfile": SITE.replace("{\n", "{\n\tbasic_auth {\n\t\tann $2a$14$Zkx\n\t}\n", 1)}),
    ],
)
def shown_by_caddy(page: StatusPage) -> Iterator[Finding]:
    """Yield a finding for Caddy's metrics that a stranger reads."""
    if page.kind == "caddy":
        yield opened(page)
