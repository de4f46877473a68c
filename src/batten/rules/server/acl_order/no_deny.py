"""An `allow` without a `deny all` keeps nobody out.

nginx goes through the list from the top, and whoever no line is about is let in. `allow 10.0.0.0/8;` alone lets the
whole Internet in; it reads as if it did not. A `deny all` further out does not help: a block with a line of its own has
none of the outer ones.

Medium. Silent with `deny all`, for `allow all`, and where a password is asked for besides.

Fix: end the list with `deny all;`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from batten.model import Bad, Good, Severity, rule
from batten.rules.samples import nginx
from batten.rules.server.acl_order._found import found
from batten.understand.nginx.nouns import AccessHole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from batten.model import Finding

ADMIN = """\
location /admin/ {
        allow 10.0.0.0/8;  # <- here
        proxy_pass http://web:8000;
    }
"""


@rule(
    id="acl-order/no-deny",
    severity=Severity.MEDIUM,
    cwe=863,
    over=AccessHole,
    sources=["nginx docs, ngx_http_access_module", "OWASP ASVS 5.0, 8.2.1"],
    bad=[
        Bad("the list has no end", nginx(ADMIN)),
        Bad("the server's deny does not hold there", nginx("deny all;", ADMIN)),
    ],
    good=[
        Good("ended", nginx(ADMIN.replace("8;  # <- here", "8;\n        deny all;"))),
        Good("everybody is meant", nginx(ADMIN.replace("10.0.0.0/8", "all"))),
        Good("a password is asked for", nginx(ADMIN.replace("allow", "satisfy any; auth_basic staff; allow"))),
    ],
)
def list_without_end(hole: AccessHole) -> Iterator[Finding]:
    """Yield a finding for an allow that nothing denies the rest."""
    if hole.kind == "open-end":
        yield found(hole, f"{hole.where} names who may come in, and lets all others in too", "Add `deny all;`.")
