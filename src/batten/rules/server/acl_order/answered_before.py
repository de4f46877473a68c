"""A location answers before it asks who may come in.

`return` answers in an earlier phase of nginx than `allow` and `deny` are looked at in: the list beside it is never
read, and whoever asks gets the text.

Medium. Silent for redirects and refusals, which give nothing away, and for a `return` under a condition.

Fix: serve the text as a file, or by `try_files`, which come after the list.
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

VERSION = """\
location = /internal/version {
        allow 10.0.0.0/8;
        deny all;
        return 200 "build 8471, database db.internal";  # <- here
    }
"""


@rule(
    id="acl-order/answered-before",
    severity=Severity.MEDIUM,
    cwe=863,
    over=AccessHole,
    sources=["nginx development guide, Phases", "nginx docs, ngx_http_access_module"],
    bad=[Bad("a text beside the list", nginx(VERSION))],
    good=[
        Good("nothing to read", nginx(VERSION.replace('200 "build 8471, database db.internal"', "404"))),
        Good("the app answers", nginx(VERSION.replace("return 200", "proxy_pass http://web:8000; #"))),
    ],
)
def list_never_read(hole: AccessHole) -> Iterator[Finding]:
    """Yield a finding for a list of access that a `return` passes by."""
    if hole.kind == "answered-before":
        says = f"{hole.where} answers by `return`, before its allow and deny are looked at"
        yield found(hole, says, "Serve it as a file, or by `try_files`.")
