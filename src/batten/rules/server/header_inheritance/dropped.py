"""An inner block of nginx drops the security headers of the outer one.

`add_header` in a location does not add to those of the server: one line there, for caching or for CORS, and the
location's answers have none of the others. Pages come without Content-Security-Policy or Strict-Transport-Security, and
nothing in the file looks wrong.

Medium; low for a location of static files. Silent where the inner block repeats them, where only other headers are lost
(Cache-Control), where `add_header_inherit merge` keeps them (nginx 1.29.3), where the app behind sends them itself, and
for blocks that answer nothing which a browser shows: refusals, preflights, `return 200 ok`.

Fix: repeat the headers in the inner block (an `include` of one file in both), or set the one header in the server too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Evidence, Finding, Fix, Good, Severity, rule
from batten.rules.samples import nginx
from batten.understand.nginx.nouns import DroppedHeaders

if TYPE_CHECKING:
    from collections.abc import Iterator

INNER = """\
location /api/ {
        add_header Cache-Control "no-store";  # <- here
        proxy_pass http://web:8000;
    }
"""
OUTER = "add_header X-Frame-Options DENY always;"


@rule(
    id="header-inheritance/dropped",
    severity=Severity.MEDIUM,
    cwe=693,
    over=DroppedHeaders,
    sources=["nginx docs, ngx_http_headers_module, add_header", "OWASP A02:2025"],
    bad=[Bad("a header for caching", nginx(OUTER, INNER))],
    good=[
        Good("repeated", nginx(OUTER, INNER.replace("add_header C", f"{OUTER}\n        add_header C"))),
        Good("merged, since nginx 1.29.3", nginx(OUTER, "add_header_inherit merge;", INNER)),
        Good("nothing to lose but caching", nginx("add_header Cache-Control no-cache;", INNER)),
        Good("a word for a monitor", nginx(OUTER, INNER.replace("proxy_pass http://web:8000", "return 200 ok"))),
    ],
)
def headers_lost(lost: DroppedHeaders) -> Iterator[Finding]:
    """Yield a finding for a block that drops security headers."""
    yield Finding(
        at=lost.at,
        says=f"{lost.where} sets headers of its own and so drops {', '.join(lost.names)}",
        evidence=(*lost.evidence, Evidence(lost.outer, "set here, for blocks without headers of their own")),
        confidence=lost.confidence,
        severity=Severity.LOW if lost.files_only else None,
        fix=Fix(f"Repeat {', '.join(lost.names)} in {lost.where}, best by an include."),
        symbol=lost.where,
    )
