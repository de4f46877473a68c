"""HAProxy's page of statistics is open.

It names every server behind the proxy with its address, its load and whether it is up; with `stats admin if TRUE`
whoever reads it takes servers out of service.

Medium, high where it acts. Silent with `stats auth`, with a rule that refuses others, and on 127.0.0.1.

Fix: `stats auth USER:PASSWORD`, and `bind 127.0.0.1:8404`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Finding, Good, Severity, rule
from batten.rules.server.status_page._opened import opened
from batten.understand.infrastructure.web import StatusPage

if TYPE_CHECKING:
    from collections.abc import Iterator

STATS = """\
listen stats
    bind :8404
    stats enable  # <- here
    stats uri /stats
"""


@rule(
    id="status-page/haproxy",
    severity=Severity.MEDIUM,
    cwe=497,
    over=StatusPage,
    sources=["HAProxy 2.6 docs, stats enable", "OWASP ASVS 5.0, 13.4.5"],
    bad=[Bad("for everybody", {"haproxy.cfg": STATS})],
    good=[
        Good("with a password", {"haproxy.cfg": STATS + "    stats auth ann:$STATS_PASSWORD\n"}),
        Good("on this machine", {"haproxy.cfg": STATS.replace(":8404", "127.0.0.1:8404")}),
    ],
)
def shown_by_haproxy(page: StatusPage) -> Iterator[Finding]:
    """Yield a finding for HAProxy's page that a stranger reads."""
    if page.kind == "haproxy":
        yield opened(page)
